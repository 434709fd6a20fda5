"""Many values in few words: how many there are and between which they lie, and of those that break a relation the first few.

A case that calls a function 300 times has 300 results; nobody reads them, and the one that matters is seldom among the first.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.checks.words import shorten, steady
from grader.course.expressions import ExpressionError, evaluate

FEW = 3  # of those that break a relation
_DIGITS = (6, 9)  # of a number that is told; more where it would look like another
_SHORT = 10  # so many values are shown as they are


def are_many(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) > _SHORT


def brief(value: Any, length: int) -> str:
    """The text of a value; of many values how many there are, and of numbers the smallest and the greatest."""
    text = steady(repr(value))
    if len(text) <= length or not are_many(value):
        return shorten(text, length)
    if all(type(one) in (int, float) for one in value):
        return f"{len(value)} numbers from {_number(min(value))} to {_number(max(value))}"
    return (
        f"{len(value)} values, the first {FEW}: {shorten(', '.join(steady(repr(one)) for one in value[:FEW]), length)}"
    )


def beginning(value: Sequence[Any], length: int) -> str:
    """A list or tuple with as many of its items as there is room for, and how many more there are."""
    text, (opened, closed) = steady(repr(value)), "()" if isinstance(value, tuple) else "[]"
    if len(text) <= length:
        return text
    shown = [shorten(steady(repr(one)), length) for one in value[:_SHORT]]
    while len(shown) > 1 and sum(map(len, shown)) + 2 * len(shown) > length:
        shown.pop()
    left = len(value) - len(shown)
    return f"{opened}{', '.join(shown)}, and {left} more{closed}" if left else shorten(text, length)


def breaking(relation: str, written: str, names: Mapping[str, Any], *, called: str) -> str:
    """Which of many values break `relation`, where it asks something `all([... for x in WRITTEN])` of each of them.

    `written` is a name, or a key of one (`durations['get']`). Empty where nothing is asked so, or none breaks it. `called`:
    what stands before the place of a value, `call` or `item`.
    """
    for each in _parts(ast.parse(relation.removeprefix("=").strip(), mode="eval").body):
        loop = _loop(each, written)
        if loop is None:
            continue
        truths = _evaluated(ast.ListComp(ast.IfExp(loop[1], ast.Constant(1), ast.Constant(0)), [loop[0]]), names)
        places = [place for place, holds in enumerate(truths or ()) if not holds]
        if places:
            return _told(_evaluated(loop[0].iter, names), places, called)
    return ""


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """What has to hold together."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _parts(value)
    else:
        yield node


def _loop(node: ast.expr, written: str) -> tuple[ast.comprehension, ast.expr] | None:
    """The loop in `all([... for x in WRITTEN])`, and what is asked of each."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "all"):
        return None
    inner = node.args[0] if len(node.args) == 1 else None
    if not isinstance(inner, ast.ListComp | ast.GeneratorExp) or len(inner.generators) != 1:
        return None
    loop = inner.generators[0]
    return (loop, inner.elt) if ast.unparse(loop.iter) == written and not loop.ifs else None


def _evaluated(node: ast.expr, names: Mapping[str, Any]) -> Any:
    try:
        return evaluate(f"={ast.unparse(ast.fix_missing_locations(node))}", names)
    except ExpressionError:
        return None


def _told(values: Sequence[Any], places: Sequence[int], called: str) -> str:
    first = 1 if called == "call" else 0
    shown = [f"{_value(values[place])} ({called} {place + first})" for place in places[:FEW]]
    more = f" and {len(places) - FEW} more" if len(places) > FEW else ""
    be = "is" if len(places) == 1 else "are"
    return f"{len(places)} of them {be} not as asked for: {', '.join(shown)}{more}"


def _value(value: Any) -> str:
    return _number(value) if type(value) in (int, float) else shorten(steady(repr(value)), 40)


def _number(value: float) -> str:
    """Short, but never so that it looks like a bound that it breaks: 10.0000001 is not 10."""
    for digits in _DIGITS:
        text = f"{value:.{digits}g}"
        if float(text) == value or len(text) > digits:  # where zeros at its end were dropped it was rounded to another
            return text
    return repr(value)
