"""The checks of a drafted entry: what its reference file shows that it does, and a TODO for what it has to return otherwise.

A check that is drafted is one that the reference is expected to pass; whether it does, `grader validate` says.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.adopted.flow import Flow
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.kinds import calls_in, own
from grader.authoring.adopted.measured import measured
from grader.authoring.adopted.names import quoted
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.sites import sites_of
from grader.authoring.adopted.types import type_of
from grader.authoring.adopted.waits import Wait, is_number, lasts, rounds_of, wait_of, yielded
from grader.authoring.adopted.world import DraftWorld

MANY = 300  # calls of what draws at random: one in 10**13 right programs has no draw near an end
EXTRA = "extra"
_ENOUGH, _SOME = 100, 40  # draws of which some are near both ends, so near as a tenth, and as four tenths


@dataclass(frozen=True, slots=True)
class Drafting:
    """One exercise: its file, its world, and the names of its values by those of the parameters."""

    reference: Reference
    file: ReferenceFile
    world: DraftWorld
    names: dict[str, str]

    def known(self, function: Function) -> dict[str, str]:
        """The names of its values by those of the function's parameters."""
        return {one: self.names[one] for one in self.names.keys() & function.steady}

    def wait(self, function: Function) -> Wait:
        return wait_of(function, self.file.origins) or Wait()

    def flow(self, function: Function) -> Flow:
        witness = self.world.witness(function)
        operations = frozenset(use for use, name in self.world.operations.items() if name == witness)
        return Flow(function, self.file.origins, self.file.top, operations, witness == "sleep[*]")

    def is_shown(self, function: Function) -> bool:
        """Whether it returns what it slept: over many draws that can be seen by itself."""
        wait = self.wait(function)
        return function.kind == "coroutine" and wait.given and wait.evenly


@dataclass(frozen=True, slots=True)
class Drafted:
    """A check of kind `kind`, with `value`; `count`, `says` and `help` as there. `bounds`: `max` and `min`, empty for none."""

    name: str
    kind: str
    value: str
    help: str
    says: str = ""
    count: str = ""
    bounds: tuple[str, str] = "", ""

    def lines(self, points: int) -> Iterator[str]:
        yield f"      - id: {self.name}"
        yield f"        points: {points}"
        yield f"        {self.kind}: {quoted(self.value)}"
        for name, bound in zip(("max", "min"), self.bounds, strict=True):
            if bound:
                yield f"        {name}: {quoted(bound)}"
        if self.count:
            yield f"        count: {quoted(self.count)}"
        if self.says:
            yield f"        says: {quoted(self.says)}"
        yield f"        help: {quoted(self.help)}"


def drafts_of(drafting: Drafting, function: Function) -> list[Drafted]:
    """The last is about what it returns."""
    drafts = (_range, _spread, _count, _extra, _time, _pace)
    found = [_drafted(*told) for draft in drafts if (told := draft(drafting, function))]
    return [*_at_once(drafting, function), *found, _drafted(*_result(drafting, function))]


def _drafted(*told: str) -> Drafted:
    name, kind, value, help, says, count = [*told, "", ""][:6]
    return Drafted(name, kind, value, help, says, count)


