"""The names that a misconception's `where` has beside the case's own: what was observed in the run, as plain data."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from grader.checks.base import View, finished, ran
from grader.checks.intervals import peak
from grader.checks.spans import lasted, span
from grader.checks.words import steady
from grader.door.values import TOO_LARGE
from grader.referee.ledger import Row
from grader.referee.outcome import Opaque
from grader.ticks import to_seconds


def observed(view: View, wanted: Collection[str]) -> dict[str, Any]:
    """Those of the names that are `wanted`; a program may call an operation thousands of times, and each name looks at all.

    `result` is None where there is none, and `returned` says which; `objects` are the types of what in it is no plain data.
    `tasks`, `runs` and `loops` are how many were made, or run. `yields` is when each item of an async generator came, in
    seconds after its call; where the case repeats that, a list of these for each call. `output` is the text that was printed,
    as far as it is kept. By operation, in the order in which its calls began: `calls` how many, `keys` of which, `starts` and
    `ends` when and `durations` for how long (None where the end had not come at the return), `in_loop` and `in_thread` where,
    by their numbers, and `at_once` how many at most at the same time.
    """
    return {name: find(view) for name, find in _FOUND.items() if name in wanted}


def _result(view: View) -> Any:
    return view.record.outcome.value if view.record.outcome.kind == "result" else None


def _elapsed(view: View) -> float | None:
    return None if view.record.elapsed is None else to_seconds(view.record.elapsed)


def _by_operation(find: Callable[[Sequence[Row], View], Any]) -> Callable[[View], dict[str, Any]]:
    def found(view: View) -> dict[str, Any]:
        rows: dict[str, list[Row]] = {name: [] for name in view.operations}
        for row in view.record.ledger.begun_before_return():
            rows.setdefault(row.operation, []).append(row)
        return {name: find(some, view) for name, some in rows.items()}

    return found


def _end(row: Row, view: View) -> float | None:
    return to_seconds(row.end) if row.end is not None and finished(row, view) else None


def _duration(row: Row, view: View) -> float | None:
    return to_seconds(row.end - row.start) if row.end is not None and finished(row, view) else None


def _yields(view: View) -> list[Any]:
    calls = [[to_seconds(tick) for tick in call] for call in view.record.facts.yields]
    return calls if view.case.repeat > 1 else (calls[0] if calls else [])


def _at_once(rows: Sequence[Row], view: View) -> int:
    return peak(span(row, view) for row in ran(rows, view) if lasted(row, view))[0]


def _objects(value: Any) -> Iterator[str]:
    if isinstance(value, Opaque):
        if TOO_LARGE not in value.type:  # plain data that is too much to be looked at
            yield value.type
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _objects(pair)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _objects(item)


_FOUND: Mapping[str, Callable[[View], Any]] = {
    "result": _result,
    "returned": lambda view: view.record.outcome.kind == "result",
    "objects": lambda view: list(_objects(_result(view))),
    "elapsed": _elapsed,
    "tasks": lambda view: view.record.facts.tasks,
    "runs": lambda view: view.record.facts.runs,
    "loops": lambda view: view.record.facts.loops,
    "yields": _yields,
    "output": lambda view: steady(view.record.facts.output),
    "calls": _by_operation(lambda rows, view: len(rows)),
    "keys": _by_operation(lambda rows, view: [row.key for row in rows]),
    "starts": _by_operation(lambda rows, view: [to_seconds(row.start) for row in rows]),
    "ends": _by_operation(lambda rows, view: [_end(row, view) for row in rows]),
    "durations": _by_operation(lambda rows, view: [_duration(row, view) for row in rows]),
    "in_loop": _by_operation(lambda rows, view: [row.loop for row in rows]),
    "in_thread": _by_operation(lambda rows, view: [row.thread for row in rows]),
    "at_once": _by_operation(_at_once),
}
