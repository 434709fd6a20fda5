"""Locks, conditions and queues that were made before the run, by a module say: threads on a clock wait for them in virtual time
as for those of the run."""

import asyncio
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop
from grader.clock.clock import Clock
from grader.clock.library import replaced
from grader.clock.over import DeadlockError
from grader.clock.surroundings import on, see_to_it
from grader.clock.threads import in_line, real_locks
from tests.clock.running import run
from tests.clock.test_left_over import ended
from tests.clock.test_turns import played

LOCK, RLOCK, CONDITION = threading.Lock(), threading.RLock(), threading.Condition()
OF_A_LOCK, ITEMS = threading.Condition(threading.Lock()), queue.Queue[str]()
SIMPLE = queue.SimpleQueue[str]()


class Acquired:
    """`acquire` and `release` as a program calls them."""

    def __init__(self, lock: Any) -> None:
        self.lock = lock

    def __enter__(self) -> None:
        assert self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


KINDS = {
    "Lock": LOCK,
    "Lock.acquire": Acquired(LOCK),
    "RLock": RLOCK,
    "RLock.acquire": Acquired(RLOCK),
    "Condition": CONDITION,
    "Condition.acquire": Acquired(CONDITION),
    "Condition of a Lock": OF_A_LOCK,
    "Condition.acquire of a Lock": Acquired(OF_A_LOCK),
    "mutex of a Queue": ITEMS.mutex,
}


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = {*in_line.LINES, *in_line.UNTOLD}  # of threads that another test has left to wait
    yield
    assert {*in_line.LINES, *in_line.UNTOLD} <= before
    assert not any(thread.daemon for thread in threading.enumerate() if thread.name == "left")


# ---------------------------------------------------------------- locks


@pytest.mark.parametrize("lock", KINDS.values(), ids=KINDS)
def test_threads_that_sleep_with_a_lock_have_it_one_after_the_other_as_they_came(
    lock: AbstractContextManager[Any],
) -> None:
    seen: list[tuple[int, float]] = []

    def work(number: int) -> None:
        for _ in range(2):
            with lock:
                time.sleep(1)
                seen.append((number, time.monotonic()))

    async def main() -> None:
        await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(3)))

    run(main())
    assert seen == [(0, 1), (1, 2), (2, 3), (0, 4), (1, 5), (2, 6)]


def test_a_coroutine_waits_for_a_lock_of_a_thread_and_holds_up_its_loop_alone() -> None:
    def work() -> None:
        with LOCK:
            time.sleep(1)

    async def main() -> float:
        working = asyncio.create_task(asyncio.to_thread(work))
        await asyncio.sleep(0.5)
        with LOCK:
            await working
            return time.monotonic()

    assert run(main()) == 1


def test_an_acquire_with_a_timeout_is_over_at_its_virtual_time() -> None:
    async def main() -> tuple[bool, float]:
        with LOCK:
            return await asyncio.to_thread(LOCK.acquire, timeout=0.5), time.monotonic()

    assert run(main()) == (False, 0.5)


def test_who_asks_without_waiting_does_not_overtake_who_waits() -> None:
    seen: list[object] = []

    def first() -> None:
        with LOCK:
            time.sleep(1)
        seen.append(LOCK.acquire(blocking=False))

    def second() -> None:
        with LOCK:
            seen.append(time.monotonic())

    played(Clock(), first, second)
    assert seen == [False, 1]


def test_an_rlock_is_taken_again_by_its_thread_although_others_wait() -> None:
    seen: list[tuple[str, float]] = []

    def first() -> None:
        with RLOCK:
            time.sleep(1)
            with RLOCK:
                time.sleep(1)
            seen.append(("first", time.monotonic()))

    def second() -> None:
        with RLOCK:
            seen.append(("second", time.monotonic()))

    played(Clock(), first, second)
    assert seen == [("first", 2), ("second", 2)]


