"""The standard library's threads on the clock: what waits there waits in virtual time, for threads of a run and only for them.

Locks, threads and the simple queue are replaced; all that is built on them (`Event`, `Condition`, `queue.Queue`, `Barrier`,
`ThreadPoolExecutor`, `to_thread`, `run_coroutine_threadsafe`) is the library's own, unmodified.

Checked on 3.11, 3.12 and 3.13: `threading` makes its locks by `Lock`, `RLock` and `_allocate_lock` and looks the names up
when it does; a new thread runs `_bootstrap`, and sets `_started` when it has an identity, before anything of the program's.
"""

import _thread
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.over import RunOver
from grader.clock.present import clock_here
from grader.clock.replaced import Replacement
from grader.clock.timepatch import EITHER
from grader.ticks import to_tick

if TYPE_CHECKING:
    from grader.clock.clock import Clock, Seat

_FOR_MAIN = [
    getattr(signal, name) for name in ("SIGINT", "SIGALRM", "SIGPROF", "SIGTERM", "SIGVTALRM") if hasattr(signal, name)
]
_allocate_lock = _thread.allocate_lock
_real_lock, _real_rlock, _real_simple_queue = threading.Lock, threading.RLock, queue.SimpleQueue
_real_start, _real_join, _real_is_alive = threading.Thread.start, threading.Thread.join, threading.Thread.is_alive
_real_bootstrap: Callable[[threading.Thread], None] = threading.Thread._bootstrap  # type: ignore[attr-defined]


class ClockLock:
    """A lock for any thread. One that is on a clock waits for it in virtual time, in turn; others wait in real time."""

    __slots__ = ("__weakref__", "_lock", "_waiters")

    def __init__(self) -> None:
        self._lock = _allocate_lock()
        self._waiters: deque[tuple[Clock, Seat, list[bool]]] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._lock.acquire(blocking=False):
            return True
        clock = clock_here()
        if clock is None or not blocking or timeout == 0 or (timeout < 0 and timeout != -1):
            return self._lock.acquire(blocking, timeout)  # with its own errors
        return self._wait(clock, None if timeout == -1 else clock.now + to_tick(timeout))

    def _wait(self, clock: "Clock", until: int | None) -> bool:
        start, seat, got = clock.now, clock.mine, [False]
        assert seat is not None
        waiter = clock, seat, got
        self._waiters.append(waiter)
        try:
            while not got[0] and (until is None or clock.now < until):
                clock.park(until)
        finally:
            if not got[0]:
                self._waiters.remove(waiter)
        clock.held_up("Lock.acquire", sys._getframe(2), start)
        return got[0]

    def release(self) -> None:
        if not self._waiters:
            self._lock.release()
            return
        clock, seat, got = self._waiters.popleft()  # it is handed over, and stays locked
        got[0] = True
        clock.wake(seat)

    def locked(self) -> bool:
        return self._lock.locked()

    def _at_fork_reinit(self) -> None:
        self._lock = _allocate_lock()
        self._waiters.clear()

    __enter__ = acquire

    def __exit__(self, *_: object) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<{'locked' if self.locked() else 'unlocked'} lock>"


def _lock() -> Any:
    return _real_lock() if clock_here() is None else ClockLock()


def _rlock(*args: Any, **kwargs: Any) -> Any:
    return _real_rlock(*args, **kwargs) if clock_here() is None else threading._PyRLock()  # type: ignore[attr-defined]


def _simple_queue() -> Any:
    return _real_simple_queue() if clock_here() is None else queue._PySimpleQueue()  # type: ignore[attr-defined]


# ---------------------------------------------------------------- threads


class _Started:
    """In the place of a thread's `_started`: whoever starts a thread goes on at once, and the new one waits for its turn."""

    def __init__(self, clock: "Clock", seat: "Seat"):
        self.clock, self.seat = clock, seat
        self._set = False
        self._real = _allocate_lock()
        self._real.acquire()

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        self._set = True
        self._real.release()
        self.clock.take_turn(self.seat)

    def wait(self, timeout: float | None = None) -> bool:
        with self._real:
            return True

    def _at_fork_reinit(self) -> None:
        self._real = _allocate_lock()


