"""The meaning of an expression's tree: a walk over the nodes that `syntax` lets through, nothing else.

Integers stay integers and floats floats. Whatever goes wrong is an ExpressionError in our own words, because the
interpreter's own differ between its versions.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grader.course.budget import Budget, check_bits, check_items, checked, kind_of
from grader.course.functions import FUNCTIONS, KEYWORDS, items_of, text_of
from grader.course.nearest import did_you_mean
from grader.course.syntax import ExpressionError, shorten

Names = Mapping[str, Any]
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


def value_of(node: ast.expr, names: Names, budget: Budget) -> Any:
    """The value of one node."""
    budget.spend(1)
    return _MEANINGS[type(node)](node, names, budget)


def _constant(node: ast.Constant, names: Names, budget: Budget) -> Any:
    return checked(node.value)


def _name(node: ast.Name, names: Names, budget: Budget) -> Any:
    if node.id in names:
        return names[node.id]
    if node.id in FUNCTIONS:
        raise ExpressionError(f"{node.id} is a function; call it as {node.id}(...)")
    raise ExpressionError(f"unknown name {node.id!r}{did_you_mean(node.id, names)}")


def _attempt(what: str, action: Callable[[], Any]) -> Any:
    """Do it, and say in our own words when it cannot be done."""
    try:
        return checked(action())
    except ExpressionError:
        raise
    except ZeroDivisionError:
        raise ExpressionError(f"{what}: division by zero") from None
    except OverflowError:
        raise ExpressionError(f"{what}: the number is too large") from None
    except Exception:
        raise ExpressionError(f"{what} is not possible") from None


def _plain(what: str, *values: Any) -> None:
    """Objects of the world are passed on, never asked: their methods are not ours to run."""
    for value in values:
        if not isinstance(value, PLAIN):
            raise ExpressionError(f"{what} is not possible")


def _binary(node: ast.BinOp, names: Names, budget: Budget) -> Any:
    sign, action = _BINARY[type(node.op)]
    left, right = value_of(node.left, names, budget), value_of(node.right, names, budget)
    what = f"{kind_of(left)} {sign} {kind_of(right)}"
    _plain(what, left, right)
    _foresee(node.op, left, right, what)
    if not isinstance(left, int | float):
        budget.weigh(left)
    if not isinstance(right, int | float):
        budget.weigh(right)
    result = _attempt(what, lambda: action(left, right))
    if isinstance(result, list | tuple | str | bytes):
        budget.spend(len(result))
    return result


def _foresee(op: ast.operator, left: Any, right: Any, what: str) -> None:
    """Refuse what would be too large before it is made."""
    if isinstance(left, int) and isinstance(right, int):
        _foresee_integer(op, left, right)
    elif isinstance(op, ast.Mult):
        sequence, times = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(times, int) and isinstance(sequence, list | tuple | str | bytes):
            check_items(len(sequence) * max(times, 0))
    elif isinstance(op, ast.Mod) and isinstance(left, str | bytes):
        raise ExpressionError(f"{what} is not available; use an f-string")


def _foresee_integer(op: ast.operator, left: int, right: int) -> None:
    if isinstance(op, ast.Pow) and right > 0 and abs(left) > 1:
        check_bits((abs(left).bit_length() - 1) * right)
    elif isinstance(op, ast.LShift) and left:
        check_bits(left.bit_length() + max(right, 0))


def _unary(node: ast.UnaryOp, names: Names, budget: Budget) -> Any:
    sign, action = _UNARY[type(node.op)]
    value = value_of(node.operand, names, budget)
    if isinstance(node.op, ast.Not):
        return not _truth(value)
    if isinstance(node.op, ast.Invert) and isinstance(value, bool):
        raise ExpressionError("~ is for whole numbers; use 'not'")
    _plain(f"{sign}{kind_of(value)}", value)
    return _attempt(f"{sign}{kind_of(value)}", lambda: action(value))


def _truth(value: Any) -> bool:
    return bool(value) if isinstance(value, PLAIN) else True


def _logic(node: ast.BoolOp, names: Names, budget: Budget) -> Any:
    stop = isinstance(node.op, ast.Or)
    value = None
    for part in node.values:
        value = value_of(part, names, budget)
        if _truth(value) is stop:
            break
    return value


def _compare(node: ast.Compare, names: Names, budget: Budget) -> bool:
    left = value_of(node.left, names, budget)
    for op, part in zip(node.ops, node.comparators, strict=True):
        right = value_of(part, names, budget)
        if not _holds(op, left, right, budget):
            return False
        left = right
    return True


def _holds(op: ast.cmpop, left: Any, right: Any, budget: Budget) -> bool:
    sign, action = _COMPARE[type(op)]
    if isinstance(op, ast.Is | ast.IsNot):
        return action(left, right)
    budget.weigh(left)
    budget.weigh(right)
    what = f"{kind_of(left)} {sign} {kind_of(right)}"
    if not isinstance(op, ast.Eq | ast.NotEq):
        _plain(what, left, right)
    return bool(_attempt(what, lambda: action(left, right)))


def _choice(node: ast.IfExp, names: Names, budget: Budget) -> Any:
    chosen = node.body if _truth(value_of(node.test, names, budget)) else node.orelse
    return value_of(chosen, names, budget)


def _subscript(node: ast.Subscript, names: Names, budget: Budget) -> Any:
    thing = value_of(node.value, names, budget)
    if isinstance(node.slice, ast.Slice):
        return _slice(thing, node.slice, names, budget)
    index = value_of(node.slice, names, budget)
    budget.weigh(index)
    if isinstance(thing, dict):
        return _look_up(thing, index)
    if not isinstance(thing, list | tuple | str | bytes):
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


def _slice(thing: Any, part: ast.Slice, names: Names, budget: Budget) -> Any:
    bounds = [
        None if bound is None else value_of(bound, names, budget) for bound in (part.lower, part.upper, part.step)
    ]
    if not isinstance(thing, list | tuple | str | bytes):
        raise ExpressionError(f"{kind_of(thing)} cannot be sliced")
    if not all(bound is None or isinstance(bound, int) for bound in bounds) or bounds[2] == 0:
        raise ExpressionError("a slice's bounds are whole numbers, and its step is not 0")
    budget.spend(len(thing))
    return thing[slice(*bounds)]


def _elements(nodes: list[ast.expr], names: Names, budget: Budget) -> list[Any]:
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            found.extend(items_of(value_of(node.value, names, budget), budget))
        else:
            found.append(value_of(node, names, budget))
        check_items(len(found))
    return found


def _list(node: ast.List, names: Names, budget: Budget) -> list[Any]:
    return _elements(node.elts, names, budget)


def _tuple(node: ast.Tuple, names: Names, budget: Budget) -> tuple[Any, ...]:
    return tuple(_elements(node.elts, names, budget))


def _set(node: ast.Set, names: Names, budget: Budget) -> set[Any]:
    return _set_of(_elements(node.elts, names, budget), budget)


def _set_of(items: list[Any], budget: Budget) -> set[Any]:
    budget.weigh(items)
    result: set[Any] = _attempt("a set of these items", lambda: set(items))
    return result


def _dict(node: ast.Dict, names: Names, budget: Budget) -> dict[Any, Any]:
    pairs = [
        (value_of(key, names, budget), value_of(value, names, budget))
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None
    ]
    return _dict_of(pairs, budget)


def _dict_of(pairs: list[tuple[Any, Any]], budget: Budget) -> dict[Any, Any]:
    budget.weigh([key for key, _ in pairs])
    result: dict[Any, Any] = _attempt("a dict with these keys", lambda: dict(pairs))
    return result


def _scopes(generators: list[ast.comprehension], names: Names, budget: Budget) -> Iterator[Names]:
    """The names of each turn of a comprehension."""
    if not generators:
        yield names
        return
    first, rest = generators[0], generators[1:]
    for item in items_of(value_of(first.iter, names, budget), budget):
        inner = {**names, **_bind(first.target, item)}
        budget.spend(1 + len(inner) // 8)
        if all(_truth(value_of(test, inner, budget)) for test in first.ifs):
            yield from _scopes(rest, inner, budget)


def _bind(target: ast.expr, item: Any) -> dict[str, Any]:
    if isinstance(target, ast.Name):
        return {target.id: item}
    parts = target.elts if isinstance(target, ast.Tuple) else []
    if not isinstance(item, list | tuple | str) or len(item) != len(parts):
        raise ExpressionError(f"{kind_of(item)} cannot be taken apart into {len(parts)} names")
    bound: dict[str, Any] = {}
    for part, value in zip(parts, item, strict=True):
        bound.update(_bind(part, value))
    return bound


def _collect(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, names: Names, budget: Budget) -> list[Any]:
    found: list[Any] = []
    for scope in _scopes(node.generators, names, budget):
        found.append(value_of(node.elt, scope, budget))
        check_items(len(found))
    return found


def _set_comprehension(node: ast.SetComp, names: Names, budget: Budget) -> set[Any]:
    return _set_of(_collect(node, names, budget), budget)


def _dict_comprehension(node: ast.DictComp, names: Names, budget: Budget) -> dict[Any, Any]:
    pairs: list[tuple[Any, Any]] = []
    for scope in _scopes(node.generators, names, budget):
        pairs.append((value_of(node.key, scope, budget), value_of(node.value, scope, budget)))
        check_items(len(pairs))
    return _dict_of(pairs, budget)


def _joined(node: ast.JoinedStr, names: Names, budget: Budget) -> str:
    parts = [str(value_of(part, names, budget)) for part in node.values]
    check_items(sum(map(len, parts)))
    return "".join(parts)


def _formatted(node: ast.FormattedValue, names: Names, budget: Budget) -> str:
    value = value_of(node.value, names, budget)
    text = text_of(value, budget)
    if node.conversion == ord("r") and isinstance(value, str):
        text = repr(value)
    if node.format_spec is None:
        return text
    spec = _joined(node.format_spec, names, budget) if isinstance(node.format_spec, ast.JoinedStr) else ""
    subject = value if isinstance(value, int | float) and node.conversion == -1 else text
    return str(_attempt(f"the format {spec!r} of {kind_of(value)}", lambda: format(subject, spec)))


def _call(node: ast.Call, names: Names, budget: Budget) -> Any:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in names or name not in FUNCTIONS:
        raise ExpressionError(f"{name!r} is not a function of expressions{did_you_mean(name, FUNCTIONS)}")
    args = _elements(node.args, names, budget)
    keywords = {str(word.arg): value_of(word.value, names, budget) for word in node.keywords}
    for word in keywords.keys() - KEYWORDS.get(name, frozenset()):
        raise ExpressionError(f"{name}() has no argument {word!r} in expressions")
    shown = ", ".join(map(kind_of, args))
    _plain(f"{name}({shown})", *(args if name in {"str", "int", "float", "abs", "round", "len", "sum"} else ()))
    return _attempt(f"{name}({shown})", lambda: FUNCTIONS[name](budget, *args, **keywords))


_MEANINGS: dict[type[ast.expr], Callable[..., Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _logic,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Subscript: _subscript,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.ListComp: _collect,
    ast.GeneratorExp: _collect,
    ast.SetComp: _set_comprehension,
    ast.DictComp: _dict_comprehension,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.Call: _call,
}
