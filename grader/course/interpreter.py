"""The meaning of an expression's tree: each node that `syntax` lets through becomes a function, once, and nothing else does.

Every node costs a step, and every name is looked up among the given values alone. What is made of a tree knows no values. The
nodes that there are most of spend their step themselves: to ask the budget to do it takes longer than all else that they do.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from grader.course.budget import MAX_ITEMS, Budget, check_items, checked, kind_of
from grader.course.functions import FUNCTIONS, KEYWORDS, items_of, text_of
from grader.course.nearest import did_you_mean
from grader.course.operators import attempt, changed, combined, holds, item_of, part_of, refuse_things, truth
from grader.course.syntax import ExpressionError, parse

Names = Mapping[str, Any]
Meaning = Callable[[Names, Budget], Any]


@lru_cache(maxsize=4096)
def meaning(written: str) -> Meaning:
    """The meaning of an expression with its `=`; raises ExpressionError for all that is not allowed."""
    return meaning_of(parse(written[1:]))


def meaning_of(node: ast.expr) -> Meaning:
    """The value of one node, as a function of the names and of the budget that is spent on it."""
    return _MEANINGS[type(node)](node)


def _constant(node: ast.Constant) -> Meaning:
    value = node.value

    def constant(names: Names, budget: Budget) -> Any:
        budget.left -= 1
        if budget.left < 0:
            budget.spend(0)
        return checked(value)

    return constant


def _name(node: ast.Name) -> Meaning:
    id = node.id

    def name(names: Names, budget: Budget) -> Any:
        budget.left -= 1
        if budget.left < 0:
            budget.spend(0)
        try:
            return names[id]
        except KeyError:
            raise _unknown(id, names) from None

    return name


def _unknown(id: str, names: Names) -> ExpressionError:
    if id in FUNCTIONS:
        return ExpressionError(f"{id} is a function; call it as {id}(...)")
    return ExpressionError(f"unknown name {id!r}{did_you_mean(id, names)}")


def _binary(node: ast.BinOp) -> Meaning:
    op, left, right = node.op, meaning_of(node.left), meaning_of(node.right)

    def binary(names: Names, budget: Budget) -> Any:
        budget.left -= 1
        if budget.left < 0:
            budget.spend(0)
        return combined(op, left(names, budget), right(names, budget), budget)

    return binary


def _unary(node: ast.UnaryOp) -> Meaning:
    op, operand = node.op, meaning_of(node.operand)

    def unary(names: Names, budget: Budget) -> Any:
        budget.step()
        return changed(op, operand(names, budget))

    return unary


def _logic(node: ast.BoolOp) -> Meaning:
    stop, parts = isinstance(node.op, ast.Or), [meaning_of(part) for part in node.values]

    def logic(names: Names, budget: Budget) -> Any:
        budget.step()
        value = None
        for part in parts:
            value = part(names, budget)
            if truth(value) is stop:
                break
        return value

    return logic


def _compare(node: ast.Compare) -> Meaning:
    first = meaning_of(node.left)
    rest = [(op, meaning_of(part)) for op, part in zip(node.ops, node.comparators, strict=True)]

    def compare(names: Names, budget: Budget) -> bool:
        budget.left -= 1
        if budget.left < 0:
            budget.spend(0)
        left = first(names, budget)
        for op, part in rest:
            right = part(names, budget)
            if not holds(op, left, right, budget):
                return False
            left = right
        return True

    return compare


def _choice(node: ast.IfExp) -> Meaning:
    test, body, orelse = meaning_of(node.test), meaning_of(node.body), meaning_of(node.orelse)

    def choice(names: Names, budget: Budget) -> Any:
        budget.step()
        return (body if truth(test(names, budget)) else orelse)(names, budget)

    return choice


def _subscript(node: ast.Subscript) -> Meaning:
    thing = meaning_of(node.value)
    if isinstance(node.slice, ast.Slice):
        return _slice(thing, node.slice)
    index = meaning_of(node.slice)

    def subscript(names: Names, budget: Budget) -> Any:
        budget.step()
        return item_of(thing(names, budget), index(names, budget), budget)

    return subscript


def _slice(thing: Meaning, node: ast.Slice) -> Meaning:
    bounds = [None if one is None else meaning_of(one) for one in (node.lower, node.upper, node.step)]

    def slice(names: Names, budget: Budget) -> Any:
        budget.step()
        whole = thing(names, budget)
        return part_of(whole, [None if one is None else one(names, budget) for one in bounds], budget)

    return slice


def _elements(nodes: Sequence[ast.expr]) -> Callable[[Names, Budget], list[Any]]:
    parts = [
        (True, meaning_of(node.value)) if isinstance(node, ast.Starred) else (False, meaning_of(node)) for node in nodes
    ]

    def elements(names: Names, budget: Budget) -> list[Any]:
        found: list[Any] = []
        for starred, part in parts:
            value = part(names, budget)
            if starred:
                found.extend(items_of(value, budget))
                check_items(len(found))
            else:
                found.append(value)
        if len(found) > MAX_ITEMS:
            check_items(len(found))
        return found

    return elements


def _made(nodes: Sequence[ast.expr], make: Callable[[list[Any], Budget], Any]) -> Meaning:
    elements = _elements(nodes)

    def made(names: Names, budget: Budget) -> Any:
        budget.left -= 1
        if budget.left < 0:
            budget.spend(0)
        return make(elements(names, budget), budget)

    return made


def _list(node: ast.List) -> Meaning:
    return _made(node.elts, lambda items, _: items)


def _tuple(node: ast.Tuple) -> Meaning:
    return _made(node.elts, lambda items, _: tuple(items))


def _set(node: ast.Set) -> Meaning:
    return _made(node.elts, _set_of)


def _set_of(items: list[Any], budget: Budget) -> set[Any]:
    budget.weigh(items)
    result: set[Any] = attempt(lambda: "a set of these items", lambda: set(items))
    return result


def _dict(node: ast.Dict) -> Meaning:
    both = zip(node.keys, node.values, strict=True)
    parts = [(meaning_of(key), meaning_of(value)) for key, value in both if key is not None]

    def pairs(names: Names, budget: Budget) -> dict[Any, Any]:
        budget.step()
        return _dict_of([(key(names, budget), value(names, budget)) for key, value in parts], budget)

    return pairs


def _dict_of(pairs: list[tuple[Any, Any]], budget: Budget) -> dict[Any, Any]:
    budget.weigh([key for key, _ in pairs])
    result: dict[Any, Any] = attempt(lambda: "a dict with these keys", lambda: dict(pairs))
    return result


Scopes = Callable[[Names, Budget], Iterator[Names]]


def _scopes(generators: list[ast.comprehension]) -> Scopes:
    """The names of each turn of a comprehension."""
    first, rest = generators[0], _scopes(generators[1:]) if generators[1:] else None
    target, items, tests = first.target, meaning_of(first.iter), [meaning_of(test) for test in first.ifs]
    one = target.id if isinstance(target, ast.Name) else None

    def scopes(names: Names, budget: Budget) -> Iterator[Names]:
        for item in items_of(items(names, budget), budget):
            inner = {**names, **_bind(target, item)} if one is None else {**names, one: item}
            budget.spend(1 + len(inner) // 8)
            for test in tests:
                if not truth(test(inner, budget)):
                    break
            else:
                if rest is None:
                    yield inner
                else:
                    yield from rest(inner, budget)

    return scopes


def _bind(target: ast.expr, item: Any) -> dict[str, Any]:
    if isinstance(target, ast.Name):
        return {target.id: item}
    parts = target.elts if isinstance(target, ast.Tuple) else []
    if not isinstance(item, (list, tuple, str)) or len(item) != len(parts):
        raise ExpressionError(f"{kind_of(item)} cannot be taken apart into {len(parts)} names")
    bound: dict[str, Any] = {}
    for part, value in zip(parts, item, strict=True):
        bound.update(_bind(part, value))
    return bound


def _collected(node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Callable[[Names, Budget], list[Any]]:
    scopes, element = _scopes(node.generators), meaning_of(node.elt)

    def collected(names: Names, budget: Budget) -> list[Any]:
        budget.step()
        found: list[Any] = []
        for scope in scopes(names, budget):
            found.append(element(scope, budget))
            check_items(len(found))
        return found

    return collected


def _set_comprehension(node: ast.SetComp) -> Meaning:
    items = _collected(node)
    return lambda names, budget: _set_of(items(names, budget), budget)


def _dict_comprehension(node: ast.DictComp) -> Meaning:
    scopes, key, value = _scopes(node.generators), meaning_of(node.key), meaning_of(node.value)

    def collected(names: Names, budget: Budget) -> dict[Any, Any]:
        budget.step()
        pairs: list[tuple[Any, Any]] = []
        for scope in scopes(names, budget):
            pairs.append((key(scope, budget), value(scope, budget)))
            check_items(len(pairs))
        return _dict_of(pairs, budget)

    return collected


def _joined(node: ast.JoinedStr) -> Meaning:
    text = _text_of_parts(node)

    def joined(names: Names, budget: Budget) -> str:
        budget.step()
        return text(names, budget)

    return joined


def _text_of_parts(node: ast.JoinedStr) -> Callable[[Names, Budget], str]:
    values = [meaning_of(part) for part in node.values]

    def text(names: Names, budget: Budget) -> str:
        parts = [str(value(names, budget)) for value in values]
        check_items(sum(map(len, parts)))
        return "".join(parts)

    return text


def _formatted(node: ast.FormattedValue) -> Meaning:
    inner, conversion, spec_of = meaning_of(node.value), node.conversion, None
    if isinstance(node.format_spec, ast.JoinedStr):
        spec_of = _text_of_parts(node.format_spec)

    def formatted(names: Names, budget: Budget) -> str:
        budget.step()
        value = inner(names, budget)
        text = text_of(value, budget)
        if conversion == ord("r") and isinstance(value, str):
            text = repr(value)
        if node.format_spec is None:
            return text
        spec = spec_of(names, budget) if spec_of is not None else ""
        subject = value if isinstance(value, (int, float)) and conversion == -1 else text
        return str(attempt(lambda: f"the format {spec!r} of {kind_of(value)}", lambda: format(subject, spec)))

    return formatted


_OF_PLAIN = frozenset({"str", "int", "float", "abs", "round", "len", "sum"})


def _call(node: ast.Call) -> Meaning:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    elements = _elements(node.args)
    words = [(str(word.arg), meaning_of(word.value)) for word in node.keywords]
    known, function = KEYWORDS.get(name, frozenset()), FUNCTIONS.get(name)

    def shown(args: list[Any]) -> str:
        return f"{name}({', '.join(map(kind_of, args))})"

    def call(names: Names, budget: Budget) -> Any:
        budget.step()
        if name in names or function is None:
            raise ExpressionError(f"{name!r} is not a function of expressions{did_you_mean(name, FUNCTIONS)}")
        args = elements(names, budget)
        keywords = {word: value(names, budget) for word, value in words}
        for word in keywords.keys() - known:
            raise ExpressionError(f"{name}() has no argument {word!r} in expressions")
        if name in _OF_PLAIN:
            refuse_things(lambda: shown(args), *args)
        return attempt(lambda: shown(args), lambda: function(budget, *args, **keywords))

    return call


_MEANINGS: dict[type[ast.expr], Callable[[Any], Meaning]] = {
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
    ast.ListComp: _collected,
    ast.GeneratorExp: _collected,
    ast.SetComp: _set_comprehension,
    ast.DictComp: _dict_comprehension,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.Call: _call,
}
