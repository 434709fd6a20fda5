"""The meaning of an expression's tree: a walk over the nodes that `syntax` lets through, nothing else.

Every node costs a step, and every name is looked up among the given values alone.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grader.course.budget import Budget, check_items, checked, kind_of
from grader.course.functions import FUNCTIONS, KEYWORDS, items_of, text_of
from grader.course.nearest import did_you_mean
from grader.course.operators import attempt, changed, combined, holds, item_of, part_of, refuse_things, truth
from grader.course.syntax import ExpressionError

Names = Mapping[str, Any]


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


def _binary(node: ast.BinOp, names: Names, budget: Budget) -> Any:
    left = value_of(node.left, names, budget)
    return combined(node.op, left, value_of(node.right, names, budget), budget)


def _unary(node: ast.UnaryOp, names: Names, budget: Budget) -> Any:
    return changed(node.op, value_of(node.operand, names, budget))


def _logic(node: ast.BoolOp, names: Names, budget: Budget) -> Any:
    stop = isinstance(node.op, ast.Or)
    value = None
    for part in node.values:
        value = value_of(part, names, budget)
        if truth(value) is stop:
            break
    return value


def _compare(node: ast.Compare, names: Names, budget: Budget) -> bool:
    left = value_of(node.left, names, budget)
    for op, part in zip(node.ops, node.comparators, strict=True):
        right = value_of(part, names, budget)
        if not holds(op, left, right, budget):
            return False
        left = right
    return True


def _choice(node: ast.IfExp, names: Names, budget: Budget) -> Any:
    chosen = node.body if truth(value_of(node.test, names, budget)) else node.orelse
    return value_of(chosen, names, budget)


def _subscript(node: ast.Subscript, names: Names, budget: Budget) -> Any:
    thing = value_of(node.value, names, budget)
    if isinstance(node.slice, ast.Slice):
        bounds = (node.slice.lower, node.slice.upper, node.slice.step)
        return part_of(thing, [None if one is None else value_of(one, names, budget) for one in bounds], budget)
    return item_of(thing, value_of(node.slice, names, budget), budget)


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
    result: set[Any] = attempt("a set of these items", lambda: set(items))
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
    result: dict[Any, Any] = attempt("a dict with these keys", lambda: dict(pairs))
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
        if all(truth(value_of(test, inner, budget)) for test in first.ifs):
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
    return str(attempt(f"the format {spec!r} of {kind_of(value)}", lambda: format(subject, spec)))


def _call(node: ast.Call, names: Names, budget: Budget) -> Any:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in names or name not in FUNCTIONS:
        raise ExpressionError(f"{name!r} is not a function of expressions{did_you_mean(name, FUNCTIONS)}")
    args = _elements(node.args, names, budget)
    keywords = {str(word.arg): value_of(word.value, names, budget) for word in node.keywords}
    for word in keywords.keys() - KEYWORDS.get(name, frozenset()):
        raise ExpressionError(f"{name}() has no argument {word!r} in expressions")
    shown = ", ".join(map(kind_of, args))
    refuse_things(f"{name}({shown})", *(args if name in {"str", "int", "float", "abs", "round", "len", "sum"} else ()))
    return attempt(f"{name}({shown})", lambda: FUNCTIONS[name](budget, *args, **keywords))


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
