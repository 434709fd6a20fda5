"""Operators on values: arithmetic, comparison, indexing, each refused before it could be large.

Integers stay integers and floats floats. What goes wrong is said in our own words, because the interpreter's own differ
between its versions.
"""

import ast
import operator
from collections.abc import Callable
from typing import Any

from grader.course.budget import Budget, check_bits, check_items, checked, kind_of
from grader.course.nearest import did_you_mean
from grader.course.syntax import ExpressionError, shorten

PLAIN = (int, float, str, bytes, list, tuple, dict, set, frozenset, type(None))

_BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
    ast.LShift: ("<<", operator.lshift),
    ast.RShift: (">>", operator.rshift),
    ast.BitOr: ("|", operator.or_),
    ast.BitAnd: ("&", operator.and_),
    ast.BitXor: ("^", operator.xor),
}
_UNARY: dict[type[ast.unaryop], tuple[str, Callable[[Any], Any]]] = {
    ast.UAdd: ("+", operator.pos),
    ast.USub: ("-", operator.neg),
    ast.Invert: ("~", operator.invert),
    ast.Not: ("not", operator.not_),
}
_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], bool]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.In: ("in", lambda a, b: a in b),
    ast.NotIn: ("not in", lambda a, b: a not in b),
    ast.Is: ("is", operator.is_),
    ast.IsNot: ("is not", operator.is_not),
}


# Of two numbers within these bounds nothing has to be foreseen: no sum, difference or product of them is too large.
_NUMBERS = frozenset({int, float})
_LARGE = 2**64
_SAFE = frozenset({ast.Add, ast.Sub, ast.Mult})
_PARTING = frozenset({ast.Mod, ast.FloorDiv})
_IN_ORDER = frozenset({ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE})


def attempt(what: Callable[[], str], action: Callable[[], Any]) -> Any:
    """Do it, and say in our own words when it cannot be done; `what` it is, is asked for only then."""
    try:
        return checked(action())
    except ExpressionError:
        raise
    except ZeroDivisionError:
        raise ExpressionError(f"{what()}: division by zero") from None
    except OverflowError:
        raise ExpressionError(f"{what()}: the number is too large") from None
    except Exception:
        raise ExpressionError(f"{what()} is not possible") from None


def refuse_things(what: Callable[[], str], *values: Any) -> None:
    """Objects of the world are passed on, never asked: their methods are not ours to run."""
    for value in values:
        if not isinstance(value, PLAIN):
            raise ExpressionError(f"{what()} is not possible")


def truth(value: Any) -> bool:
    """Whether `value` counts as true; a thing of the world always does."""
    return bool(value) if isinstance(value, PLAIN) else True


def combined(op: ast.operator, left: Any, right: Any, budget: Budget) -> Any:
    """`left op right`."""
    sign, action = _BINARY[type(op)]
    if _are_small(left, right) and (type(op) in _SAFE or (type(op) in _PARTING and type(right) is int and right)):
        budget.spend(2)
        return action(left, right)

    def what() -> str:
        return f"{kind_of(left)} {sign} {kind_of(right)}"

    refuse_things(what, left, right)
    for operand in (left, right):
        checked(operand)
        budget.weigh(operand)
    _foresee(op, left, right, what)
    result = attempt(what, lambda: action(left, right))
    if isinstance(result, (list, tuple, str, bytes)):
        budget.spend(len(result))
    return result


def _are_small(left: Any, right: Any) -> bool:
    return type(left) in _NUMBERS and type(right) in _NUMBERS and -_LARGE < left < _LARGE and -_LARGE < right < _LARGE


def _foresee(op: ast.operator, left: Any, right: Any, what: Callable[[], str]) -> None:
    """Refuse what would be too large before it is made."""
    if isinstance(left, int) and isinstance(right, int):
        _foresee_integer(op, left, right)
    elif isinstance(op, ast.Mult):
        sequence, times = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(times, int) and isinstance(sequence, (list, tuple, str, bytes)):
            check_items(len(sequence) * max(times, 0))
    elif isinstance(op, ast.Mod) and isinstance(left, (str, bytes)):
        raise ExpressionError(f"{what()} is not available; use an f-string")


def _foresee_integer(op: ast.operator, left: int, right: int) -> None:
    if isinstance(op, ast.Pow) and right > 0 and abs(left) > 1:
        check_bits((abs(left).bit_length() - 1) * right)
    elif isinstance(op, ast.LShift) and left:
        check_bits(left.bit_length() + max(right, 0))


def changed(op: ast.unaryop, value: Any) -> Any:
    """`op value`."""
    sign, action = _UNARY[type(op)]
    if isinstance(op, ast.Not):
        return not truth(value)
    if isinstance(op, ast.Invert) and isinstance(value, bool):
        raise ExpressionError("~ is for whole numbers; use 'not'")
    refuse_things(lambda: f"{sign}{kind_of(value)}", value)
    return attempt(lambda: f"{sign}{kind_of(value)}", lambda: action(value))


def holds(op: ast.cmpop, left: Any, right: Any, budget: Budget) -> bool:
    """Whether `left op right`."""
    sign, action = _COMPARE[type(op)]
    if isinstance(op, (ast.Is, ast.IsNot)):
        return action(left, right)
    if type(left) in _NUMBERS and type(right) in _NUMBERS and type(op) in _IN_ORDER:
        budget.spend(2)
        return action(left, right)
    if type(left) is str and type(right) is str and type(op) in _IN_ORDER:
        budget.spend(2 + len(left) // 64 + len(right) // 64)
        return action(left, right)
    budget.weigh(left)
    budget.weigh(right)

    def what() -> str:
        return f"{kind_of(left)} {sign} {kind_of(right)}"

    if not isinstance(op, (ast.Eq, ast.NotEq)):
        refuse_things(what, left, right)
    return bool(attempt(what, lambda: action(left, right)))


def item_of(thing: Any, index: Any, budget: Budget) -> Any:
    """`thing[index]`."""
    budget.weigh(index)
    if isinstance(thing, dict):
        return _look_up(thing, index)
    if not isinstance(thing, (list, tuple, str, bytes)):
        raise ExpressionError(f"{kind_of(thing)} has no items to index")
    if not isinstance(index, int):
        raise ExpressionError(f"{kind_of(thing)} is indexed with whole numbers, not {kind_of(index)}")
    if not -len(thing) <= index < len(thing):
        raise ExpressionError(f"there is no item {index} among {len(thing)}")
    return thing[index]


def _look_up(thing: dict[Any, Any], key: Any) -> Any:
    try:
        return thing[key]
    except KeyError:
        raise ExpressionError(f"there is no key {shorten(repr(key))}{_near_key(key, thing)}") from None
    except TypeError:
        raise ExpressionError(f"{kind_of(key)} cannot be a key") from None


def _near_key(key: Any, thing: dict[Any, Any]) -> str:
    words = [word for word in thing if isinstance(word, str)]
    return did_you_mean(key, words) if isinstance(key, str) and len(words) <= 20 else ""


def part_of(thing: Any, bounds: list[Any], budget: Budget) -> Any:
    """`thing[lower:upper:step]`."""
    if not isinstance(thing, (list, tuple, str, bytes)):
        raise ExpressionError(f"{kind_of(thing)} cannot be sliced")
    if not all(bound is None or isinstance(bound, int) for bound in bounds) or bounds[2] == 0:
        raise ExpressionError("a slice's bounds are whole numbers, and its step is not 0")
    budget.spend(len(thing))
    return thing[slice(*bounds)]
