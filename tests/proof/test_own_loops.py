"""What loops-in-threads and blocking-call say of programs that come near: the marks, and the cause with its line."""

from functools import cache
from pathlib import Path

import pytest

from grader.grading import grade
from grader.verdict import Verdict
from tests.proof.the_course import EXERCISES, PROGRAMS

SHARDS, BLOCKING = EXERCISES["loops-in-threads"], EXERCISES["blocking-call"]
WRONG = {exercise.slug: Path(exercise.solutions or "", "wrong") for exercise in (SHARDS, BLOCKING)}
SECOND = {slug: PROGRAMS / "second" / exercise.module for slug, exercise in EXERCISES.items()}
REASONS = {slug: PROGRAMS / "reasons" / exercise.module for slug, exercise in EXERCISES.items()}


@cache
def graded(path: Path) -> Verdict:
    """On the cases that a learner sees."""
    module = SHARDS if "run_shards" in path.read_text() else BLOCKING
    return grade(module, path)


def said(path: Path, check: str, case: str) -> str:
    """Why the check has not passed; empty where it has."""
    [found] = [one for one in graded(path).checks if (one.id, one.case) == (check, case)]
    return found.rationale if found.status == "failed" else ""


@pytest.mark.parametrize(
    ("path", "points", "case", "rationale"),
    [
        (
            WRONG[SHARDS.slug] / "main_loop_loads.py",
            5.5,
            "two-shards",
            "both shards were loaded by the same event loop, in the main thread (line 10)",
        ),
        (
            WRONG[SHARDS.slug] / "unused_loops.py",
            5.5,
            "three-shards",
            "all 3 shards were loaded by the same event loop, in the main thread (line 13)",
        ),
        (
            SECOND[SHARDS.slug] / "unused-loops.py",
            5.5,
            "two-shards",
            "both shards were loaded by the same event loop, in the main thread (line 20)",
        ),
        (
            WRONG[SHARDS.slug] / "shards_swapped.py",
            5,
            "two-shards",
            "the items of one shard were loaded by several event loops: load(a2) by one and load(a1) (line 9) by another",
        ),
        (
            REASONS[SHARDS.slug] / "one_loop_in_a_thread.py",
            5.5,
            "two-shards",
            "both shards were loaded by the same event loop, in a thread that is not the main one (line 12)",
        ),
        (
            WRONG[SHARDS.slug] / "shards_one_by_one.py",
            4.5,
            "two-shards",
            "both shards were loaded in the main thread, by one event loop after the other (line 5)",
        ),
        (
            REASONS[SHARDS.slug] / "two_workers.py",
            4.5,
            "three-shards",
            "shards 1 and 3 of 3 were loaded in the same thread, by one event loop after the other (line 8)",
        ),
        (
            WRONG[SHARDS.slug] / "items_one_by_one.py",
            5,
            "two-shards",
            "load(a2) (line 6) began at 7 s, and load(a1) of the same shard at 0 s",
        ),
        (REASONS[SHARDS.slug] / "loads_twice.py", 5, "two-shards", "load(a1) (line 9) was called again at 2 s"),
        (REASONS[SHARDS.slug] / "misspelled_in_a_thread.py", 0, "two-shards", "not all shards were crunched"),
        (
            WRONG[SHARDS.slug] / "behind_one_lock.py",
            5,
            "two-shards",
            "at most 1 of 2 shards computed at the same time: crunch(red) (line 14) began at 4.5 s, when crunch(grey) of "
            "another shard was over",
        ),
        (
            REASONS[SHARDS.slug] / "lock_around_a_shard.py",
            5,
            "two-shards",
            "while other shards were at work, the one with a1 was not",
        ),
        (
            REASONS[SHARDS.slug] / "two_may_take_turns.py",
            5,
            "three-shards",
            "at most 2 of 3 shards computed at the same time: crunch(yew) (line 14) began at 5 s, when crunch(oak) of another "
            "shard was over",
        ),
    ],
    ids=lambda given: given.stem if isinstance(given, Path) else None,
)
def test_a_shard_without_a_loop_of_its_own_is_told_with_its_line(
    path: Path, points: float, case: str, rationale: str
) -> None:
    assert said(path, "own-loops", case) == rationale
    assert graded(path).points == points


def test_what_is_crunched_in_another_thread_costs_little_and_is_told() -> None:
    path = WRONG[SHARDS.slug] / "crunched_elsewhere.py"
    told = "crunch(red) ran in another thread than load(a1), whose data it was given"
    assert (said(path, "one-at-a-time", "two-shards"), said(path, "own-loops", "two-shards")) == (told, "")
    assert graded(path).points == 9.5


def test_what_one_worker_computes_for_all_is_told_and_no_shard_has_its_own() -> None:
    path = REASONS[SHARDS.slug] / "one_worker_computes.py"
    assert said(path, "own-loops", "two-shards") == (
        "at most 1 of 2 shards computed at the same time: crunch(red) began at 4.5 s, when crunch(grey) of another "
        "shard was over"
    )
    assert (graded(path).points, graded(path).misconception) == (4.5, "lock-serialises")


LOCKED = """
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    {shared}

    async def work(shard):
        results, own = [], threading.Lock()
        for data in await asyncio.gather(*map(load, shard)):
            {compute}
        return results

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda shard: asyncio.run(work(shard)), shards))
"""


