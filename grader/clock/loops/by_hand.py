"""Time that a test moves itself: `advance` and `settle`, and a clock that moves by nothing else.

The clock keeps its rule: it moves only when nobody can go on. By hand it has, besides, a lease that ends where somebody
advances to.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from grader.clock.library.refusals import refusal
from grader.clock.over import RefusedError
from grader.clock.seconds import check_seconds
from grader.ticks import NEVER, to_tick

if TYPE_CHECKING:
    from grader.clock.clock import Clock
    from grader.clock.handles import Timer
    from grader.clock.loops.timers import Timers
    from grader.clock.threads.seats import Seat


def hold(clock: "Clock") -> None:
    """From now on `clock` moves by `advance` only. Raises ValueError if it has a time limit, which would be another's."""
    if clock.last is not None:
        raise ValueError("only advance() moves a clock with jump=False: it needs no time_limit")
    if clock.targets is None:
        clock.targets = []
        clock.lease(clock.now + 1)


class ByHand(asyncio.BaseEventLoop):
    """What a loop on virtual time offers to a test.

    Who settles is woken by a timer that is set again, at the same tick, until nothing else is to be done.
    """

    clock: "Clock"
    timers: "Timers"
    _arrived: list[Any] | None
    _seat: "Seat | None"
    _settling: "list[asyncio.Future[None]] | None" = None
    _poll: "Timer | None" = None

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass: all that is due until then, and at that very time, has been done when this returns.

        Raises ValueError for less than nothing, and for ever; TypeError for what is no number.
        """
        self._only_alone("loop.advance")
        check_seconds("seconds", seconds)
        if not seconds >= 0:
            raise ValueError(f"seconds is {seconds!r}: time goes forward only")
        target = self.clock.now + to_tick(seconds)
        if target >= NEVER:
            raise ValueError(f"seconds is {seconds!r}: time does not go so far")
        due = self.create_future()
        with _allowed(self.clock, target):
            timer = self._timer(target, _set, due)
            try:
                await due
            finally:
                timer.cancel()
            await self.settle()

    async def settle(self) -> None:
        """Return when everything else waits for something that is yet to come. The time stays what it is."""
        self._only_alone("loop.settle")
        if self._settling is None:
            self._settling = []
            self._poll = self._timer(self.clock.now, self._settle)
        settled = self.create_future()
        self._settling.append(settled)
        await settled

    def _settle(self) -> None:
        assert self._settling is not None
        waiting = [settled for settled in self._settling if not settled.done()]
        self._poll = None
        if waiting and not self._all_rest():
            self._poll = self._timer(self.clock.now, self._settle)
            return
        self._settling = None
        for settled in waiting:
            settled.set_result(None)

    def _all_rest(self) -> bool:
        """Nothing but the present callback is to be done on this clock, but for others that settle."""
        if not self._rests():
            return False
        others = {
            loop._seat for loop in self.clock.loops if loop is not self and loop._poll is not None and loop._rests()
        }
        return self.clock.rests(others)

    def _rests(self) -> bool:
        """Nothing is to be done here, but for settling."""
        tick = self.timers.next_tick()
        busy = self._ready or self._arrived  # type: ignore[attr-defined]
        return not busy and (tick is None or tick > self.clock.now or self.timers.at[tick] is self._poll)

    def _timer(self, tick: int, callback: Callable[..., object], *args: Any) -> "Timer":
        timer: Timer = self._at(tick, callback, args, None)  # type: ignore[attr-defined]
        return timer

    def _only_alone(self, call: str) -> None:
        if self.clock.door is not None:
            raise RefusedError(refusal(call, "a clock of its own"))


def _set(due: "asyncio.Future[None]") -> None:
    if not due.done():
        due.set_result(None)


@contextlib.contextmanager
def _allowed(clock: "Clock", target: int) -> Iterator[None]:
    """The clock may move up to `target`, if it does not move by itself anyway."""
    targets = clock.targets
    if targets is None:
        yield
        return
    targets.append(target)
    clock.lease(max(targets) + 1)
    try:
        yield
    finally:
        targets.remove(target)
        clock.lease(max([*targets, clock.now]) + 1)