def checks_of(drafting: Drafting, function: Function, points: int, default: Drafted | None = None) -> Iterator[str]:
    """`default`: that of the arguments that a case leaves out."""
    witness = drafting.world.witness(function)
    if witness:
        text = "Wait with `await asyncio.sleep(...)`." if witness == "sleep[*]" else f"Use {_used(drafting, function)}."
        yield f"      - {{id: work, gate: true, calls: {quoted(witness)}, at_least: 1, help: {quoted(text)}}}"
    *found, result = drafts_of(drafting, function)
    rest = points
    if default is not None and rest > 1:
        yield from default.lines(1)
        rest -= 1
    extra = [one for one in found if one.name == EXTRA]  # it costs little beside what it is about
    share = max((rest - len(extra)) // (len(found) - len(extra) + 1), 1)
    for one in found:
        given = 1 if one in extra else share
        if rest > given:
            yield from one.lines(given)
            rest -= given
    yield from result.lines(rest)


def _used(drafting: Drafting, function: Function) -> str:
    use = next(one for one in function.uses if one in drafting.world.operations)
    return f"{use.name} of {use.module}.py"


def _bounds(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """The least and the most that it gives, as expressions, where it gives what it draws; else nothing."""
    wait = drafting.wait(function)
    given = yielded(function, drafting.file.origins)
    if given is None and drafting.is_shown(function):
        given = wait.bounds
    return () if given is None else tuple(drafting.known(function).get(one, one) for one in given)


def _range(drafting: Drafting, function: Function) -> tuple[str, ...]:
    if not (bounds := _bounds(drafting, function)):
        return ()
    least, most = bounds
    holds = f"=min(result) >= {least} and max(result) <= {most}"
    says = f"not all that you returned lies between {least} and {most}"
    return "range", "holds", holds, f"Draw between {least} and {most}.", says


def _spread(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """That it is drawn at all, and from the whole range."""
    if not (bounds := _bounds(drafting, function)):
        return ()
    least, most = bounds
    enough, low, high = (_ENOUGH, "0.1", "0.9") if function.kind == "coroutine" else (_SOME, "0.4", "0.6")
    width = f"({most} - {least})" if least != "0" else most
    above, below = (f"{least} + {width} * {edge}".removeprefix("0 + ") for edge in (low, high))
    drawn = "(min(result) < max(result) and any([one != int(one) for one in result]))"
    ends = f"(len(result) < {enough} or (min(result) < {above} and max(result) > {below}))"
    says = (
        f"what you returned was all the same, or whole numbers only, or nothing of it was near {least}, or near {most}"
    )
    text = f"All numbers between {least} and {most} are equally likely, fractions too."
    return "spread", "holds", f"=len(result) < 2 or ({drawn} and {ends})", text, says


def is_together(drafting: Drafting, function: Function) -> bool:
    """Whether it starts several operations at once."""
    known = frozenset(drafting.world.operations)
    homes = {use: drafting.reference.home(drafting.file, use) for use in function.uses}
    in_loop = frozenset(use for use, home in homes.items() if home is not None and home[1].kind == "function_in_loop")
    witness = drafting.world.witness(function)
    if function.kind != "coroutine" or witness in ("", "sleep[*]"):
        return False
    return sites_of(function, drafting.file.origins).of(known).together(in_loop)


def limit_of(drafting: Drafting, function: Function) -> str:
    """How many may be on their way at once, as an expression; empty where its text tells of no such bound."""
    is_one = function.kind == "coroutine" and drafting.world.witness(function)
    return drafting.flow(function).at_most(drafting.known(function)) if is_one else ""


def started(drafting: Drafting, function: Function) -> str:
    """How many things of its own file it starts at once, as an expression; empty where its text does not tell."""
    flow = drafting.flow(function)
    is_one = function.kind == "coroutine" and not flow.is_direct and flow.together() and flow.each_once()
    is_one = is_one and (flow.is_free() or bool(limit_of(drafting, function)))
    return flow.starts.times(drafting.known(function)) if is_one else ""


def _at_once(drafting: Drafting, function: Function) -> Iterator[Drafted]:
    limit, selector = limit_of(drafting, function), _any(drafting, function)
    flow, times = drafting.flow(function), started(drafting, function)
    if limit:
        text = f"Have at most {_named(limit)} of them on their way at once, and so many where there are enough."
        yield Drafted("limit", "concurrency", selector, text, bounds=(f"={limit}", f"=min({limit}, {times or 2})"))
    elif is_together(drafting, function):
        yield Drafted("together", "parallel", selector, _START_ALL)
    elif function.kind == "coroutine" and flow.together() and flow.is_free():
        yield Drafted("together", "concurrency", selector, _START_ALL, bounds=("", f"={times or 2}"))


_START_ALL = "Start all of them before you await one."


def _any(drafting: Drafting, function: Function) -> str:
    witness = drafting.world.witness(function)
    return f"{witness}[*]" if witness in drafting.world.keyed else witness


def _count(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """How often it calls the one operation that it uses, and with what."""
    sites = sites_of(function, drafting.file.origins).of(frozenset(drafting.world.operations))
    witness = drafting.world.witness(function)
    times = times_of(drafting, function) or started(drafting, function)
    if witness in ("", "sleep[*]") or not times or not sites.all:
        return ()
    first = sites.all[0]
    home = drafting.reference.home(drafting.file, first.use)
    given = first.given(*drafting.world.keyed[witness]) if witness in drafting.world.keyed else None
    named = drafting.known(function).get(given.id) if isinstance(given, ast.Name) else None
    asked = drafting.world.operations[first.use] == first.use.name and len(sites.all) == 1
    selector = (
        f"{witness}[{{{named}}}]" if asked and named and not is_several(function, given) else _any(drafting, function)
    )
    use = f"{first.use.name} of {first.use.module}.py"
    often = (
        "once"
        if times == "1"
        else f"once for each of `{times[4:-1]}`"
        if times.startswith("len(")
        else f"{_named(times)} times"
    )
    text = f"Call {use} {often}."
    if home is not None and home[1].kind == "async_generator":
        text = f"Go through {use}, of {_named(times)} values, once."
    return "calls", "calls", selector, text, "", f"={times}"


def _named(count: str) -> str:
    """A number as it is, and a name as one."""
    return count if count.isdigit() else f"`{count}`"


def _extra(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """That it asks for no more than those that are counted by what is handed on."""
    counted = _count(drafting, function)
    if not counted or counted[2] == _any(drafting, function):
        return ()
    kind, text, says, count = counted[1], counted[3], *counted[4:]
    return EXTRA, kind, _any(drafting, function), f"{text.removesuffix('.')}, and with nothing else.", says, count


def is_several(function: Function, given: ast.expr | None) -> bool:
    """Whether a parameter is a list by what is said of it: a call is not known by a list."""
    said = [one.annotation for one in function.parameters if isinstance(given, ast.Name) and one.name == given.id]
    return any(type_of(annotation)[1] for annotation in said)


def times_of(drafting: Drafting, function: Function) -> str:
    """How many operations it begins, as an expression; empty where its text does not tell."""
    sites = sites_of(function, drafting.file.origins).of(frozenset(drafting.world.operations))
    named = {one.id for one in ast.walk(function.node) if isinstance(one, ast.Name)} - {function.name}
    others = (one for name, one in drafting.file.top.functions.items() if name in named)
    elsewhere = {use for one in others for node in ast.walk(one) if (use := drafting.file.origins.use(node))}
    if len({drafting.world.operations[site.use] for site in sites.all}) != 1 or elsewhere & set(function.uses):
        return ""
    known = drafting.known(function)
    times, site = sites.times(known), sites.all[0]
    home = drafting.reference.home(drafting.file, site.use)
    if home is None or home[1].kind in ("coroutine", "function", "function_in_loop"):
        return times
    rounds, names = rounds_of(home[1]), [one.name for one in home[1].parameters]
    if times != "1" or site.mapped is not None or rounds not in names or names.index(rounds) >= len(site.node.args):
        return rounds if times == "1" and rounds.isdigit() else ""
    given = site.node.args[names.index(rounds)]
    return known.get(given.id, "") if isinstance(given, ast.Name) else ""


def _time(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """That it waits for nothing beside what it asks for: for the longest of those that are on their way at once, or for one."""
    seconds = lasts(function, drafting.file.origins)
    if seconds and seconds != "0":
        named = drafting.known(function).get(seconds, seconds)
        says = "it took {elapsed} s"
        return "time", "holds", f"=abs(elapsed - {named}) < 0.001", f"Wait for {named} s, and no longer.", says
    used = [use for use in function.uses if use in drafting.world.operations]
    asked = {drafting.world.operations[use] for use in used}
    if started(drafting, function) and not limit_of(drafting, function):
        return _as_the_slowest(drafting.world.witness(function).removesuffix("[*]"))
    if function.kind != "coroutine" or function.sleeps or len(asked) != 1:
        return ()
    home, times = drafting.reference.home(drafting.file, used[0]), times_of(drafting, function)
    goes_through = home is not None and home[1].kind == "async_generator" and bool(times)
    together = is_together(drafting, function)
    if not (together or times == "1" or goes_through):
        return ()
    length = "sum" if goes_through and not together else "max"
    holds = f"=elapsed <= {length}(durations[{min(asked)!r}]) + 0.25"
    text = "It takes as long as the slowest of them." if together else "Wait for nothing beside it."
    return "time", "holds", holds, text, "it took {elapsed} s, longer than what you called takes"


def _as_the_slowest(operation: str) -> tuple[str, ...]:
    holds, says = (
        f"=elapsed <= max(durations[{operation!r}]) + 0.25",
        "it took {elapsed} s, longer than the slowest of them",
    )
    return "time", "holds", holds, "It takes as long as the slowest of them.", says


def _pace(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """Where a generator sleeps a whole number of seconds before each of so many items."""
    wait, rounds = drafting.wait(function), rounds_of(function)
    if function.kind != "async_generator" or not rounds or not is_number(wait.seconds) or float(wait.seconds) <= 0:
        return ()
    count = drafting.names.get(rounds, rounds)
    holds = f"=yields == [{wait.seconds} * (at + 1) for at in range({count})]"
    if not wait.seconds.isdigit():
        near = f"all([abs(yields[at] - {wait.seconds} * (at + 1)) < 0.001 for at in range({count})])"
        holds = f"=len(yields) == {count} and {near}"
    text = f"Wait {wait.seconds} s, then yield, {_named(count)} times."
    return "pace", "holds", holds, text, "what you gave did not come at the times that are asked for"


def _result(drafting: Drafting, function: Function) -> tuple[str, ...]:
    if drafting.is_shown(function):
        text = "Draw one number, sleep that long, and return that number."
        holds = "=abs(elapsed - sum(result)) < 0.01"  # who measures it is right as well, and who sleeps twice
        return "slept", "holds", holds, text, "what you returned is not how long you slept"
    rounds = rounds_of(function)
    if yielded(function, drafting.file.origins) is not None and rounds:
        count = drafting.names.get(rounds, rounds)
        return (
            "count",
            "holds",
            f"=len(result) == {count}",
            f"Give {_named(count)} values.",
            "you gave another number of values",
        )
    measured, exact = _measured(drafting, function)
    if measured:
        says = "what you returned is not the time that it took"
        return "result", "holds", f"=abs(result - {measured}) < {exact}", "Take the time before and after.", says
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
    values, _, count = known.partition("[number % ")
    if count and is_together(drafting, function):
        ordered = "asyncio.as_completed" in called or "asyncio.wait" in called
        known_order = drafting.world.order or f"the items of {values} in the order of their delays"
        taken = f"{values}[:{times_of(drafting, function) or 3}]"
        return f"TODO: what is returned, such as ={known_order if ordered else taken}"
    if count and any(isinstance(one, ast.comprehension) and one.is_async for one in ast.walk(function.node)):
        return f"TODO: what is returned, such as ={values}[:{times_of(drafting, function) or 3}]"
    return "TODO: what is returned, such as an expression over the vars above"


def _handed_on(drafting: Drafting, function: Function) -> str:
    """Known where one call of an operation, in a task, is all that the function gives."""
    values = [one.value for one in own(function.node) if isinstance(one, ast.Return)]
    called = values[0].args[0] if len(values) == 1 and isinstance(values[0], ast.Call) and values[0].args else None
    use = drafting.file.origins.use(called.func) if isinstance(called, ast.Call) else None
    operation = drafting.world.operations.get(use) if use is not None else None
    known = drafting.world.results.get(operation or "", "")
    return known.replace("[number % 10]", "[0]").replace("[number % 20]", "[0]") if function.returns == "task" else ""


def _measured(drafting: Drafting, function: Function) -> tuple[str, str]:
    """An expression for a runtime that the function measures, of one operation whose length has a name or of its sleeps, and
    how exact it is."""
    used = [drafting.world.operations[use] for use in function.uses if use in drafting.world.operations]
    took = next((drafting.world.lengths[name] for name in used if name in drafting.world.lengths), "")
    if not took and not used and function.sleeps:
        took = "elapsed"
    return measured(function, drafting.file.origins, took, drafting.known(function)) if took else ("", "")
