"""Who waits in virtual time for a lock or a simple queue, in the order in which they came.

Only the first in line may take it, and who comes meanwhile stands behind; so nobody overtakes, and a run has one trace.

A signal's handler may raise at any look that Python takes for signals: after a call of C, where a function begins, and where a
loop goes back, but not where a function returns. So whatever is taken is noted by the very call of C that takes it.
"""

import _thread
import contextlib
import functools
import math
import queue
import re
import sys
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from concurrent.futures import thread
from itertools import repeat
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.clock.library import present
from grader.clock.library.present import MARKS, is_over, thread_of
from grader.clock.lines import CLOCK, Place
from grader.clock.seconds import seconds_of
from grader.clock.threads.seats import Ended, Seat, consume
from grader.ticks import to_seconds, to_wait

if TYPE_CHECKING:
    from grader.clock.clock import Clock

    Waiter = tuple[Clock, Seat | None]

_A_MOMENT = 0.01  # real seconds for which somebody outside is waited for at a time
_OWNER = re.compile(r"owner=(\d+)")
_INSTEAD = "use Lock.acquire, in a coroutine await asyncio.to_thread(lock.acquire)"
_RUN = thread._WorkItem.run.__code__
_ident = _thread.get_ident
# taken now, because other functions stand in their places while there is a clock
_GET, _PUT = queue.SimpleQueue.get, queue.SimpleQueue.put


class Taken(NamedTuple):
    """A lock, by the thread with that mark, in that file and line, by a `job` of a pool's if it has a name."""

    mark: int
    place: Place
    job: str


LINES: "dict[int, Line]" = {}  # of all locks and queues that are waited for, by their `id`
TAKERS: dict[int, int] = {}  # which thread took a lock last: its mark if it was on a clock, which is less than 0
PLACES: dict[int, Taken] = {}  # where it was taken, if that was by acquire() on a clock
UNTOLD: dict[int, None] = {}  # those that may be free without their line having been told


class Kind:
    """A kind of real lock: `at_once[lock]` takes it if it is free, `acquire(lock, blocking, timeout)` waits for it."""

    def __init__(self, of: type) -> None:
        self.acquire = of.acquire  # type: ignore[attr-defined]
        self.at_once = _at_once(self.acquire)

    def is_free(self, lock: Any) -> bool:
        return not lock.locked()

    def taker(self, lock: Any) -> int | None:
        """Who took it last, as it was noted."""
        return TAKERS.get(id(lock))


class _Again(Kind):
    """That may be taken again. Such a lock knows its owner, and tells in no other way."""

    def is_free(self, lock: Any) -> bool:
        return repr(lock).startswith("<unlocked")

    def taker(self, lock: Any) -> int | None:
        noted, (owner,) = TAKERS.get(id(lock)), map(int, _OWNER.findall(repr(lock)))
        return owner if noted is None or thread_of(noted) != owner else noted


def _at_once(acquire: Any) -> Any:
    """In brackets, because Python looks for signals after a call, and not after these: what was taken is not lost."""
    taking = staticmethod(functools.partial(acquire, blocking=False))
    return type("AtOnce", (dict,), {"__missing__": taking, "__slots__": ()})()


LOCK, RLOCK = Kind(type(_thread.allocate_lock())), _Again(type(_thread.RLock()))


