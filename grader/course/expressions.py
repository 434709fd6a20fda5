"""Expressions in a course: text that begins with `=` is computed, everything else is plain data.

Nothing here runs Python: a value is computed by our own walk over a whitelisted tree, within a budget of steps and
sizes that depends on nothing but the expression and its values.
"""

import ast
import copy
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from grader.course.budget import MAX_DEPTH, SEQUENCES, SHORT, Budget
from grader.course.functions import FUNCTIONS, text_of
from grader.course.interpreter import Meaning, meaning, meaning_of
from grader.course.nearest import did_you_mean
from grader.course.syntax import ExpressionError, parse, read, refusals, shorten

__all__ = [
    "FUNCTIONS",
    "ExpressionError",
    "complaints",
    "complaints_in_text",
    "evaluate",
    "fill",
    "names_in",
    "names_in_text",
    "names_written",
]

Piece = str | ast.expr
_SMALL = 1_000  # items of a constant that is remembered
_PLAIN = frozenset({int, float, bool, type(None)})
# whatever values do when they are asked (a learner's may be of any size), an author sees an ExpressionError
_STRANGE = "the expression cannot be computed with these values"


def evaluate(value: Any, names: Mapping[str, Any]) -> Any:
    """`value` with every expression in it computed; lists and dicts are made anew, other data passes as it is.

    Raises ExpressionError, whatever the expression and the values are.
    """
    kind = type(value)
    if kind in _PLAIN or (kind is str and value[:1] != "="):
        return value
    try:
        if kind is not str:
            return _evaluate(value, names, Budget(), 0)
        name, named = _about(value)
        if name and name in names:  # most expressions are no more than that
            found = names[name]
            if type(found) in _PLAIN or _is_light(found):
                return found
        if not named and FUNCTIONS.keys().isdisjoint(names):
            return _constant(value)
        return _weighed(value, names, Budget())
    except ExpressionError:
        raise
    except Exception as error:
        raise ExpressionError(_STRANGE) from error


def _is_light(value: Any) -> bool:
    """Whether it costs no more than a number."""
    return len(value) < SHORT if type(value) is str else not isinstance(value, SEQUENCES)


@lru_cache(maxsize=4096)
def _about(written: str) -> tuple[str, bool]:
    """The name that an expression is, if it is no more, and whether it has any; raises ExpressionError for what is none."""
    return _bare_name(written), bool(_names_in_string(written))


@lru_cache(maxsize=4096)
def _bare_name(written: str) -> str:
    """The name that an expression is; empty if it is more, or not allowed, which is said where it is computed."""
    try:
        tree = parse(written[1:])
    except ExpressionError:
        return ""
    return tree.id if isinstance(tree, ast.Name) else ""


