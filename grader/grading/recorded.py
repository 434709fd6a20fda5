"""What was recorded of an exercise: a timeline of what is possible for each visible case, and how many cases are hidden.

Nothing here bears on a mark. A record that no longer belongs to the exercise as it stands is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.course.cases import hidden_count
from grader.course.model import Exercise
from grader.course.possible import PossibleRun, is_stale, load_possible
from grader.ticks import to_seconds
from grader.verdict import Bar, Timeline


@dataclass(frozen=True, slots=True)
class Recorded:
    """`timelines` by `entry/case`."""

    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    hidden_cases: int = 0


def recorded_of(exercise: Exercise) -> Recorded:
    """Raises CourseError where there is a record that cannot be read."""
    found = load_possible(exercise)
    if found is None or is_stale(exercise, found):
        return Recorded(hidden_cases=found.hidden if found else hidden_count(exercise))
    return Recorded({name: _timeline(run, exercise) for name, run in found.runs.items()}, found.hidden)


def _timeline(run: PossibleRun, exercise: Exercise) -> Timeline:
    tickers = {entry.ticker for entry in exercise.file.entries.values()}
    return Timeline(
        bars=tuple(
            Bar(
                operation=row.operation,
                key=row.key,
                start=to_seconds(row.start),
                end=None if row.end is None else to_seconds(row.end),
                line=None,
                outcome="running" if row.end is None else "ok",
            )
            for row in run.rows
            if row.operation not in tickers
        ),
        returned=None if run.returned is None else to_seconds(run.returned),
    )