@pytest.mark.parametrize(
    "compute",
    ["with own: results.append(crunch(data))", "result = crunch(data)\n            with lock: results.append(result)"],
    ids=["a lock for each shard", "a lock for the list"],
)
def test_a_lock_for_which_nobody_waits_while_another_computes_costs_nothing(compute: str, tmp_path: Path) -> None:
    path = tmp_path / "loops_in_threads.py"
    path.write_text(LOCKED.format(shared="lock = threading.Lock()", compute=compute))
    assert graded(path).points == 10


def test_shards_that_wait_for_each_others_data_and_compute_together_lose_their_time_only(tmp_path: Path) -> None:
    path = tmp_path / "loops_in_threads.py"
    shared = "all_there = threading.Barrier(len(shards))"
    compute = "results or all_there.wait()\n            results.append(crunch(data))"
    path.write_text(LOCKED.format(shared=shared, compute=compute))
    assert {check.id for check in graded(path).checks if check.status == "failed"} == {"time"}
    assert (graded(path).points, graded(path).misconception) == (9.5, None)


def test_a_loop_that_is_only_said_to_run_is_no_shards_own(tmp_path: Path) -> None:
    path = tmp_path / "loops_in_threads.py"
    path.write_text("""
import asyncio


def run_shards(shards, load, crunch):
    loops = [asyncio.new_event_loop() for _ in shards]

    async def work(number):
        here = asyncio.get_running_loop()
        asyncio._set_running_loop(loops[number])
        begun = [load(item) for item in shards[number]]
        for each in begun:
            each.send(None)
        asyncio._set_running_loop(here)
        for each in begun:
            each.close()
        loaded = await asyncio.gather(*(load(item) for item in shards[number]))
        return await asyncio.to_thread(lambda: [crunch(data) for data in loaded])

    async def main():
        return await asyncio.gather(*map(work, range(len(shards))))

    try:
        return asyncio.run(main())
    finally:
        for loop in loops:
            loop.close()
""")
    assert said(path, "own-loops", "two-shards").startswith("the items of one shard were loaded by several event loops")


# ---------------------------------------------------------------- what held up the loop


@pytest.mark.parametrize(
    ("path", "points", "check", "rationale"),
    [
        (
            WRONG[BLOCKING.slug] / "sleeps_beside.py",
            5,
            "heartbeat",
            "the heartbeat stopped from 0 s to 1 s, while time.sleep (line 7) held up the loop: 2 beats are missing",
        ),
        (
            SECOND[BLOCKING.slug] / "sleeps-in-loop.py",
            5,
            "time",
            "your function took 3.25 s of virtual time; it can take 3 s",
        ),
        (
            WRONG[BLOCKING.slug] / "threads_joined.py",
            5,
            "heartbeat",
            "the heartbeat stopped from 0 s to 3 s, while Thread.join (line 14) held up the loop: 6 beats are missing",
        ),
        (
            REASONS[BLOCKING.slug] / "gets_from_a_queue.py",
            5,
            "heartbeat",
            "the heartbeat stopped from 0 s to 3 s, while Queue.get (line 14) held up the loop: 6 beats are missing",
        ),
        (
            SECOND[BLOCKING.slug] / "waits-without-await.py",
            5,
            "heartbeat",
            "the heartbeat stopped from 0 s to 3 s, while Executor.map (line 6) held up the loop: 6 beats are missing",
        ),
        (
            WRONG[BLOCKING.slug] / "blocking_in_loop.py",
            4.5,
            "heartbeat",
            "the heartbeat stopped from 0.5 s to 5 s, while convert (line 6) held up the loop: 9 beats are missing",
        ),
    ],
    ids=lambda given: given.stem if isinstance(given, Path) else None,
)
def test_what_held_up_the_loop_is_named_with_its_line(path: Path, points: float, check: str, rationale: str) -> None:
    assert said(path, check, "two-files") == rationale
    assert graded(path).points == points


def test_a_sleep_that_costs_no_beat_is_named_where_the_time_is(tmp_path: Path) -> None:
    path = tmp_path / "blocking_call.py"
    path.write_text("""
import asyncio
import time


async def convert_all(convert, files):
    await asyncio.sleep(0)
    time.sleep(0.1)
    return await asyncio.gather(*(asyncio.to_thread(convert, file) for file in files))
""")
    verdict = grade(BLOCKING, path)
    assert (verdict.points, verdict.misconception) == (5.5, "sleeps-in-loop")
    assert [one.rationale for one in verdict.checks if one.id == "time" and one.case == "two-files"] == [
        "your function took 3.1 s of virtual time; it can take 3 s, and time.sleep (line 8) held up the loop"
    ]


def test_a_wait_that_holds_nothing_up_is_not_blamed(tmp_path: Path) -> None:
    path = tmp_path / "blocking_call.py"
    path.write_text("""
import asyncio


async def convert_all(convert, files):
    await asyncio.sleep(0.1)
    return await asyncio.gather(*(asyncio.to_thread(convert, file) for file in files))
""")
    verdict = grade(BLOCKING, path)
    assert (verdict.points, verdict.misconception) == (5.5, None)
    assert [one.rationale for one in verdict.checks if one.id == "time" and one.case == "two-files"] == [
        "your function took 3.1 s of virtual time; it can take 3 s"
    ]
