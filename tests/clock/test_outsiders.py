"""Threads in no run that use a lock or a queue which was made in one: they run in real time, and are waited for."""

import asyncio
import queue
import threading
import time
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError
from grader.clock.surroundings import on
from grader.clock.threads import in_line
from grader.clock.threads.locks import ClockLock


def test_a_lock_that_an_outsider_has_is_waited_for_while_time_stands() -> None:
    clock = Clock()
    with on(clock):
        lock = ClockLock()
    holds, waited_for = threading.Event(), threading.Event()

    def outsider() -> None:
        with lock:
            holds.set()
            waited_for.wait()

    thread = threading.Thread(target=outsider)
    thread.start()
    holds.wait()
    clock.pass_turn = waited_for.set  # type: ignore[method-assign]  # as whoever waits does from time to time
    with on(clock):
        assert lock.acquire(timeout=5)
        assert time.monotonic() == 0
        assert not lock.acquire(timeout=5)  # one that it has itself
        assert time.monotonic() == 5
    thread.join()


def test_an_outsider_that_comes_in_with_a_lock_is_outside_no_more() -> None:
    async def leave_one() -> tuple[threading.Thread, Any]:
        lock = threading.Lock()

        def work() -> None:
            time.sleep(1)
            with lock:
                pass

        thread = threading.Thread(target=work, name="left")
        thread.start()
        return thread, lock

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        thread, lock = runner.run(leave_one())
    with lock, pytest.raises(DeadlockError, match="waits for Lock 'lock': it is held"):
        thread.join()


def test_a_lock_that_an_outsider_releases_at_the_last_moment_is_got(monkeypatch: pytest.MonkeyPatch) -> None:
    with on(Clock()):
        lock = ClockLock()

    def joined(line: in_line.Line, *args: Any, join: Any = in_line.Line._joined) -> Any:
        lock._lock.release()  # by somebody who saw nobody waiting
        return join(line, *args)

    monkeypatch.setattr(in_line.Line, "_joined", joined)
    with on(Clock()):
        assert lock.acquire()
        assert lock.acquire()
        assert id(lock._lock) not in in_line.LINES


def test_what_outsiders_put_into_a_queue_of_a_run_is_got_once_each() -> None:
    made: queue.Queue[queue.Queue[int]] = queue.Queue()

    def outsider(first: int) -> None:
        items = made.get()
        for number in range(first, first + 1000):
            items.put(number)

    threads = [threading.Thread(target=outsider, args=(first,)) for first in (0, 1000)]
    for thread in threads:
        thread.start()

    def collect(items: "queue.Queue[int]") -> list[int]:
        got: list[int] = []
        while not got or got[-1] >= 0:
            try:
                got.append(items.get(timeout=1))
            except queue.Empty:
                continue
        return got[:-1]

    async def main() -> list[int]:
        items: queue.Queue[int] = queue.Queue()
        made.put(items)
        made.put(items)
        collectors = [asyncio.create_task(asyncio.to_thread(collect, items)) for _ in range(2)]
        while any(thread.is_alive() for thread in threads):
            await asyncio.sleep(1)
        items.put(-1)
        items.put(-1)
        return [number for collector in collectors for number in await collector]

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        got = runner.run(main())
    assert sorted(got) == list(range(2000))
    for thread in threads:
        thread.join()


def test_an_outsider_that_joins_a_thread_of_a_run_comes_and_goes_while_the_run_goes_on() -> None:
    handed: queue.Queue[threading.Thread] = queue.Queue()
    clock, seen = Clock(), list[float]()

    def outsider() -> None:
        handed.get().join()
        seen.append(clock.now / 1e9)

    async def main() -> float:
        thread = threading.Thread(target=time.sleep, args=(1,))
        thread.start()
        handed.put(thread)
        while not clock._arrivals:
            pass  # until the outsider waits for its turn
        await asyncio.sleep(0.5)
        await asyncio.to_thread(time.sleep, 4.5)
        return time.monotonic()

    thread = threading.Thread(target=outsider)
    thread.start()
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        assert runner.run(main()) == 5
    thread.join()
    assert 1 <= seen[0] <= 5


def test_an_outsider_that_comes_while_the_last_thread_ends_has_the_turn() -> None:
    clock, handed = Clock(), list[threading.Thread]()

    def work() -> None:
        time.sleep(1)
        while not clock._arrivals:
            pass  # until the outsider waits for its turn
        time.sleep(1)

    def outsider() -> None:
        while clock.holder is None:
            pass  # until somebody runs
        with clock.seated():
            assert clock.now == 1_000_000_000

    async def leave_one() -> None:
        handed.append(threading.Thread(target=work))
        handed[0].start()

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        runner.run(leave_one())
    thread = threading.Thread(target=outsider)
    thread.start()
    handed[0].join()
    thread.join()
    assert clock.now == 2_000_000_000
    assert not clock.crowded