@pytest.mark.parametrize("condition", [CONDITION, OF_A_LOCK])
def test_who_was_notified_waits_for_the_lock_of_a_condition_in_virtual_time(condition: threading.Condition) -> None:
    seen: list[float] = []

    def wait() -> None:
        with condition, condition:  # twice, where that can be
            assert condition.wait()
            seen.append(time.monotonic())

    def wait_once() -> None:
        with condition:
            assert condition.wait()
            seen.append(time.monotonic())

    def notify() -> None:
        time.sleep(1)
        with condition:
            condition.notify()
            time.sleep(1)

    played(Clock(), wait if condition is CONDITION else wait_once, notify)
    assert seen == [2]


def test_a_deadlock_at_such_a_lock_is_named_at_once_and_nobody_is_left() -> None:
    def work() -> None:
        with LOCK:
            pass

    async def main() -> None:
        with LOCK:
            await asyncio.to_thread(work)

    before = threading.active_count()
    place = rf"work\), test_real_locks.py, line {work.__code__.co_firstlineno + 1}"
    said = f"{place}: waits for Lock 'LOCK': it is held by the main thread, which runs its loop"
    for _ in range(2):
        with pytest.raises(DeadlockError, match=said):
            run(main())
        assert (threading.active_count(), LOCK.locked()) == (before, False)


def test_two_threads_that_have_what_the_other_wants_are_a_deadlock() -> None:
    async def main() -> None:
        await asyncio.gather(asyncio.to_thread(take, LOCK, RLOCK), asyncio.to_thread(take, RLOCK, LOCK))

    def take(first: Any, second: Any) -> None:
        with first:
            time.sleep(1)
            with second:
                pass

    with pytest.raises(DeadlockError, match="waits for RLock 'second'"):
        run(main())
    assert not LOCK.locked()


def test_the_trace_is_that_of_locks_of_the_run() -> None:
    def trace(lock: Any) -> list[tuple[str, float]]:
        seen: list[tuple[str, float]] = []

        def work(name: str, *lengths: float) -> None:
            for length in lengths:
                time.sleep(length)
                if lock.acquire(timeout=0.7):
                    time.sleep(length)
                    lock.release()
                    seen.append((name, time.monotonic()))

        played(Clock(), *(lambda name=name: work(name, 0.3, 0.2, 0.5, 0) for name in "abcd"))
        return seen

    with Clock().seated():
        fresh = threading.Lock(), threading.RLock()
    assert trace(LOCK) == trace(RLOCK) == trace(fresh[0]) == trace(fresh[1])


# ---------------------------------------------------------------- somebody outside


@pytest.fixture
def _in_place() -> Iterator[None]:
    """What is replaced is so before anybody is on a clock."""
    with replaced.restored():
        see_to_it()
        yield


def outsider(lock: Any, until: threading.Event) -> threading.Thread:
    """A thread on no clock that has the lock."""
    holds = threading.Event()

    def hold() -> None:
        with lock:
            holds.set()
            until.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait()
    return thread


@pytest.mark.usefixtures("_in_place")
@pytest.mark.parametrize("lock", [LOCK, RLOCK])
def test_a_lock_of_an_outsider_is_waited_for_while_time_stands(lock: Any) -> None:
    clock, waited_for = Clock(), threading.Event()
    thread = outsider(lock, waited_for)
    clock.pass_turn = waited_for.set  # type: ignore[method-assign]  # as whoever waits does from time to time
    with clock.seated():
        assert lock.acquire(timeout=60)
        assert time.monotonic() == 0
        lock.release()
    thread.join()


@pytest.mark.usefixtures("_in_place")
def test_an_outsider_that_gets_a_lock_before_who_waits_for_it_is_waited_for_too() -> None:
    clock, wanted, taken, waited_for = Clock(), threading.Event(), threading.Event(), threading.Event()
    seen: list[float] = []

    def take() -> None:
        wanted.wait()
        with LOCK:
            taken.set()
            waited_for.wait()

    def work() -> None:
        with LOCK:
            seen.append(time.monotonic())

    somebody = threading.Thread(target=take)
    somebody.start()
    with clock.seated():
        with LOCK:
            thread = threading.Thread(target=work)
            thread.start()
            time.sleep(1)
            wanted.set()
        while not taken.is_set():
            pass
        clock.pass_turn = waited_for.set  # type: ignore[method-assign]
        thread.join()
    somebody.join()
    assert seen == [1]


