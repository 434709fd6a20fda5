"""Who takes part in a run, and whose turn it is.

Threads take turns: whoever has the turn runs, and gives it away where it waits. So a run with threads has one trace, and
while any of its threads computes, the clock stands.

A signal's handler may raise between any two instructions of Python in the main thread. So what has to be done together is done
by functions of C, and whoever is broken off gives up what it waited for.
"""

import _thread
import contextlib
import heapq
from abc import abstractmethod
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from grader.clock.library import present
from grader.clock.over import LimitError, RunOver
from grader.clock.threads.in_line import UNTOLD, look
from grader.clock.threads.seats import Ended, Seat, Seats, at_once, new_seat, take_really

if TYPE_CHECKING:
    from grader.clock.threads.lookout import Lookout

# taken now, because a run replaces the ones that programs use
_ident = _thread.get_ident
_none = (None,)
_NOBODY = new_seat()  # has the turn while somebody is let in


if TYPE_CHECKING:

    class Course(Protocol):
        """What a clock adds to turns: how time moves, and how a run ends."""

        now: int
        broken: RunOver | None
        lookout: "Lookout | None"

        @abstractmethod
        def turn(self) -> None:
            """Somebody takes a turn."""

        @abstractmethod
        def check(self) -> None:
            """Raises what ended the run, if it has ended."""

        @abstractmethod
        def break_off(self, reason: RunOver) -> RunOver:
            """The run ends; gives what is to be raised."""

        @abstractmethod
        def end(self, reason: RunOver) -> None:
            """What the present thread entered for is over."""

        @abstractmethod
        def deadlock(self, tick: int | None) -> RunOver:
            """Nobody can go on; what comes next, if anything does, comes at `tick`."""

        @abstractmethod
        def move(self, tick: int | None) -> bool:
            """Move to `tick`, or to what comes before it; False if nothing can ever come."""

else:
    Course = object  # a protocol among its bases would make each clock dearer


