"""Who takes part in a run, and whose turn it is.

Threads take turns: whoever has the turn runs, and gives it away where it waits. So a run with threads has one trace, and
while any of its threads computes, the clock stands.

A signal's handler may raise between any two instructions of Python in the main thread. So what has to be done together is done
by functions of C, and whoever is broken off gives up what it waited for.
"""

import _thread
import contextlib
import heapq
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count, starmap
from operator import call
from typing import TYPE_CHECKING, Any

from grader.clock import present
from grader.clock.over import LimitError, RunOver

if TYPE_CHECKING:
    from grader.clock.clock import Clock

# taken now, because a run replaces the ones that programs use
_allocate_lock, _ident = _thread.allocate_lock, _thread.get_ident
_none = (None,)
_consume = deque[Any](maxlen=0).extend

MAX_THREADS = 10_000
HEARS_SIGNALS = 0.1  # real seconds


def _at_once(*calls: tuple[Any, ...]) -> None:
    """Call functions of C. A signal's handler may raise before or after all of them, but not in between."""
    _consume(starmap(call, calls))


class Seat:
    """A thread's place in the round: `go` is released when its turn comes; `order` numbers what it is parked for.

    `guest`: it came from outside, and goes there again. `before`: the clock that it was on before, and is on again then.
    """

    __slots__ = ("before", "go", "gone", "guest", "ident", "joiners", "order", "place")

    def __init__(self, place: int, ident: int | None = None) -> None:
        self.go = _allocate_lock()
        self.go.acquire()
        self.place, self.ident = place, ident
        self.guest = ident is not None
        self.order = 0
        self.gone = False
        self.joiners: list[Seat] = []
        self.before: Clock | None = None


