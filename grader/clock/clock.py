"""One clock for all loops and threads of a run. Time moves only when nobody can go on: alone, up to the lease that the
referee gave, else by asking.

Threads take turns: whoever has the turn runs, and gives it away where it waits. So a run with threads has one trace, and
while any of its threads computes, the clock stands.
"""

import _thread
import contextlib
import heapq
from asyncio.events import _get_running_loop
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol

from grader.clock import present
from grader.clock.over import DeadlockError, LimitError, LivelockError, RunOver
from grader.ticks import FAR, to_tick, to_ticks

if TYPE_CHECKING:
    from grader.clock.lookout import Lookout

# taken now, because a run replaces the ones that programs use
_allocate_lock, _ident = _thread.allocate_lock, _thread.get_ident

NEVER = 2**62  # ticks: 146 years
MAX_TURNS = 1_000_000
MAX_THREADS = 10_000
EPOCH = 1_893_456_000.0  # 2030-01-01 00:00 UTC
_MAX_ROUNDS = 100  # turns that are given to threads that do not end when they are to


def _nobody(*_: object) -> None:
    """Hears of it."""


class Lender(Protocol):
    """Who leases time: the two questions about time that `grader.door.messages.Door` answers."""

    def block(self, at: int, to: int) -> int | None: ...

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[Any]]: ...


class Seat:
    """A thread's place in the round: `go` is released when its turn comes; `order` numbers what it is parked for."""

    __slots__ = ("go", "gone", "ident", "joiners", "order", "place")

    def __init__(self, place: int, ident: int | None = None) -> None:
        self.go = _allocate_lock()
        self.go.acquire()
        self.place, self.ident = place, ident
        self.order = 0
        self.gone = False
        self.joiners: list[Seat] = []


