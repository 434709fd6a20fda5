"""asyncio's own loop, without the waiting: where it would block until its next timer, its clock is set to that timer's time.

Why it is a fair judge of order. Everything that decides what runs when is asyncio's own code, unchanged: `_run_once`, the heap
of timers, `call_soon`, tasks and futures. Two things are added, each where asyncio leaves the order open:

- Timers that are due at the same time come out of asyncio's heap in no particular order. Here each is due a little later than
  those that were set before it, by far less than the delays of programs differ (these are multiples of a 64th of a second), and
  the clock does not show that little. So they come in the order in which they were set, as one that waits would have it.
- Sets of tasks and futures are in the order of memory addresses. Here, as on the clock, their hash is a number that is given
  when it is first asked for, by the same classes.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from grader.clock.handles import NumberedFuture, NumberedTask

GRID = 64  # delays are multiples of 1/GRID seconds, which floats hold exactly
_LITTLE = 2.0**-40


class Stuck(BaseException):
    """Nothing is ready and no timer is set: asyncio would wait for ever."""


class _NoWaiting(selectors.SelectSelector):
    """A selector that moves its loop's clock where it would wait."""

    loop: "Oracle"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        if timeout > 0:
            self.loop.now = max(self.loop.now, self.loop._scheduled[0]._when)  # type: ignore[attr-defined]
        return []


class Oracle(asyncio.SelectorEventLoop):
    """asyncio's loop with a clock of its own."""

    def __init__(self) -> None:
        selector = _NoWaiting()
        super().__init__(selector)
        selector.loop = self
        self.now = 0.0
        self.timers_set = 0
        self.hashed = 0
        self.salt = 0
        self._clock_resolution = 1 / (2 * GRID)  # all that is due at the time that the clock shows is due

    def time(self) -> float:
        return int(self.now * GRID) / GRID

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        self.timers_set += 1
        return super().call_at(when + self.timers_set * _LITTLE, callback, *args, context=context)

    def create_future(self) -> "asyncio.Future[Any]":
        return NumberedFuture(loop=self)

    def create_task(  # type: ignore[override]
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, context: Context | None = None
    ) -> "asyncio.Task[Any]":
        return NumberedTask(coro, loop=self, name=name, context=context)