def _evaluate(value: Any, names: Mapping[str, Any], budget: Budget, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ExpressionError("the value is too deeply nested")
    if isinstance(value, str):
        return _computed(value, names, budget) if value.startswith("=") else value
    if isinstance(value, list):
        return [_evaluate(item, names, budget, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: _evaluate(item, names, budget, depth + 1) for key, item in value.items()}
    return value


def _computed(written: str, names: Mapping[str, Any], budget: Budget) -> Any:
    name = _bare_name(written)
    if name and name in names:
        found = names[name]
        if type(found) in _PLAIN or _is_light(found):
            budget.spend(2)
            return found
    return _weighed(written, names, budget)


def _weighed(written: str, names: Mapping[str, Any], budget: Budget) -> Any:
    result = meaning(written)(names, budget)
    # What is small as a tree of shared parts may be endless once it is written out.
    budget.weigh(result)
    return result


def _constant(written: str) -> Any:
    """The value of an expression without names, which is the same in all cases; always one of the caller's own."""
    is_known, value = _remembered(written)
    return copy.deepcopy(value) if is_known else _computed(written, {}, Budget())


@lru_cache(maxsize=256)
def _remembered(written: str) -> tuple[bool, Any]:
    """Large ones are computed again each time: what is kept is to be bounded."""
    budget = Budget()
    value = _computed(written, {}, budget)
    return (True, value) if budget.weigh(value) <= _SMALL else (False, None)


def fill(text: str, names: Mapping[str, Any]) -> str:
    """`text` with every `{expression}` replaced by its value as text; `{{` and `}}` stand for braces."""
    budget = Budget()
    try:
        return "".join(
            [piece if isinstance(piece, str) else text_of(piece(names, budget), budget) for piece in _meant(text)]
        )
    except ExpressionError:
        raise
    except Exception as error:
        raise ExpressionError(_STRANGE) from error


@lru_cache(maxsize=4096)
def _meant(text: str) -> tuple[str | Meaning, ...]:
    found: list[str | Meaning] = []
    for piece in _pieces(text):
        if not isinstance(piece, str):
            found.append(meaning_of(piece))
        elif found and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = 0
    while at < len(text):
        if text[at : at + 2] in {"{{", "}}"}:
            found.append(text[at])
            at += 2
        elif text[at] == "{":
            end = _closing(text, at)
            found.append(parse(text[at + 1 : end]))
            at = end + 1
        elif text[at] == "}":
            raise ExpressionError(f"'}}' without '{{' in {shorten(text)!r}")
        else:
            found.append(text[at])
            at += 1
    return tuple(found)


def _closing(text: str, start: int) -> int:
    """Where the brace that opens at `start` is closed; braces in quotes do not count."""
    depth, quote = 0, ""
    for at in range(start, len(text)):
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "{}":
            depth += 1 if letter == "{" else -1
            if depth == 0:
                return at
    raise ExpressionError(f"'{{' without '}}' in {shorten(text)!r}")


@lru_cache(maxsize=4096)
def complaints(text: str) -> tuple[str, ...]:
    """Everything that keeps the expression `text` (with its `=`) from ever having a value, whatever the names are."""
    try:
        return tuple(_complaints(read(text[1:]), text[1:]))
    except ExpressionError as error:
        return (str(error),)


def complaints_in_text(text: str) -> list[str]:
    """The same for the `{expression}` fields of `text`."""
    try:
        _pieces(text)
    except ExpressionError as error:
        return [str(error)]
    return [found for tree in _pieces(text) if not isinstance(tree, str) for found in _complaints(tree, "")]


def _complaints(tree: ast.expr, text: str) -> list[str]:
    calls = [node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    strange = [name for name in dict.fromkeys(calls) if name not in FUNCTIONS]
    unknown = [f"{name!r} is not a function of expressions{did_you_mean(name, FUNCTIONS)}" for name in strange]
    return [*refusals(tree, text), *unknown] if text else unknown


@lru_cache(maxsize=4096)
def names_written(text: str) -> frozenset[str]:
    """The free names of the expression `text`, also where it is not allowed; none where they cannot be told."""
    try:
        tree = read(text[1:])
    except ExpressionError:
        return frozenset()
    if any(isinstance(node, ast.Lambda | ast.NamedExpr) for node in ast.walk(tree)):
        return frozenset()
    return frozenset(_free(tree))


def names_in(value: Any) -> frozenset[str]:
    """The free names of all expressions in `value`; functions and the variables of comprehensions are none."""
    if type(value) is str:
        return _names_in_string(value)
    if type(value) in _PLAIN:
        return frozenset()
    return frozenset(name for tree in _trees(value) for name in _free(tree))


@lru_cache(maxsize=4096)
def _names_in_string(value: str) -> frozenset[str]:
    return frozenset(name for tree in _trees(value) for name in _free(tree))


@lru_cache(maxsize=4096)
def names_in_text(text: str) -> frozenset[str]:
    """The free names in the `{expression}` fields of `text`."""
    return frozenset(name for tree in _pieces(text) if not isinstance(tree, str) for name in _free(tree))


def looked_up(value: str, names: Collection[str]) -> list[tuple[str, Any]]:
    """Of an expression, or of a text with fields, each of `names` that is indexed by a literal (`keys['get']`), with that."""
    trees = _trees(value) if value.startswith("=") else [tree for tree in _pieces(value) if not isinstance(tree, str)]
    found = [(tree, node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    return [
        (node.value.id, node.slice.value)
        for tree, node in found
        if isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant)
        if node.value.id in names and node.value.id in _free(tree)
    ]


def _trees(value: Any) -> Iterator[ast.expr]:
    if isinstance(value, str) and value.startswith("="):
        yield parse(value[1:])
    elif isinstance(value, list):
        for item in value:
            yield from _trees(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _trees(item)


def _free(node: ast.AST, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if node.id not in bound:
            yield node.id
    elif isinstance(node, ast.Call):
        for part in [*node.args, *node.keywords]:
            yield from _free(part, bound)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        yield from _free_of_comprehension(node, bound)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _free(child, bound)


def _free_of_comprehension(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, bound: frozenset[str]
) -> Iterator[str]:
    for generator in node.generators:
        yield from _free(generator.iter, bound)
        bound |= {part.id for part in ast.walk(generator.target) if isinstance(part, ast.Name)}
        for test in generator.ifs:
            yield from _free(test, bound)
    parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    for part in parts:
        yield from _free(part, bound)