class Turns(Seats, Course):
    """The part of a clock that gives threads their turns.

    `holder` has the turn; its thread alone may change anything here, except for `wake` and `enter`, which anybody may call.
    """

    _turn: dict[None, Seat]  # whose it is; empty while all threads are outside

    # ------------------------------------------------------------ waiting

    def park(self, tick: int | None) -> None:
        """Nothing is to be done in this thread before `tick` (None: before news). Returns when it is time, or news is there.

        Raises DeadlockError when neither can ever come.
        """
        if not self.crowded and (self.lookout is None or self.is_attended()):
            if not self.move(tick):
                raise self.break_off(self.deadlock(tick))
            return
        self.turn()
        seat = self._seats[_ident()]
        try:
            seat.order = self.number()
            if tick is not None:
                heapq.heappush(self._parked, (tick, seat.order, seat))
            self._waiting[seat] = seat
            self._hand_over(seat)
        except BaseException:
            self._give_up(seat)
            raise
        self.check()

    # ------------------------------------------------------------ who takes part

    def enter(self) -> Seat | None:
        """The present thread takes a seat, and its turn, and has the seat from this; None if it had one."""
        ident = _ident()
        if ident in self._seats:
            return None
        seat = new_seat(ident)
        try:
            if self._turn.setdefault(None, seat) is not seat:
                self.crowd(True)
                self._arrive(seat)
            self._sit(seat, ident)
        except BaseException:
            self._give_up(seat)
            self.exit()
            raise
        return seat

    def _takes(self, seat: Seat) -> bool:
        """The turn, if it was nobody's, is `seat`'s."""
        return self._turn.setdefault(None, seat) is seat  # at once

    def come_back(self, seat: Seat) -> None:
        """The present thread gave its turn away for a blocking call, and has it again when this returns."""
        try:
            if not self._takes(seat):
                self._arrive(seat)
        except BaseException:
            self._give_up(seat)
            raise

    def _arrive(self, seat: Seat) -> None:
        """Wait for a turn that comes from outside the round; it comes before that of anybody in it."""
        self._arrivals.append(seat)
        self._let_in()
        if self.lookout is not None:
            self.lookout.ring()
        seat.wait()

    def exit(self) -> None:
        """The present thread goes outside. Threads of the run that are left alone stand still until somebody enters."""
        ident = _ident()
        if ident not in self._seats:
            return  # an interrupt took its seat while it waited for its turn
        try:
            self._rise(ident)
        finally:
            self._go_out()

    def _go_out(self) -> None:
        """The turn is for who else has come from outside, or comes next."""
        if self.roomy and (self._arrivals or self.is_attended()):
            self._give_to_next()
            return
        self._turn.clear()
        if self.roomy and self._arrivals:
            self._let_in()

    def _give_to_next(self) -> None:
        if self.lookout is None:
            self._give(self._next())
        else:
            self.lookout.hand_on()

    @property
    def stands_still(self) -> bool:
        """The present thread came back from a blocking call, and all have gone outside in the meantime."""
        return self.lookout is not None and not self.is_attended()

    def let_go(self) -> None:
        """The turn is nobody's."""
        self._turn.clear()
        if self._arrivals:
            self._let_in()

    def _let_in(self) -> None:
        """Whoever came while the turn was taken, and finds it free."""
        while self._arrivals and self._takes(_NOBODY):
            if self._arrivals:
                self._give(self._arrivals)
                return
            self._turn.clear()

    @contextlib.contextmanager
    def seated(self) -> Iterator[None]:
        """The present thread takes part for this time."""
        entered = self.enter()
        try:
            yield
        except RunOver as reason:
            if entered:
                self.end(reason)
            raise
        finally:
            if entered:
                self.exit()

    def place(self) -> Seat:
        """A seat for a thread that is about to start."""
        if len(self._seats) + len(self._admitted) > self.max_threads:
            raise self.break_off(LimitError("threads"))
        return new_seat()

    def admit(self, seat: Seat) -> None:
        """The thread that begins with `take_turn(seat)` is in the round from now on."""
        self.crowd(True)
        at_once((self._admitted.add, seat), (self._ready.append, seat))

    def withdraw(self, seat: Seat) -> None:
        """That thread could not be started."""
        if seat in self._admitted:
            at_once((self._admitted.remove, seat), (self._ready.remove, seat))
        self._count()

    def take_turn(self, seat: Seat) -> None:
        """The first act of a thread that was admitted."""
        seat.ident = _ident()
        seat.wait()
        self._admitted.remove(seat)
        self._sit(seat, seat.ident)

    def leave(self, seat: Seat) -> None:
        """The present thread, whose seat this is or was, ends: the turn goes on."""
        seated = self._rise(_ident()) is not None
        seat.gone = True
        for joiner in seat.joiners:
            self.wake(joiner)
        if not seated:
            present.sit(_ident(), None)  # it was ended out of turn
            return
        if self.lookout is not None:
            self.lookout.hand_on()
            return
        following = self._next()
        if following:
            self._give(following)
        else:
            self._go_out()

    def _sit(self, seat: Seat, ident: int) -> None:
        self._seats[ident] = seat
        if self.roomy:
            self._count()
        seat.before = present.sit(ident, self, not seat.guest)  # type: ignore[arg-type]

    # ------------------------------------------------------------ turns

    def pass_turn(self) -> None:
        """Whoever else can go on has a turn now."""
        if UNTOLD:
            look()
        if self.roomy and (self._ready or self._arrivals):
            self.turn()
            self._stand_back()
            self.check()

    def rests(self, but: set[Seat | None]) -> bool:
        """Every other thread waits, for news or for a later tick; those at `but` may have come to theirs."""
        look()
        waiting = len(self._waiting) + 1 == len(self._seats) + len(self._admitted) + len(self._arrivals)
        due = {seat for tick, order, seat in self._parked if tick <= self.now and self._awaits(seat, order)}
        return waiting and due <= but

    def _awaits(self, seat: Seat, order: int) -> bool:
        return seat in self._waiting and seat.order == order

    def parked_for_a_time(self) -> list[Seat]:
        """The threads that go on when it is time, if there is no news before."""
        return [seat for _, order, seat in self._parked if self._awaits(seat, order)]

    def first_due(self) -> int | None:
        """The tick of whichever of them goes on first."""
        due = self._parked
        while due and not self._awaits(due[0][2], due[0][1]):
            heapq.heappop(due)
        return due[0][0] if due else None

    def wake(self, seat: Seat | None) -> None:
        """There is news for a thread that may be parked."""
        if seat in self._waiting:
            self._ready.extend(filter(None, map(self._waiting.pop, (seat,), _none)))  # at once, too
        if self.lookout is not None:
            self.lookout.ring()

    def has_turn(self) -> bool:
        """Whether it is the present thread's turn."""
        holder = self._turn.get(None)
        return holder is not None and holder.ident == _ident()

    @property
    def holder(self) -> Seat | None:
        """Whose turn it is."""
        return self._turn.get(None)

    def somebody_ready(self) -> bool:
        """Whether a thread waits for nothing but its turn."""
        return bool(self._ready or self._arrivals)

    def waits(self, seat: Seat | None) -> bool:
        """Whether that thread is parked."""
        return seat in self._waiting

    def stands_in_line(self, seat: Seat | None) -> bool:
        """Whether that thread is parked, or waits for nothing but its turn."""
        return seat in self._waiting or seat in self._ready or seat in self._arrivals

    def first_waiting(self) -> Seat | None:
        """Whoever is parked and came first of them."""
        return min(self._waiting, key=lambda seat: seat.place, default=None)

    def give(self) -> None:
        """Somebody is ready: it is their turn."""
        self._give(self._arrivals or self._ready)

    def _stand_back(self) -> None:
        seat = self._seats[_ident()]
        try:
            self._ready.append(seat)
            self._hand_over(seat)
        except BaseException:
            self._give_up(seat)
            raise

    def _hand_over(self, seat: Seat) -> None:
        """The next one's turn; returns when it is `seat`'s again."""
        if self.stands_still and not self.somebody_ready():
            self.let_go()
            seat.wait()
            return
        queue = self._next()
        if queue[0] is seat:
            queue.popleft()
        else:
            self._give(queue)
            seat.wait()

    def _give(self, queue: deque[Seat]) -> None:
        """The turn is the first one's of this queue."""
        seat = queue[0]
        at_once((queue.popleft,), (self._turn.__setitem__, None, seat), (seat.go.release,))

    def _next(self) -> deque[Seat]:
        """Whose turn it is: the first one's in this queue; nobody's if it is empty. Moves time when nobody is ready."""
        if UNTOLD:
            look()
        while not (self._arrivals or self._ready) and self._waiting:
            self._move_on()
        return self._arrivals or self._ready

    def _move_on(self) -> None:
        due = self.first_due()
        try:
            moved = self.broken is None and self.move(due)
        except RunOver as reason:
            self.break_off(reason)
            moved = False
        if not moved:
            self.break_off(self.deadlock(due))
            self.wake(self.first_waiting())
        self.wake_due()

    def wake_due(self) -> None:
        """It has become later: whoever waited for that goes on."""
        due = self._parked
        while due and due[0][0] <= self.now:
            _, order, seat = due[0]
            if seat.order == order:
                self.wake(seat)
            heapq.heappop(due)

    def _give_up(self, seat: Seat) -> None:
        """A signal's handler has raised where the present thread, whose seat this is, took part in the turns.

        It goes on at once. If it has the turn, it keeps it; else it has no seat any more, and is outside, where it came from,
        or if it was made here, ended.
        """
        if self._waiting:
            self._waiting.pop(seat, None)
        for queue in (self._ready, self._arrivals):
            if seat in queue:
                queue.remove(seat)
        mine = self.holder is seat
        take_really(seat.go, False)  # it may just have come
        if mine and seat.ident in self._seats:
            return
        if seat.ident is not None and self._seats.pop(seat.ident, None) is not None:
            present.sit(seat.ident, seat.before if seat.guest else Ended(self.broken))  # type: ignore[arg-type]
        self._count()
        if mine:
            self._go_out()