class Turns:
    """The part of a clock that gives threads their turns; `Clock` says how time moves and how a run ends.

    `holder` has the turn; its thread alone may change anything here, except for `wake` and `enter`, which anybody may call.
    """

    now: int
    number: Callable[[], int]
    broken: RunOver | None

    max_threads = MAX_THREADS

    def __init__(self) -> None:
        self.crowded = False  # more than one thread has a seat
        self.holder: Seat | None = None
        self._turn = _allocate_lock()  # held while anybody runs; free while all threads are outside
        self._seats: dict[int, Seat] = {}
        self._admitted: set[Seat] = set()
        self._places = count()
        self.next_thread: Callable[[], int] = count(1).__next__
        self._parked: list[tuple[int, int, Seat]] = []
        self._waiting: dict[Seat, Seat] = {}
        self._ready: deque[Seat] = deque()
        self._arrivals: deque[Seat] = deque()

    # ------------------------------------------------------------ what a clock adds

    def turn(self) -> None:
        """Somebody takes a turn."""
        raise NotImplementedError

    def check(self) -> None:
        """Raises what ended the run, if it has ended."""
        raise NotImplementedError

    def break_off(self, reason: RunOver) -> RunOver:
        """The run ends; gives what is to be raised."""
        raise NotImplementedError

    def end(self, reason: RunOver) -> None:
        """What the present thread entered for is over."""
        raise NotImplementedError

    def deadlock(self, tick: int | None) -> RunOver:
        """Nobody can go on; what comes next, if anything does, comes at `tick`."""
        raise NotImplementedError

    def move(self, tick: int | None) -> bool:
        """Move to `tick`, or to what comes before it; False if nothing can ever come."""
        raise NotImplementedError

    # ------------------------------------------------------------ waiting

    def park(self, tick: int | None) -> None:
        """Nothing is to be done in this thread before `tick` (None: before news). Returns when it is time, or news is there.

        Raises DeadlockError when neither can ever come.
        """
        if not self.crowded:
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

    def enter(self) -> bool:
        """The present thread takes a seat, and its turn; False if it had one."""
        ident = _ident()
        if ident in self._seats:
            return False
        seat = Seat(next(self._places), ident)
        try:
            if not self._turn.acquire(False):
                self._arrivals.append(seat)
                self.crowded = True
                self._let_in()
                self._wait(seat)
            self._sit(seat, ident)
        except BaseException:
            self._give_up(seat)
            self.exit()
            raise
        return True

    def exit(self) -> None:
        """The present thread goes outside. Threads of the run that are left alone stand still until somebody enters."""
        if _ident() not in self._seats:
            return  # an interrupt took its seat while it waited for its turn
        try:
            self._rise()
        finally:
            self._go_out()

    def _go_out(self) -> None:
        """The turn is for who else has come from outside, or comes next."""
        if self._arrivals or (self._seats and any(seat.guest for seat in self._seats.values())):
            self._give(self._next())
        else:
            _at_once((setattr, self, "holder", None), (self._turn.release,))
            if self._arrivals:
                self._let_in()

    def _let_in(self) -> None:
        """Whoever came while the turn was taken, and finds it free."""
        while self._arrivals and self._turn.acquire(blocking=False):
            if self._arrivals:
                self._give(self._arrivals)
                return
            self._turn.release()

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
        return Seat(next(self._places))

    def admit(self, seat: Seat) -> None:
        """The thread that begins with `take_turn(seat)` is in the round from now on."""
        self.crowded = True
        _at_once((self._admitted.add, seat), (self._ready.append, seat))

    def withdraw(self, seat: Seat) -> None:
        """That thread could not be started."""
        if seat in self._admitted:
            _at_once((self._admitted.remove, seat), (self._ready.remove, seat))
        self._count()

    def take_turn(self, seat: Seat) -> None:
        """The first act of a thread that was admitted."""
        seat.ident = _ident()
        seat.go.acquire()
        self._admitted.remove(seat)
        self._sit(seat, seat.ident)

    def leave(self) -> None:
        """The present thread ends: the turn goes on."""
        seat = self._rise()
        if seat is None:
            return
        seat.gone = True
        for joiner in seat.joiners:
            self.wake(joiner)
        following = self._next()
        if following:
            self._give(following)
        else:
            self._go_out()

    def _sit(self, seat: Seat, ident: int) -> None:
        self._seats[ident] = self.holder = seat
        self._count()
        seat.before = present.sit(ident, self)  # type: ignore[arg-type]

    def _rise(self) -> Seat | None:
        ident = _ident()
        seat = self._seats.get(ident)
        if seat is not None:
            present.sit(ident, seat.before)
            del self._seats[ident]
            self._count()
        return seat

    def _count(self) -> None:
        self.crowded = len(self._seats) + len(self._admitted) + len(self._arrivals) > 1
        if self._arrivals:
            self.crowded = True  # one may have come in the meantime

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

    def rests(self, but: set[Seat | None]) -> bool:
        """Every other thread waits, for news or for a later tick; those at `but` may have come to theirs."""
        waiting = len(self._waiting) + 1 == len(self._seats) + len(self._admitted) + len(self._arrivals)
        due = {seat for tick, order, seat in self._parked if tick <= self.now and self._awaits(seat, order)}
        return waiting and due <= but

    def _awaits(self, seat: Seat, order: int) -> bool:
        return seat in self._waiting and seat.order == order

    def wake(self, seat: Seat | None) -> None:
        """There is news for a thread that may be parked."""
        if seat in self._waiting:
            self._ready.extend(filter(None, map(self._waiting.pop, (seat,), _none)))  # at once, too

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
        queue = self._next()
        if queue[0] is seat:
            queue.popleft()
        else:
            self._give(queue)
            self._wait(seat)

    def _give(self, queue: deque[Seat]) -> None:
        """The turn is the first one's of this queue."""
        seat = queue[0]
        _at_once((queue.popleft,), (setattr, self, "holder", seat), (seat.go.release,))

    def _next(self) -> deque[Seat]:
        """Whose turn it is: the first one's in this queue; nobody's if it is empty. Moves time when nobody is ready."""
        while not (self._arrivals or self._ready) and self._waiting:
            self._move_on()
        return self._arrivals or self._ready

    def _move_on(self) -> None:
        due = self._parked
        while due and not self._awaits(due[0][2], due[0][1]):
            heapq.heappop(due)
        try:
            moved = self.broken is None and self.move(due[0][0] if due else None)
        except RunOver as reason:
            self.break_off(reason)
            moved = False
        if not moved:
            self.break_off(self.deadlock(due[0][0] if due else None))
            self.wake(min(self._waiting, key=lambda seat: seat.place, default=None))
        while due and due[0][0] <= self.now:
            _, order, seat = due[0]
            if seat.order == order:
                self.wake(seat)
            heapq.heappop(due)

    def _wait(self, seat: Seat) -> None:
        # The system gives a signal to any thread, and this one does not wake for it at a lock; if it is the main thread it
        # has to look now and then, or Ctrl-C and the limit on CPU time would not be heard while another computes.
        while not seat.go.acquire(timeout=HEARS_SIGNALS):
            pass

    def _give_up(self, seat: Seat) -> None:
        """A signal's handler has raised where the present thread, whose seat this is, took part in the turns.

        It goes on at once. If it has the turn, it keeps it; else it has no seat any more, and is outside.
        """
        self._waiting.pop(seat, None)
        for queue in (self._ready, self._arrivals):
            if seat in queue:
                queue.remove(seat)
        mine = self.holder is seat
        seat.go.acquire(blocking=False)  # it may just have come
        if mine and seat.ident in self._seats:
            return
        if seat.ident is not None and self._seats.pop(seat.ident, None) is not None:
            present.sit(seat.ident, seat.before)
        self._count()
        if mine:
            self._go_out()
