"""Sleeps whose end both sides know are not asked about, and nothing shows of that but what it costs."""

import random
from typing import Any

import pytest

from grader.course.cases import cases_of
from grader.course.model import Exercise, Limits, Operation
from grader.course.operations import is_foreseen
from grader.door.foreseen import LONGEST, foreseen_ticks
from grader.referee.record import Record
from grader.referee.referee import DoorError, LimitReached, Referee
from grader.referee.world import World
from grader.run import open_submission, stage
from grader.run.limits import complete
from tests.adopted import ALONE, SLEEP, adopted, asking
from tests.run.test_ties import PROGRAM
from tests.staging import PLACES

SECOND = 1_000_000_000
WORLD = {
    "operations": {"sleep": SLEEP, "op": {"params": ["delay"], "key": "delay", "duration": "=delay"}},
    "replaces": ["asyncio.sleep"],
}
# the program of ties, and a thread, a wait that holds up the loop, and a sleep that is over at the tick of its cancellation
MORE = """
import threading, time

async def in_thread(log):
    await asyncio.sleep(1.1)
    log.append("thread")

async def both(op, seed):
    log = []
    async def cancelled(after):
        task = asyncio.create_task(asyncio.sleep(2))
        await asyncio.sleep(after)
        log.append(task.cancel())
        await asyncio.gather(task, return_exceptions=True)
    async def holds_up():
        await asyncio.sleep(1)
        time.sleep(1.5)
        await op(1)
    thread = threading.Thread(target=lambda: asyncio.run(in_thread(log)))
    thread.start()
    found = await asyncio.gather(main(op, seed, False), main(op, seed + 1, True), cancelled(1), cancelled(2), holds_up())
    await asyncio.to_thread(thread.join)
    return found, log, await asyncio.sleep(1, "given")
"""


def exercise(*args: Any, world: dict[str, Any] | None = None, **more: Any) -> Exercise:
    check = {"kind": "calls", "calls": "sleep", "at_least": 0}
    return adopted(**{**ALONE, "world": world or WORLD, **asking(check, args=args, **more)})


def record(made: Exercise, program: str, place: str = "in-process", limits: Limits | None = None) -> Record:
    case = cases_of(made, "seed", hidden=False)[0]
    limits = limits or Limits(virtual_seconds=3600, operations=1000)
    with open_submission(
        program.encode(), filename="3-fetch_all.py", isolation=place, limits=complete(limits)
    ) as submission:
        return submission.play(made, case).record


