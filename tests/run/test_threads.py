"""Threads of a learner's program: in turns, in virtual time, the same through both doors, and gone when the run is over."""

import threading
from collections.abc import Callable

import pytest

from grader.course.model import Limits
from grader.referee.record import Record
from grader.run.stage import Stage
from tests.staging import in_child, in_process, staged, waiting

both = pytest.mark.parametrize("play", [in_process, in_child], ids=["in-process", "child"])
Play = Callable[..., Record]


def stage() -> Stage:
    return staged(lambda world: [waiting(world)], records=("op",))


@both
def test_a_blocking_sleep_in_a_worker_thread_waits_beside_the_loop(play: Play) -> None:
    program = """
import asyncio, time
async def main(op):
    loop = asyncio.get_running_loop()
    got = await asyncio.gather(op(2, 'a'), asyncio.to_thread(time.sleep, 0.5), asyncio.to_thread(time.sleep, 1))
    return got[0], loop.time()
"""
    record = play(program, stage())
    assert record.outcome.value == ("a", 2.0)
    assert record.facts.blocked == ()


@both
def test_waiting_for_a_thread_in_a_coroutine_holds_up_the_loop_and_is_named(play: Play) -> None:
    program = """
import asyncio, queue, threading, time
async def main(op):
    items = queue.Queue()
    thread = threading.Thread(target=lambda: (time.sleep(1), items.put('item'), time.sleep(1)))
    thread.start()
    got = items.get()
    thread.join()
    return got
"""
    record = play(program, stage())
    assert record.outcome.value == "item"
    assert [(call.name, call.line) for call in record.facts.blocked] == [("Queue.get", 7), ("Thread.join", 8)]


@both
def test_waiting_for_what_no_thread_can_give_is_a_deadlock(play: Play) -> None:
    program = "import threading\nasync def main(op):\n    threading.Event().wait()\n"
    assert play(program, stage()).outcome.kind == "deadlock"


@both
def test_a_thread_that_computes_for_ever_is_a_busy_loop_with_its_line(play: Play) -> None:
    program = """
import asyncio
def spin():
    while True:
        pass
async def main(op):
    await asyncio.to_thread(spin)
"""
    # a machine that is busy with other things makes CPU time long in real time
    limits = Limits(cpu_seconds=0.5, wall_seconds=100)
    record = play(program, staged(lambda world: [waiting(world)], limits=limits), limits)
    assert record.outcome.kind == "busy_loop"
    assert record.facts.spinning is not None
    assert record.facts.spinning.line in (4, 5)


@both
def test_a_flood_of_threads_meets_its_limit(play: Play) -> None:
    program = """
import threading
async def main(op):
    stop = threading.Event()
    for _ in range(10_000):
        threading.Thread(target=stop.wait).start()
"""
    record = play(program, stage())
    assert (record.outcome.kind, record.outcome.detail) == ("virtual_limit", "threads")


@both
def test_what_a_thread_leaves_waiting_is_ended_with_the_run(play: Play) -> None:
    program = """
import threading
async def main(op):
    threading.Thread(target=threading.Event().wait, name="left behind").start()
    return await op(1, 'done')
"""
    before = threading.active_count()
    record = play(program, stage())
    assert record.outcome.value == "done"
    assert record.facts.threads_left is False
    assert record.facts.output == ""
    assert threading.active_count() == before


@both
def test_an_exception_in_a_thread_is_printed_as_python_prints_it(play: Play) -> None:
    program = """
import threading
async def main(op):
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    return await op(1, 'on')
"""
    record = play(program, stage())
    assert record.outcome.value == "on"
    assert "ZeroDivisionError: division by zero" in record.facts.output


@both
def test_threads_and_loops_have_one_ledger(play: Play) -> None:
    program = """
import asyncio, threading
async def shard(op, names):
    return await asyncio.gather(*(op(n, name) for n, name in enumerate(names, 1)))
async def main(op):
    results = {}
    def work(key, names):
        results[key] = asyncio.run(shard(op, names))
    threads = [threading.Thread(target=work, args=(key, names)) for key, names in enumerate(['ab', 'cd', 'ef'])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
"""
    records = [play(program, stage()) for _ in range(5)]
    assert records[0].outcome.value == {0: ["a", "b"], 1: ["c", "d"], 2: ["e", "f"]}
    assert {(row.start, row.end) for row in records[0].ledger.rows} == {(0, 10**9), (0, 2 * 10**9)}
    assert len({str(record.ledger) for record in records}) == 1


@both
def test_a_coroutine_that_a_thread_made_and_nobody_awaited_has_its_line(play: Play) -> None:
    program = """
import asyncio
async def work():
    pass
def in_thread():
    work()
async def main(op):
    await asyncio.to_thread(in_thread)
    await asyncio.to_thread(work)
    await asyncio.to_thread(op, 1, 'never')
    return await op(1, 'done')
"""
    record = play(program, stage())
    assert record.outcome.value == "done"
    seen = [("work", 6), ("work", 3), ("op", None)]  # an operation stands in no line of the learner's
    assert [(place.name, place.line) for place in record.facts.never_awaited] == seen


@pytest.mark.filterwarnings("error")
def test_a_loop_of_a_thread_that_is_ended_with_the_run_is_closed_before_anybody_could_warn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = """
import asyncio, threading
async def work(op):
    await op(5, 'never')
def main(op):
    threading.Thread(target=lambda: asyncio.run(work(op))).start()
    return 'gone'
"""
    record = in_process(program, staged(lambda world: [waiting(world)], kind="function", records=("op",)))
    assert record.outcome.value == "gone"
    assert record.facts.threads_left is False
    assert capsys.readouterr().err == ""


def test_the_threads_of_an_executor_are_joined_in_one_order() -> None:
    program = """
import time
from concurrent.futures import ThreadPoolExecutor
def main(op):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda seconds: time.sleep(seconds) or seconds, [3, 1, 4, 2]))
"""
    records = [in_process(program, staged(lambda world: [waiting(world)], kind="function")) for _ in range(20)]
    assert records[0].outcome.value == [3, 1, 4, 2]
    assert len({record.facts.turns for record in records}) == 1
