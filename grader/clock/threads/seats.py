"""Who takes part in a run: each thread on the clock has a seat."""

import _thread
import threading
from collections import deque
from collections.abc import Callable
from functools import cached_property
from itertools import count, starmap
from operator import call
from typing import TYPE_CHECKING, Any

from grader.clock.library import present
from grader.clock.over import RunOver

if TYPE_CHECKING:
    from grader.clock.clock import Clock

# taken now, because other functions stand in their places while there is a clock
_allocate_lock, _ident = _thread.allocate_lock, _thread.get_ident
take_really = type(_allocate_lock()).acquire
start_really = _thread.start_new_thread

MAX_THREADS = 10_000
# For how long the main thread waits, in real seconds, before it looks up. The system gives a signal to any thread, and the main
# thread does not wake for it at a lock: or Ctrl-C and the limit on CPU time would not be heard while another computes.
HEARS_SIGNALS = 0.1


consume = deque[Any](maxlen=0).extend


def at_once(*calls: tuple[Any, ...]) -> None:
    """Call functions of C. A signal's handler may raise before or after all of them, but not in between."""
    consume(starmap(call, calls))


_places = count()  # of all seats; they are only compared


class _Go:
    def __get__(self, seat: "Seat", kind: "type[Seat]") -> _thread.LockType:
        lock = _allocate_lock()
        take_really(lock)
        go: _thread.LockType = vars(seat).setdefault("go", lock)
        return go  # of two threads that ask at once, both have the same


class Seat:
    """A thread's place in the round: `go` is released when its turn comes; `order` numbers what it is parked for.

    `guest`: it came from outside, and goes there again. `before`: the clock that it was on before, and is on again then.

    Whoever is alone never waits for its turn, so `go` is made when it is first asked for.
    """

    go = _Go()
    order = 0
    gone = False
    joiners: "tuple[Seat, ...]" = ()
    before: "Clock | None"
    signals: "list[int]" = []  # noqa: RUF012 -- never changed: another is put in its place

    place: int
    ident: int | None
    guest: bool

    def wait(self) -> None:
        """Until it is the turn of the present thread, whose seat this is."""
        patience = HEARS_SIGNALS if self.ident == threading.main_thread().ident else -1
        while not take_really(self.go, True, patience):
            pass
        if self.signals:
            self.hear()

    def hear(self) -> None:
        """Signals that others on the clock have sent; their handlers may raise."""
        from grader.clock.threads import signals  # which needs to know of seats

        signals.hear(self)


def new_seat(ident: int | None = None) -> Seat:
    """The next one; of the thread that it is for, if that is there already."""
    seat = Seat()  # a method called by C would cost it half as much again
    seat.place, seat.ident, seat.guest, seat.before = next(_places), ident, ident is not None, None
    return seat


_EMPTY: Any = ()
_FOR_SEVERAL = {"_admitted": set, "_arrivals": deque, "_ready": deque, "_waiting": dict, "_parked": list}


class Ended:
    """In the place of its clock for a thread that was ended out of turn: whatever it asks of it ends it once more."""

    def __init__(self, reason: RunOver | None) -> None:
        self._reason = reason or RunOver("ended out of turn")

    def __getattr__(self, name: str) -> Any:
        raise self._reason.again()


class Seats:
    """The threads that take part. `crowded`: there is more than one, or there may be; `roomy`: there were, or may have been.

    Most clocks serve one loop for the length of one test, so what only several threads need is made when there are several.
    """

    loops: list[Any]  # those that run
    _seats: dict[int, Seat]
    crowded: bool
    roomy: bool
    max_threads = MAX_THREADS
    _admitted: set[Seat] = _EMPTY  # threads that are about to start
    _arrivals: deque[Seat] = _EMPTY  # threads from outside that wait for a turn
    _ready: deque[Seat] = _EMPTY
    _waiting: dict[Seat, Seat] = _EMPTY
    _parked: list[tuple[int, int, Seat]] = _EMPTY

    def make_room(self) -> None:
        """There may be several threads from now on; of two that say so at once, one makes what both have."""
        has = vars(self).setdefault
        for name, kind in _FOR_SEVERAL.items():
            has(name, kind())
        self.roomy = True

    # numbers for what has no order of its own, or has one of the whole process

    @cached_property
    def number(self) -> Callable[[], int]:
        return count(1).__next__

    @cached_property
    def next_thread(self) -> Callable[[], int]:
        return count(1).__next__

    @cached_property
    def next_future(self) -> Callable[[], int]:
        return count(1).__next__

    @cached_property
    def next_pool(self) -> Callable[[], int]:
        return count().__next__

    @cached_property
    def next_name(self) -> Callable[[], int]:
        return count(1).__next__

    def idents(self) -> set[int]:
        """The threads that have a seat."""
        return set(self._seats)

    @property
    def mine(self) -> Seat | None:
        """The seat of the present thread."""
        return self._seats.get(_ident())

    def seat_of(self, ident: int | None) -> Seat | None:
        """The seat of a thread."""
        return None if ident is None else self._seats.get(ident)

    def is_attended(self) -> bool:
        """Somebody who came from outside is there; threads of the run alone stand still."""
        return any(seat.guest for seat in self._seats.values())

    def _rise(self, ident: int) -> Seat | None:
        seat = self._seats.get(ident)
        if seat is not None:
            if seat.before is None:
                present.rise(ident)
            else:
                present.sit(ident, seat.before)
            del self._seats[ident]
            if self.crowded:
                self._count()
        return seat

    def _count(self) -> None:
        self.crowd(len(self._seats) + len(self._admitted) + len(self._arrivals) > 1)
        if self._arrivals:
            self.crowd(True)  # one may have come in the meantime

    def crowd(self, crowded: bool) -> None:
        """Whether there is more than one; loops that run are told, since then they may be called from a wrong thread."""
        if crowded is not self.crowded:
            if crowded:
                self.make_room()
            self.crowded = crowded
            for loop in self.loops:
                loop.choose_pace()
