"""What is computed takes time, too, on a clock on which waiting takes none: so it is where somebody's tests measure.

CPU time of this process is counted, and never the machine's load. It shows wherever the time is asked for, and wherever a timer
is set. An alarm of the system's that comes while a program waits in virtual time is waited for really, since it is real.
"""

import signal
from collections.abc import Callable
from typing import Any

from grader.clock.clock import Clock
from grader.clock.library.timepatch import REAL
from grader.clock.loops.loop import VirtualLoop
from grader.runner.cells.computed import computed
from grader.ticks import to_seconds, to_ticks

_sleep = REAL["sleep"]
_alarm: Callable[[int], tuple[float, float]] | None = getattr(signal, "getitimer", None)
_LEAST = 1_000  # ticks
_LONGEST = to_ticks(60.0)  # an alarm that comes later than that is not waited for


class Computing:
    """Moves `clock` by what was computed since it was asked last, a microsecond at least: as with a real one, who asks twice
    is told two times.
    """

    def __init__(self, clock: Clock):
        self._clock, self._from, self._shown = clock, computed(), 0
        asked, block, move = clock.asked, clock.block, clock.move

        def asked_now() -> int:
            self.count()
            return asked()

        def block_from_now(ticks: int) -> None:
            self.count()
            wait_for_alarm(ticks)
            block(ticks)

        def move_awake(tick: int | None) -> bool:
            wait_for_alarm(_LONGEST if tick is None else tick - clock.now)
            return move(tick)

        clock.asked, clock.block, clock.move = asked_now, block_from_now, move_awake  # type: ignore[method-assign]

    def count(self) -> None:
        before, self._shown = self._shown, max(computed() - self._from, self._shown + _LEAST)
        self._clock.now += self._shown - before
        if self._clock.roomy and self._clock.has_turn():
            self._clock.wake_due()  # else who goes on without a wait would never let them go on

    def counted(self, loop: VirtualLoop) -> VirtualLoop:
        """With timers that begin when they are set."""
        later: Any = loop.call_later

        def call_later(*args: Any, **named: Any) -> Any:
            self.count()
            return later(*args, **named)

        loop.call_later = call_later  # type: ignore[method-assign]
        return loop


def wait_for_alarm(ticks: int) -> None:
    """If one comes within these, in the present thread, whose handler is run."""
    left = _alarm(signal.ITIMER_REAL)[0] if _alarm is not None else 0
    if 0 < left <= to_seconds(min(ticks, _LONGEST)):
        _sleep(left)
