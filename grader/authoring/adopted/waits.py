"""How long a function of a reference file waits, and what it gives, where its text tells that.

A drawn wait becomes a list of a case's values; what is drawn somewhere else, or computed, is left to be filled in.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.kinds import own
from grader.authoring.adopted.origins import Origins
from grader.authoring.adopted.sites import counted_of

_DRAWS = frozenset({"random.uniform", "random.random", "random.randint", "random.randrange", "random.triangular"})
_EVEN = frozenset({"random.uniform", "random.random"})


@dataclass(frozen=True, slots=True)
class Wait:
    """`seconds` is a number or a parameter's name, where it is one. `drawn`: by `random`; `evenly` with fractions, so that 0
    never comes; `bounds` then. `given` is true where what is returned is what was slept."""

    seconds: str = ""
    drawn: bool = False
    evenly: bool = False
    bounds: tuple[str, str] | None = None
    given: bool = False


def wait_of(function: Function, origins: Origins) -> Wait | None:
    """None where there is no one sleep, or nothing is told of it."""
    if len(function.sleeps) != 1 or function.uses:
        return None
    slept = ast.parse(function.sleeps[0], mode="eval").body
    value = set_once(function, slept)
    given = isinstance(slept, ast.Name) and _returns(function, slept.id)
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
        return Wait(ast.unparse(value), given=given)
    if isinstance(value, ast.Name) and value.id in function.steady:
        return Wait(value.id, given=given) if _sleeps_itself(function, origins) else None
    draws = [call for call in ast.walk(value) if isinstance(call, ast.Call) and origins.is_one_of(call.func, _DRAWS)]
    if len(draws) != 1:
        return None
    return Wait("", True, origins.is_one_of(draws[0].func, _EVEN), _bounds(function, value, origins), given)


def _sleeps_itself(function: Function, origins: Origins) -> bool:
    """Whether the sleep stands in it, and not in another function, where a name may mean something else."""
    calls = (one for one in ast.walk(function.node) if isinstance(one, ast.Call))
    return any("asyncio.sleep" in origins.plain(call.func) for call in calls)


_BRANCHES = ast.For | ast.AsyncFor | ast.While | ast.If | ast.IfExp | ast.Try | ast.TryStar | ast.Match | ast.BoolOp
_ROUNDS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def lasts(function: Function, origins: Origins) -> str:
    """The seconds that a coroutine takes, a number or a parameter's name, where it sleeps once whatever happens; else empty."""
    wait = wait_of(function, origins)
    if function.kind != "coroutine" or wait is None or not wait.seconds:
        return ""
    awaited = [one.value for one in whatever_happens(function.node) if isinstance(one, ast.Await)]
    slept = [one for one in awaited if isinstance(one, ast.Call) and "asyncio.sleep" in origins.plain(one.func)]
    return wait.seconds if len(slept) == 1 else ""


def whatever_happens(node: ast.AST) -> Iterator[ast.AST]:
    """All below a function that is done whenever it is called: not what stands under a condition or in a loop."""
    for inner in ast.iter_child_nodes(node):
        if not isinstance(
            inner, _BRANCHES | _ROUNDS | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        ):
            yield inner
            yield from whatever_happens(inner)


def yielded(function: Function, origins: Origins) -> tuple[str, str] | None:
    """The least and the most that an asynchronous generator gives, where each of its items is drawn between two."""
    given = [one.value for one in own(function.node) if isinstance(one, ast.Yield)]
    if function.kind != "async_generator" or len(given) != 1 or given[0] is None:
        return None
    value = set_once(function, given[0])
    draws = [call for call in ast.walk(value) if isinstance(call, ast.Call) and origins.is_one_of(call.func, _EVEN)]
    return _bounds(function, value, origins) if len(draws) == 1 else None


def set_once(function: Function, node: ast.expr) -> ast.expr:
    """What a variable of the function is set to, if only once; else the node itself."""
    if not isinstance(node, ast.Name):
        return node
    inner = list(own(function.node))
    values = [
        one.value
        for one in inner
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None and _goal(one) == node.id
    ]
    stores = [
        one for one in inner if isinstance(one, ast.Name) and one.id == node.id and isinstance(one.ctx, ast.Store)
    ]
    return values[0] if len(values) == len(stores) == 1 else node


def _goal(node: ast.Assign | ast.AnnAssign) -> str:
    goals = node.targets if isinstance(node, ast.Assign) else [node.target]
    return goals[0].id if len(goals) == 1 and isinstance(goals[0], ast.Name) else ""


def _returns(function: Function, name: str) -> bool:
    values = [one.value for one in own(function.node) if isinstance(one, ast.Return)]
    return bool(values) and all(isinstance(value, ast.Name) and value.id == name for value in values)


def _bounds(function: Function, value: ast.expr, origins: Origins) -> tuple[str, str] | None:
    """The least and the most that comes, of `uniform(a, b)`, `random()` and `random() * b`, where these are plain."""
    if isinstance(value, ast.Call) and origins.is_one_of(value.func, frozenset({"random.uniform"})):
        least, most = [*map(ast.unparse, value.args), "", ""][:2]
    elif isinstance(value, ast.Call) and origins.is_one_of(value.func, frozenset({"random.random"})):
        least, most = "0", "1"
    elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        factors = [one for one in (value.left, value.right) if not isinstance(one, ast.Call)]
        least, most = "0", ast.unparse(factors[0]) if len(factors) == 1 else ""
    else:
        return None
    names = function.steady & {one.name for one in function.parameters}
    return (least, most) if all(part in names or is_number(part) for part in (least, most)) else None


def is_number(text: str) -> bool:
    try:
        return type(ast.literal_eval(text)) in (int, float)
    except (ValueError, SyntaxError):
        return False


def rounds_of(function: Function) -> str:
    """How often its one loop goes round, where that is a number or a parameter; else empty."""
    rounds = [
        one.iter
        for one in ast.walk(function.node)
        if isinstance(one, ast.For | ast.comprehension) and isinstance(one.iter, ast.Call) and _is_range(one.iter)
    ]
    if len(rounds) != 1 or any(isinstance(one, ast.While) for one in ast.walk(function.node)):
        return ""
    counted = counted_of(rounds[0])[0] if isinstance(rounds[0], ast.Call) else None
    only = rounds[0] if counted is None else counted
    is_count = isinstance(only, ast.Constant) and isinstance(only.value, int)
    return ast.unparse(only) if is_count or (isinstance(only, ast.Name) and only.id in function.steady) else ""


def paced(function: Function) -> str:
    """Whether its one wait comes "before" or "after" its one `yield` in each round of its loop; empty where neither is so."""
    inner = list(own(function.node))
    loops = [one for one in inner if isinstance(one, ast.For | ast.AsyncFor)]
    awaits = [one for one in inner if isinstance(one, ast.Await)]
    yields = [one for one in inner if isinstance(one, ast.Yield)]
    if not len(loops) == len(awaits) == len(yields) == 1 or not isinstance(loops[0], ast.For):
        return ""
    waited, given = awaits[0], yields[0]
    always = {
        id(one) for step in loops[0].body for one in (step, *whatever_happens(step)) if not isinstance(step, _BRANCHES)
    }
    if not {id(waited), id(given)} <= always or any(
        isinstance(one, ast.Break | ast.Continue | ast.Return) for one in inner
    ):
        return ""
    is_inside = any(one is waited for one in ast.walk(given))
    is_first = (waited.lineno, waited.col_offset) < (given.lineno, given.col_offset)
    return "before" if is_inside or is_first else "after"


def _is_range(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "range" and counted_of(call)[0] is not None
