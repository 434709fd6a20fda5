"""The names that a misconception's `where` has beside the case's own: what was observed in the run, as plain data."""

from collections.abc import Iterator, Sequence
from typing import Any

from grader.checks.base import View, finished, ran
from grader.checks.intervals import peak
from grader.checks.spans import lasted, span
from grader.referee.ledger import Row
from grader.referee.outcome import Opaque
from grader.ticks import to_seconds


def observed(view: View) -> dict[str, Any]:
    """`result` is None where there is none, and `returned` says which; `objects` are the types of what in it is no plain data.
    `tasks`, `runs` and `loops` are how many were made, or run.

    By operation, in the order in which its calls began: `calls` how many, `keys` of which, `starts` and `ends` when (None for
    an end that had not come at the return), and `at_once` how many at most at the same time.
    """
    record = view.record
    rows: dict[str, list[Row]] = {name: [] for name in view.operations}
    for row in record.ledger.begun_before_return():
        rows.setdefault(row.operation, []).append(row)
    result = record.outcome.value if record.outcome.kind == "result" else None
    return {
        "result": result,
        "returned": record.outcome.kind == "result",
        "objects": list(_objects(result)),
        "elapsed": None if record.elapsed is None else to_seconds(record.elapsed),
        "tasks": record.facts.tasks,
        "runs": record.facts.runs,
        "loops": record.facts.loops,
        "calls": {name: len(some) for name, some in rows.items()},
        "keys": {name: [row.key for row in some] for name, some in rows.items()},
        "starts": {name: [to_seconds(row.start) for row in some] for name, some in rows.items()},
        "ends": {name: [_end(row, view) for row in some] for name, some in rows.items()},
        "at_once": {name: _at_once(some, view) for name, some in rows.items()},
    }


def _end(row: Row, view: View) -> float | None:
    return to_seconds(row.end) if row.end is not None and finished(row, view) else None


def _at_once(rows: Sequence[Row], view: View) -> int:
    return peak(span(row, view) for row in ran(rows, view) if lasted(row, view))[0]


def _objects(value: Any) -> Iterator[str]:
    if isinstance(value, Opaque):
        yield value.type
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _objects(pair)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _objects(item)
