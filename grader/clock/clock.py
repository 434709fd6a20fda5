"""One clock for all loops and threads of a run. Time moves only when nobody can go on: alone, up to the lease that the
referee gave, else by asking.
"""

import datetime
import sys
from asyncio import all_tasks
from asyncio.events import _get_running_loop
from collections.abc import Callable
from functools import lru_cache
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol

from grader.clock.library.present import clock_here
from grader.clock.over import BusyLoopError, DeadlockError, LivelockError, RunOver, TimeLimitError
from grader.clock.seconds import check_seconds
from grader.clock.threads.pools import waits_for_work
from grader.clock.threads.turns import Turns
from grader.clock.world.around import Around
from grader.ticks import FAR, NEVER, TICKS_PER_SECOND, to_seconds, to_tick

if TYPE_CHECKING:
    from grader.clock.reasons.rounds import Rounds
    from grader.clock.reasons.stuck import Wait
    from grader.clock.threads.lookout import Lookout

MAX_TURNS = 1_000_000
FIRST_LOOK = 1000  # turns at one tick before it is looked whether all is again as it was
MAX_ASKS = 5_000_000  # for the time, at one tick, of a clock that stands alone: some seconds of real time
MAX_POLLS = 1_000_000  # of a lock or a thread, at one tick
EPOCH = 1_893_456_000.0  # 2030-01-01 00:00 UTC
_MAX_ROUNDS = 100  # turns that are given to threads that do not end when they are to


_PERHAPS = "; it may go round without end, or need more of them: give its loop a Clock(max_turns=...)"
_ASKS = "asks for the time again and again, and it passes only while everybody waits; await asyncio.sleep, or use time.sleep"


def _nobody(*_: object) -> None:
    """Hears of it."""


def _in_the_log(name: str, frame: FrameType, start: int, end: int) -> None:
    """Hears of calls that held up a loop, where nobody else does."""
    clock = clock_here()
    if clock is not None and clock.door is None and end > start:
        from grader.clock.reasons import halts  # which hardly any run comes to

        halts.tell(clock, name, frame, end - start)


def _beginning(name: str, seconds: float) -> int:
    check_seconds(name, seconds)
    return _tick(seconds)


@lru_cache
def _tick(seconds: float) -> int:
    tick = to_tick(seconds) if seconds == seconds else NEVER  # NaN is not itself
    if abs(tick) == NEVER:
        shown = seconds if seconds == seconds else "NaN"
        raise ValueError(f"a clock cannot begin at {shown} seconds; give less than {NEVER // TICKS_PER_SECOND}")
    return tick


_EPOCH = _tick(EPOCH)


class Lender(Protocol):
    """Who leases time: the two questions about time that `grader.door.messages.Door` answers."""

    def block(self, at: int, to: int) -> int | None: ...

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[Any]]: ...


