"""Within `hygiene` also what is used in a wrong thread is found when nobody waits for it, and asyncio says nothing."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene


def found(main: Callable[[], Coroutine[Any, Any, Any]], make_loop: Any = VirtualLoop) -> list[str]:
    """What is said of it, with lines counted from that of the function."""
    with hygiene(strict=False) as findings, asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(main())
    first = main.__code__.co_firstlineno
    return [
        re.sub(r"test_strangers.py, line (\d+)", lambda line: str(int(line[1]) - first), str(each)) for each in findings
    ]


def said(line: int, call: str, thread: str = "asyncio_0") -> str:
    what = (
        f"was called in the thread {thread}, but its loop runs in MainThread, and only by luck did nobody wait for it"
    )
    return f"{line}: {call} {what}: use loop.call_soon_threadsafe"


async def queue() -> None:
    items: asyncio.Queue[int] = asyncio.Queue()

    def work() -> None:
        items.put_nowait(1)
        items.get_nowait()

    await asyncio.to_thread(work)


async def event() -> None:
    ready = asyncio.Event()
    await asyncio.to_thread(lambda: ready.set())
    await ready.wait()


async def lock() -> None:
    lock, slots = asyncio.Lock(), asyncio.BoundedSemaphore()

    def work() -> None:
        lock.release()
        slots.release()

    await lock.acquire()
    await slots.acquire()
    await asyncio.to_thread(work)


async def future() -> None:
    answer = asyncio.get_running_loop().create_future()
    await asyncio.to_thread(lambda: answer.set_result(42))
    assert await answer == 42


async def callbacks() -> None:
    answer, task = asyncio.get_running_loop().create_future(), asyncio.create_task(asyncio.sleep(1))

    def work() -> None:
        answer.add_done_callback(print)
        answer.remove_done_callback(print)
        task.add_done_callback(id)

    task.add_done_callback(id)
    await asyncio.to_thread(work)
    await task
    answer.cancel()


@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (queue, [said(4, "Queue.put_nowait"), said(5, "Queue.get_nowait")]),
        (event, [said(2, "Event.set")]),
        (lock, [said(4, "Lock.release"), said(5, "BoundedSemaphore.release")]),
        (future, [said(2, "Future.set_result")]),
        (
            callbacks,
            [
                said(4, "Future.add_done_callback"),
                said(5, "Future.remove_done_callback"),
                said(6, "Task.add_done_callback"),
            ],
        ),
    ],
    ids=["a queue", "an event", "locks", "a future", "callbacks"],
)
def test_what_nobody_waits_for_is_found(main: Any, expected: list[str], make_loop: Any) -> None:
    assert found(main, make_loop) == expected


@contextlib.contextmanager
def outsider() -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Has something called in a thread that is on no clock."""
    there, begin, busy = threading.Event(), threading.Event(), threading.Lock()
    calls: list[Callable[[], Any]] = []

    def work() -> None:
        with busy:
            there.set()
            begin.wait()
            for call in calls:
                call()

    thread = threading.Thread(target=work, name="outsider")
    thread.start()
    there.wait()

    def have(call: Callable[[], Any]) -> None:
        calls.append(call)
        begin.set()
        with busy:
            """It has been called."""

    try:
        yield have
    finally:
        begin.set()
        thread.join()


@pytest.mark.parametrize("name", ["call_soon", "call_later"])
def test_a_thread_on_no_clock_that_calls_a_loop_is_found(name: str) -> None:
    with outsider() as have:

        async def main() -> None:
            loop, heard = asyncio.get_running_loop(), list[int]()
            when = () if name == "call_soon" else (1,)
            have(lambda: getattr(loop, name)(*when, heard.append, 1))
            await asyncio.sleep(2)
            assert heard == [1]

        assert found(main) == [said(3, f"loop.{name}", "outsider")]


def test_in_debug_mode_such_a_thread_is_refused() -> None:
    raised: list[RuntimeError] = []
    with outsider() as have:

        async def main() -> None:
            loop = asyncio.get_running_loop()

            def call() -> None:
                try:
                    loop.call_soon(print)
                except RuntimeError as error:
                    raised.append(error)

            have(call)

        with asyncio.Runner(loop_factory=VirtualLoop, debug=True) as runner:
            runner.run(main())
    assert "loop.call_soon was called in the thread outsider" in str(raised[0])


async def others() -> None:
    loop = asyncio.get_running_loop()
    items: asyncio.Queue[int] = asyncio.Queue()

    def work() -> int:
        loop.call_soon_threadsafe(items.put_nowait, 1)
        own: asyncio.Queue[int] = asyncio.Queue()
        own.put_nowait(2)

        async def take() -> int:
            ready = asyncio.Event()
            ready.set()
            return await own.get()

        return asyncio.run(take())

    assert await asyncio.to_thread(work) == 2
    assert await items.get() == 1
    items.put_nowait(3)


def test_what_belongs_to_a_thread_s_own_loop_and_what_is_meant_for_others_is_not() -> None:
    assert found(others) == []


def test_before_a_loop_runs_and_after_it_anybody_may_fill_a_queue() -> None:
    kept: list[asyncio.Queue[int]] = [asyncio.Queue()]
    kept[0].put_nowait(1)

    async def main() -> None:
        kept.append(asyncio.Queue())
        assert await kept[0].get() == 1

    with hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
        kept[1].put_nowait(2)


def test_afterwards_all_is_as_it_was() -> None:
    before = [asyncio.Queue.put_nowait, asyncio.Queue.__init__, asyncio.Event.set]
    with hygiene():
        assert asyncio.Queue.put_nowait is not before[0]
    assert [asyncio.Queue.put_nowait, asyncio.Queue.__init__, asyncio.Event.set] == before
