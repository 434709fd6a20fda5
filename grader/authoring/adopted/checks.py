"""The checks of a drafted entry: what its reference file shows that it does, and a TODO for what it has to return otherwise.

A check that is drafted is one that the reference is expected to pass; whether it does, `grader validate` says.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.kinds import calls_in, own
from grader.authoring.adopted.names import quoted
from grader.authoring.adopted.origins import Origins
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.waits import Wait, rounds_of, set_once, wait_of, yielded
from grader.authoring.adopted.world import DraftWorld

_AT_ONCE = frozenset(
    {"asyncio.gather", "asyncio.create_task", "asyncio.as_completed", "asyncio.wait", "asyncio.ensure_future"}
)
_CLOCKS = frozenset({"time.time", "time.perf_counter", "time.monotonic", "time.process_time", "timeit.default_timer"})
_Rounds = ast.For | ast.AsyncFor | ast.ListComp | ast.GeneratorExp | ast.SetComp


@dataclass(frozen=True, slots=True)
class Drafting:
    """One exercise: its file, its world, and the names of its values by those of the parameters."""

    reference: Reference
    file: ReferenceFile
    world: DraftWorld
    names: dict[str, str]

    def wait(self, function: Function) -> Wait:
        return wait_of(function, self.file.origins) or Wait()

    def is_shown(self, function: Function) -> bool:
        """Whether it returns what it slept: over many draws that can be seen by itself."""
        wait = self.wait(function)
        return function.kind == "coroutine" and wait.given and wait.evenly


def checks_of(drafting: Drafting, function: Function, points: int) -> Iterator[str]:
    witness = drafting.world.witness(function)
    if witness:
        text = "Wait with `await asyncio.sleep(...)`." if witness == "sleep[*]" else f"Use {_used(drafting, function)}."
        yield f"      - {{id: work, gate: true, calls: {quoted(witness)}, at_least: 1, help: {quoted(text)}}}"
    rest = points
    for check in (_range, _together, _pace):
        lines = check(drafting, function)
        share = points // 3 if lines and rest > points // 3 else 0
        if share:
            yield from _check(share, *lines)
            rest -= share
    yield from _check(rest, *_result(drafting, function))


def _check(points: int, name: str, kind: str, value: str, text: str, says: str = "") -> Iterator[str]:
    yield f"      - id: {name}"
    yield f"        points: {points}"
    yield f"        {kind}: {quoted(value)}"
    if says:
        yield f"        says: {quoted(says)}"
    yield f"        help: {quoted(text)}"


def _used(drafting: Drafting, function: Function) -> str:
    use = next(one for one in function.uses if one in drafting.world.operations)
    return f"{use.name} of {use.module}.py"


def _range(drafting: Drafting, function: Function) -> tuple[str, ...]:
    wait = drafting.wait(function)
    given = yielded(function, drafting.file.origins)
    if given is not None:
        return _between(drafting, given)
    if not drafting.is_shown(function) or wait.bounds is None:
        return ()
    return _between(drafting, wait.bounds)


def _between(drafting: Drafting, bounds: tuple[str, str]) -> tuple[str, ...]:
    least, most = (drafting.names.get(one, one) for one in bounds)
    holds = f"=min(result) >= {least} and max(result) <= {most}"
    says = f"not all that you returned lies between {least} and {most}"
    return "range", "holds", holds, f"Draw between {least} and {most}.", says


def _together(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """Where it starts several at once: in rounds, and by something that does not wait for each."""
    witness, origins = drafting.world.witness(function), drafting.file.origins
    calls = list(calls_in(function.node))
    homes = (
        drafting.reference.home(drafting.file, use) for call in calls if (use := origins.use(call.func)) is not None
    )
    starts = any(origins.is_one_of(call.func, _AT_ONCE) for call in calls) or any(
        home is not None and home[1].kind == "function_in_loop" for home in homes
    )
    rounds = (one for one in ast.walk(function.node) if isinstance(one, _Rounds))
    if not any(origins.use(call.func) is not None for one in rounds for call in calls_in(one)):
        return ()
    if function.kind != "coroutine" or not starts or witness in ("", "sleep[*]"):
        return ()
    selector = f"{witness}[*]" if witness in drafting.world.keyed else witness
    return "together", "parallel", selector, "Start all of them before you await one."


def _pace(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """Where a generator sleeps a whole number of seconds before each of so many items."""
    wait, rounds = drafting.wait(function), rounds_of(function)
    if function.kind != "async_generator" or not rounds or not wait.seconds.isdigit() or wait.seconds == "0":
        return ()
    count = drafting.names.get(rounds, rounds)
    holds = f"=yields == [{wait.seconds} * (at + 1) for at in range({count})]"
    text = f"Wait {wait.seconds} s, then yield, {count} times."
    return "pace", "holds", holds, text, "what you gave did not come at the times that are asked for"


def _result(drafting: Drafting, function: Function) -> tuple[str, ...]:
    if drafting.is_shown(function):
        text = "Draw one number, sleep that long, once, and return that number."
        return "slept", "holds", "=result == keys['sleep']", text, "what you returned is not what you slept"
    rounds = rounds_of(function)
    if yielded(function, drafting.file.origins) is not None and rounds:
        count = drafting.names.get(rounds, rounds)
        return (
            "count",
            "holds",
            f"=len(result) == {count}",
            f"Give {count} values.",
            "you gave another number of values",
        )
    measured = _measured(drafting, function)
    if measured:
        text = "Take the time before and after."
        return (
            "result",
            "holds",
            f"=abs(result - {measured}) < 0.001",
            text,
            "what you returned is not the time that it took",
        )
    known = _handed_on(drafting, function)
    if known:
        return "result", "result", f"={known}", "The result is what the call gives."
    return "result", "result", _todo(drafting, function), "TODO"


def _todo(drafting: Drafting, function: Function) -> str:
    """With an example where the file's way of collecting is one of the usual ones."""
    used = next((drafting.world.operations[use] for use in function.uses if use in drafting.world.operations), "")
    known = drafting.world.results.get(used, "")
    origins = drafting.file.origins
    called = {name for call in calls_in(function.node) for name in origins.plain(call.func)}
    rounds = drafting.names.get(rounds_of(function), rounds_of(function)) or "3"
    if known and _together(drafting, function):
        drawn = known.removeprefix("100 - ").partition("[")[0]
        taken = f"{drawn}[:{rounds}]"
        order = f"sorted({taken})" if "asyncio.as_completed" in called or "asyncio.wait" in called else taken
        return f"TODO: what is returned, such as =[100 - delay for delay in {order}]"
    values, _, count = known.partition("[number % ")
    if count and any(isinstance(one, ast.comprehension) and one.is_async for one in ast.walk(function.node)):
        homes = (drafting.reference.home(drafting.file, use) for use in function.uses)
        given = next((rounds_of(home[1]) for home in homes if home is not None), "")
        count = given if given.isdigit() else drafting.names.get(given, "3")
        return f"TODO: what is returned, such as ={values}[:{count}]"
    return "TODO: what is returned, such as an expression over the vars above"