class Clock(Turns, Around):
    """`now` in ticks. Without a door the lease has no end: the stand-alone clock.

    `start` is the loop's time and `epoch` the time of day at its beginning, both in seconds. `max_turns`: turns at one tick
    before it is a livelock. `owes`: something was begun or slept through, so the referee may have events for this very tick.

    `deliver(event)` takes the referee's events; `on_break(reason)` hears of an end at the moment it comes, and
    `on_block(name, frame, start, end)` of a call that held up an event loop, which without it stands in asyncio's log;
    `make_loop()` makes the loops of the threads here, and `watch` says what they are refused. `targets`: where tests advance it
    to, if it does not move by itself. A `lookout` waits for what is outside before time moves.
    """

    # set for each clock, and not here: Python 3.12 takes five times as long for what stands in a class as well
    targets: list[int] | None
    lookout: "Lookout | None"
    broken: RunOver | None
    owes: bool
    turns: int
    turns_at_tick: int
    steps: int
    # few clocks come to set these
    deliver: Callable[[list[Any]], object] = staticmethod(_nobody)
    on_break: Callable[[RunOver], object] | None = None
    on_block: Callable[[str, FrameType, int, int], object] = staticmethod(_in_the_log)
    make_loop: Callable[[], Any] | None = None
    watch: Any = None
    last: int | None = None  # the tick beyond which it does not go, if there is one
    limited_to = 0.0  # in seconds, from where it was then
    is_given = False  # to a loop by whoever made it, so that other loops may have it, too
    _asks, _tick_of_asks = 0, -NEVER
    _polls, _tick_of_polls = 0, -NEVER

    def __init__(
        self, door: Lender | None = None, max_turns: int = MAX_TURNS, start: float = 0.0, epoch: float = EPOCH
    ):
        # what seats and turns need is made here, too: a test has a clock of its own, and each call costs it some percent
        self._seats, self._turn = {}, {}
        self.crowded = self.roomy = self.owes = False
        self.targets = self.lookout = self.broken = None
        self.turns = self.turns_at_tick = self.steps = 0
        self._tick_of_turns = self._look_at = -NEVER
        self._rounds: Rounds | None = None
        self.now = _beginning("start", start) if start else 0
        self.epoch = (_EPOCH if epoch is EPOCH else _beginning("epoch", epoch)) - self.now
        self.until = NEVER if door is None else self.now
        self.door = door
        self.loops: list[Any] = []  # those that run
        self.max_turns = max_turns

    # ------------------------------------------------------------ time

    def lease(self, until: int | None) -> None:
        """How far the clock may now be moved without asking: strictly before `until`."""
        self.until = NEVER if until is None else until

    def limit(self, seconds: float) -> None:
        """It goes on for `seconds` of virtual time from now, and then the run ends with a TimeLimitError.

        Raises TypeError for what is no number, ValueError for less than nothing, and for a clock that others move.
        """
        check_seconds("time_limit", seconds)
        if not seconds >= 0:
            raise ValueError(f"time_limit is {seconds!r}: give seconds, 0 or more")
        if self.door is not None or self.targets is not None:
            raise ValueError("time_limit is for a clock that moves by itself")
        last = self.now + to_tick(seconds)
        if last < NEVER and (self.last is None or last < self.last):
            self.last, self.limited_to = last, seconds
            self.lease(last + 1)

    def move(self, tick: int | None) -> bool:
        """Move to `tick`, or to the referee's next event before it; False if nothing can ever come."""
        if self.lookout is not None and self.lookout.news(tick):
            return True
        if tick is not None and tick < self.until:
            if tick > self.now:
                self.now = tick
            return True
        return self.ask(tick)

    def deadlock(self, tick: int | None) -> RunOver:
        """Nobody can go on; what comes next, if anything does, comes at `tick`."""
        if self.last is not None and tick is not None and tick > self.last:
            return TimeLimitError(f"the program is not over after the time_limit of its clock, {self.limited_to:g} s")
        if self.targets is None and self.door is None and tick is not None and tick > NEVER:
            return DeadlockError(f"this clock goes no further than {self._last()}, and nothing can run before that")
        if self.targets is None or tick is None:
            waited = "" if self.lookout is None else f"; {self.lookout.waited()}"
            return DeadlockError(f"nothing can ever run again{waited}")
        return DeadlockError(f"nothing can run before {to_seconds(tick):g} s, and only advance() moves this clock")

    def _last(self) -> str:
        """The end of time, as the program's own dates have it."""
        ends = datetime.datetime.fromtimestamp(to_seconds(self.epoch + NEVER), datetime.UTC)
        return f"{ends:%Y-%m-%d %H:%M} UTC"

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
        to = self.now + ticks
        if not ticks:
            self.turn()  # whoever does nothing else never sees the time pass
        if self.crowded or self.stands_still:
            if not ticks:
                self.pass_turn()
            while self.now < to:
                self.park(to)
            return
        held = self.targets is not None or self.last is not None
        if (held and to >= self.until) or (to > NEVER and self.door is None):
            raise self.break_off(self.deadlock(to))
        if self.lookout is not None:
            self.lookout.pause(to)
        if self.door is not None:
            to = min(to, FAR)
            self.lease(self.door.block(self.now, to))
            self.owes = True
        self.now = to

    def asked(self) -> int:
        """Somebody asks for the time, and is told it; whoever does nothing else never sees it pass."""
        if self._tick_of_asks != self.now:
            self._tick_of_asks, self._asks = self.now, 0
        self._asks += 1
        if self._asks > MAX_ASKS:
            self._spins(_ASKS)
        return self.now

    def polled(self, call: str, instead: str) -> None:
        """Somebody asks by `call` whether another has come to something, and is told that it has not: nobody can meanwhile.

        To ask takes two nanoseconds at most.
        """
        if self.now - self._tick_of_polls > 2 * self._polls:
            self._tick_of_polls, self._polls = self.now, 0
        self._polls += 1
        if self._polls > MAX_POLLS:
            self._spins(f"asks {call} again and again, and others go on only while it waits; {instead}")

    def _spins(self, why: str) -> None:
        """The present thread does nothing else."""
        if self.door is None:  # under a referee there is a limit of CPU time
            from grader.clock.lines import place_of, said

            raise self.break_off(BusyLoopError(f"{said(place_of(sys._getframe(2))) or 'something'}: {why}"))

    def held_up(self, name: str, frame: FrameType, start: int) -> None:
        """The present thread has waited since `start` for something that is not its event loop's: `name`, called in `frame`.

        A nanosecond is what it takes to look and wait for nothing, and holds nobody up.
        """
        if self.now > start + 1 and _get_running_loop() is not None:
            self.on_block(name, frame, start, self.now)

    def turn(self) -> None:
        """Somebody takes a turn; too many of them at one tick are a livelock."""
        self.turns += 1
        if self._tick_of_turns != self.now:
            self._tick_of_turns, self.turns_at_tick, self._look_at = self.now, 0, self.turns_unseen()
        self.turns_at_tick += 1
        if self.turns_at_tick > self._look_at:
            self._look_at += self.look_round(sys._getframe(1).f_code.co_name == "_turn")

    def turns_unseen(self) -> int:
        """How many turns there may be at a tick before it is looked who takes them; it begins anew."""
        self._rounds = None
        most = self.max_turns
        return FIRST_LOOK if most > FIRST_LOOK and self.door is None else most

    def look_round(self, at_rest: bool = True) -> int:
        """So many turns were taken at one tick: in how many it is to be looked again. `at_rest`: no callback runs.

        Raises LivelockError for turns without end.
        """
        rounds = self._rounds
        if self.door is not None or (rounds is not None and rounds.tick == self.now and rounds.turns >= self.max_turns):
            most, perhaps = (f"{self.max_turns:,}", _PERHAPS) if self.door is None else (self.max_turns, "")
            detail = f"{most} turns of the event loop while the clock stood still{perhaps}"
            raise self.break_off(LivelockError(detail))
        if rounds is None or rounds.tick != self.now:
            from grader.clock.reasons.rounds import Rounds  # most runs never come to it

            rounds = self._rounds = Rounds(self, self.turns_unseen())
        following, back = rounds.look(at_rest)
        if back:
            again = f"{back} turn{'s' * (back > 1)} before"
            detail = f"{rounds.turns} turns of the event loop while the clock stood still, and all is as it was {again}"
            raise self.break_off(LivelockError(detail))
        rounds.turns += following
        return following

    # ------------------------------------------------------------ the end of a run

    def break_off(self, reason: RunOver) -> RunOver:
        """The run ends with `reason`, even if the program catches what is raised now."""
        if self.broken is None:
            self.broken = reason
            if self.on_break is not None:
                self.on_break(reason)
                return self.broken
            try:
                self._explain(reason)
            except BaseException:
                self.broken = (
                    None  # Ctrl-C came: that is the end, and nobody, in another thread or run, hears half of this
                )
                raise
        return self.broken

    def _explain(self, reason: RunOver) -> None:
        """Who waits where and for what goes into the text of the end, while all still stand there."""
        held = [*map(all_tasks, self.loops)]  # perhaps by nobody else, and an import may collect them
        from grader.clock.reasons import stuck

        if isinstance(reason, DeadlockError):
            said = stuck.grouped(stuck.waits_of(self.loops, self, everyone=True))
            if not said:
                reason.say(f"{reason.detail}{stuck.nobody(self)}")
            if self.door is None and (others := stuck.not_begun(self)):
                said = [*said, others] if said else [others]
        elif isinstance(reason, TimeLimitError):
            said = stuck.beside_time(self.loops, self)
        else:
            said = stuck.grouped(self._turning()) if isinstance(reason, LivelockError) else []
        if said:
            reason.say("\n  ".join([f"{reason.detail}:", *said]))
        held.clear()

    def _turning(self) -> "list[Wait]":
        """Who takes the turns of a livelock: one who makes them, or several in a circle."""
        from grader.clock.reasons import stuck

        several = [] if self._rounds is None or stuck.spins_here() is not None else self._rounds.who()
        wait = None if several else stuck.spinning(self.loops)
        return several if wait is None else [wait]

    def end(self, reason: RunOver) -> None:
        """What the present thread entered for is over: nobody else goes on with it, and the next may begin."""
        self.end_threads(reason, rounds=1, but=waits_for_work)
        self.mend()

    def mend(self) -> None:
        """The end has been heard: what is left may be cleaned up, in as much time again."""
        if self.last is not None:
            self.last = self.now + to_tick(self.limited_to)
            self.lease(self.last + 1)
        self.broken = None
        self._tick_of_turns, self._rounds = -NEVER, None
        self.turns_at_tick = self._asks = self._polls = 0

    def check(self) -> None:
        if self.broken is not None:
            raise self.broken.again()

    def forget(self) -> None:
        """Let go of whoever is to be told, and of the exception that ended the run."""
        self.deliver = self.on_break = self.on_block = _nobody
        self.loops.clear()
        self.make_loop = None
        self.broken = None

    def end_threads(
        self, reason: RunOver, rounds: int = _MAX_ROUNDS, but: Callable[[int | None], bool] = lambda ident: False
    ) -> bool:
        """Every other thread, `but` some, is ended: where it waits, `reason` is raised. False if one does not end even so."""
        if self.mine is None:
            return not self.crowded  # an interrupt took its seat
        before, self.broken = self.broken, reason
        for _ in range(rounds):
            if not self.crowded:
                break
            for seat in sorted(self._waiting, key=lambda seat: seat.place):
                if not but(seat.ident):
                    self.wake(seat)
            self._stand_back()
        self.broken = before
        return not self.crowded
