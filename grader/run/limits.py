"""The bounds of a run where a course sets none: generous, so that none of them is a verdict by itself."""

import msgspec

from grader.course.model import Limits

DEFAULTS = Limits(
    wall_seconds=20.0,
    cpu_seconds=2.0,
    virtual_seconds=86_400.0,
    turns=20_000,
    operations=5_000,
    tasks=1_000,
    threads=50,
    memory_mb=256,
    output_kb=64,
    open_files=32,
    processes=0,
    reads_past_end=100,
)


def complete(limits: Limits) -> Limits:
    """`limits` with a default wherever it has none."""
    given = {name: value for name, value in msgspec.structs.asdict(limits).items() if value is not None}
    return msgspec.structs.replace(DEFAULTS, **given)
