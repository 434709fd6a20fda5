"""Whether what a function of a reference file asks for comes to its end, as far as its text shows.

The function may leave before that, cut it short, or not even ask for it. What hangs on the end is not drafted then.
"""

import ast
from collections.abc import Callable, Iterator

from grader.authoring.adopted.awaited import waits_for_all
from grader.authoring.adopted.flow import Flow
from grader.authoring.adopted.sites import parents_of
from grader.authoring.adopted.waits import set_once

_FIRST = "asyncio.FIRST_COMPLETED"
_SOME = frozenset({"next", "anext", "itertools.islice", "zip"})  # take as many as they like of what they are given
_COMING = frozenset({"asyncio.as_completed"})
_UP_TO = frozenset({"asyncio.wait", "asyncio.as_completed"})
_TIMEOUTS = frozenset({"asyncio.timeout", "asyncio.timeout_at"})
_WAIT_FOR = frozenset({"asyncio.wait_for"})
_PERHAPS = ast.If | ast.IfExp | ast.Match | ast.BoolOp | ast.ExceptHandler
_ROUND = ast.For | ast.AsyncFor | ast.While | ast.comprehension


def leaves_early(flow: Flow) -> bool:
    """Whether it may return, or cancel them, while some of what it started at once are still on their way."""
    nodes = [node for top in flow.reached for node in ast.walk(top)]
    if any(_is_first(node, flow) for node in nodes):
        return True
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    if any(flow.origins.is_one_of(call.func, _UP_TO) and _given(call, "timeout") for call in calls):
        return True
    joined = any(isinstance(node, ast.Await) and _method(node.value) == "join" for node in nodes)
    if not joined and any(_method(call) == "cancel" for call in calls):
        return True
    coming = [call for call in calls if flow.origins.is_one_of(call.func, _COMING)]
    if coming and any(flow.origins.is_one_of(call.func, _SOME) for call in calls):
        return True
    if any(_is_left(node, coming, flow) for node in nodes if isinstance(node, ast.For | ast.AsyncFor)):
        return True
    return not joined and not waits_for_all(flow)


def _is_first(node: ast.AST, flow: Flow) -> bool:
    said = isinstance(node, ast.Constant) and node.value == "FIRST_COMPLETED"
    return said or (isinstance(node, ast.Name | ast.Attribute) and _FIRST in flow.origins.plain(node))


def _is_left(loop: ast.For | ast.AsyncFor, coming: list[ast.Call], flow: Flow) -> bool:
    """Whether a loop goes through what comes, and may not go to its end."""
    through = {id(one) for one in (*ast.walk(loop.iter), set_once(flow.function, loop.iter))}
    leaves = (ast.Break, ast.Return)
    return any(id(one) in through for one in coming) and any(isinstance(one, leaves) for one in ast.walk(loop))


def _given(call: ast.Call, name: str) -> bool:
    value = next((one.value for one in call.keywords if one.arg == name), None)
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)


def _method(node: ast.AST) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


# ---------------------------------------------------------------- bounds in time


def is_cut_short(flow: Flow) -> bool:
    """Whether a timeout stands around something that it asks for."""
    return any(_lasts(inner, flow) for _, inner in _bounded(flow))


def limits_of(flow: Flow, hanging: Callable[[ast.Call], list[ast.expr]]) -> Iterator[tuple[str, str]]:
    """Of each timeout in the function itself how long it is, with what is handed on to what it is around, where both are names
    or constants. `hanging`: which of a call's arguments how long it lasts hangs on."""
    for limit, inner in _bounded(flow, own=True):
        calls = [one for one in ast.walk(inner) if isinstance(one, ast.Call) and flow.lasting(one.func) is not None]
        handed = {
            ast.unparse(arg) for call in calls for arg in hanging(call) if isinstance(arg, ast.Name | ast.Constant)
        }
        if isinstance(limit, ast.Name | ast.Constant):
            yield from ((ast.unparse(limit), text) for text in sorted(handed - {ast.unparse(limit)}))


def _bounded(flow: Flow, *, own: bool = False) -> Iterator[tuple[ast.expr | None, ast.AST]]:
    """How long each timeout is, and what it is around."""
    for top in [flow.function.node] if own else [flow.function.node, *flow.reached]:
        for node in ast.walk(top):
            if isinstance(node, ast.AsyncWith):
                said = [item.context_expr for item in node.items]
                calls = [one for one in said if isinstance(one, ast.Call)]
                made = [one for one in calls if flow.origins.is_one_of(one.func, _TIMEOUTS)]
                if made:
                    yield next(iter(made[0].args), None), ast.Module(node.body, [])
            elif isinstance(node, ast.Call) and flow.origins.is_one_of(node.func, _WAIT_FOR) and node.args:
                named = [one.value for one in node.keywords if one.arg == "timeout"]
                yield next(iter([*node.args[1:2], *named]), None), set_once(flow.function, node.args[0])


def _lasts(node: ast.AST, flow: Flow) -> bool:
    """Whether something is asked for in it, or what it is cannot be told: a task may have any name."""
    return isinstance(node, ast.Name) or any(
        isinstance(one, ast.Call) and flow.lasting(one.func) is not None for one in ast.walk(node)
    )


# ---------------------------------------------------------------- conditions


def may_not_begin(flow: Flow) -> bool:
    """Whether all that it asks for stands under a condition; what is so in each round of a loop is another matter."""
    sites = flow.starts.all
    parents = parents_of(flow.function.node)
    return bool(sites) and all(_is_under(site.node, parents, flow) for site in sites)


def _is_under(node: ast.AST, parents: dict[int, ast.AST], flow: Flow) -> bool:
    found = False
    while (above := parents.get(id(node))) is not None:
        if isinstance(above, _ROUND):
            found = False
        elif isinstance(above, _PERHAPS) and not _is_asked_first(node, above) and not _is_either_way(above, flow):
            found = True
        node = above
    return found


def _is_asked_first(node: ast.AST, above: ast.AST) -> bool:
    """Whether it is the condition itself."""
    first = above.values[0] if isinstance(above, ast.BoolOp) else None
    return node in (getattr(above, "test", None), getattr(above, "subject", None), first)


def _is_either_way(node: ast.AST, flow: Flow) -> bool:
    if isinstance(node, ast.If) and node.orelse:
        return all(_lasts(ast.Module(part, []), flow) for part in (node.body, node.orelse))
    return isinstance(node, ast.IfExp) and _lasts(node.body, flow) and _lasts(node.orelse, flow)