class Clock:
    """`now` in ticks. Without a door the lease has no end: the stand-alone clock.

    `start` is the loop's time and `epoch` the time of day at its beginning, both in seconds. `max_turns`: turns at one tick
    before it is a livelock. `owes`: something was begun or slept through, so the referee may have events for this very tick.

    `deliver(event)` takes the referee's events; `on_break(reason)` hears of an end at the moment it comes, and
    `on_block(name, frame, start, end)` of a call that held up an event loop; `make_loop()` makes the loops of the threads here,
    and `watch` says what they are refused. A `lookout` waits for what is outside before time moves.
    """

    def __init__(
        self, door: Lender | None = None, max_turns: int = MAX_TURNS, *, start: float = 0.0, epoch: float = EPOCH
    ):
        self.now = to_tick(start)
        self.epoch = to_ticks(epoch) - self.now
        self.until = NEVER if door is None else self.now
        self.door = door
        self.number: Callable[[], int] = count(1).__next__
        self.deliver: Callable[[list[Any]], object] = _nobody
        self.on_break: Callable[[RunOver], object] = self._explain
        self.on_block: Callable[[str, FrameType, int, int], object] = _nobody
        self.make_loop: Callable[[], Any] | None = None
        self.watch: Any = None
        self.lookout: Lookout | None = None
        self.loops: list[Any] = []  # those that run
        self.owes = False
        self.broken: RunOver | None = None
        self.max_turns = max_turns
        self.max_threads = MAX_THREADS
        self.turns = self.steps = 0
        self.turns_at_tick = 0
        self._tick_of_turns = self.now
        # ---- turns
        self.crowded = False  # more than one thread has a seat
        self.holder: Seat | None = None
        self._turn = _allocate_lock()  # held while anybody runs; free while all threads are outside
        self._seats: dict[int, Seat] = {}
        self._admitted = 0
        self._guests = 0  # threads that entered, and were not started here
        self._places = count()
        self._parked: list[tuple[int, int, Seat]] = []
        self._waiting: dict[Seat, None] = {}
        self._ready: deque[Seat] = deque()
        self._arrivals: deque[Seat] = deque()

    # ------------------------------------------------------------ time

    def park(self, tick: int | None) -> None:
        """Nothing is to be done in this thread before `tick` (None: before news). Returns when it is time, or news is there.

        Raises DeadlockError when neither can ever come.
        """
        if not self.crowded and (self.lookout is None or self._guests):
            if not self._advance(tick):
                raise self.break_off(self._deadlock())
            return
        self.turn()
        seat = self._seats[_ident()]
        seat.order = self.number()
        self._waiting[seat] = None
        if tick is not None:
            heapq.heappush(self._parked, (tick, seat.order, seat))
        self._hand_over(seat)
        self.check()

    def lease(self, until: int | None) -> None:
        """How far the clock may now be moved without asking: strictly before `until`."""
        self.until = NEVER if until is None else until

    def _advance(self, tick: int | None) -> bool:
        """Move to `tick`, or to the referee's next event before it; False if nothing can ever come."""
        if self.lookout is not None and self.lookout.news(tick):
            return True
        if tick is not None and tick < self.until:
            if tick > self.now:
                self.now = tick
            return True
        return self.ask(tick)

    def ask(self, tick: int | None) -> bool:
        """Ask the referee how far time may go, and take its events."""
        self.owes = False
        if self.door is None:
            return tick is not None and tick <= self.now
        timer = None if tick is None else min(tick, FAR)
        now, lease, events = self.door.idle(self.now, timer, self.number())
        self.lease(lease)
        if now is None:
            return False
        self.now = now
        for event in events:
            self.deliver(event)
        return True

    def block(self, ticks: int) -> None:
        """The thread that has the turn sleeps: its loop, if it has one, stands still while the clock moves."""
        to = min(self.now + ticks, NEVER)
        if self.crowded or (self.lookout is not None and not self._guests):
            while self.now < to:
                self.park(to)
            return
        if self.lookout is not None:
            self.lookout.pause(to)
        if self.door is not None:
            to = min(to, FAR)
            self.lease(self.door.block(self.now, to))
            self.owes = True
        self.now = to

    def held_up(self, name: str, frame: FrameType, start: int) -> None:
        """The present thread has waited since `start` for something that is not its event loop's: `name`, called in `frame`."""
        if self.now > start and _get_running_loop() is not None:
            self.on_block(name, frame, start, self.now)

    def turn(self) -> None:
        """Somebody takes a turn; too many of them at one tick are a livelock."""
        self.turns += 1
        if self._tick_of_turns != self.now:
            self._tick_of_turns, self.turns_at_tick = self.now, 0
        self.turns_at_tick += 1
        if self.turns_at_tick > self.max_turns:
            raise self.livelock()

    def _deadlock(self) -> RunOver:
        waited = "" if self.lookout is None else f"; {self.lookout.waited()}"
        return DeadlockError(f"nothing can ever run again{waited}")

    def livelock(self) -> RunOver:
        """Turns without end at one tick: the run ends, with this to be raised."""
        detail = f"{self.max_turns} turns of the event loop while the clock stood still"
        return self.break_off(LivelockError(detail))

    # ------------------------------------------------------------ the end of a run

    def break_off(self, reason: RunOver) -> RunOver:
        """The run ends with `reason`, even if the program catches what is raised now."""
        if self.broken is None:
            self.broken = reason
            self.on_break(reason)
        return self.broken

    def _explain(self, reason: RunOver) -> None:
        """Who waits where and for what goes into the text of the end, while all still stand there."""
        from grader.clock import stuck

        if isinstance(reason, DeadlockError):
            said = [str(wait) for wait in stuck.waits_of(self.loops, self)]
        else:
            wait = stuck.spinning(self.loops) if isinstance(reason, LivelockError) else None
            said = [] if wait is None else [str(wait)]
        if said:
            reason.say("\n  ".join([f"{reason.detail}:", *said]))

    def mend(self) -> None:
        """The end has been heard: what is left may be cleaned up."""
        self.broken = None
        self.turns_at_tick = 0

    def check(self) -> None:
        if self.broken is not None:
            raise self.broken.again()

    def forget(self) -> None:
        """Let go of whoever is to be told, and of the exception that ended the run."""
        self.deliver = self.on_break = self.on_block = _nobody
        self.loops.clear()
        self.make_loop = None
        self.broken = None

    def end_threads(self, reason: RunOver) -> bool:
        """Every other thread is ended: where it waits, `reason` is raised. False if one does not end even so."""
        if self.mine is None:
            return not self.crowded  # an interrupt took its seat
        before, self.broken = self.broken, reason
        for _ in range(_MAX_ROUNDS):
            if not self.crowded:
                break
            for seat in sorted(self._waiting, key=lambda seat: seat.place):
                self.wake(seat)
            self._stand_back()
        self.broken = before
        return not self.crowded

    # ------------------------------------------------------------ who takes part

    def enter(self) -> bool:
        """The present thread takes a seat, and its turn; False if it had one."""
        ident = _ident()
        if ident in self._seats:
            return False
        seat = Seat(next(self._places), ident)
        if not self._turn.acquire(blocking=False):
            self.crowded = True
            self._arrive(seat)
        self._sit(seat, ident)
        self._guests += 1
        return True

    def _arrive(self, seat: Seat) -> None:
        self._arrivals.append(seat)
        self._let_in()
        if self.lookout is not None:
            self.lookout.ring()
        self._wait(seat)

    def exit(self) -> None:
        """The present thread goes outside; threads that are left stand still until somebody enters."""
        self._guests -= 1
        if self._rise() is None:
            return  # an interrupt took its seat while it waited for its turn
        if self._arrivals:
            self._arrivals.popleft().go.release()
        else:
            self._turn.release()
            self._let_in()

    def _let_in(self) -> None:
        """Whoever came while the turn was taken, and finds it free."""
        while self._arrivals and self._turn.acquire(blocking=False):
            if self._arrivals:
                self._arrivals.popleft().go.release()
                return
            self._turn.release()

    @contextlib.contextmanager
    def seated(self) -> Iterator[None]:
        """The present thread takes part for this time."""
        entered = self.enter()
        try:
            yield
        finally:
            if entered:
                self.exit()

    def admit(self) -> Seat:
        """A place for a thread that is about to start; it begins with `take_turn(seat)`."""
        if len(self._seats) + self._admitted > self.max_threads:
            raise self.break_off(LimitError("threads"))
        seat = Seat(next(self._places))
        self._admitted += 1
        self._ready.append(seat)
        self.crowded = True
        return seat

    def withdraw(self, seat: Seat) -> None:
        """That thread could not be started."""
        self._admitted -= 1
        self._ready.remove(seat)
        self._count()

    def take_turn(self, seat: Seat) -> None:
        """The first act of a thread that was admitted."""
        seat.ident = _ident()
        seat.go.acquire()
        self._admitted -= 1
        self._sit(seat, seat.ident)

    def leave(self) -> None:
        """The present thread ends: the turn goes on."""
        seat = self._rise()
        if seat is None:
            return
        seat.gone = True
        for joiner in seat.joiners:
            self.wake(joiner)
        if self.lookout is not None:
            self.lookout.hand_on()
        elif self._seats or self._admitted:
            self._give(self._next())
        else:
            self._turn.release()
            self._let_in()

    def _sit(self, seat: Seat, ident: int) -> None:
        self._seats[ident] = self.holder = seat
        self._count()
        present.sit(ident, self)

    def _rise(self) -> Seat | None:
        ident = _ident()
        present.rise(ident)
        seat = self._seats.pop(ident, None)
        self.holder = None
        self._count()
        return seat

    def _count(self) -> None:
        self.crowded = len(self._seats) + self._admitted + len(self._arrivals) > 1

    def idents(self) -> set[int]:
        """The threads that have a seat."""
        return set(self._seats)

    @property
    def mine(self) -> Seat | None:
        """The seat of the present thread."""
        return self._seats.get(_ident())

    # ------------------------------------------------------------ turns

    def pass_turn(self) -> None:
        """Whoever else can go on has a turn now."""
        if self._ready or self._arrivals:
            self.turn()
            self._stand_back()
            self.check()

    def wake(self, seat: Seat | None) -> None:
        """There is news for a thread that may be parked."""
        if seat is not None and self._waiting.pop(seat, seat) is None:
            self._ready.append(seat)
        if self.lookout is not None:
            self.lookout.ring()

    def has_turn(self) -> bool:
        """Whether it is the present thread's turn."""
        holder = self.holder
        return holder is not None and holder.ident == _ident()

    def somebody_ready(self) -> bool:
        """Whether a thread waits for nothing but its turn."""
        return bool(self._ready or self._arrivals)

    def _stand_back(self) -> None:
        seat = self._seats[_ident()]
        self._ready.append(seat)
        self._hand_over(seat)

    def _hand_over(self, seat: Seat) -> None:
        """The next one's turn; returns when it is `seat`'s again."""
        if self.lookout is not None and not self._guests and not self.somebody_ready():
            self._let_go()  # it came back from a blocking call when all had gone: it stands still too
            self._wait(seat)
        else:
            try:
                following = self._next()
            except BaseException:  # raised by a signal's handler while the lookout waits
                self._waiting.pop(seat, None)
                raise
            if following is not seat:
                self._give(following)
                self._wait(seat)
        self.holder = seat

    def _let_go(self) -> None:
        """The turn is nobody's."""
        self.holder = None
        self._turn.release()
        self._let_in()

    def _give(self, seat: Seat) -> None:
        self.holder = seat
        seat.go.release()

    def _next(self) -> Seat:
        """Whose turn it is; moves time when nobody is ready."""
        while True:
            while self._arrivals:
                self._ready.append(self._arrivals.popleft())
            if self._ready:
                return self._ready.popleft()
            self._move_on()

    def _move_on(self) -> None:
        due = self._parked
        while due and not (due[0][2] in self._waiting and due[0][2].order == due[0][1]):
            heapq.heappop(due)
        try:
            moved = self.broken is None and self._advance(due[0][0] if due else None)
        except RunOver as reason:
            self.break_off(reason)
            moved = False
        if not moved:
            self.break_off(self._deadlock())
            self.wake(min(self._waiting, key=lambda seat: seat.place))
        while due and due[0][0] <= self.now:
            _, order, seat = heapq.heappop(due)
            if seat.order == order:
                self.wake(seat)

    def _wait(self, seat: Seat) -> None:
        try:
            seat.go.acquire()
        except BaseException:  # raised by a signal's handler
            self._give_up(seat)
            raise

    def _give_up(self, seat: Seat) -> None:
        """The present thread goes on although it is not its turn: it has no seat any more, unless its turn has just come."""
        if seat in self._waiting:
            del self._waiting[seat]
        elif seat in self._ready:
            self._ready.remove(seat)
        elif seat in self._arrivals:
            self._arrivals.remove(seat)
        else:
            seat.go.acquire()
            self.holder = seat
            return
        if seat.ident is not None and self._seats.pop(seat.ident, None) is not None:
            present.rise(seat.ident)
        self._count()