class Line(ABC):
    """Those who wait for `thing`. `told`: they hear of it when it is released; else whoever passes a turn on has to look."""

    __slots__ = ("patient", "thing", "told", "waiters")

    def __init__(self, thing: Any, told: bool) -> None:
        self.thing, self.told, self.patient = thing, told, True
        self.waiters: deque[Waiter] = deque()

    @abstractmethod
    def free(self) -> int:
        """How many may have it now, or have to wait for somebody outside."""

    @abstractmethod
    def take(self, got: list[Any], seconds: float = 0) -> None:
        """What is taken is in `got` from the moment on at which it is taken. Waits really for so many seconds."""

    @abstractmethod
    def give_back(self, got: list[Any]) -> None:
        """What was taken is of no use."""

    def is_outside(self) -> bool:
        """Whether somebody has it who is not on the clock: that one runs, so it is waited for really, and time stands."""
        return False

    def call(self) -> None:
        """The first of them have news, if it is free."""
        if self.waiters:
            for clock, seat in tuple(self.waiters)[: self.free()]:
                clock.wake(seat)

    def wait(self, clock: "Clock", until: int | None, name: str) -> list[Any]:
        """The present thread, which has the turn, waits until `until`; `name`, if any, is said if it holds up an event loop."""
        start, waiter, got = clock.now, (clock, clock.mine), list[Any]()
        patience = repeat(_A_MOMENT, _moments(until - start)) if until is not None else repeat(_A_MOMENT)
        key = id(self.thing)
        try:
            line = self._joined(key, waiter)
            while not line._comes_to(waiter, got, patience) and (until is None or clock.now < until):
                clock.park(until)
            _leave(key, waiter)
            if name:
                clock.held_up(name, caller_of(sys._getframe()), start)
        except BaseException:
            _leave(key, waiter)
            if got:
                self.give_back(got)  # it came together with what is raised
            raise
        return got

    def _joined(self, key: int, waiter: "Waiter") -> "Line":
        while True:
            line = LINES.setdefault(key, self)
            line.waiters.append(waiter)
            if LINES.get(key) is line:
                if not line.told:
                    UNTOLD[key] = None
                return line
            # its last one, who is on another clock, has gone just now

    def _comes_to(self, waiter: "Waiter", got: list[Any], patience: Iterator[float]) -> bool:
        """Whether it is the first, and has it; from somebody outside it is waited for as long as there are such moments."""
        clock = waiter[0]
        while self.waiters[0] is waiter:
            self.take(got)
            moment = next(patience, 0) if not got and self.is_outside() else 0
            if moment:
                with contextlib.nullcontext() if clock.lookout is None else clock.lookout.aside():
                    self.take(got, moment)
            if got:
                break
            if not moment:
                self.patient = not self.is_outside()
                break
            clock.pass_turn()
        return got != []


def _moments(ticks: int) -> int:
    """As long in real time, but no longer than anybody is patient."""
    return math.ceil(min(to_seconds(ticks) / _A_MOMENT, sys.maxsize / 2))


def caller_of(frame: FrameType) -> FrameType:
    """Who called a function of the clock's, in which `frame` is or which it called."""
    while frame.f_back is not None and frame.f_code.co_filename.startswith(CLOCK):
        frame = frame.f_back
    return frame


def _leave(key: int, waiter: "Waiter") -> None:
    line = LINES.get(key)
    if line is None:
        return
    with contextlib.suppress(ValueError):  # it had not come so far
        line.waiters.remove(waiter)
    line.call()
    if not line.waiters:
        LINES.pop(key, None)
        UNTOLD.pop(key, None)


def tell(key: int, _: object, found: Any) -> Any:
    """That lock was released; gives back `found`."""
    line = LINES.get(key)
    if line is not None:
        line.call()
    UNTOLD.pop(key, None)
    return found


def look() -> None:
    """Who waits for what is released by real functions of C, which tell nobody, has news if that has happened."""
    for key in tuple(UNTOLD):
        line = LINES.get(key)
        if line is not None:
            line.call()
        if line is None or line.told:
            UNTOLD.pop(key, None)


def leave_all() -> None:
    """Nobody waits, and who took what is not known any more."""
    for each in (LINES, UNTOLD, TAKERS, PLACES):
        each.clear()


# ---------------------------------------------------------------- locks