def _seat_of(thread: threading.Thread) -> _Started | None:
    started = thread.__dict__.get("_started")
    return started if isinstance(started, _Started) else None


def _start(self: threading.Thread) -> None:
    clock = clock_here()
    event: Any = self.__dict__.get("_started")
    if clock is None or event is None or event.is_set():
        _real_start(self)  # with its own errors
        return
    seat = clock.admit()
    self._started = _Started(clock, seat)  # type: ignore[attr-defined]
    self._invoke_excepthook = _quiet_end(self._invoke_excepthook)  # type: ignore[attr-defined]
    try:
        _real_start(self)
    except BaseException:
        clock.withdraw(seat)
        self._started = event  # type: ignore[attr-defined]
        raise


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
    if hasattr(signal, "pthread_sigmask"):
        # They are for the main thread, which would not wake for them at a lock if they were given to this one.
        signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_MAIN)
    try:
        _real_bootstrap(self)
    finally:
        started.clock.leave()


def _join(self: threading.Thread, timeout: float | None = None) -> None:
    started = _seat_of(self)
    if started is not None and started.is_set() and not started.seat.gone and self is not threading.current_thread():
        with started.clock.seated():
            _wait_for_end(started.clock, started.seat, timeout)
        if not started.seat.gone:
            return
    _real_join(self, timeout)


def _wait_for_end(clock: "Clock", seat: "Seat", timeout: float | None) -> None:
    start, mine = clock.now, clock.mine
    assert mine is not None
    until = None if timeout is None else start + to_tick(max(timeout, 0))
    seat.joiners.append(mine)
    while not seat.gone and (until is None or clock.now < until):
        clock.park(until)
    seat.joiners.remove(mine)
    clock.held_up("Thread.join", sys._getframe(2), start)


def _is_alive(self: threading.Thread) -> bool:
    started = _seat_of(self)
    return _real_is_alive(self) if started is None else started.is_set() and not started.seat.gone


# ---------------------------------------------------------------- pools


def _adjust_thread_count(self: Any) -> None:
    """A pool that was made before the run waits for jobs in C, with the turn in its hand: it gets a queue of the run's."""
    if clock_here() is not None and not self._threads and type(self._work_queue) is _real_simple_queue:
        jobs, self._work_queue = self._work_queue, _simple_queue()
        while not jobs.empty():
            self._work_queue.put(jobs.get_nowait())
    _real_adjust_thread_count[0](self)


_real_adjust_thread_count: list[Callable[[Any], None]] = []


def _of_pools() -> list[Replacement]:
    pools: Any = sys.modules.get("concurrent.futures.thread")
    if pools is None:
        return []
    _real_adjust_thread_count[:] = _real_adjust_thread_count or [pools.ThreadPoolExecutor._adjust_thread_count]
    return [(pools.ThreadPoolExecutor, "_adjust_thread_count", _adjust_thread_count)]


def raise_in(ident: int, kind: type[BaseException]) -> None:
    """Raise `kind` in another thread, at its next instruction of Python."""
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(kind))


def replacements() -> list[Replacement]:
    """What stands in `threading` and `queue`, and in `concurrent.futures` where a pool may have been made already."""
    return [
        (threading, "Lock", _lock),
        (threading, "_allocate_lock", _lock),
        (threading, "RLock", _rlock),
        (threading, "_time", EITHER["monotonic"]),
        (threading.Thread, "start", _start),
        (threading.Thread, "_bootstrap", _bootstrap),
        (threading.Thread, "join", _join),
        (threading.Thread, "is_alive", _is_alive),
        (queue, "SimpleQueue", _simple_queue),
        (queue, "time", EITHER["monotonic"]),
        *_of_pools(),
    ]
