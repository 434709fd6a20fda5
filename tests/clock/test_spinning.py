"""Whoever does nothing but look again and again whether something has happened is told so, with the line."""

import asyncio
import contextlib
import queue
import re
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock import clock as clock_module
from grader.clock.clock import Clock
from grader.clock.over import BusyLoopError, LivelockError
from tests.proof.the_course import ROOT

Program = Callable[[], Coroutine[Any, Any, Any]]


def ended(program: Program) -> str:
    """The text in which it ends; `:3` is three lines below the function's first."""
    with (
        pytest.raises((BusyLoopError, LivelockError)) as caught,
        asyncio.Runner(loop_factory=lambda: VirtualLoop(Clock(max_turns=200))) as runner,
    ):
        runner.run(program())
    first = program.__code__.co_firstlineno
    said = re.sub(r"Task-\d+", "a task", str(caught.value))
    for line in range(first, first + 20):
        said = said.replace(f"test_spinning.py, line {line}", f":{line - first}")
    return said


def turns(who: str) -> str:
    perhaps = "it may go round without end, or need more of them: give its loop a Clock(max_turns=...)"
    return f"200 turns of the event loop while the clock stood still; {perhaps}:\n  {who}"


async def a_thread() -> None:
    ready = threading.Event()

    def look() -> None:
        while not ready.is_set():
            time.sleep(0)

    await asyncio.to_thread(look)


async def a_coroutine() -> None:
    ready: list[int] = []
    while not ready:
        time.sleep(0)  # noqa: ASYNC251


async def a_coroutine_beside_a_thread() -> None:
    ready = threading.Event()
    threading.Timer(1, ready.set).start()
    while not ready.is_set():
        time.sleep(0)  # noqa: ASYNC251


@pytest.mark.parametrize(
    ("program", "who"),
    [
        (a_thread, "asyncio_0 (a_thread.<locals>.look), :5"),
        (a_coroutine, "a task (a_coroutine), :3"),
        (a_coroutine_beside_a_thread, "a task (a_coroutine_beside_a_thread), :4"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_who_sleeps_for_no_time_again_and_again_is_named(program: Program, who: str) -> None:
    assert ended(program) == turns(who)


async def a_time_out() -> None:
    ready = asyncio.Event()
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ready.wait(), 0)


def test_who_waits_for_no_time_again_and_again_is_named() -> None:
    assert ended(a_time_out) == turns("a task (a_time_out), :4")


async def the_loops_time() -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + 1
    while loop.time() < end:
        pass


def test_who_asks_a_loop_for_its_time_again_and_again_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "MAX_ASKS", 100)
    assert ended(the_loops_time).startswith(
        ":3: asks for the time again and again, and it passes only while everybody waits"
    )


@pytest.mark.parametrize("debug", [False, True])
def test_the_next_run_of_that_loop_is_as_ever(debug: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "MAX_ASKS", 100)
    with asyncio.Runner(loop_factory=VirtualLoop, debug=debug) as runner:
        with pytest.raises(BusyLoopError):
            runner.run(the_loops_time())
        assert runner.run(asyncio.sleep(60, "slept")) == "slept"


@pytest.mark.parametrize("debug", [False, True])
def test_whoever_does_not_ask_is_not_said_to(debug: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "MAX_ASKS", 20)

    async def main() -> str:
        for _ in range(100):
            await asyncio.sleep(0)
        return "done"

    with asyncio.Runner(loop_factory=VirtualLoop, debug=debug) as runner:
        assert runner.run(main()) == "done"


async def alive() -> None:
    thread = threading.Thread(target=time.sleep, args=(1,))
    thread.start()
    while thread.is_alive():
        pass


async def free() -> None:
    lock = threading.Lock()
    lock.acquire()
    while not lock.acquire(blocking=False):
        pass


@pytest.mark.parametrize(
    ("program", "asks", "instead"),
    [
        (alive, "Thread.is_alive", "Thread.join, in a coroutine await asyncio.to_thread(thread.join)"),
        (free, "Lock.acquire(blocking=False)", "Lock.acquire, in a coroutine await asyncio.to_thread(lock.acquire)"),
    ],
    ids=["a thread lives", "a lock is free"],
)
def test_who_asks_again_and_again_whether_something_has_come_is_named(
    program: Program, asks: str, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "MAX_POLLS", 100)
    assert ended(program) == f":3: asks {asks} again and again, and others go on only while it waits; use {instead}"


def test_how_often_is_as_the_page_says() -> None:
    """The other tests have smaller bounds, so as to be quick."""
    page = (ROOT / "docs" / "clock.md").read_text(encoding="utf-8").replace("\n", " ")
    with contextlib.closing(VirtualLoop()) as loop:
        assert f"after {loop.clock.max_turns:,} turns at one time." in page
    assert f"after {clock_module.MAX_ASKS:,} questions for the time at one time" in page
    assert f"after {clock_module.MAX_POLLS:,} whether a lock is free or a thread lives" in page


def test_a_queue_may_be_filled_as_fast_as_one_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "MAX_POLLS", 100)

    async def fill() -> int:
        items: queue.Queue[int] = queue.Queue()
        for number in range(200):
            items.put(number)  # its condition tries the lock, to see whose it is
        return items.qsize()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(fill()) == 200


def test_who_asks_whether_a_thread_lives_and_waits_in_between_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "MAX_POLLS", 100)

    async def patient() -> float:
        thread = threading.Thread(target=time.sleep, args=(1,))
        thread.start()
        while thread.is_alive():
            await asyncio.sleep(0.001)
        for _ in range(200):
            assert not thread.is_alive()
            assert threading.current_thread().is_alive()
        return time.monotonic()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(patient()) == 1


def test_a_thread_outside_may_ask_as_often_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "MAX_POLLS", 3)
    kept: list[threading.Thread] = []

    async def main() -> None:
        kept.append(threading.Thread(target=asyncio.run, args=(asyncio.sleep(1),)))
        kept[0].start()
        await asyncio.sleep(0.5)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
        assert all(kept[0].is_alive() for _ in range(10))
