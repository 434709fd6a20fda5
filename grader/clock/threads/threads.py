"""The standard library's threads on the clock: what waits there waits in virtual time, for threads of a run and only for them.

Threads are replaced, and the locks that are made for them; all that is built on these (`Event`, `Condition`, `queue.Queue`,
`Barrier`, `ThreadPoolExecutor`, `to_thread`, `run_coroutine_threadsafe`) is the library's own, unmodified.

Checked on 3.11, 3.12 and 3.13: `threading` makes its locks by `Lock`, `RLock` and `_allocate_lock` and looks the names up
when it does; a new thread runs `_bootstrap`, and sets `_started` when it has an identity, before anything of the program's.
"""

import _thread
import queue
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.library.present import clock_here
from grader.clock.library.refusals import refusal
from grader.clock.library.replaced import Replacement
from grader.clock.library.timepatch import EITHER
from grader.clock.lines import NOWHERE, Place, place_of
from grader.clock.over import RefusedError, RunOver
from grader.clock.seconds import seconds_of
from grader.clock.threads import children
from grader.clock.threads.locks import ClockLock, make_lock, make_rlock
from grader.clock.threads.seats import take_really
from grader.ticks import to_wait

if TYPE_CHECKING:
    from grader.clock.clock import Clock
    from grader.clock.threads.seats import Seat

_allocate_lock, _ident = _thread.allocate_lock, _thread.get_ident
_real_start, _real_join, _real_is_alive = threading.Thread.start, threading.Thread.join, threading.Thread.is_alive
_at_exit: list[Callable[[], None]] = threading._threading_atexits  # type: ignore[attr-defined]
_real_hash = threading.Thread.__hash__
_real_bootstrap: Callable[[threading.Thread], None] = threading.Thread._bootstrap  # type: ignore[attr-defined]


# ---------------------------------------------------------------- threads


class _Started:
    """In the place of a thread's `_started`: whoever starts a thread goes on at once, and the new one waits for its turn."""

    def __init__(self, clock: "Clock", seat: "Seat", place: Place):
        self.clock, self.seat, self.place = clock, seat, place
        self.origins = sys.get_coroutine_origin_tracking_depth()  # each thread has its own, and begins with none
        self._set = False
        self._real = _allocate_lock()
        take_really(self._real)

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        self._set = True
        self._real.release()
        self.clock.take_turn(self.seat)

    def wait(self, timeout: float | None = None) -> bool:
        take_really(self._real)
        self._real.release()
        return True

    def comes(self) -> bool:
        """Whether the thread was started after all, when its starter was interrupted."""
        return self._set or take_really(self._real, True, 1)

    def _at_fork_reinit(self) -> None:
        self._real = _allocate_lock()


def _hash(self: threading.Thread) -> int:
    """A thread of a run is hashed by its number, not by its place in memory: an executor joins its threads in a set's order."""
    number: int | None = self.__dict__.get("_number")
    if number is None:
        clock = clock_here()
        number = self.__dict__["_number"] = _real_hash(self) if clock is None else clock.next_thread()
    return number


_real_counter: Callable[[], int] = threading._counter  # type: ignore[attr-defined]


def _counter() -> int:
    """Of names: `Thread-1` is the first of its clock, and not of the process."""
    clock = clock_here()
    return _real_counter() if clock is None else clock.next_name()


def _seat_of(thread: threading.Thread) -> _Started | None:
    started = thread.__dict__.get("_started")
    return started if isinstance(started, _Started) else None


def _start(self: threading.Thread) -> None:
    clock = clock_here()
    event: Any = self.__dict__.get("_started")
    if clock is None or event is None or event.is_set():
        _real_start(self)  # with its own errors
        return
    _refuse_pool(self, clock)
    seat, started = clock.place(), None
    try:
        clock.admit(seat)
        started = self._started = _Started(clock, seat, place_of(sys._getframe(1)))  # type: ignore[attr-defined]
        self._invoke_excepthook = _quiet_end(self._invoke_excepthook)  # type: ignore[attr-defined]
        _real_start(self)
    except BaseException as error:
        if started is None or isinstance(error, Exception) or not started.comes():
            clock.withdraw(seat)
            self._started = event  # type: ignore[attr-defined]
        raise