def _handed_on(drafting: Drafting, function: Function) -> str:
    """Known where one call of an operation, in a task, is all that the function gives."""
    values = [one.value for one in own(function.node) if isinstance(one, ast.Return)]
    called = values[0].args[0] if len(values) == 1 and isinstance(values[0], ast.Call) and values[0].args else None
    use = drafting.file.origins.use(called.func) if isinstance(called, ast.Call) else None
    operation = drafting.world.operations.get(use) if use is not None else None
    known = drafting.world.results.get(operation or "", "")
    return known.replace("[number % 10]", "[0]") if function.returns == "task" else ""


def _measured(drafting: Drafting, function: Function) -> str:
    """An expression for a runtime that the function measures: of one operation whose length has a name."""
    used = [drafting.world.operations[use] for use in function.uses if use in drafting.world.operations]
    took = next((drafting.world.lengths[name] for name in used if name in drafting.world.lengths), "")
    values = [one.value for one in own(function.node) if isinstance(one, ast.Return)]
    if not took or len(values) != 1 or values[0] is None:
        return ""
    made = _Measuring(function, drafting.file.origins, took, drafting.names).text(values[0])
    return made if made and took in made else ""


@dataclass(frozen=True, slots=True)
class _Measuring:
    function: Function
    origins: Origins
    took: str
    names: dict[str, str]

    def text(self, node: ast.expr, depth: int = 5) -> str:
        """Empty for all that is not a difference of two times, arguments and numbers."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return repr(node.value)
        if isinstance(node, ast.Name):
            if node.id in self.names and set_once(self.function, node) is node:
                return self.names[node.id]
            value = set_once(self.function, node)
            return self.text(value, depth - 1) if value is not node and depth else ""
        if not isinstance(node, ast.BinOp):
            return ""
        if isinstance(node.op, ast.Sub) and self._is_time(node.left) and self._is_time(node.right):
            return self.took
        sign = {ast.Div: "/", ast.Mult: "*", ast.Sub: "-", ast.Add: "+"}.get(type(node.op), "")
        left, right = self.text(node.left, depth), self.text(node.right, depth)
        return f"({left} {sign} {right})" if sign and left and right else ""

    def _is_time(self, node: ast.expr) -> bool:
        value = set_once(self.function, node)
        return isinstance(value, ast.Call) and self.origins.is_one_of(value.func, _CLOCKS)
