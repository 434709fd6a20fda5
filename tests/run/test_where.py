"""In which loop and thread an operation begins: the same through both doors, told only where it is asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.referee.record import Record
from grader.referee.world import World
from grader.run.stage import Stage
from tests.staging import in_child, in_process, staged, waiting

both = pytest.mark.parametrize("play", [in_process, in_child], ids=["in-process", "child"])
Play = Callable[..., Record]


def stage(kind: str = "function", *, asked: bool = True) -> Stage:
    made = staged(_operations, kind=kind, records=("op", "hold"))
    if asked:
        made.start["told_where"] = True
    return made


def _operations(world: World) -> list[Any]:
    async def hold(seconds: float, what: Any = None) -> None:
        await world.sleep(seconds)

    return [waiting(world), world.function(hold, "hold", key=lambda seconds, what=None: what, blocking=True)]


def where(record: Record) -> dict[Any, tuple[int | None, int | None]]:
    """By what was waited for: the loop and the thread."""
    assert record.outcome.kind == "result", record.outcome
    return {row.key: (row.loop, row.thread) for row in record.ledger.rows}


THREADS = """
import asyncio, threading
def main(op, hold):
    async def both(name):
        await asyncio.gather(op(1, name + '1'), op(2, name + '2'))
        hold(1, name + ' in the loop')
    def work(name):
        asyncio.run(both(name))
        hold(1, name + ' after it')
    threads = [threading.Thread(target=work, args=(name,)) for name in 'ab']
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work('c')
"""


@both
def test_loops_and_threads_have_the_numbers_in_which_they_were_first_seen(play: Play) -> None:
    assert where(play(THREADS, stage())) == {
        "a1": (1, 2),
        "a2": (1, 2),
        "b1": (2, 3),
        "b2": (2, 3),
        "a in the loop": (1, 2),
        "b in the loop": (2, 3),
        "a after it": (None, 2),
        "b after it": (None, 3),
        "c1": (3, 1),
        "c2": (3, 1),
        "c in the loop": (3, 1),
        "c after it": (None, 1),
    }


@both
def test_where_it_is_not_asked_for_nothing_is_told(play: Play) -> None:
    assert set(where(play(THREADS, stage(asked=False))).values()) == {(None, None)}


@both
def test_a_loop_or_a_thread_is_another_one_although_the_first_is_gone(play: Play) -> None:
    program = """
import asyncio, gc, threading
def main(op, hold):
    for number in range(4):
        thread = threading.Thread(target=lambda: asyncio.run(op(1, number)))
        thread.start()
        thread.join()
        del thread
        gc.collect()
    for number in range(4, 6):
        asyncio.run(op(1, number))
"""
    assert where(play(program, stage())) == {0: (1, 2), 1: (2, 3), 2: (3, 4), 3: (4, 5), 4: (5, 1), 5: (6, 1)}


@both
def test_the_entrys_own_loop_and_a_thread_that_it_waits_for(play: Play) -> None:
    program = """
import asyncio
async def main(op, hold):
    await op(1, 'here')
    await asyncio.gather(asyncio.to_thread(hold, 1, 'there'), op(1, 'beside'))
"""
    assert where(play(program, stage("coroutine"))) == {"here": (1, 1), "there": (None, 2), "beside": (1, 1)}


def test_what_a_program_puts_into_the_library_does_not_change_where_it_is() -> None:
    # in a child, because what it puts there stays there
    program = """
import _thread, asyncio, itertools, threading
def main(op, hold):
    counted = itertools.count(100)
    for module, name in [(threading, 'get_ident'), (_thread, 'get_ident')]:
        setattr(module, name, lambda: next(counted))
    loops = [asyncio.new_event_loop() for _ in 'ab']
    real = asyncio.get_running_loop, asyncio._get_running_loop
    async def work(name):
        for module in (asyncio, asyncio.events):
            module.get_running_loop = module._get_running_loop = lambda: loops['ab'.index(name)]
        begun = op(1, name)
        try:
            begun.send(None)
        finally:
            for module in (asyncio, asyncio.events):
                module.get_running_loop, module._get_running_loop = real
        begun.close()
    async def both():
        await work('a')
        await work('b')
    asyncio.run(both())
    for loop in loops:
        loop.close()
"""
    assert set(where(in_child(program, stage())).values()) == {(1, 1)}


@both
def test_a_thread_that_fails_prints_the_lines_of_its_program_alone(play: Play) -> None:
    program = """
import asyncio, threading
def main(op, hold):
    async def work():
        await op(1)
        return [missing for _ in 'ab']
    def leave():
        raise SystemExit
    for thread in [threading.Thread(target=asyncio.run, args=(work(),)), threading.Thread(target=leave)]:
        thread.start()
        thread.join()
"""
    record = play(program, stage())
    assert record.facts.output == (
        "Exception in thread Thread-1 (run):\n"
        "Traceback (most recent call last):\n"
        '  File "program.py", line 6, in work\n'
        "NameError: name 'missing' is not defined\n"
    )
    assert [failure.line for failure in record.facts.lost_exceptions] == [6, 8]
