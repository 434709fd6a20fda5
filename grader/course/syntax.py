"""What an expression may say: the grammar, read once and remembered.

Only trees that pass here reach the interpreter, and the same texts pass on every supported Python: what a newer
grammar added is refused on all of them.
"""

import ast
import re
import warnings
from functools import lru_cache

MAX_LENGTH = 2_000
MAX_NODES = 1_000
MAX_DEPTH = 60
MAX_BRACKETS = 40
TOO_DEEP = "the expression is too large or too deeply nested; use a var for a part of it"
FORMAT_SPEC = re.compile(r"[<>^]?0?\d{0,3}(\.\d{1,2})?[dfgs%]?")

_ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Expression,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.Store,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Subscript,
    ast.Slice,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.Starred,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.comprehension,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.Call,
    ast.keyword,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)
_REFUSED = {
    ast.Attribute: "attributes (a dot) are not available; index with [...] or call a function instead",
    ast.Lambda: "lambda is not available",
    ast.NamedExpr: "assignment with := is not available",
    ast.Await: "await is not available",
    ast.Yield: "yield is not available",
    ast.YieldFrom: "yield from is not available",
    ast.MatMult: "the operator @ is not available",
}


class ExpressionError(ValueError):
    """An expression that cannot be read or has no value; the message is a plain clause, lower case, no period."""


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """The tree of `text` (without the leading `=`); raises ExpressionError for all that is not allowed."""
    tree = read(text)
    for refusal in refusals(tree, text):
        raise ExpressionError(refusal)
    return tree


def refusals(tree: ast.expr, text: str) -> list[str]:
    """Everything in the tree of `text` that is not allowed."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments | ast.arg):
            continue  # of a lambda, which is refused itself
        try:
            _check_node(node, text.strip())
        except ExpressionError as error:
            found[str(error)] = None
    return list(found)


def read(text: str) -> ast.expr:
    """The tree of `text`, whatever is in it; raises ExpressionError where there is none, or a tree too large."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression has {len(text)} characters; at most {MAX_LENGTH} are allowed; use a var")
    if "\n" in text.strip() or "\r" in text.strip() or "\0" in text:
        raise ExpressionError("an expression stands on one line")
    tree = _read(text.strip())
    _check_size(tree)
    return tree


def _read(text: str) -> ast.expr:
    if not text:
        raise ExpressionError("the expression is empty")
    _check_brackets(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except SyntaxError:
        raise ExpressionError(f"cannot be read as an expression: {shorten(text)}; mend its syntax") from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError(TOO_DEEP) from None


def _check_brackets(text: str) -> None:
    """The parsers of the Pythons give up at different depths; this is shallower than all of them."""
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth > MAX_BRACKETS:
            raise ExpressionError(TOO_DEEP)


def _check_size(tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    nodes = depth = 0
    while level:
        nodes, depth = nodes + len(level), depth + 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise ExpressionError(TOO_DEEP)
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _check_node(node: ast.AST, text: str) -> None:
    if not isinstance(node, _ALLOWED) or isinstance(node, ast.MatMult):
        raise ExpressionError(_REFUSED.get(type(node), f"{type(node).__name__} is not available in expressions"))
    if isinstance(node, ast.Name):
        _check_name(node.id)
    elif isinstance(node, ast.Constant):
        _check_constant(node.value)
    elif isinstance(node, ast.comprehension):
        _check_comprehension(node)
    elif isinstance(node, ast.Compare):
        _check_comparison(node)
    elif isinstance(node, ast.Call):
        _check_call(node)
    elif isinstance(node, ast.Dict) and None in node.keys:
        raise ExpressionError("** is not available in expressions")
    elif isinstance(node, ast.JoinedStr):
        _check_joined(node, text)


def _check_name(name: str) -> None:
    if name.startswith("_") and name != "_":
        raise ExpressionError(f"names do not begin with '_': {name!r}")


def _check_constant(value: object) -> None:
    if value is not None and not isinstance(value, bool | int | float | str | bytes):
        raise ExpressionError(f"{value!r} is not available in expressions")


def _check_comprehension(node: ast.comprehension) -> None:
    if node.is_async:
        raise ExpressionError("async for is not available")
    if not all(isinstance(part, ast.Name | ast.Tuple | ast.Store) for part in ast.walk(node.target)):
        raise ExpressionError("the loop variables of a comprehension are names")


def _check_comparison(node: ast.Compare) -> None:
    for operator, right in zip(node.ops, node.comparators, strict=True):
        is_none = isinstance(right, ast.Constant) and right.value is None
        if isinstance(operator, ast.Is | ast.IsNot) and not is_none:
            raise ExpressionError("'is' is for None only; compare values with ==")


def _check_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name):
        raise ExpressionError("only the functions of expressions can be called, by their names")
    if any(keyword.arg is None for keyword in node.keywords):
        raise ExpressionError("** is not available in expressions")


def _check_joined(node: ast.JoinedStr, text: str) -> None:
    """Before 3.12 an f-string could hold neither its own quotes nor a backslash; so it is here."""
    for part in node.values:
        if not isinstance(part, ast.FormattedValue):
            continue
        if any(isinstance(inner, ast.JoinedStr) for inner in ast.walk(part.value)):
            raise ExpressionError("an f-string inside an f-string is not available; use a var")
        if part.conversion == ord("a"):
            raise ExpressionError("!a is not available in f-strings")
        _check_spec(part.format_spec)
    _check_quotes(text.encode()[node.col_offset : node.end_col_offset].decode())


def _check_quotes(source: str) -> None:
    # From 3.12 on a format such as ':.2f' is a node with a place of its own; it begins with no quote.
    start = re.match(r"[A-Za-z]*('''|\"\"\"|'|\")", source)
    if start is None:
        return
    quote = start.group(1)
    if "\\" in source or "#" in source or quote in source[start.end() : -len(quote)]:
        raise ExpressionError("an f-string holds no backslash, no '#' and none of its own quotes; use the other quotes")


def _check_spec(spec: ast.expr | None) -> None:
    if spec is None:
        return
    parts = spec.values if isinstance(spec, ast.JoinedStr) else [spec]
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
    if not FORMAT_SPEC.fullmatch(text):
        raise ExpressionError(f"the format {text!r} is not available in f-strings; use one such as '.2f'")


def shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
