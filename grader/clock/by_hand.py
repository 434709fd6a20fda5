"""Time that a test moves itself: `advance` and `settle`, and a clock that moves by nothing else.

The clock keeps its rule: it moves only when nobody can go on. By hand it has, besides, a lease that ends where somebody
advances to.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from grader.clock.over import RefusedError
from grader.clock.refusals import refusal
from grader.ticks import to_tick

if TYPE_CHECKING:
    from grader.clock.clock import Clock
    from grader.clock.timers import Timers


def hold(clock: "Clock") -> None:
    """From now on `clock` moves by `advance` only."""
    if clock.targets is None:
        clock.targets = []
        clock.lease(clock.now + 1)


class ByHand(asyncio.BaseEventLoop):
    """What a loop on virtual time offers to a test."""

    clock: "Clock"
    timers: "Timers"
    _arrived: list[Any]

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass: all that is due until then, and at that very time, has been done when this returns.

        Raises ValueError for less than nothing.
        """
        self._only_alone("loop.advance")
        if not seconds >= 0:
            raise ValueError(f"seconds is {seconds!r}: time goes forward only")
        target = self.clock.now + to_tick(seconds)
        with _allowed(self.clock, target):
            await self._until(target)
            await self.settle()

    async def settle(self) -> None:
        """Return when everything else waits for something that is yet to come. The time stays what it is."""
        self._only_alone("loop.settle")
        await self._until(self.clock.now)
        while not (self._rests() and self.clock.rests()):
            await self._until(self.clock.now)

    def _only_alone(self, call: str) -> None:
        if self.clock.door is not None:
            raise RefusedError(refusal(call, "a clock of its own"))

    def _rests(self) -> bool:
        """Nothing but the present callback is to be done here."""
        tick = self.timers.next_tick()
        busy = self._ready or self._arrived  # type: ignore[attr-defined]
        return not busy and (tick is None or tick > self.clock.now)

    async def _until(self, tick: int) -> None:
        """Return at `tick`, after all that was to be done before."""
        due = self.create_future()
        timer = self._at(tick, _set, (due,), None)  # type: ignore[attr-defined]
        try:
            await due
        finally:
            timer.cancel()


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
