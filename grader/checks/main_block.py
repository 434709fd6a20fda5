"""What stands under `if __name__ == "__main__":`, which is never done where a file is imported, as all files are."""

import ast
from collections.abc import Iterator, Sequence


def is_main(test: ast.expr, compared: type[ast.cmpop] = ast.Eq) -> bool:
    """`__name__ == "__main__"`, either way round."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], compared)):
        return False
    sides = [test.left, *test.comparators]
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def never_done(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a file's main blocks."""
    for node in body:
        if isinstance(node, ast.If):
            every = node.test.values if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) else []
            if is_main(node.test) or any(map(is_main, every)):
                yield from node.body
                yield from never_done(node.orelse)
            elif is_main(node.test, ast.NotEq):
                yield from node.orelse
