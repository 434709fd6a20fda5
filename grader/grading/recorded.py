"""What was recorded of an exercise: a timeline of what is possible for each visible case, and how many cases are hidden.

Nothing here bears on a mark. A record that no longer belongs to the exercise as it stands is not shown, nor is one of other
values than the case has that was graded.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from grader.course.cases import hidden_count
from grader.course.model import Case, Exercise
from grader.course.possible import Possible, PossibleRun, drawn_in, is_stale, load_possible
from grader.course.same import Same
from grader.ticks import to_seconds
from grader.verdict import Bar, Timeline


@dataclass(frozen=True, slots=True)
class Recorded:
    """`timelines` by `entry/case`; so `drawn`, which says with what values, of those that have any from a seed."""

    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    hidden_cases: int = 0
    drawn: Mapping[str, str] = field(default_factory=dict)


def recorded_of(exercise: Exercise) -> Recorded:
    """Raises CourseError where there is a record that cannot be read."""
    found = load_possible(exercise)
    if found is None or is_stale(exercise, found):
        return Recorded(hidden_cases=found.hidden if found else hidden_count(exercise))
    return _recorded(Same(found), frozenset(entry.ticker for entry in exercise.file.entries.values()))


@lru_cache(maxsize=64)
def _recorded(found: Same[Possible], tickers: frozenset[str | None]) -> Recorded:
    runs = found.it.runs
    return Recorded(
        {name: _timeline(run, tickers) for name, run in runs.items()},
        found.it.hidden,
        {name: run.drawn for name, run in runs.items() if run.drawn is not None},
    )


def possible_in(case: Case, exercise: Exercise, recorded: Recorded) -> Timeline | None:
    """What is possible with the values of `case`; None where that was not recorded."""
    name = f"{case.entry}/{case.id}"
    found = recorded.timelines.get(name)
    return found if found is not None and recorded.drawn.get(name) == drawn_in(exercise, case) else None


def _timeline(run: PossibleRun, tickers: Collection[str | None]) -> Timeline:
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
