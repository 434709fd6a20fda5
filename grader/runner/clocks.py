"""Clocks beside those of the clock's `timepatch` that tell what time it is: they too agree with the present thread's clock.

Those that count what is computed stay real, and what is read by no function of Python's does.
"""

import os
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.ticks import to_seconds

if TYPE_CHECKING:
    from grader.clock.clock import Clock

# by their numbers; those of Linux that Python has no names for among them
_WALL = frozenset(getattr(time, f"CLOCK_{name}", None) for name in ("REALTIME", "TAI")) | {5, 8}
_FROM_START = frozenset(
    getattr(time, f"CLOCK_{name}", None)
    for name in ("MONOTONIC", "MONOTONIC_RAW", "MONOTONIC_RAW_APPROX", "BOOTTIME", "HIGHRES", "UPTIME", "UPTIME_RAW")
) | {6, 9}


def _ticks(clock: "Clock", which: int) -> int | None:
    """What the system's clock of that number tells on `clock`; None for one that counts something else than time."""
    if which in _WALL:
        return clock.epoch + clock.asked()
    return clock.asked() if which in _FROM_START else None


@lru_cache(maxsize=4)
def _told(real: Callable[[int], Any], form: Callable[[int], Any]) -> Callable[[int], Any]:
    """`form` makes of ticks what `real` gives."""

    def told(clk_id: int, /) -> Any:
        found, clock = real(clk_id), clock_here()  # asked first: it knows what is no clock
        ticks = None if clock is None else _ticks(clock, clk_id)
        return found if ticks is None else form(ticks)

    return _as(real, told)


@lru_cache(maxsize=2)
def _times(real: Callable[[], os.times_result]) -> Callable[[], os.times_result]:
    def times() -> os.times_result:
        found, clock = real(), clock_here()
        return found if clock is None else os.times_result((*found[:4], to_seconds(clock.asked())))

    return _as(real, times)


def _as(real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """Named as the real one, and as little a method of a class in which it stands."""
    ours.__name__ = ours.__qualname__ = real.__name__
    ours.__doc__, ours.__module__ = real.__doc__, real.__module__
    return staticmethod(ours)


def clocks() -> list[Replacement]:
    """What stands in `time` and `os` for the time of a run."""
    module: Any = time
    system: Any = sys.modules["nt" if os.name == "nt" else "posix"]
    times = _times(os.times)
    found: list[Replacement] = [(os, "times", times), (system, "times", times)]
    if hasattr(module, "clock_gettime"):
        found += [
            (module, "clock_gettime", _told(module.clock_gettime, to_seconds)),
            (module, "clock_gettime_ns", _told(module.clock_gettime_ns, int)),
        ]
    return found


def logs(epoch: float) -> list[Replacement]:
    """A record of `logging` tells how long after this it was made."""
    logging: Any = sys.modules.get("logging")
    if logging is None:
        return []
    return [(logging, "_startTime", round(epoch * 1e9) if isinstance(logging._startTime, int) else epoch)]