@pytest.mark.usefixtures("_in_place")
def test_a_timeout_on_a_lock_that_an_outsider_keeps_is_of_both_times() -> None:
    clock, ever, looks = Clock(), threading.Event(), list[None]()
    thread = outsider(LOCK, ever)
    clock.pass_turn = lambda: looks.append(None)  # type: ignore[method-assign]
    with clock.seated():
        assert not LOCK.acquire(timeout=0.05)
        assert time.monotonic() == 0.05
    assert len(looks) == 5  # of ten milliseconds
    ever.set()
    thread.join()


@pytest.mark.usefixtures("_in_place")
def test_an_outsider_with_a_lock_that_needs_a_loop_with_an_outside_is_served() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)

    def ask() -> None:
        with theirs:
            theirs.send(b"ready?")
            assert theirs.recv(10) == b"yes"

    async def main() -> None:
        loop = asyncio.get_running_loop()
        waiting = asyncio.create_task(asyncio.to_thread(use))
        assert await loop.sock_recv(ours, 10) == b"ready?"
        asking.set()
        await loop.sock_sendall(ours, b"yes")
        await waiting

    def use() -> None:
        asking.wait()
        with LOCK:
            pass

    asking = threading.Event()

    def hold() -> None:
        with LOCK:
            holds.set()
            ask()

    holds, thread = threading.Event(), threading.Thread(target=hold)
    thread.start()
    holds.wait()
    with ours, asyncio.Runner(loop_factory=OutsideLoop) as runner:
        runner.run(main())
    thread.join()


@pytest.mark.parametrize("lock", [LOCK, RLOCK, CONDITION, "of the run"])
def test_who_is_outside_gets_a_lock_that_a_thread_has_which_was_left_sleeping(lock: Any) -> None:
    clock, made = Clock(), [lock]

    async def leave_one() -> None:
        if lock == "of the run":
            made[0] = threading.Lock()
        threading.Thread(target=work, daemon=True).start()
        await asyncio.sleep(1)

    def work() -> None:
        with made[0]:
            time.sleep(3600)

    for _ in range(2):
        with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
            runner.run(leave_one())
        before = clock.now
        with made[0]:
            assert clock.now - before == 3599 * 10**9


def test_who_is_outside_is_told_that_a_thread_that_was_left_will_never_release_a_lock() -> None:
    clock = Clock()

    async def leave_one() -> None:
        threading.Thread(target=work, daemon=True).start()
        await asyncio.sleep(1)

    def work() -> None:
        with LOCK:
            threading.Event().wait()

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        runner.run(leave_one())
    with pytest.raises(
        DeadlockError, match=rf"Thread-1 \(work\) .*, line {work.__code__.co_firstlineno + 2}: waits for an Event"
    ):
        LOCK.acquire()
    assert not LOCK.locked()


def test_a_lock_that_was_taken_before_there_was_a_clock_is_waited_for_in_virtual_time() -> None:
    program = """
lock = threading.Lock()
async def main():
    print(await asyncio.to_thread(lock.acquire, timeout=5), time.monotonic())
    asyncio.get_running_loop().call_later(1, lock.release)
    print(await asyncio.to_thread(lock.acquire), time.monotonic())
with lock, asyncio.Runner(loop_factory=VirtualLoop) as runner:
    runner.run(main())
"""
    assert ended(program) == (0, "False 5.0\nTrue 6.0\n", "")


# ---------------------------------------------------------------- simple queues


