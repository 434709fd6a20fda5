"""Blocking operations: they hold the calling thread until their virtual end, and a loop that runs in it stands still."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.referee.record import Record
from grader.referee.world import World
from grader.run.stage import Stage
from tests.staging import bytes_of, in_child, in_process, rows, staged, waiting

both = pytest.mark.parametrize("play", [in_process, in_child], ids=["in-process", "child"])
Play = Callable[..., Record]


def standing(world: World) -> Any:
    """A blocking operation `hold(seconds, what)`; for no time at all it answers at once, and 'bad' fails at its end."""

    async def hold(seconds: float, what: str) -> str:
        await world.sleep(seconds)
        if what == "bad":
            raise ValueError("no such file")
        return what.upper()

    return world.function(hold, "hold", key=lambda seconds, what: what, blocking=True)


def stage(**options: Any) -> Stage:
    return staged(lambda world: [standing(world), waiting(world)], records=("hold", "op"), **options)


def blocked(record: Record) -> list[tuple[Any, ...]]:
    return [(call.name, call.line, call.start / 1e9, call.end / 1e9) for call in record.facts.blocked]


@both
def test_a_blocking_operation_is_a_plain_call_that_returns_at_its_end(play: Play) -> None:
    record = play("def main(hold, op):\n    return hold(2, 'a'), hold(what='b', seconds=1)\n", stage(kind="function"))
    assert record.outcome.value == ("A", "B")
    assert rows(record) == [("hold(a)", 0, 2, "ok"), ("hold(b)", 2, 3, "ok")]
    assert blocked(record) == []


@both
def test_in_the_thread_of_a_loop_it_holds_that_loop_up_and_is_named(play: Play) -> None:
    program = """
import asyncio
async def main(hold, op):
    other = asyncio.create_task(op(1, 'x'))
    await asyncio.sleep(0)
    text = hold(3, 'a')
    then = asyncio.get_running_loop().time()
    return text, then, await other, asyncio.get_running_loop().time()
"""
    record = play(program, stage())
    assert record.outcome.value == ("A", 3.0, "x", 3.0)
    assert blocked(record) == [("hold", 6, 0, 3)]
    assert rows(record) == [("op(x)", 0, 1, "ok"), ("hold(a)", 0, 3, "ok")]


@both
def test_a_timer_of_a_loop_that_stands_still_comes_late(play: Play) -> None:
    program = """
import asyncio
async def main(hold, op):
    loop, told = asyncio.get_running_loop(), []
    loop.call_later(1, lambda: told.append(loop.time()))
    hold(3, 'a')
    await op(0.5, 'x')
    return told
"""
    assert play(program, stage()).outcome.value == [3.0]


@both
def test_called_by_the_loop_itself_it_is_named_all_the_same(play: Play) -> None:
    program = """
import asyncio
async def main(hold, op):
    asyncio.get_running_loop().call_soon(hold, 2, 'a')
    return await op(1, 'x')
"""
    record = play(program, stage())
    assert record.outcome.value == "x"
    assert blocked(record) == [("hold", None, 0, 2)]


@both
def test_in_threads_they_overlap_and_the_loop_goes_on(play: Play) -> None:
    program = """
import asyncio
async def main(hold, op):
    calls = [asyncio.to_thread(hold, seconds, what) for seconds, what in [(3, 'a'), (1, 'b'), (2, 'c')]]
    return await asyncio.gather(*calls, op(0.5, 'x'))
"""
    record = play(program, stage())
    assert record.outcome.value == ["A", "B", "C", "x"]
    assert sorted(rows(record)) == [
        ("hold(a)", 0, 3, "ok"),
        ("hold(b)", 0, 1, "ok"),
        ("hold(c)", 0, 2, "ok"),
        ("op(x)", 0, 0.5, "ok"),
    ]
    assert blocked(record) == []


@both
def test_a_loop_in_another_thread_is_not_held_up(play: Play) -> None:
    program = """
import asyncio, threading
def main(hold, op):
    got = {}
    async def quick():
        got['quick'] = await op(1, 'x'), asyncio.get_running_loop().time()
    async def slow():
        got['slow'] = hold(3, 'a'), asyncio.get_running_loop().time()
    threads = [threading.Thread(target=asyncio.run, args=(work(),)) for work in (slow, quick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
"""
    record = play(program, stage(kind="function"))
    assert record.outcome.value == {"slow": ("A", 3.0), "quick": ("x", 1.0)}
    assert blocked(record) == [("hold", 8, 0, 3)]


@both
def test_an_error_of_the_world_is_raised_at_its_end(play: Play) -> None:
    program = """
def main(hold, op):
    try:
        hold(2, 'bad')
    except ValueError as error:
        return str(error), hold(0, 'now')
"""
    record = play(program, stage(kind="function"))
    assert record.outcome.value == ("no such file", "NOW")
    assert rows(record) == [("hold(bad)", 0, 2, "error"), ("hold(now)", 2, 2, "ok")]


@both
def test_arguments_that_do_not_fit_are_pythons_own_error(play: Play) -> None:
    record = play("def main(hold, op):\n    hold(1, 'a', name=2)\n", stage(kind="function"))
    assert record.outcome.failure is not None
    assert record.outcome.failure.message == "hold() got an unexpected keyword argument 'name'"


@both
def test_who_no_longer_waits_for_the_thread_has_not_stopped_it(play: Play) -> None:
    program = """
import asyncio
async def main(hold, op):
    try:
        await asyncio.wait_for(asyncio.to_thread(hold, 5, 'a'), 1)
    except TimeoutError:
        return asyncio.get_running_loop().time()
"""
    record = play(program, stage())
    assert record.outcome.value == 1.0
    assert [(row.label, row.cancelled_at) for row in record.ledger.rows] == [("hold(a)", None)]


@both
def test_what_waits_for_ever_is_a_deadlock(play: Play) -> None:
    def build(world: World) -> list[Any]:
        async def hold() -> None:
            await world.event().wait()

        return [world.function(hold, "hold", blocking=True)]

    program = "import asyncio\nasync def main(hold):\n    await asyncio.to_thread(hold)\n"
    assert play(program, staged(build)).outcome.kind == "deadlock"


@both
def test_a_thread_that_is_left_in_one_is_ended_with_the_run(play: Play) -> None:
    program = """
import threading
def main(hold, op):
    threading.Thread(target=hold, args=(9, 'a')).start()
    return hold(1, 'b')
"""
    record = play(program, stage(kind="function"))
    assert record.outcome.value == "B"
    assert record.facts.threads_left is False
    assert rows(record) == [("hold(b)", 0, 1, "ok"), ("hold(a)", 0, None, None)]


def test_both_doors_give_the_same_record() -> None:
    program = """
import asyncio, threading
async def shard(hold, op, name):
    return await asyncio.gather(asyncio.to_thread(hold, 2, name), op(1, name)), hold(0.5, name * 2)
def main(hold, op):
    got = []
    work = lambda name: got.append(asyncio.run(shard(hold, op, name)))
    threads = [threading.Thread(target=work, args=(name,)) for name in 'abc']
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
"""
    records = [play(program, stage(kind="function")) for play in (in_process, in_child) for _ in range(3)]
    assert len(records[0].outcome.value) == 3
    assert len({bytes_of(record) for record in records}) == 1
