"""The standard library's threads on the clock: what waits there waits in virtual time, for threads of a run and only for them.

Locks, threads and the simple queue are replaced; all that is built on them (`Event`, `Condition`, `queue.Queue`, `Barrier`,
`ThreadPoolExecutor`, `to_thread`, `run_coroutine_threadsafe`) is the library's own, unmodified.

Checked on 3.11, 3.12 and 3.13: `threading` makes its locks by `Lock`, `RLock` and `_allocate_lock` and looks the names up
when it does; a new thread runs `_bootstrap`, and sets `_started` when it has an identity, before anything of the program's.
"""

import _thread
import contextlib
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.over import RunOver
from grader.clock.present import clock_here, sits
from grader.clock.replaced import Replacement
from grader.clock.seats import consume
from grader.clock.timepatch import EITHER
from grader.ticks import to_wait

if TYPE_CHECKING:
    from grader.clock.clock import Clock
    from grader.clock.seats import Seat

    Waiter = tuple[Clock, Seat, list[bool]]

_FOR_MAIN = [
    getattr(signal, name) for name in ("SIGINT", "SIGALRM", "SIGPROF", "SIGTERM", "SIGVTALRM") if hasattr(signal, name)
]
_allocate_lock, _ident = _thread.allocate_lock, _thread.get_ident
_A_MOMENT = 0.01
_real_lock, _real_rlock, REAL_SIMPLE_QUEUE = threading.Lock, threading.RLock, queue.SimpleQueue
_real_start, _real_join, _real_is_alive = threading.Thread.start, threading.Thread.join, threading.Thread.is_alive
_at_exit: list[Callable[[], None]] = threading._threading_atexits  # type: ignore[attr-defined]
_real_hash = threading.Thread.__hash__
_real_bootstrap: Callable[[threading.Thread], None] = threading.Thread._bootstrap  # type: ignore[attr-defined]


class ClockLock:
    """A lock for any thread. One that is on a clock waits for it in virtual time, in turn; others wait in real time.

    `_outsider`: the thread on no clock that has it; that one runs, so who is on a clock waits for it really, and time stands.

    A signal's handler that raises while it is taken leaves it free, as it does with a real lock in a `with`. Python looks for
    signals after a call of C, and not where a function returns: so the very call that takes it says so, and nothing is called
    after it. One that raises as a `with` ends may leave it taken: `__exit__` is a function of Python.
    """

    __slots__ = ("__weakref__", "_lock", "_outsider", "_waiters")

    def __init__(self) -> None:
        self._lock = _allocate_lock()
        self._outsider = 0
        self._waiters: deque[Waiter] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        clock = clock_here()
        outsider = 0 if clock is not None else _ident()
        if self._take(False):
            self._outsider = outsider
            return True
        if clock is None or not blocking or (timeout != -1 and not 0 < timeout <= threading.TIMEOUT_MAX):
            got = self._take(blocking, timeout)  # with its own errors
            if got:
                self._outsider = outsider
            return got
        return self._from_outside(clock) or self._wait(clock, None if timeout == -1 else clock.now + to_wait(timeout))

    def _take(self, blocking: bool, timeout: float = -1) -> bool:
        """The real lock; where this raises it is not taken."""
        taken: list[bool] = []
        try:
            consume(map(taken.append, filter(None, map(self._lock.acquire, (blocking,), (timeout,)))))  # at once
        except BaseException:
            if taken:
                self._lock.release()
            raise
        return taken == [True]

    def _from_outside(self, clock: "Clock") -> bool:
        """Taken from an outsider, unless there is none, or it comes to be on a clock itself meanwhile."""
        while self._outsider and not sits(self._outsider):
            if self._take(True, _A_MOMENT):
                self._outsider = 0
                return True
            clock.pass_turn()
        return False

    def _wait(self, clock: "Clock", until: int | None) -> bool:
        start, seat, got = clock.now, clock.mine, [False]
        assert seat is not None
        waiter = clock, seat, got
        self._waiters.append(waiter)
        try:
            # an outsider may have released it just now
            consume(map(got.__setitem__, (0,), map(self._lock.acquire, (False,))))
            while not got[0] and (until is None or clock.now < until):
                clock.park(until)
            self._no_more(waiter)
            clock.held_up("Lock.acquire", sys._getframe(2), start)
        except BaseException:
            self._no_more(waiter)
            if got[0]:
                self.release()  # it came together with what is raised
            raise
        return got[0]

    def _no_more(self, waiter: "Waiter") -> None:
        with contextlib.suppress(ValueError):  # it was handed over
            self._waiters.remove(waiter)

    def release(self) -> None:
        self._outsider = 0
        self._lock.release()
        while self._waiters and self._lock.acquire(blocking=False):
            try:
                clock, seat, got = self._waiters.popleft()  # it is handed over, and stays locked
            except IndexError:
                self._lock.release()  # its last waiter has just gone
                continue
            got[0] = True
            clock.wake(seat)
            return

    def locked(self) -> bool:
        return self._lock.locked()

    def _at_fork_reinit(self) -> None:
        self._lock = _allocate_lock()
        self._outsider = 0
        self._waiters.clear()

    __enter__ = acquire

    def __exit__(self, *_: object) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<{'locked' if self.locked() else 'unlocked'} lock>"