def test_a_simple_queue_is_waited_for_in_virtual_time_as_they_came() -> None:
    seen: list[tuple[int, str, float]] = []

    def take(number: int) -> None:
        seen.append((number, SIMPLE.get(), time.monotonic()))

    def give() -> None:
        time.sleep(1)
        SIMPLE.put("a")
        SIMPLE.put_nowait("b")
        time.sleep(1)
        SIMPLE.put("c")

    played(Clock(), *(lambda number=number: take(number) for number in range(3)), give)
    assert seen == [(0, "a", 1), (1, "b", 1), (2, "c", 2)]


def test_a_timeout_of_a_simple_queue_is_over_at_its_virtual_time() -> None:
    async def main() -> float:
        with pytest.raises(queue.Empty):
            await asyncio.to_thread(SIMPLE.get, timeout=0.5)
        with pytest.raises(queue.Empty):
            SIMPLE.get(False)
        with pytest.raises(ValueError, match="must be a non-negative number"):
            SIMPLE.get(True, -1)
        return time.monotonic()

    assert run(main()) == 0.5


def test_a_simple_queue_that_nobody_puts_into_is_a_deadlock_with_its_name() -> None:
    async def main() -> None:
        await asyncio.to_thread(take)

    def take() -> None:
        SIMPLE.get()

    with pytest.raises(DeadlockError, match="waits for an item from SimpleQueue 'SIMPLE': it is empty, and nothing"):
        run(main())


def test_the_class_of_simple_queues_is_a_class_on_a_clock_too() -> None:
    async def main() -> None:
        items = queue.SimpleQueue[int]()
        assert isinstance(items, queue.SimpleQueue)
        items.put(1)
        assert (items.qsize(), items.get(), items.empty()) == (1, 1, True)

    run(main())


# ---------------------------------------------------------------- who is on no clock


@pytest.mark.usefixtures("_in_place")
@pytest.mark.parametrize("lock", [LOCK, RLOCK])
def test_who_is_on_no_clock_has_the_real_thing_with_its_errors(lock: Any) -> None:
    assert lock.acquire()
    assert lock.acquire(False) is (lock is RLOCK)
    lock.release()
    if lock is RLOCK:
        lock.release()
    for arguments, error in (
        ((False, 1), "can't specify a timeout for a non-blocking call"),
        ((True, -2), "timeout value"),
    ):
        with pytest.raises(ValueError, match=error):
            lock.acquire(*arguments)
    with pytest.raises(OverflowError):
        lock.acquire(timeout=1e100)
    with pytest.raises(RuntimeError):
        lock.release()
    thread_has_it = threading.Event()
    thread = outsider(lock, thread_has_it)
    assert not lock.acquire(timeout=0.001)
    thread_has_it.set()
    assert lock.acquire()
    lock.release()
    thread.join()


def test_afterwards_the_classes_are_as_they_were() -> None:
    def names() -> list[Any]:
        return [getattr(type(lock), name) for lock in (LOCK, RLOCK) for name in ("acquire", "__enter__")]

    before = [*names(), queue.SimpleQueue.get, threading.Condition.__dict__.get("acquire")]
    with on(Clock()):
        assert LOCK.acquire.__func__ is real_locks.RealLock.acquire  # type: ignore[attr-defined]
    assert [*names(), queue.SimpleQueue.get, threading.Condition.__dict__.get("acquire")] == before


def test_a_programs_file_is_written_to_the_end_although_the_library_leads_to_it(tmp_path: Path) -> None:
    """What stands in a class of C's outlives the modules; a loop's class is led to, and so are the names of its module."""
    program = f"""
import asyncio
from grader.clock import VirtualLoop
class Loop(VirtualLoop):
    def is_used(self):
        return out
asyncio.DefaultEventLoopPolicy._loop_factory = Loop
out = open({str(tmp_path / "out.txt")!r}, "w")
with asyncio.Runner(loop_factory=Loop) as runner:
    runner.run(asyncio.sleep(1))
print("all of it", file=out)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    assert (tmp_path / "out.txt").read_text() == "all of it\n"
