"""The checks of a drafted entry: what its reference file shows that it does, and a TODO for what it has to return otherwise.

A check that is drafted is one that the reference is expected to pass; whether it does, `grader validate` says.
"""

import ast
from collections.abc import Iterator
from dataclasses import replace

from grader.authoring.adopted.drafting import (
    Drafted,
    Drafting,
    any_of,
    handed_out,
    in_words,
    is_open,
    is_together,
    limit_of,
    often,
    shows_work,
    started,
    times_of,
)
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.kinds import calls_in, own
from grader.authoring.adopted.measured import measured
from grader.authoring.adopted.names import quoted
from grader.authoring.adopted.paces import handed_on, pace_of, pauses_of, time_of, waits_of
from grader.authoring.adopted.sites import sites_of
from grader.authoring.adopted.types import type_of
from grader.authoring.adopted.waits import rounds_of, yielded

EXTRA = "extra"
_ENOUGH, _SOME = 100, 40  # draws of which some are near both ends, so near as a tenth, and as four tenths


def drafts_of(drafting: Drafting, function: Function) -> list[Drafted]:
    """The last is about what it returns."""
    drafts = (_range, _spread, _count, _extra, time_of, waits_of, pace_of, handed_on)
    found = [_drafted(*told) for draft in drafts if (told := draft(drafting, function))]
    found = [replace(one, hanging=_ends(drafting, function)) if one.name == _SPREAD else one for one in found]
    all_but = [*_at_once(drafting, function), *found, _drafted(*_result(drafting, function))]
    slept, pauses = drafting.known(function).get(drafting.wait(function).seconds, ""), pauses_of(drafting, function)
    if pauses and not any(one.names(slept) for one in all_but):
        all_but.insert(-1, _drafted(*pauses))
    return all_but


def _drafted(*told: str) -> Drafted:
    name, kind, value, help, says, count = [*told, "", ""][:6]
    return Drafted(name, kind, value, help, says, count)