def _refuse_pool(thread: threading.Thread, clock: "Clock") -> None:
    """A pool of `multiprocessing`, even of threads, has one that waits in C for a real pipe, with the turn in its hand."""
    if clock.lookout is None and getattr(thread._target, "__module__", None) == "multiprocessing.pool":  # type: ignore[attr-defined]
        alone = clock.door is None
        raise RefusedError(refusal("multiprocessing.pool.ThreadPool", "a pipe of the system", alone))


def _quiet_end(invoke: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    """A thread that was ended with its run has not failed."""

    def hook(thread: threading.Thread) -> None:
        if not isinstance(sys.exc_info()[1], RunOver):
            invoke(thread)

    return hook


def _bootstrap(self: threading.Thread) -> None:
    started = _seat_of(self)
    if started is None:
        _real_bootstrap(self)
        return
    children.block()
    sys.set_coroutine_origin_tracking_depth(started.origins)
    try:
        _real_bootstrap(self)
    finally:
        children.over()
        started.clock.leave(started.seat)


def started_at(thread: threading.Thread) -> Place:
    """The line of the program's that started a thread on a clock."""
    started = _seat_of(thread)
    return NOWHERE if started is None else started.place


def clock_of(thread: threading.Thread) -> "Clock | None":
    """The clock that a thread was started on."""
    started = _seat_of(thread)
    return None if started is None else started.clock


def _join(self: threading.Thread, timeout: float | None = None) -> None:
    started = _seat_of(self)
    if started is not None and started.is_set() and not started.seat.gone and self is not threading.current_thread():
        with started.clock.seated():
            _wait_for_end(started.clock, started.seat, timeout)
        if not started.seat.gone:
            return
    if started is not None and started.seat.gone:
        _wait_for_the_system(self)
    _real_join(self, timeout)


def _wait_for_the_system(thread: threading.Thread) -> None:
    """Until a thread that has left its clock has ended, no wait for anybody outside. Since 3.13 there is no such lock."""
    lock = getattr(thread, "_tstate_lock", None)
    if lock is not None:
        take_really(lock)
        lock.release()


def _wait_for_end(clock: "Clock", seat: "Seat", timeout: float | None) -> None:
    start, mine = clock.now, clock.mine
    assert mine is not None
    until = None if timeout is None else start + to_wait(seconds_of(max(timeout, 0)))
    try:
        seat.joiners += (mine,)
        while not seat.gone and (until is None or clock.now < until):
            clock.park(until)
    finally:
        seat.joiners = tuple(joiner for joiner in seat.joiners if joiner is not mine)
    clock.held_up("Thread.join", sys._getframe(2), start)


def _is_alive(self: threading.Thread) -> bool:
    started = _seat_of(self)
    if started is None:
        return _real_is_alive(self)
    alive = started.is_set() and not started.seat.gone
    clock = clock_here()
    if alive and clock is not None and self is not threading.current_thread():
        clock.polled("Thread.is_alive", "use Thread.join, in a coroutine await asyncio.to_thread(thread.join)")
    return alive


def _wait_for_all() -> None:
    """The interpreter waits for threads before it ends. Those of a run stand still unless somebody is there with them."""
    for thread in threading.enumerate():
        if _seat_of(thread) is not None and not thread.daemon:
            thread.join()


def join_to_the_end() -> None:
    """Who joins a thread of a clock's while the process ends, as `multiprocessing` does, lets it go on."""
    threading.Thread.join = _join  # type: ignore[method-assign]


def replacements() -> list[Replacement]:
    """What stands in `threading` and `queue`."""
    return [
        (threading, "Lock", ClockLock if isinstance(threading.Lock, type) else make_lock),
        (threading, "_allocate_lock", make_lock),
        (threading, "RLock", make_rlock),
        (threading, "_time", EITHER["monotonic"]),
        (threading.Thread, "start", _start),
        (threading.Thread, "_bootstrap", _bootstrap),
        (threading.Thread, "join", _join),
        (threading.Thread, "is_alive", _is_alive),
        (threading.Thread, "__hash__", _hash),
        (threading, "_counter", _counter),
        (queue, "time", EITHER["monotonic"]),
        *children.replacements(),
    ]


_at_exit.insert(
    0, _wait_for_all
)  # they are called from the last to the first, and others tell executors' threads to end
