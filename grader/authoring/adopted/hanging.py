"""Which of the arguments of a call how long that lasts hangs on, as far as its text shows; all of them where it does not."""

import ast
from collections.abc import Collection, Iterator

from grader.authoring.adopted.drafting import Drafting
from grader.authoring.adopted.flow import Flow
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.tops import Function as Node

_DEEPEST = 5  # functions that call each other


def hanging_on(drafting: Drafting, flow: Flow, call: ast.Call, depth: int = _DEEPEST) -> list[ast.expr]:
    given = [*call.args, *(one.value for one in call.keywords)]
    use = flow.lasting(call.func)
    home = drafting.reference.home(drafting.file, use) if use is not None else None
    if home is not None:
        return _given(call, home[1].node, _of_earlier(home[1])) if not home[1].uses else given
    if "asyncio.sleep" in flow.origins.plain(call.func):
        return [*call.args[:1], *(one.value for one in call.keywords if one.arg == "delay")]
    node = flow.here(use) if use is not None else None
    if node is None or not depth:
        return given
    lasting = [one for one in ast.walk(node) if isinstance(one, ast.Call) and flow.lasting(one.func) is not None]
    said = {name for one in lasting for part in hanging_on(drafting, flow, one, depth - 1) for name in _names(part)}
    return _given(call, node, _all_of(said, node))


def _of_earlier(function: Function) -> set[str]:
    slept = {name for text in function.sleeps for name in _names(ast.parse(text, mode="eval"))}
    return _all_of(slept, function.node)


def _all_of(names: set[str], node: Node) -> set[str]:
    """With what the loops go through, what conditions ask for, and what those names are set to."""
    for one in ast.walk(node):
        if isinstance(one, ast.For | ast.AsyncFor | ast.comprehension):
            names |= set(_names(one.iter))
        elif isinstance(one, ast.If | ast.IfExp | ast.While):
            names |= set(_names(one.test))
    sets = [
        one for one in ast.walk(node) if isinstance(one, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr)
    ]
    for _ in sets:  # each may lead to one that stands before it
        for one in sets:
            goals = one.targets if isinstance(one, ast.Assign) else [one.target]
            if one.value is not None and not names.isdisjoint(name for goal in goals for name in _names(goal)):
                names |= set(_names(one.value))
    return names


def _given(call: ast.Call, node: Node, names: Collection[str]) -> list[ast.expr]:
    parameters = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    if any(isinstance(one, ast.Starred) for one in call.args) or isinstance(call.func, ast.Attribute):
        return [*call.args, *(one.value for one in call.keywords)]
    by_place = [one for name, one in zip(parameters, call.args, strict=False) if name in names]
    return [
        *by_place,
        *call.args[len(parameters) :],
        *(one.value for one in call.keywords if one.arg in (*names, None)),
    ]


def _names(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))
