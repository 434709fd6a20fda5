"""The bounds of one run: the exercise's own, else the course's, else these; none is left open.

They are generous: a program that meets one is in a loop or in trouble, not slow.
"""

import msgspec

from grader.course.model import Limits

DEFAULTS = Limits(
    wall_seconds=20,
    cpu_seconds=10,
    virtual_seconds=100_000,
    turns=100_000,
    operations=10_000,
    tasks=10_000,
    memory_mb=512,
    output_kb=64,
    open_files=64,
    processes=32,
    reads_past_end=100,
)


def merged(*from_nearest: Limits) -> Limits:
    """Each limit from the first that has it, at last from the defaults."""
    found = {}
    for name in Limits.__struct_fields__:
        values = (getattr(limits, name) for limits in (*from_nearest, DEFAULTS))
        found[name] = next(value for value in values if value is not None)
    return msgspec.structs.replace(DEFAULTS, **found)
