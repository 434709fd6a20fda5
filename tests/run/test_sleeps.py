"""Sleeps as operations: witnessed however `asyncio.sleep` came into a file, and to the program what they always were."""

from typing import Any

import pytest

from grader.course.model import Exercise
from grader.grading import grade
from grader.verdict import Verdict
from tests.adopted import ALONE, SLEEP, adopted, asking
from tests.staging import PLACES

WORLD = {"operations": {"sleep": SLEEP}, "replaces": ["asyncio.sleep"]}


def sleeping(**changes: Any) -> Exercise:
    return adopted(**{**ALONE, "world": WORLD, **asking({"kind": "calls", "calls": "sleep", "at_least": 0}), **changes})


def bars(verdict: Verdict) -> list[tuple[Any, float, float | None, str]]:
    assert verdict.cases[0].fault is None, verdict.cases[0].fault
    return [(bar.key, bar.start, bar.end, bar.outcome) for bar in verdict.cases[0].timeline.bars]


IMPORTS = {
    "module": ("import asyncio", "asyncio.sleep"),
    "name": ("from asyncio import sleep", "sleep"),
    "another name": ("from asyncio import sleep as nap", "nap"),
    "where it is defined": ("from asyncio.tasks import sleep", "sleep"),
    "by attribute": ("import asyncio.tasks as tasks", "tasks.sleep"),
    "by getattr": ("import asyncio", "getattr(asyncio, 'sle' + 'ep')"),
    "star": ("from asyncio import *", "sleep"),
    "dynamic": ("sleep = __import__('asyncio').sleep", "sleep"),
    "partial": ("import asyncio, functools\nnap = functools.partial(asyncio.sleep)", "nap"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", IMPORTS)
def test_a_sleep_is_an_operation_however_it_was_imported(way: str, place: str) -> None:
    head, name = IMPORTS[way]
    verdict = grade(
        sleeping(),
        f"{head}\nasync def main():\n    await {name}(2)\n    return await {name}(0.5, 7)\n",
        isolation=place,
    )
    assert bars(verdict) == [(2, 0, 2, "ok"), (0.5, 2, 2.5, "ok")]
    assert [bar.line for bar in verdict.cases[0].timeline.bars][-1] == verdict.cases[0].timeline.bars[0].line + 1  # type: ignore[operator]


def test_what_does_not_last_is_a_mere_turn() -> None:
    program = """
import asyncio
async def other(seen):
    seen.append("other")
async def main():
    seen = []
    task = asyncio.create_task(other(seen))
    await asyncio.sleep(0)
    await asyncio.sleep(-1)
    await asyncio.sleep(False)
    assert seen == ["other"]
    assert await asyncio.sleep(0, "given") == "given"
    try:
        await asyncio.sleep("long")
    except TypeError:
        await asyncio.sleep(1e-3)
"""
    assert bars(grade(sleeping(), program)) == [(0.001, 0, 0.001, "ok")]


@pytest.mark.parametrize("place", PLACES)
def test_a_sleep_is_what_it_always_was_to_the_program(place: str) -> None:
    program = """
import asyncio, fractions, inspect, time
class Long(float):
    pass
async def main():
    thing = object()
    assert await asyncio.sleep(1, thing) is thing
    assert await asyncio.sleep(delay=1, result=[1]) == [1]
    assert inspect.iscoroutinefunction(asyncio.sleep) and asyncio.iscoroutinefunction(asyncio.sleep)
    assert (asyncio.sleep.__module__, asyncio.sleep.__qualname__) == ("asyncio.tasks", "sleep")
    assert asyncio.sleep.__name__ == "sleep"
    coroutine = asyncio.sleep(1)
    assert asyncio.iscoroutine(coroutine) and coroutine.__name__ == "sleep"
    await coroutine
    await asyncio.sleep(fractions.Fraction(1, 2))
    await asyncio.sleep(Long(0.5))
    await asyncio.sleep(True)
    task = asyncio.create_task(asyncio.sleep(9))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    try:
        async with asyncio.timeout(1):
            await asyncio.sleep(3)
    except TimeoutError:
        pass
    return time.monotonic()
"""
    verdict = grade(sleeping(), program, isolation=place)
    assert [(key, end, how) for key, _, end, how in bars(verdict)] == [
        *((1, 1, "ok"), (1, 2, "ok"), (1, 3, "ok"), (0.5, 3.5, "ok"), (0.5, 4, "ok"), (1, 5, "ok")),
        *((9, 5, "cancelled"), (3, 6, "cancelled")),
    ]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_given_back_is_the_very_same_and_else_what_the_world_gives(place: str) -> None:
    twice = {**WORLD, "operations": {"sleep": {**SLEEP, "duration": "=delay * 2", "result": "=100 - delay"}}}
    program = """
import asyncio
async def main():
    for thing in object(), [1], "text " * 9, 10**6 + 0.5:
        assert await asyncio.sleep(1, thing) is thing
    assert await asyncio.sleep(1) == 99
"""
    verdict = grade(sleeping(world=twice), program, isolation=place)
    assert [(key, start, end) for key, start, end, _ in bars(verdict)] == [(1, at, at + 2) for at in range(0, 10, 2)]


def test_sleeps_end_at_ties_in_the_order_in_which_they_began() -> None:
    program = """
import asyncio
async def main():
    order = []
    async def nap(name, *parts):
        for part in parts:
            await asyncio.sleep(part)
        order.append(name)
    def note():
        order.append("timer")
    asyncio.get_running_loop().call_later(2, note)
    await asyncio.gather(nap("a", 2), nap("b", 1, 1), nap("c", 2))
    return order
"""
    with_sleep = sleeping(**asking({"kind": "result", "result": ["timer", "a", "c", "b"]}))
    assert grade(with_sleep, program).points == 10
    assert (
        grade(adopted(**{**ALONE, **asking({"kind": "result", "result": ["timer", "a", "c", "b"]})}), program).points
        == 10
    )


def test_what_was_returned_is_compared_with_what_was_slept() -> None:
    check = {
        "kind": "holds",
        "holds": "=result == keys['sleep']",
        "says": "it returned {result}, and slept {keys['sleep']}",
    }
    exercise = sleeping(**asking(check))
    right = (
        "import asyncio, random\nasync def main():\n    d = random.uniform(0, 10)\n"
        "    await asyncio.sleep(d)\n    return [d]\n"
    )
    assert grade(exercise, right).points == 10
    wrong = grade(exercise, right.replace("[d]", "[3]").replace("random.uniform(0, 10)", "2"))
    assert (wrong.points, wrong.checks[0].rationale) == (0, "it returned [3], and slept [2]")
    assert grade(exercise, right.replace("[d]", "asyncio.sleep")).checks[0].status == "failed"


@pytest.mark.parametrize("place", PLACES)
def test_many_draws_are_one_run(place: str) -> None:
    check = {
        "kind": "holds",
        "holds": "=len(result) == 300 and result == durations['sleep'] and all([0 <= d <= 10 for d in result]) "
        "and max(result) > 9 and min(result) < 1 and len(set(result)) == 300",
    }
    exercise = sleeping(**asking(check), cases=[{"name": "many", "repeat": 300}])
    program = (
        "import asyncio, random\nasync def main():\n    d = round(random.uniform(0, 10), 9)\n"
        "    await asyncio.sleep(d)\n    return d\n"
    )
    verdict = grade(exercise, program, isolation=place)
    assert (verdict.points, verdict.checks[0].rationale) == (10, "")
    assert len(verdict.cases[0].timeline.bars) >= 1


def test_sleeps_of_several_loops_are_seen() -> None:
    program = """
import asyncio
def main():
    loop = asyncio.new_event_loop()
    first = loop.run_until_complete(asyncio.sleep(1, "a"))
    second = asyncio.run(asyncio.sleep(2, "b"))
    third = loop.run_until_complete(asyncio.sleep(3, "c"))
    return first + second + third
"""
    exercise = sleeping(**asking({"kind": "result", "result": "abc"}, kind="function"))
    verdict = grade(exercise, program)
    assert verdict.points == 10
    assert bars(verdict) == [(1, 0, 1, "ok"), (2, 1, 3, "ok"), (3, 3, 6, "ok")]


def test_what_is_provided_may_sleep_as_well() -> None:
    code = "async def doze():\n    await asyncio.sleep(4)\n    return 'rested'\n"
    world = {**WORLD, "modules": {"0-doze": {"also": ["asyncio"], "code": code}}}
    exercise = sleeping(world=world, needs=["0-doze"], **asking({"kind": "result", "result": "rested"}))
    verdict = grade(exercise, "doze = __import__('0-doze').doze\nasync def main():\n    return await doze()\n")
    assert (verdict.points, bars(verdict)) == (10, [(4, 0, 4, "ok")])


TOLD = """import asyncio, inspect, random
told = [[f.__name__, f.__module__, inspect.getsource(f).split("(")[0].strip(), str(inspect.signature(f))]
        for f in (asyncio.sleep, asyncio.run, asyncio.Runner.run, random.seed)]
async def main():
    await asyncio.sleep(1)
    return told
"""


@pytest.mark.parametrize("place", PLACES)
def test_inspect_tells_of_a_replaced_function_what_it_tells_of_pythons_own(place: str) -> None:
    names: dict[str, Any] = {}
    exec(TOLD, names)
    value = {"kind": "result", "result": names["told"]}
    verdict = grade(sleeping(**asking(value)), TOLD, isolation=place)
    assert verdict.points == 10, verdict.checks[0].rationale


@pytest.mark.parametrize("place", PLACES)
def test_what_asyncio_cannot_sleep_for_is_refused_as_there(place: str) -> None:
    head = "import asyncio, decimal, fractions\nasync def main():\n    await asyncio.sleep({})\n"
    refused = grade(sleeping(), head.format("decimal.Decimal(1)"), isolation=place).cases[0]
    assert (refused.outcome, refused.fault and refused.fault.line) == ("raised", 3)
    for taken in ("decimal.Decimal(0)", "fractions.Fraction(1, 2)"):
        assert grade(sleeping(), head.format(taken), isolation=place).cases[0].outcome == "result"


@pytest.mark.parametrize("seconds", [2, 0])  # of which only one is an operation
def test_a_sleep_that_nobody_awaits_is_told_with_its_line(seconds: int) -> None:
    exercise = sleeping(**asking({"kind": "calls", "calls": "sleep", "at_least": 1, "points": 10}))
    verdict = grade(exercise, f"import asyncio\nasync def main():\n    asyncio.sleep({seconds})\n")
    assert "sleep(...) in line 3" in verdict.checks[0].rationale
