"""A deadlock names each that waits, its line, what it waits for, and why nobody can give it."""

import asyncio
import concurrent.futures
import queue
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, LivelockError

Program = Callable[[], Coroutine[Any, Any, Any]]


def explained(program: Program) -> list[str]:
    """What stands below the first line, with lines counted from that of the function."""
    with (
        pytest.raises(DeadlockError) as caught,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        runner.run(program())
    first, *said = str(caught.value).split("\n  ")
    assert first == "nothing can ever run again:"
    return [line.replace("test_stuck.py, line ", "").replace("<locals>.", "") for line in said]


def test_a_queue_that_is_empty() -> None:
    async def program() -> None:
        q: asyncio.Queue[int] = asyncio.Queue()
        await q.get()

    (said,) = explained(program)
    assert said.endswith(": waits for an item from Queue 'q': it is empty, and nothing that runs can put one")
    assert said.startswith("Task-")
    line = program.__code__.co_firstlineno + 2
    assert f"(test_a_queue_that_is_empty.program), {line}:" in said


async def _get() -> None:
    await asyncio.Queue().get()


async def _put() -> None:
    full: asyncio.Queue[int] = asyncio.Queue(1)
    await full.put(1)
    await full.put(2)


async def _join() -> None:
    q: asyncio.Queue[int] = asyncio.Queue()
    q.put_nowait(1)
    q.put_nowait(2)
    await q.join()


async def _lock() -> None:
    lock = asyncio.Lock()
    async with lock, lock:
        pass


async def _semaphore() -> None:
    limit = asyncio.Semaphore(1)
    async with limit, limit:
        pass


async def _event() -> None:
    ready = asyncio.Event()
    await ready.wait()


async def _nameless_event() -> None:
    await asyncio.Event().wait()


async def _condition() -> None:
    changed = asyncio.Condition()
    async with changed:
        await changed.wait()


async def _barrier() -> None:
    meeting = asyncio.Barrier(3)
    await meeting.wait()


async def _future() -> None:
    answer = asyncio.get_running_loop().create_future()
    await answer


class _Holder:
    def __init__(self) -> None:
        self.inbox: asyncio.Queue[int] = asyncio.Queue()

    async def run(self) -> None:
        await self.inbox.get()


async def _attribute() -> None:
    await _Holder().run()


async def _thread_queue() -> None:
    items: queue.Queue[int] = queue.Queue()
    items.get()


async def _thread_event() -> None:
    ready = threading.Event()
    ready.wait()


async def _thread_lock() -> None:
    lock = threading.Lock()
    with lock, lock:
        pass


async def _own_result() -> None:
    async def answer() -> int:
        return 1

    asyncio.run_coroutine_threadsafe(answer(), asyncio.get_running_loop()).result()


async def _unset_result() -> None:
    def wait() -> None:
        promise: concurrent.futures.Future[int] = concurrent.futures.Future()
        promise.result()

    await asyncio.to_thread(wait)


@pytest.mark.parametrize(
    ("program", "waits"),
    [
        (_get, "an item from a Queue: it is empty, and nothing that runs can put one"),
        (_put, "room in Queue 'full': its place is taken, and nothing that runs can take an item"),
        (_join, "2 more task_done() of Queue 'q', and nothing that runs can call it"),
        (_lock, "Lock 'lock': it is held, and nothing that runs can release it"),
        (_semaphore, "Semaphore 'limit': it is used up, and nothing that runs can release it"),
        (_event, "Event 'ready': nothing that runs can set it"),
        (_nameless_event, "an Event: nothing that runs can set it"),
        (_condition, "Condition 'changed': nothing that runs can notify it"),
        (_barrier, "Barrier 'meeting': 1 of 3 are there, and nothing that runs can join them"),
        (_future, "Future 'answer': nothing that runs can set it"),
        (_attribute, "an item from Queue 'self.inbox': it is empty, and nothing that runs can put one"),
        (_thread_queue, "an item from Queue 'items': it is empty, and nothing that runs can put one"),
        (_thread_event, "Event 'ready': nothing that runs can set it"),
        (_thread_lock, "Lock 'lock': it is held, and nothing that runs can release it"),
        (_own_result, "the result of a future, in the very thread that would have to bring it about"),
        (_unset_result, "the result of Future 'promise': nothing that runs can set it"),
    ],
)
def test_what_is_waited_for_is_named(program: Program, waits: str) -> None:
    assert any(said.endswith(f": waits for {waits}") for said in explained(program)), explained(program)


def test_a_task_a_gather_and_a_group_name_the_tasks_that_they_wait_for() -> None:
    async def worker(event: asyncio.Event) -> None:
        await event.wait()

    async def one() -> None:
        await asyncio.create_task(worker(asyncio.Event()), name="w")

    async def many() -> None:
        await asyncio.gather(*(asyncio.create_task(worker(asyncio.Event()), name=name) for name in "ab"))

    async def group() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker(asyncio.Event()), name="w")

    name = "test_a_task_a_gather_and_a_group_name_the_tasks_that_they_wait_for.<locals>.worker"
    short = name.replace("<locals>.", "")
    assert any(said.endswith(f": waits for w ({short}), which waits itself") for said in explained(one))
    assert any(
        said.endswith(f": waits for a ({short}), b ({short}), which wait themselves") for said in explained(many)
    )
    assert any(
        said.endswith(f": waits for the tasks of its group: w ({short}), which waits itself")
        for said in explained(group)
    )


def test_a_task_of_the_library_alone_is_listed_without_a_line() -> None:
    (said,) = explained(asyncio.Event().wait)
    assert said.endswith(" (Event.wait): waits for an Event: nothing that runs can set it")
    assert said.startswith("Task-")


def test_whoever_stands_in_the_program_comes_before_those_of_the_library() -> None:
    async def both() -> None:
        event = asyncio.create_task(asyncio.Event().wait(), name="a")
        await asyncio.gather(event, asyncio.create_task(asyncio.Queue().get(), name="b"))

    first, *others = explained(both)
    assert first.endswith(
        f"{both.__code__.co_firstlineno + 2}: waits for a (Event.wait), b (Queue.get), which wait themselves"
    )
    assert others == [
        "a (Event.wait): waits for an Event: nothing that runs can set it",
        "b (Queue.get): waits for an item from a Queue: it is empty, and nothing that runs can put one",
    ]


def test_two_locks_taken_crosswise_name_both_that_wait() -> None:
    async def take(first: asyncio.Lock, second: asyncio.Lock) -> None:
        async with first:
            await asyncio.sleep(1)
            async with second:
                pass

    async def program() -> None:
        a, b = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(take(a, b), take(b, a))

    said = explained(program)
    assert len(said) == 3
    assert sum("Lock 'second': it is held" in line for line in said) == 2


def test_a_livelock_names_the_line_that_spins() -> None:
    async def idle() -> None:
        await asyncio.Event().wait()

    async def program() -> None:
        waiting = asyncio.create_task(idle())
        while not waiting.done():
            await asyncio.sleep(0)

    with (
        pytest.raises(LivelockError) as caught,
        asyncio.Runner(loop_factory=lambda: VirtualLoop(Clock(max_turns=100))) as runner,
    ):
        runner.run(program())
    line = program.__code__.co_firstlineno + 3
    assert str(caught.value).startswith("100 turns of the event loop while the clock stood still:\n  Task-")
    assert f"program), test_stuck.py, line {line}" in str(caught.value)
