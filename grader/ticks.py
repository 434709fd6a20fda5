"""Ticks inside, seconds at the edges: a tick is a nanosecond of virtual time.

Integers make ten sleeps of 0.1 s exactly 1 s; seconds appear only where people or programs of theirs read them.
"""

TICKS_PER_SECOND = 1_000_000_000


def to_ticks(seconds: float) -> int:
    """The tick nearest to `seconds`; raises ValueError for NaN and OverflowError for infinity."""
    return round(seconds * TICKS_PER_SECOND)


FAR = 2**53  # beyond every limit, and still a number that JSON carries exactly


def to_tick(seconds: float) -> int:
    """The tick at `seconds`, or one that never comes where that is too far (infinity, too)."""
    return FAR if seconds * TICKS_PER_SECOND >= FAR else round(seconds * TICKS_PER_SECOND)


def to_seconds(ticks: int) -> float:
    return ticks / TICKS_PER_SECOND