class ClockRLock(threading._PyRLock):  # type: ignore[name-defined,misc]
    """The library's own in Python, which a signal's handler that raises while it is waited for leaves free, too."""

    _owner: int | None
    _count: int

    def __enter__(self) -> bool:
        me = _ident()
        if self._owner == me:
            self._count += 1
            return True
        got: bool = self._block.__enter__()
        self._owner, self._count = me, 1
        return got


def _lock() -> Any:
    return _real_lock() if clock_here() is None else ClockLock()


def _rlock(*args: Any, **kwargs: Any) -> Any:
    return _real_rlock(*args, **kwargs) if clock_here() is None else ClockRLock()


def simple_queue() -> Any:
    return REAL_SIMPLE_QUEUE() if clock_here() is None else queue._PySimpleQueue()  # type: ignore[attr-defined]


# ---------------------------------------------------------------- threads


class _Started:
    """In the place of a thread's `_started`: whoever starts a thread goes on at once, and the new one waits for its turn."""

    def __init__(self, clock: "Clock", seat: "Seat"):
        self.clock, self.seat = clock, seat
        self.origins = sys.get_coroutine_origin_tracking_depth()  # each thread has its own, and begins with none
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

    def comes(self) -> bool:
        """Whether the thread was started after all, when its starter was interrupted."""
        return self._set or self._real.acquire(timeout=1)

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
    seat, started = clock.place(), None
    try:
        clock.admit(seat)
        started = self._started = _Started(clock, seat)  # type: ignore[attr-defined]
        self._invoke_excepthook = _quiet_end(self._invoke_excepthook)  # type: ignore[attr-defined]
        _real_start(self)
    except BaseException as error:
        if started is None or isinstance(error, Exception) or not started.comes():
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
    sys.set_coroutine_origin_tracking_depth(started.origins)
    try:
        _real_bootstrap(self)
    finally:
        started.clock.leave(started.seat)


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
    _real_join(self, timeout)


def _wait_for_end(clock: "Clock", seat: "Seat", timeout: float | None) -> None:
    start, mine = clock.now, clock.mine
    assert mine is not None
    until = None if timeout is None else start + to_wait(max(timeout, 0))
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


def raise_in(ident: int, kind: type[BaseException]) -> None:
    """Raise `kind` in another thread, at its next instruction of Python."""
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(kind))


def replacements() -> list[Replacement]:
    """What stands in `threading` and `queue`."""
    return [
        (threading, "Lock", _lock),
        (threading, "_allocate_lock", _lock),
        (threading, "RLock", _rlock),
        (threading, "_time", EITHER["monotonic"]),
        (threading.Thread, "start", _start),
        (threading.Thread, "_bootstrap", _bootstrap),
        (threading.Thread, "join", _join),
        (threading.Thread, "is_alive", _is_alive),
        (threading.Thread, "__hash__", _hash),
        (threading, "_counter", _counter),
        (queue, "SimpleQueue", simple_queue),
        (queue, "time", EITHER["monotonic"]),
    ]


_at_exit.insert(
    0, _wait_for_all
)  # they are called from the last to the first, and others tell executors' threads to end
