"""Ticks inside, seconds at the edges: a tick is a nanosecond of virtual time.

Integers make ten sleeps of 0.1 s exactly 1 s; seconds appear only where people or programs of theirs read them.
"""

from typing import Any

TICKS_PER_SECOND = 1_000_000_000


def to_ticks(seconds: float) -> int:
    """The tick nearest to `seconds`; raises ValueError for NaN and OverflowError for infinity."""
    return round(seconds * TICKS_PER_SECOND)


FAR = (
    2**53
)  # 104 days: beyond every limit of a run, still a number that JSON carries exactly, and the last that floats do
NEVER = 2**62  # 146 years


def to_tick(seconds: float) -> int:
    """The tick at `seconds`, or one that never comes where that is too far (infinity, too); raises ValueError for NaN.

    It is the nearest tick however large the number is, so `to_seconds` gives the same number back: a timer that is set for
    `loop.time()` plus a little is not due before `loop.time()` says so.
    """
    ticks = seconds * TICKS_PER_SECOND
    if -FAR < ticks < FAR:
        return round(ticks)
    if isinstance(seconds, FarTime):
        return seconds.tick
    if abs(ticks) >= NEVER:
        return NEVER if ticks > 0 else -NEVER
    above, below = seconds.as_integer_ratio()  # the product above is not exact
    return (2 * above * TICKS_PER_SECOND + below) // (2 * below)


def to_wait(seconds: float) -> int:
    """How many ticks a wait of `seconds` lasts: one at least, if it is to last at all.

    Programs wait for what is left of a time, again and again until nothing is: 0.1 + 0.2 - 0.3, say, which is no tick.
    """
    return to_tick(seconds) or int(seconds > 0)


def to_seconds(ticks: int) -> float:
    return ticks / TICKS_PER_SECOND


def to_time(ticks: int) -> float:
    """The same of a point in time, to which programs add what they will wait: however far it is, nothing of that is lost."""
    return ticks / TICKS_PER_SECOND if -FAR < ticks < FAR else FarTime(ticks)


class FarTime(float):
    """A time so far that a float does not tell one nanosecond from the next; this one knows its tick.

    So `loop.time() + 0.1` is due when a sleep of 0.1 s ends that was begun at the same moment. To whom does not add to it or
    subtract from it it is a float as any other.
    """

    __slots__ = ("tick",)
    tick: int

    def __new__(cls, tick: int) -> "FarTime":
        made = super().__new__(cls, tick / TICKS_PER_SECOND)
        made.tick = tick
        return made

    def __add__(self, other: Any) -> Any:
        return to_time(self.tick + to_wait(other)) if _is_a_wait(other) else float.__add__(self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, FarTime):
            return to_seconds(self.tick - other.tick)
        return to_time(self.tick - to_wait(other)) if _is_a_wait(other) else float.__sub__(self, other)

    def __reduce__(self) -> tuple[type[float], tuple[float]]:
        return float, (float(self),)


def _is_a_wait(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, FarTime) and abs(value) * TICKS_PER_SECOND < FAR
