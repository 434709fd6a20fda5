"""What an annotation tells of an argument."""

import ast

_MANY = frozenset({"list", "List", "tuple", "Tuple", "Sequence", "Iterable", "Collection", "MutableSequence"})


def type_of(annotation: str) -> tuple[str, bool]:
    """The type's name, and whether several of it are meant: `list[int]`, `Optional[float]`, `Sequence[str] | None`."""
    try:
        node = ast.parse(annotation.strip("'\""), mode="eval").body if annotation else None
    except (SyntaxError, ValueError):
        return "", False
    while node is not None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            node = node.left if _is_none(node.right) else node.right if _is_none(node.left) else None
        elif isinstance(node, ast.Subscript) and _last(node.value) == "Optional":
            node = node.slice
        elif isinstance(node, ast.Subscript) and _last(node.value) == "Union":
            rest = [one for one in getattr(node.slice, "elts", []) if not _is_none(one)]
            node = rest[0] if len(rest) == 1 else None
        elif isinstance(node, ast.Subscript) and _last(node.value) in _MANY:
            items = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
            return _last(items), True
        else:
            return _last(node), _last(node) in _MANY
    return "", False


def is_collection(name: str) -> bool:
    """Whether it is the name of a type of lists, without the type of what is in them."""
    return name in _MANY


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
