"""The runner's share of the clock: one per run, for all its loops and threads.

Time moves only when nobody can go on: alone, up to the lease that the referee gave, else by asking. Threads take turns:
whoever holds the turn runs, and gives it away where it waits, so a run with threads has one trace.
"""

import _thread
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol

from grader.clock.over import DeadlockError, LivelockError, RunOver
from grader.ticks import FAR

# taken now, because a run replaces the ones that programs use
_allocate_lock, _ident = _thread.allocate_lock, _thread.get_ident

MAX_TURNS = 1_000_000


class Lender(Protocol):
    """Who leases time: the two questions about time that `grader.door.messages.Door` answers."""

    def block(self, at: int, to: int) -> int | None: ...

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[Any]]: ...


class Seat:
    """A thread's place in the round: `go` is released when its turn comes."""

    __slots__ = ("go", "order", "tick")

    def __init__(self) -> None:
        self.go = _allocate_lock()
        self.go.acquire()
        self.tick: int | None = None
        self.order = 0


class Clock:
    """`now` in ticks. Without a door the lease has no end: the stand-alone clock.

    `deliver(event)` takes the referee's events; `on_break(reason)` hears of an end at the moment it comes. `owes`: something
    was begun or slept through, so the referee may have events for this very tick. `max_turns`: loop turns at one tick
    before it is a livelock.
    """

    def __init__(self, door: Lender | None = None, max_turns: int = MAX_TURNS):
        self.now = 0
        self.until: int | None = None if door is None else 0
        self.door = door
        self.number: Callable[[], int] = count(1).__next__
        self.deliver: Callable[[list[Any]], None] = lambda event: None
        self.on_break: Callable[[RunOver], None] = lambda reason: None
        self.owes = False
        self.broken: RunOver | None = None
        self.max_turns = max_turns
        self.turns = self.steps = 0
        self.turns_at_tick = 0
        self._tick_of_turns = 0
        self._seats: dict[int, Seat] = {}
        self._parked: list[Seat] = []
        self._ready: deque[Seat] = deque()

    # ------------------------------------------------------------ time

    def park(self, tick: int | None) -> None:
        """Nothing is to be done in this thread before `tick` (None: before news). Returns when it is time, or news is there.

        Raises DeadlockError when neither can ever come.
        """
        if not self._ready and not self._parked:
            if not self._advance(tick):
                raise self.break_off(DeadlockError("nothing can ever run again"))
            return
        seat = self._seat()
        seat.tick, seat.order = tick, self.number()
        self._parked.append(seat)
        turn = self._next()
        if turn is not seat:
            turn.go.release()
            seat.go.acquire()
        self.check()

    def _advance(self, tick: int | None) -> bool:
        """Move to `tick`, or to the referee's next event before it; False if nothing can ever come."""
        if tick is not None and (self.until is None or tick < self.until):
            self.now = tick
            return True
        return self.ask(tick)

    def ask(self, tick: int | None) -> bool:
        """Ask the referee how far time may go, and take its events."""
        self.owes = False
        if self.door is None:
            return tick is not None
        now, self.until, events = self.door.idle(self.now, tick, self.number())
        if now is None:
            return False
        self.now = now
        for event in events:
            self.deliver(event)
        return True

    def block(self, ticks: int) -> None:
        """The thread that has the turn sleeps: the clock moves, and nothing else does."""
        to = min(self.now + ticks, FAR)
        if self._ready or self._parked:
            self.park(to)
            return
        if self.door is not None:
            self.until = self.door.block(self.now, to)
            self.owes = True
        self.now = to

    def turn(self) -> None:
        """A loop takes a turn; too many of them at one tick are a livelock."""
        self.turns += 1
        if self._tick_of_turns != self.now:
            self._tick_of_turns, self.turns_at_tick = self.now, 0
        self.turns_at_tick += 1
        if self.turns_at_tick > self.max_turns:
            detail = f"{self.max_turns} turns of the event loop while the clock stood still"
            raise self.break_off(LivelockError(detail))

    # ------------------------------------------------------------ the end of a run

    def break_off(self, reason: RunOver) -> RunOver:
        """The run ends with `reason`, even if the program catches what is raised now."""
        if self.broken is None:
            self.broken = reason
            self.on_break(reason)
        return self.broken

    def mend(self) -> None:
        """The end has been heard: what is left may be cleaned up."""
        self.broken = None
        self.turns_at_tick = 0

    def check(self) -> None:
        if self.broken is not None:
            raise self.broken

    def forget(self) -> None:
        """Let go of whoever is to be told, and of the exception that ended the run."""
        self.deliver = lambda event: None
        self.on_break = lambda reason: None
        self.broken = None

    # ------------------------------------------------------------ turns

    def _seat(self) -> Seat:
        return self._seats.setdefault(_ident(), Seat())

    def admit(self) -> Seat:
        """A place for a thread that is about to start; it begins with `take_turn(seat)`."""
        seat = Seat()
        self._ready.append(seat)
        return seat

    def take_turn(self, seat: Seat) -> None:
        seat.go.acquire()
        self._seats[_ident()] = seat

    def leave(self) -> None:
        """The present thread ends: the turn goes on."""
        del self._seats[_ident()]
        self._next().go.release()

    def wake(self, seat: Seat) -> None:
        if seat in self._parked:
            self._parked.remove(seat)
            self._ready.append(seat)

    def _next(self) -> Seat:
        """Whose turn it is; moves time when nobody is ready."""
        while not self._ready:
            due = min((s for s in self._parked if s.tick is not None), key=_when, default=None)
            if not self._advance(due.tick if due else None):
                self.break_off(DeadlockError("nothing can ever run again"))
                self.wake(self._parked[0])
            for seat in sorted((s for s in self._parked if s.tick is not None and s.tick <= self.now), key=_when):
                self.wake(seat)
        return self._ready.popleft()


def _when(seat: Seat) -> tuple[int, int]:
    assert seat.tick is not None
    return seat.tick, seat.order
