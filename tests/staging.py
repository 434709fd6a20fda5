"""Stages for tests: a world built by a function, and programs played on it through either door."""

from collections.abc import Callable
from typing import Any

import msgspec

from grader.course.model import Limits
from grader.referee.record import Record
from grader.referee.referee import Referee
from grader.referee.world import World
from grader.run.child import Child
from grader.run.in_process import InProcess
from grader.run.levels import level_of
from grader.run.limits import complete
from grader.run.stage import EPOCH, Stage, referee_for, runner_limits

Build = Callable[[World], list[Any]]
PLACES = ("in-process", "child")  # here, and at the best level of isolation that there is


def staged(
    build: Build,
    entry: str = "main",
    *,
    kind: str = "coroutine",
    records: tuple[str, ...] = (),
    replaced: dict[str, Any] | None = None,
    limits: Limits | None = None,
) -> Stage:
    """`build(world)` gives the entry's arguments. Everything named in `records` stands in the ledger."""
    bounds = complete(limits or Limits())
    referee: Referee = referee_for(bounds)
    referee.clerk.records = frozenset(records)
    args = build(World(referee))
    start = {
        "module": "program",
        "entry": entry,
        "kind": kind,
        "args": referee.describe(args),
        "replaced": {name: referee.describe(function) for name, function in (replaced or {}).items()},
        "ticker": None,
        "epoch": EPOCH,
        "seed": "0",
        "limits": runner_limits(bounds),
    }
    return Stage(referee, start, {})


def in_process(source: str, stage: Stage, limits: Limits | None = None) -> Record:
    return InProcess(source.encode(), "program.py", complete(limits or Limits())).run(stage)


def in_child(source: str, stage: Stage, limits: Limits | None = None, level: str = "child") -> Record:
    child = Child(source.encode(), "program.py", complete(limits or Limits()), level_of(level))
    try:
        return child.run(stage)
    finally:
        child.close()


def waiting(world: World, name: str = "op") -> Any:
    """An operation `op(seconds, what=None)` that takes so long and returns `what`."""

    async def op(seconds: float, what: Any = None) -> Any:
        await world.sleep(seconds)
        return what

    return world.function(op, name, key=lambda seconds, what=None: what)


def rows(record: Record) -> list[tuple[Any, ...]]:
    """(label, start, end, outcome) in seconds."""
    return [
        (row.label, row.start / 1e9, None if row.end is None else row.end / 1e9, row.outcome)
        for row in record.ledger.rows
    ]


def bytes_of(record: Record) -> bytes:
    return msgspec.json.encode(record, order="deterministic")