class LockLine(Line):
    """Of a real lock of that `kind`."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind, thing: Any, told: bool) -> None:
        Line.__init__(self, thing, told)
        self.kind = kind

    def free(self) -> int:
        return int(self.kind.is_free(self.thing) or (self.patient and self.is_outside()))

    def take(self, got: list[Any], seconds: float = 0) -> None:
        blocking, timeout = (True, seconds) if seconds else (False, -1)
        consume(map(got.append, filter(None, map(self.kind.acquire, (self.thing,), (blocking,), (timeout,)))))
        if got:
            TAKERS[id(self.thing)] = _taker()

    def give_back(self, got: list[Any]) -> None:
        self.thing.release()
        self.call()

    def is_outside(self) -> bool:
        taker = self.kind.taker(self.thing)
        if taker is None:  # it was taken before anything was replaced
            return not all(present.sits(thread.ident or 0) for thread in threading.enumerate())
        return taker > 0 and not present.sits(taker)

    def take_really(self, blocking: bool, timeout: float) -> bool:
        """As somebody who is on no clock, and comes in if a thread has it that stands still until somebody does."""
        got: list[Any] = []
        try:
            clock = present.at(thread_of(self.kind.taker(self.thing) or 0)) if blocking and timeout == -1 else None
            while not (clock is None or isinstance(clock, Ended) or got):
                self.take(got, _A_MOMENT)
                if not got and clock.holder is None:
                    with clock.seated():
                        got += self.wait(clock, None, "")
                    TAKERS[id(self.thing)] = _taker()
            if not got:
                self.take(got, timeout if blocking else 0)
        except BaseException:
            if got:
                self.give_back(got)
            raise
        return got != []


def _taker() -> int:
    me = _ident()
    return MARKS.get(me, me)


def taker_of(lock: Any) -> int | None:
    """The thread that took a lock last, as far as it was noted; 0 if it is over."""
    mark = TAKERS.get(id(getattr(lock, "_lock", lock)))
    if mark is None:
        return None
    return 0 if is_over(mark) else thread_of(mark)


def taken_at(lock: Any) -> Taken | None:
    """Where that thread took it, if it was by `acquire()`."""
    key = id(getattr(lock, "_lock", lock))
    taken = PLACES.get(key)
    return taken if taken is not None and taken.mark == TAKERS.get(key) else None


def _taken(mark: int, frame: FrameType | None) -> Taken | None:
    if frame is None or mark >= 0 or frame.f_globals is vars(threading):
        return None
    above: FrameType | None = frame
    while above is not None and above.f_code is not _RUN:
        above = above.f_back
    job = "" if above is None else getattr(above.f_locals["self"].fn, "__qualname__", "")
    return Taken(mark, (frame.f_code.co_filename, frame.f_lineno), str(job))


def acquire(kind: Kind, lock: Any, told: bool, blocking: bool, timeout: float, caller: FrameType | None = None) -> bool:
    """As the real lock's. A thread that is on a clock waits for it in virtual time, in turn; others wait in real time.

    `caller`: the program's frame, if that is to be known.
    """
    taken = _taken(_taker(), caller)
    if timeout != -1:
        timeout = seconds_of(timeout)
        if not (blocking and 0 <= timeout <= threading.TIMEOUT_MAX):
            kind.acquire(lock, blocking, timeout)  # with its own errors
    key, mark = id(lock), _taker()
    if key not in LINES and kind.at_once[lock]:
        TAKERS[key] = mark
        if taken is not None:
            PLACES[key] = taken
        return True
    line = LockLine(kind, lock, told)
    clock = _clock_to_wait_on(line)
    if clock is None or (kind is RLOCK and lock._is_owned()):
        return line.take_really(blocking, timeout)
    if not blocking:
        if sys._getframe(2).f_globals is not vars(threading):  # which tries it to see whose it is
            clock.polled("Lock.acquire(blocking=False)", _INSTEAD)
        return False
    until = None if timeout == -1 else clock.now + to_wait(timeout)
    if line.wait(clock, until, "Lock.acquire"):
        if taken is not None:
            PLACES[key] = taken
        return True
    return False


def acquire_again(lock: Any, told: bool, state: tuple[int, int]) -> None:
    """An RLock of which `_release_save` gave this state."""
    acquire(RLOCK, lock, told, True, -1)
    consume(map(RLOCK.acquire, repeat(lock, state[0] - 1)))


def _clock_to_wait_on(line: LockLine) -> "Clock | None":
    """The clock of the present thread. None if it is on none, or not in turn: then nothing of the program's runs there."""
    clock = present.clock_here()
    if clock is None or (isinstance(clock, Ended) and line.is_outside()):
        return None
    return clock if isinstance(clock, Ended) or clock.has_turn() else None


# ---------------------------------------------------------------- simple queues


class QueueLine(Line):
    """Of a real simple queue."""

    __slots__ = ()

    def free(self) -> int:
        return int(self.thing.qsize())

    def take(self, got: list[Any], seconds: float = 0) -> None:
        with contextlib.suppress(queue.Empty):
            consume(map(got.append, map(_GET, (self.thing,), (False,))))

    def give_back(self, got: list[Any]) -> None:
        put(self.thing, got[0])


def get(items: Any, block: bool, timeout: float | None) -> Any:
    """As the queue's. A thread that is on a clock waits in virtual time, in turn."""
    clock = present.clock_here()
    if clock is None or not block or not clock.has_turn():
        return _GET(items, block, timeout)
    if timeout is not None:
        timeout = seconds_of(timeout)
        if not 0 <= timeout <= threading.TIMEOUT_MAX:
            return _GET(items, block, timeout)  # with its own errors
    got: list[Any] = []
    line = QueueLine(items, False)
    if id(items) not in LINES:
        line.take(got)
    if not got:
        got = line.wait(clock, None if timeout is None else clock.now + to_wait(timeout), "SimpleQueue.get")
    if not got:
        raise queue.Empty
    return got[0]


def put(items: Any, item: Any) -> None:
    """As the queue's, and who waits for it has news."""
    _PUT(items, item)
    line = LINES.get(id(items))
    if line is not None:
        line.call()
