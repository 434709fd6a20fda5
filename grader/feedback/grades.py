"""The grades of a class: who handed in what, and what came of it; sorted, so that the order of grading leaves no trace.

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
    """An exercise. In a total its points count `weight` times."""

    slug: str
    title: str
    points: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """What counts where that is not just the verdict's points, or there is something to say about it."""

    points: float
    said: str
    by_hand: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One learner's work on one exercise; `file` as found; with nothing handed in, `file`, `sha256` and `verdict` are None."""

    learner: str
    exercise: str
    file: str | None = None
    sha256: str | None = None
    verdict: Verdict | None = None
    score: Score | None = None

    @property
    def standing(self) -> Standing:
        return self.verdict.status if self.verdict else "missing"

    @property
    def points(self) -> float:
        """Those that count; `raw` are those that were earned."""
        return self.score.points if self.score else self.raw

    @property
    def raw(self) -> float:
        return self.verdict.points if self.verdict else 0.0

    @property
    def marked(self) -> bool:
        """Whether the points are known: the grader's own fault marks nobody, but a person may have."""
        return self.standing != "error" or (self.score is not None and self.score.by_hand)


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that was not graded, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Grades:
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
        lines = ((column, self.line(learner, column.slug)) for column in self.columns)
        return sum(column.weight * line.points for column, line in lines if line)

    def of_exercise(self, exercise: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.exercise == exercise)

    @property
    def max_points(self) -> float:
        return sum(column.points for column in self.columns)


def grades(
    course: str,
    columns: Iterable[Column],
    learners: Iterable[str],
    lines: Iterable[Line],
    strays: Iterable[Stray] = (),
    waiting: int = 0,
) -> Grades:
    """Learners by name, their lines in the order of the columns, strays by path."""
    columns = tuple(columns)
    place = {column.slug: at for at, column in enumerate(columns)}
    ordered = sorted(lines, key=lambda line: (sorting(line.learner), place[line.exercise]))
    return Grades(
        course=course,
        columns=columns,
        learners=tuple(sorted(set(learners), key=sorting)),
        lines=tuple(ordered),
        strays=tuple(sorted(strays, key=lambda stray: sorting(stray.path))),
        waiting=waiting,
        _index={(line.learner, line.exercise): line for line in ordered},
    )