def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the referee is asked when a sleep ends, as it is of any other operation."""
    monkeypatch.setattr(stage, "is_foreseen", lambda operation: False)


def test_random_programs_have_the_same_ledger_as_if_each_sleep_had_been_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds = random.Random(7).sample(range(10**6), 25)
    made = [exercise("=op", seed, entry="both") for seed in seeds]
    foreseen = [record(each, PROGRAM + MORE) for each in made]
    asked(monkeypatch)
    assert foreseen == [record(each, PROGRAM + MORE) for each in made]
    assert {one.outcome.kind for one in foreseen} == {"result"}
    assert {row.outcome for one in foreseen for row in one.ledger.rows} == {"ok", "cancelled"}


def test_the_loops_of_two_threads_take_turns_at_a_tick_as_with_sleeps_of_asyncio() -> None:
    program = PROGRAM + MORE.replace("sleep(1.1)", "sleep(1)")
    foreseen, plain = (
        record(exercise("=op", 1, entry="both", world={**WORLD, "replaces": replaces}), program)
        for replaces in (["asyncio.sleep"], [])
    )
    assert foreseen.outcome == plain.outcome


def test_both_doors_have_the_same_ledger() -> None:
    made = exercise("=op", 5, entry="both")
    here, there = (record(made, PROGRAM + MORE, place) for place in PLACES)
    assert here == there
    assert len(here.ledger.rows) > 10


def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    for name in ("idle", "call", "cancel", "block"):
        real = getattr(Referee, name)

        def counted(self: Referee, *args: Any, real: Any = real, name: str = name) -> Any:
            found.append(name)
            return real(self, *args)

        monkeypatch.setattr(Referee, name, counted)
    return found


NAPS = "import asyncio\nasync def main():\n    for _ in range(50):\n        await asyncio.sleep(1)\n"


def test_fifty_sleeps_are_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    found = questions(monkeypatch)
    rows = record(exercise(), NAPS).ledger.rows
    assert [(row.start, row.end) for row in rows] == [(at * SECOND, (at + 1) * SECOND) for at in range(50)]
    assert found.count("idle") == 1


def test_where_the_course_says_how_long_a_sleep_lasts_each_is_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    world = {**WORLD, "operations": {"sleep": {**SLEEP, "duration": "=delay * 2"}}}
    found = questions(monkeypatch)
    assert record(exercise(world=world), NAPS).ledger.rows[0].end == 2 * SECOND
    assert found.count("idle") >= 50


def test_one_that_is_thrown_away_is_cancelled_as_if_it_had_been_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
import asyncio
async def main():
    thrown = asyncio.sleep(5)
    thrown.send(None)
    await asyncio.sleep(1)
    thrown.close()
    await asyncio.sleep(2)
"""
    foreseen = record(exercise(), program)
    asked(monkeypatch)
    assert foreseen == record(exercise(), program)
    found = [(row.start // SECOND, (row.end or 0) // SECOND, row.outcome) for row in foreseen.ledger.rows]
    assert found == [(0, 1, "cancelled"), (0, 1, "ok"), (1, 3, "ok")]


@pytest.mark.parametrize("place", PLACES)
def test_the_limits_hold_for_them(place: str) -> None:
    few = Limits(virtual_seconds=3600, operations=20)
    short = Limits(virtual_seconds=20, operations=1000)
    operations, seconds = (record(exercise(), NAPS, place, limits).outcome for limits in (few, short))
    assert (operations.kind, operations.detail) == ("virtual_limit", "operations")
    assert (seconds.kind, seconds.detail) == ("virtual_limit", "virtual_seconds")


@pytest.mark.parametrize(
    ("changes", "foreseen"),
    [
        ({}, True),
        ({"params": ["delay"], "result": None}, True),
        ({"params": ["d", "r=None"], "key": "d", "duration": "=d", "result": "=r"}, True),
        ({"key": None}, True),
        ({"result": None}, True),
        ({"result": 7}, False),
        ({"result": "=delay"}, False),
        ({"duration": "=delay + 0"}, False),
        ({"duration": 1}, False),
        ({"duration": "=result"}, False),
        ({"key": "result"}, False),
        ({"fails": "=delay > 3"}, False),
        ({"message": "no"}, False),
        ({"cleanup": 1}, False),
        ({"capacity": 3}, False),
        ({"blocking": True}, False),
    ],
)
def test_an_operation_is_foreseen_where_a_call_says_all_about_itself(changes: dict[str, Any], foreseen: bool) -> None:
    assert is_foreseen(Operation(**{**SLEEP, **changes})) is foreseen


@pytest.mark.parametrize(
    ("args", "ticks"),
    [
        ([2, None], 2 * SECOND),
        ([0.5, "text"], SECOND // 2),
        ([1e-9, 0], 1),
        ([1e-10, None], 0),
        ([0, None], 0),
        ([-1, None], 0),
        ([True, None], 0),
        (["1", None], 0),
        ([["f", "inf"], None], 0),
        ([LONGEST, None], LONGEST * SECOND),
        ([LONGEST + 1, None], 0),
        ([1], 0),
        ([1, None, None], 0),
        ([1, ["l"]], 0),
        ([1, "x" * 201], 0),
    ],
)
def test_both_sides_know_from_a_call_how_long_it_lasts_or_ask(args: list[Any], ticks: int) -> None:
    assert foreseen_ticks(args, 2) == ticks


def referee() -> Referee:
    made = Referee(frozenset({"sleep"}), max_tick=100 * SECOND, max_operations=2)

    async def sleep(delay: float) -> None:
        await World(made).sleep(delay)

    made.foreseen = made.ref_of(World(made).function(sleep, "sleep", key=lambda delay: delay)), 1
    return made


def test_nothing_is_slept_before_the_entry_is_called() -> None:
    with pytest.raises(DoorError, match="^nothing can be begun before the entry is called$"):
        referee().begin(0, 1, 0, "__call__", [2], None)


def test_one_ends_at_its_own_tick_and_before_what_begins_there() -> None:
    made = referee()
    made.enter(0)
    made.begin(0, 1, 0, "__call__", [2], 5)
    made.begin(2 * SECOND, 2, 0, "__call__", [3], 6)
    made.finish(4 * SECOND, "result", None)
    first, second = made.ledger().rows
    assert (first.end, first.ended, first.outcome) == (2 * SECOND, 2, "ok")
    assert (second.begun, second.end, second.line) == (3, None, 6)


def test_those_are_counted_too_and_their_numbers_only_grow() -> None:
    made = referee()
    made.enter(0)
    made.begin(0, 2, 0, "__call__", [2], None)
    with pytest.raises(DoorError, match="^ids only grow$"):
        made.begin(0, 2, 0, "__call__", [2], None)
    made.begin(0, 3, 0, "__call__", [2], None)
    with pytest.raises(LimitReached, match="^operations$"):
        made.begin(0, 4, 0, "__call__", [2], None)


def test_time_is_still_leased() -> None:
    made = referee()
    made.enter(0)
    with pytest.raises(DoorError, match="^time outside the lease$"):
        made.begin(100 * SECOND, 1, 0, "__call__", [2], None)