def checks_of(drafting: Drafting, function: Function, points: int, default: Drafted | None = None) -> Iterator[str]:
    """`default`: that of the arguments that a case leaves out. `points`: at least one for each check."""
    witness = drafting.world.witness(function)
    if witness and not shows_work(drafting, function):
        yield f"      # TODO: {_NO_WORK}"
    elif witness:
        text = "Wait with `await asyncio.sleep(...)`." if witness == "sleep[*]" else f"Use {_used(drafting, function)}."
        yield f"      - {{id: work, gate: true, calls: {quoted(witness)}, at_least: 1, help: {quoted(text)}}}"
    *found, result = drafts_of(drafting, function)
    rest = points
    if default is not None:
        yield from default.lines(1)
        rest -= 1
    extra = [one for one in found if one.name == EXTRA]  # it costs little beside what it is about
    share = max((rest - len(extra)) // (len(found) - len(extra) + 1), 1)
    for one in found:
        given = 1 if one in extra else share
        yield from one.lines(given)
        rest -= given
    yield from result.lines(rest)
    yield from (f"      # TODO: {line}" for line in _left(drafting, function, [*found, result]))


def _left(drafting: Drafting, function: Function, drafts: list[Drafted]) -> Iterator[str]:
    """What a marker may want to be asked for, and is not."""
    is_called = function.kind in ("coroutine", "async_generator", "function")
    starts = is_called and drafting.flow(function).starts.makes_tasks()
    witness = drafting.world.witness(function).removesuffix("[*]") if is_called else ""
    at_once = any(one.kind in _AT_ONCE or one.name == _TOGETHER for one in drafts)
    if starts and is_open(drafting, function):
        yield _EARLY
    if starts and not at_once:
        yield _HOW_MANY
    elif function.sleeps and is_called and not any(one.asks_for_waits() for one in drafts):
        yield _HOW_LONG
    elif is_called and witness not in ("", "sleep") and not any(one.asks_for_calls() for one in drafts):
        yield _HOW_OFTEN.format(used=_used(drafting, function), operation=repr(witness))


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


_SPREAD = "spread"


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
    drawn = "(min(result) < max(result) and any([one != int(one) for one in result]))"
    says = (
        f"what you returned was all the same, or whole numbers only, or nothing of it was near {least}, or near {most}"
    )
    text = f"All numbers between {least} and {most} are equally likely, fractions too."
    return _SPREAD, "holds", f"=len(result) < 2 or ({drawn} and ({_ends(drafting, function)[1:]}))", text, says


def _ends(drafting: Drafting, function: Function) -> str:
    """That of many that are drawn something is near both ends: what tells one default from another, however it is drawn."""
    least, most = _bounds(drafting, function)
    enough, low, high = (_ENOUGH, "0.1", "0.9") if function.kind == "coroutine" else (_SOME, "0.4", "0.6")
    width = f"({most} - {least})" if least != "0" else most
    above, below = (f"{least} + {width} * {edge}".removeprefix("0 + ") for edge in (low, high))
    return f"=len(result) < {enough} or (min(result) < {above} and max(result) > {below})"


def _at_once(drafting: Drafting, function: Function) -> Iterator[Drafted]:
    limit, selector = limit_of(drafting, function), any_of(drafting, function)
    flow, times = drafting.flow(function), started(drafting, function)
    if limit and is_open(drafting, function):  # what is cut short is no company
        text = f"Have at most {in_words(limit)} of them on their way at once."
        yield Drafted("limit", "concurrency", selector, text, bounds=(f"={limit}", ""), todo=_CUT)
    elif limit:
        text = f"Have at most {in_words(limit)} of them on their way at once, and so many where there are enough."
        enough = times or handed_out(drafting, function)
        todo = "" if enough or limit == "1" else _AT_LEAST
        bounds = f"={limit}", f"=min({limit}, {enough or 2})"
        yield Drafted("limit", "concurrency", selector, text, bounds=bounds, todo=todo)
    elif is_open(drafting, function):
        operation, count = drafting.world.witness(function).removesuffix("[*]"), times_of(drafting, function) or times
        if is_together(drafting, function) or times:
            began = f"starts[{operation!r}]"
            holds = f"=len({began}) >= {count or 2} and max({began}) - min({began}) < 0.001"
            yield Drafted(_TOGETHER, "holds", holds, _START_ALL, f"they began at {{{began}}} s")
    elif is_together(drafting, function):
        yield Drafted(_TOGETHER, "parallel", selector, _START_ALL)
    elif function.kind == "coroutine" and flow.together() and flow.is_free():
        bounds, todo = ("", f"={times or 2}"), "" if times else f"{_AT_LEAST}{_OR_MOST}"
        yield Drafted(_TOGETHER, "concurrency", selector, _START_ALL, bounds=bounds, todo=todo)


_AT_LEAST = "how many there have to be at once, in 'min'; 2 is what the text tells"
_CUT = "how many there have to be at once, in 'min'; those that do not come to their end are not counted there"
_TOGETHER = "together"
_EARLY = (
    "the reference need not wait for all that it starts; ask for how long it takes with 'elapsed', and with "
    "'at_return: idle' whether any of it may be left"
)
_HOW_MANY = "how many at once, in a check 'concurrency' or 'parallel': the text does not tell"
_HOW_LONG = (
    "how often and how long it sleeps, in a check 'calls', or in 'holds' with `elapsed` and `keys['sleep']`: "
    "nothing asks for it"
)
_HOW_OFTEN = (
    "how often it uses {used}, and how long it takes, in a check 'calls', or in 'holds' with `elapsed` and "
    "`durations[{operation}]`: nothing asks for it"
)
_NO_WORK = (
    "no work is asked for ('work: false'), because the reference may begin none, or cut it short; "
    "add a check of what it has to do"
)
_OR_MOST = "; and 'max', if no more may be"
_AT_ONCE = "parallel", "concurrency"
_START_ALL = "Start all of them before you await one."


def _count(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """How often it calls the one operation that it uses, and with what."""
    sites = sites_of(function, drafting.file.origins).of(frozenset(drafting.world.operations))
    witness = drafting.world.witness(function)
    times = times_of(drafting, function) or started(drafting, function)
    if witness in ("", "sleep[*]") or not times or not sites.all:
        return ()
    if is_open(drafting, function) and (
        limit_of(drafting, function) or not (is_together(drafting, function) or times == "1")
    ):
        return ()
    first = sites.all[0]
    home = drafting.reference.home(drafting.file, first.use)
    given = first.given(*drafting.world.keyed[witness]) if witness in drafting.world.keyed else None
    named = drafting.known(function).get(given.id) if isinstance(given, ast.Name) else None
    asked = drafting.world.operations[first.use] == first.use.name and len(sites.all) == 1
    selector = (
        f"{witness}[{{{named}}}]" if asked and named and not is_several(function, given) else any_of(drafting, function)
    )
    use = f"{first.use.name} of {first.use.module}.py"
    text = f"Call {use} {often(times)}."
    if home is not None and home[1].kind == "async_generator":
        text = f"Go through {use}, of {in_words(times)} values, once."
    return "calls", "calls", selector, text, "", f"={times}"


def _extra(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """That it asks for no more than those that are counted by what is handed on."""
    counted = _count(drafting, function)
    if not counted or counted[2] == any_of(drafting, function):
        return ()
    kind, text, says, count = counted[1], counted[3], *counted[4:]
    return EXTRA, kind, any_of(drafting, function), f"{text.removesuffix('.')}, and with nothing else.", says, count


def is_several(function: Function, given: ast.expr | None) -> bool:
    """Whether a parameter is a list by what is said of it: a call is not known by a list."""
    said = [one.annotation for one in function.parameters if isinstance(given, ast.Name) and one.name == given.id]
    return any(type_of(annotation)[1] for annotation in said)


def _result(drafting: Drafting, function: Function) -> tuple[str, ...]:
    if drafting.is_shown(function):
        text = "Draw one number, sleep that long, and return that number."
        holds = "=abs(elapsed - sum(result)) < 0.01"  # who measures it is right as well, and who sleeps twice
        return "slept", "holds", holds, text, "what you returned is not how long you slept"
    rounds = rounds_of(function)
    if yielded(function, drafting.file.origins) is not None and rounds:
        count = drafting.named(function, rounds)
        return (
            "count",
            "holds",
            f"=len(result) == {count}",
            f"Give {in_words(count)} values.",
            "you gave another number of values",
        )
    measured, exact = _measured(drafting, function)
    if measured:
        says = "you returned {result}, and it took {elapsed} s"
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
    how exact it is. Who does one after the other measures a longer time, and measures it rightly: so it is the time that
    passed, but where something else takes time beside it."""
    used = [drafting.world.operations[use] for use in function.uses if use in drafting.world.operations]
    took = next((drafting.world.lengths[name] for name in used if name in drafting.world.lengths), "")
    if (len(used) == 1 and not function.sleeps) or (not used and function.sleeps):
        took = "elapsed"
    return measured(function, drafting.file.origins, took, drafting.known(function)) if took else ("", "")
