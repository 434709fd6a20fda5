"""Ticks inside, seconds at the edges: a tick is a nanosecond of virtual time.

Integers make ten sleeps of 0.1 s exactly 1 s; seconds appear only where people or programs of theirs read them.
"""

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
