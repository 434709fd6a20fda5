"""Locks that were made outside of a run, and are fought over in it: never a hang, and no false alarm."""

import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from grader.clock.real_locks import stands_at
from tests.clock.test_left_over import ended

HEAD = """
import queue
from grader.clock import seats
seats.HEARS_SIGNALS, seats.LOOKS_UP = 0.01, 0.01  # the main thread judges after a second
lock, condition, items = threading.Lock(), threading.Condition(), queue.Queue()
def run(main):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())
"""
STANDS = ", which was made outside of the run, and time stands for who could give it; make it in the run:\n"


def last_error(program: str) -> str:
    code, out, errors = ended(HEAD + program)
    assert (code, out) == (1, ""), errors
    return errors.rpartition("\ngrader.clock.over.")[2]


def test_a_real_lock_that_a_sleeping_thread_has_is_an_error_with_its_name_and_line() -> None:
    program = """
def work():
    with lock:
        time.sleep(1)
async def main():
    await asyncio.gather(asyncio.to_thread(work), asyncio.to_thread(work))
run(main)
"""
    said = last_error(program)
    assert said.startswith(f"DeadlockError: work, <string>, line 13 waits in real time for Lock 'lock'{STANDS}")
    assert "\n  asyncio_0 (work), <string>, line 14\n" in said


def test_a_coroutine_that_waits_for_a_real_lock_of_a_thread_is_named() -> None:
    program = """
def work():
    with lock:
        time.sleep(1)
async def main():
    working = asyncio.create_task(asyncio.to_thread(work))
    await asyncio.sleep(0.5)
    lock.acquire()
run(main)
"""
    assert last_error(program).startswith(
        f"DeadlockError: main, <string>, line 18 waits in real time for Lock 'lock'{STANDS}"
    )


def test_a_thread_that_waits_for_a_real_lock_of_a_coroutine_is_named() -> None:
    program = """
def work():
    with lock:
        pass
async def main():
    with lock:
        await asyncio.gather(asyncio.to_thread(work), asyncio.sleep(1))
run(main)
"""
    assert last_error(program).startswith(
        f"DeadlockError: work, <string>, line 13 waits in real time for Lock 'lock'{STANDS}"
    )


def test_a_condition_from_outside_that_is_kept_while_its_thread_sleeps_is_named() -> None:
    program = """
def work():
    with condition:
        time.sleep(1)
async def main():
    await asyncio.gather(asyncio.to_thread(work), asyncio.to_thread(work))
run(main)
"""
    assert last_error(program).startswith(
        "DeadlockError: work, <string>, line 13 waits in real time for a RLock, which"
    )


def test_after_such_an_error_nobody_is_left_and_the_clock_runs_on() -> None:
    program = """
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError
clock, before = Clock(), threading.active_count()
def work():
    with lock:
        time.sleep(1)
async def main():
    thread = threading.Thread(target=work)
    thread.start()
    await asyncio.to_thread(work)
    await asyncio.to_thread(thread.join)
for _ in range(2):
    try:
        with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
            runner.run(main())
    except DeadlockError as error:
        print("waits in real time" in str(error), lock.locked(), clock.crowded, threading.active_count() - before)
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        runner.run(asyncio.to_thread(time.sleep, 1))
"""
    assert ended(HEAD + program) == (0, "True False False 0\n" * 2, "")


def test_what_is_built_on_real_locks_and_made_outside_works_as_long_as_nobody_sleeps_with_a_lock() -> None:
    program = """
event, semaphore, barrier = threading.Event(), threading.Semaphore(0), threading.Barrier(2)
def give():
    for act in (event.set, semaphore.release, lambda: items.put("item"), notify, barrier.wait):
        time.sleep(1)
        act()
def notify():
    with condition:
        condition.notify()
def wait():
    with condition:
        return condition.wait()
async def main():
    giving = asyncio.create_task(asyncio.to_thread(give))
    for wait_for in (event.wait, semaphore.acquire, items.get, wait, barrier.wait):
        print(await asyncio.to_thread(wait_for), time.monotonic())
    await giving
run(main)
"""
    assert ended(HEAD + program) == (0, "True 1.0\nTrue 2.0\nitem 3.0\nTrue 4.0\n0 5.0\n", "")


def test_a_real_lock_of_an_outsider_is_waited_for_while_time_stands() -> None:
    program = """
from grader.clock.real_locks import Watch
holds, looked, looks = threading.Event(), threading.Event(), []
def outsider():
    with lock:
        holds.set()
        looked.wait()
def counted(watch, *args, look=Watch.look):
    looks.append(look(watch, *args))
    if len(looks) == 150:
        looked.set()
    return looks[-1]
Watch.look = counted
threading.Thread(target=outsider).start()
holds.wait()
def work():
    with lock:
        return time.monotonic()
async def main():
    print(await asyncio.to_thread(work))
run(main)
"""
    assert ended(HEAD + program) == (0, "0.0\n", "")


# ---------------------------------------------------------------- what a frame stands at

LOCK, RLOCK, ITEMS, CONDITION = threading.Lock(), threading.RLock(), queue.SimpleQueue[int](), threading.Condition()


class Holder:
    shared = LOCK

    def __init__(self) -> None:
        self.lock = LOCK

    def enter(self) -> None:
        with self.lock:
            pass

    def acquire(self) -> None:
        assert self.shared.acquire(timeout=1000)
        self.shared.release()


def global_lock() -> None:
    with LOCK:
        pass


def local_rlock() -> None:
    lock = RLOCK
    lock.acquire()
    lock.release()


def cell() -> None:
    lock = LOCK
    (lambda: lock.acquire())()
    lock.release()


def condition() -> None:
    with CONDITION:
        pass


def simple_queue() -> None:
    ITEMS.get(True, 1000)


def seen_in(function: Callable[[], None], until: Callable[[Any], bool]) -> Any:
    """What a thread stands at that runs `function`, when `until` says so of it; then all is given."""
    thread = threading.Thread(target=function)
    condition_lock = CONDITION._lock  # type: ignore[attr-defined]
    with LOCK, RLOCK, condition_lock:
        thread.start()
        while not until(seen := stands_at(sys._current_frames()[thread.ident or 0])):
            pass
        ITEMS.put(0)
    thread.join()
    while not ITEMS.empty():
        ITEMS.get()
    return seen


@pytest.mark.parametrize(
    ("function", "thing"),
    [
        (Holder().enter, LOCK),
        (Holder().acquire, LOCK),
        (global_lock, LOCK),
        (local_rlock, RLOCK),
        (cell, LOCK),
        (condition, CONDITION._lock),  # type: ignore[attr-defined]
        (simple_queue, ITEMS),
    ],
)
def test_what_a_thread_waits_for_is_found(function: Callable[[], None], thing: Any) -> None:
    assert seen_in(function, lambda seen: seen is not None) is thing


@pytest.mark.parametrize("line", ["with lock: look()", "lock.acquire(); look(); lock.release()"])
def test_a_thread_that_computes_beside_a_lock_that_it_has_does_not_wait_for_it(line: str) -> None:
    seen: list[Any] = []
    lock = threading.Lock()
    exec(line, {"lock": lock, "look": lambda: seen.append((lock.locked(), stands_at(sys._getframe(1))))})
    assert seen == [(True, None)]
