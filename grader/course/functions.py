"""The functions of expressions: the builtins that authors know and two more, each paid for before it works.

`range`, `zip`, `enumerate` and `reversed` give lists. Sets are walked in sorted order, and `sum` adds from left to
right: so every Python that is supported gives the same value.
"""

from collections.abc import Callable
from typing import Any

from grader.course.budget import Budget, check_items, checked, kind_of
from grader.course.syntax import ExpressionError


def items_of(value: Any, budget: Budget) -> list[Any]:
    """The items of `value` in an order that depends on nothing but the value."""
    if not isinstance(value, (list, tuple, dict, str, bytes, set, frozenset)):
        raise ExpressionError(f"{kind_of(value)} has no items")
    budget.spend(len(value))
    if not isinstance(value, (set, frozenset)):
        return list(value)
    budget.spend(budget.weigh(value) * len(value).bit_length())
    return sorted(value, key=_rank)


def _rank(item: Any) -> tuple[int, str, Any]:
    """An order for what cannot be compared: numbers, text, the rest by kind and by what it looks like."""
    if isinstance(item, (int, float)):
        return (0, "", item)
    return (1, "", item) if isinstance(item, str) else (2, kind_of(item), repr(item))


def text_of(value: Any, budget: Budget) -> str:
    """`value` as text; containers as Python writes them, but no sets, whose order is open."""
    if isinstance(value, str):
        return value
    budget.weigh(value)
    _refuse_sets(value)
    if not isinstance(value, int | float | bytes | list | tuple | dict | None):
        raise ExpressionError(f"{kind_of(value)} cannot be made text")
    return str(checked(str(value)))


def _refuse_sets(value: Any) -> None:
    if isinstance(value, (set, frozenset)):
        raise ExpressionError("a set has no fixed order as text; sort it first")
    if isinstance(value, (list, tuple, dict)):
        for item in value:
            _refuse_sets(item)
    if isinstance(value, dict):
        for item in value.values():
            _refuse_sets(item)
    elif not isinstance(value, int | float | str | bytes | list | tuple | None):
        raise ExpressionError(f"{kind_of(value)} cannot be made text")


def _sorted(budget: Budget, values: Any, *, reverse: Any = False) -> list[Any]:
    items = items_of(values, budget)
    budget.spend(budget.weigh(items) * len(items).bit_length())
    return sorted(items, reverse=bool(reverse))


def _extreme(pick: Callable[..., Any]) -> Callable[..., Any]:
    missing = object()

    def extreme(budget: Budget, *values: Any, default: Any = missing) -> Any:
        if not values:
            raise TypeError
        items = items_of(values[0], budget) if len(values) == 1 else list(values)
        budget.weigh(items)
        if not items and default is missing:
            raise ExpressionError(f"{pick.__name__}() of nothing; give default=...")
        return pick(items) if items else default

    return extreme


def _sum(budget: Budget, values: Any, start: Any = 0) -> Any:
    total: Any = 0
    for item in [start, *items_of(values, budget)]:
        if not isinstance(item, (int, float)):
            raise ExpressionError(f"sum() adds numbers, not {kind_of(item)}")
        # By hand: from 3.12 on the builtin rounds sums of floats differently.
        total = checked(total + item)
    return total


def _len(budget: Budget, value: Any) -> int:
    return len(value)


def _list(budget: Budget, values: Any = ()) -> list[Any]:
    return items_of(values, budget)


def _tuple(budget: Budget, values: Any = ()) -> tuple[Any, ...]:
    return tuple(items_of(values, budget))


def _set(budget: Budget, values: Any = ()) -> set[Any]:
    items = items_of(values, budget)
    budget.weigh(items)
    return set(items)


def _dict(budget: Budget, pairs: Any = ()) -> dict[Any, Any]:
    budget.weigh(pairs)
    return dict(pairs) if isinstance(pairs, dict) else dict(items_of(pairs, budget))


def _range(budget: Budget, *bounds: Any) -> list[int]:
    numbers = range(*bounds)
    step = numbers.step
    count = max(
        0, -((numbers.start - numbers.stop) // step) if step > 0 else -((numbers.stop - numbers.start) // -step)
    )
    check_items(count)
    budget.spend(count)
    return list(numbers)


def _abs(budget: Budget, number: Any) -> Any:
    return abs(number)


def _round(budget: Budget, number: Any, ndigits: Any = None) -> Any:
    if ndigits is not None and not (isinstance(ndigits, int) and abs(ndigits) <= 100):
        raise ExpressionError("round() takes at most 100 digits")
    return round(number, ndigits)


def _zip(budget: Budget, *rows: Any, strict: Any = False) -> list[tuple[Any, ...]]:
    return list(zip(*[items_of(row, budget) for row in rows], strict=bool(strict)))


def _enumerate(budget: Budget, values: Any, start: Any = 0) -> list[tuple[int, Any]]:
    return list(enumerate(items_of(values, budget), start))


def _reversed(budget: Budget, values: Any) -> list[Any]:
    if isinstance(values, (set, frozenset)):
        raise ExpressionError("a set has no order; sort it first")
    return items_of(values, budget)[::-1]


def _any(budget: Budget, values: Any) -> bool:
    return any(items_of(values, budget))


def _all(budget: Budget, values: Any) -> bool:
    return all(items_of(values, budget))


def _str(budget: Budget, value: Any = "") -> str:
    return text_of(value, budget)


def _in_case(change: Callable[[str], str]) -> Callable[..., Any]:
    def in_case(budget: Budget, text: Any) -> str:
        if not isinstance(text, str):
            raise ExpressionError(f"{kind_of(text)} has no letters; make it text with str()")
        budget.spend(len(text))
        return str(checked(change(text)))

    return in_case


def _int(budget: Budget, value: Any = 0) -> int:
    if not isinstance(value, (int, float, str)):
        raise TypeError
    return int(value)


def _float(budget: Budget, value: Any = 0.0) -> float:
    if not isinstance(value, (int, float, str)):
        raise TypeError
    return float(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": _abs,
    "all": _all,
    "any": _any,
    "dict": _dict,
    "enumerate": _enumerate,
    "float": _float,
    "int": _int,
    "len": _len,
    "list": _list,
    "lowercase": _in_case(str.lower),
    "max": _extreme(max),
    "min": _extreme(min),
    "range": _range,
    "reversed": _reversed,
    "round": _round,
    "set": _set,
    "sorted": _sorted,
    "str": _str,
    "sum": _sum,
    "tuple": _tuple,
    "uppercase": _in_case(str.upper),
    "zip": _zip,
}
KEYWORDS: dict[str, frozenset[str]] = {
    "enumerate": frozenset({"start"}),
    "max": frozenset({"default"}),
    "min": frozenset({"default"}),
    "sorted": frozenset({"reverse"}),
    "sum": frozenset({"start"}),
    "zip": frozenset({"strict"}),
}
