"""The gradebook: who handed in what, and what came of it; sorted, so that the order of grading leaves no trace.

A learner has one line for each exercise: with a verdict, or without one where nothing was handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.names import sorting as sorting
from grader.verdict import Verdict

Standing = Literal["passed", "failed", "error", "missing"]


@dataclass(frozen=True, slots=True)
class Column:
    """An exercise of the gradebook."""

    slug: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class Line:
    """One learner's work on one exercise; `file` as found; with nothing handed in, all after `exercise` is None."""

    learner: str
    exercise: str
    file: str | None = None
    sha256: str | None = None
    verdict: Verdict | None = None

    @property
    def standing(self) -> Standing:
        return self.verdict.status if self.verdict else "missing"

    @property
    def points(self) -> float:
        return self.verdict.points if self.verdict else 0.0


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that was not graded, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gradebook:
    """`waiting` counts the files that were not graded, because grading was interrupted; they have no line."""

    course: str
    columns: tuple[Column, ...]
    learners: tuple[str, ...]
    lines: tuple[Line, ...]
    strays: tuple[Stray, ...] = ()
    waiting: int = 0
    _index: Mapping[tuple[str, str], Line] = field(default_factory=dict, repr=False, compare=False)

    def line(self, learner: str, exercise: str) -> Line | None:
        return self._index.get((learner, exercise))

    def total(self, learner: str) -> float:
        lines = (self.line(learner, column.slug) for column in self.columns)
        return sum(line.points for line in lines if line)

    def of_exercise(self, exercise: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.exercise == exercise)

    @property
    def max_points(self) -> float:
        return sum(column.points for column in self.columns)


def gradebook(
    course: str,
    columns: Iterable[Column],
    learners: Iterable[str],
    lines: Iterable[Line],
    strays: Iterable[Stray] = (),
    waiting: int = 0,
) -> Gradebook:
    """Learners by name, their lines in the order of the columns, strays by path."""
    columns = tuple(columns)
    place = {column.slug: at for at, column in enumerate(columns)}
    ordered = sorted(lines, key=lambda line: (sorting(line.learner), place[line.exercise]))
    return Gradebook(
        course=course,
        columns=columns,
        learners=tuple(sorted(set(learners), key=sorting)),
        lines=tuple(ordered),
        strays=tuple(sorted(strays, key=lambda stray: sorting(stray.path))),
        waiting=waiting,
        _index={(line.learner, line.exercise): line for line in ordered},
    )
