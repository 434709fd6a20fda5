"""The top of a reference file: what stands there once it is imported, without what only a main block does.

What stands under `if`, `try` or `with` counts as well; of two functions of one name the one that an import leaves.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.checks.main_block import is_main

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Block = ast.If | ast.Try | ast.TryStar | ast.With


@dataclass(frozen=True, slots=True)
class Constant:
    """Names that are set at the top. `is_plain`: nothing is called for their value but what makes one of others (`int`,
    `os.getenv`, `logging.getLogger`), so it is the same wherever it stands."""

    names: tuple[str, ...]
    node: ast.Assign | ast.AnnAssign
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Top:
    """`tree` is the file without its main blocks. `maybe` are names of functions that stand under a condition; `demo` those
    of `main` functions that a main block runs. `functions` holds private ones, too."""

    tree: ast.Module
    statements: tuple[ast.stmt, ...]
    functions: dict[str, Function]
    maybe: frozenset[str]
    demo: frozenset[str]

    @property
    def constants(self) -> Iterator[Constant]:
        for node in self.statements:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                goals = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = tuple(one.id for goal in goals for one in ast.walk(goal) if isinstance(one, ast.Name))
                yield Constant(names, node, not _does_something(node.value))

    def number(self, name: str) -> str:
        """What a constant is, if it is a plain number and set once; else empty."""
        values = [one.node.value for one in self.constants if name in one.names]
        value = values[0] if len(values) == 1 else None
        return repr(value.value) if isinstance(value, ast.Constant) and type(value.value) in (int, float) else ""

    @property
    def classes(self) -> tuple[ast.ClassDef, ...]:
        return tuple({node.name: node for node in self.statements if isinstance(node, ast.ClassDef)}.values())


def top_of(tree: ast.Module) -> Top:
    run = _run_by_main(tree)
    body = list(_without_main(tree.body))
    functions: dict[str, Function] = {}
    maybe: set[str] = set()
    for node, plain in _flat(body, True):
        if isinstance(node, Function) and (plain or node.name not in functions):
            functions[node.name] = node
            (maybe.discard if plain else maybe.add)(node.name)
    public = [name for name in functions if not name.startswith("_")]
    demo = frozenset({"main"} & run) if len(public) > 1 else frozenset()
    return Top(ast.Module(body, []), tuple(node for node, _ in _flat(body, True)), functions, frozenset(maybe), demo)


def _flat(body: Sequence[ast.stmt], plain: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements, with those of blocks in place of the blocks; and whether each is done in any case."""
    for node in body:
        if isinstance(node, _Block):
            for inner in bodies(node):
                yield from _flat(inner, plain and isinstance(node, ast.With))
        else:
            yield node, plain


def bodies(node: _Block) -> list[list[ast.stmt]]:
    """In the order in which they stand."""
    if isinstance(node, ast.With):
        return [node.body]
    if isinstance(node, ast.If):
        return [node.body, node.orelse]
    return [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]


def _without_main(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and is_main(node.test):
            yield from node.orelse
        else:
            yield node


def _run_by_main(tree: ast.Module) -> set[str]:
    blocks = [node for node in tree.body if isinstance(node, ast.If) and is_main(node.test)]
    return {one.id for block in blocks for one in ast.walk(block) if isinstance(one, ast.Name)}


_DOING = ast.Call | ast.Await | ast.NamedExpr | ast.Lambda
# what only makes a value of those that it is given, or of the environment; by the last parts of their names
_MAKERS = frozenset(
    {
        "Decimal",
        "Fraction",
        "NamedTuple",
        "NewType",
        "ParamSpec",
        "Path",
        "PurePath",
        "TypeVar",
        "abspath",
        "bool",
        "bytes",
    }
    | {
        "deque",
        "dict",
        "dirname",
        "environ.get",
        "float",
        "frozenset",
        "getLogger",
        "getenv",
        "int",
        "join",
        "len",
        "list",
    }
    | {
        "max",
        "min",
        "namedtuple",
        "object",
        "range",
        "re.compile",
        "resolve",
        "set",
        "sorted",
        "split",
        "splitlines",
        "str",
    }
    | {"strip", "sum", "timedelta", "tuple"}
)


def _does_something(value: ast.expr) -> bool:
    return any(isinstance(node, _DOING) and not _only_makes(node) for node in ast.walk(value))


def _only_makes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    above, _, last = ast.unparse(node.func).rpartition(".")
    return last in _MAKERS or f"{above.rpartition('.')[2]}.{last}" in _MAKERS
