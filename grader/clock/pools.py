"""Futures of executors on the clock: a set of them has one order, and a time-out is over at its very time.

Checked on 3.11, 3.12 and 3.13: `as_completed` and `Executor.map` add a time-out to `time.monotonic()`, and later take
`time.monotonic()` from that sum; `time` is a name in `concurrent.futures._base` that serves nothing else.
"""

from concurrent.futures import Future, _base
from typing import Any

from grader.clock.present import clock_here
from grader.clock.replaced import Replacement
from grader.clock.timepatch import EITHER

_real_hash = Future.__hash__


def _hash(self: Any) -> int:
    """A future of a run is hashed by its number, not by its place in memory: `wait` gives sets, `as_completed` begins with one."""
    number: int | None = self.__dict__.get("_number")
    if number is None:
        clock = clock_here()
        number = self.__dict__.setdefault("_number", _real_hash(self) if clock is None else clock.next_future())
    return number


class _Moment(float):
    """As a float; but from a moment that is now nothing is left, so that who waits for it does not wait again for no time.

    On a clock that is set to a deadline, and not past it, it would do so for ever.
    """

    def __radd__(self, timeout: float) -> "_Moment":
        return _Moment(timeout + float(self))

    def __sub__(self, now: float) -> float:
        return float(self) - float(now) or -1e-9


class _Time:
    """In the place of the module `time`."""

    @staticmethod
    def monotonic() -> float:
        return _Moment(EITHER["monotonic"]())


def replacements() -> list[Replacement]:
    """What stands in `concurrent.futures`."""
    return [(Future, "__hash__", _hash), (_base, "time", _Time)]
