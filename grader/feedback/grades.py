"""The grades of a class: who handed in what, and what came of it; sorted, so that the order of grading leaves no trace.

A learner has one line for each exercise: with a verdict, or without one where nothing was handed in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace

from grader.names import sorting as sorting
from grader.verdict import Verdict

Standing = Literal["passed", "failed", "error", "missing"]


@dataclass(frozen=True, slots=True)
class Column:
    """An exercise. In a total its points count `weight` times; `excused` is whoever handed in nothing for it."""

    slug: str
    title: str
    points: float
    weight: float = 1.0
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """What counts where that is not just the verdict's points, or there is something to say about it."""

    points: float
    said: str
    by_hand: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Scaled:
    """The points of a verdict out of as many as the exercise has now, where that had others in the version that was graded."""

    points: float
    max_points: float


def on_scale(verdict: Verdict, scaled: Scaled | None) -> Verdict:
    """The verdict with its own points and its checks' out of as many as the exercise has now."""
    if scaled is None:
        return verdict
    by = scaled.max_points / verdict.max_points if verdict.max_points else 0.0
    checks = tuple(
        replace(check, points=round(check.points * by, 9), max_points=round(check.max_points * by, 9))
        for check in verdict.checks
    )
    return replace(verdict, points=scaled.points, max_points=scaled.max_points, checks=checks)


@dataclass(frozen=True, slots=True)
class Line:
    """One learner's work on one exercise; `file` as found; with nothing handed in, `file`, `sha256` and `verdict` are None.

    `stale`: the verdict is of another version of the exercise, or of the grader; `absent`: nothing of it is in this run.
    """

    learner: str
    exercise: str
    file: str | None = None
    sha256: str | None = None
    verdict: Verdict | None = None
    score: Score | None = None
    scaled: Scaled | None = None
    stale: bool = False
    absent: bool = False

    @property
    def standing(self) -> Standing:
        return self.verdict.status if self.verdict else "missing"

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing that could have points: that is not the same as none."""
        return self.verdict is None and not (self.score is not None and self.score.by_hand)

    @property
    def points(self) -> float:
        """Those that count; `raw` are those that were earned, out of as many as the exercise has."""
        return self.score.points if self.score else self.raw

    @property
    def raw(self) -> float:
        if self.scaled is not None:
            return self.scaled.points
        return self.verdict.points if self.verdict else 0.0

    @property
    def marked(self) -> bool:
        """Whether the points are known: the grader's own fault marks nobody, but a person may have."""
        return self.standing != "error" or (self.score is not None and self.score.by_hand)


def is_excused(column: Column, line: Line | None) -> bool:
    return column.excused and line is not None and line.is_missing


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that was not graded, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Learner:
    """All that one learner has, in the order of the columns; where an exercise has no line, it is not graded yet.

    `name` is the id; `called` the person's name, where that is known and is another.
    """

    name: str
    lines: tuple[Line, ...]
    total: float
    called: str = ""

    def line(self, exercise: str) -> Line | None:
        return next((line for line in self.lines if line.exercise == exercise), None)


Read = Callable[[Sequence[str]], Iterator[tuple[Line, ...]]]


@dataclass(frozen=True, slots=True)
class Grades:
    """`waiting` counts the files that were not graded, because grading was interrupted; they have no line.

    What learners have is read when it is asked for, a few at a time, and let go again: a class may be larger than memory.
    """

    course: str
    columns: tuple[Column, ...]
    learners: tuple[str, ...]
    strays: tuple[Stray, ...]
    waiting: int
    _read: Read = field(repr=False, compare=False)
    called: Mapping[str, str] = field(default_factory=dict)

    def each(self) -> Iterator[Learner]:
        """By name."""
        return self._some(self.learners)

    def of(self, name: str) -> Learner:
        return next(self._some([name]))

    @property
    def max_points(self) -> float:
        return sum(column.points for column in self.columns)

    def _some(self, names: Sequence[str]) -> Iterator[Learner]:
        place = {column.slug: at for at, column in enumerate(self.columns)}
        for name, found in zip(names, self._read(names), strict=True):
            lines = tuple(sorted(found, key=lambda line: place[line.exercise]))
            yield Learner(name, lines, self._total(lines), self.called.get(name, ""))

    def _total(self, lines: Sequence[Line]) -> float:
        """Out of as many points as everybody's: what is excused is made up for by the other exercises."""
        by_slug = {column.slug: column for column in self.columns}
        earned = sum(by_slug[line.exercise].weight * line.points for line in lines)
        left_out = [by_slug[line.exercise] for line in lines if is_excused(by_slug[line.exercise], line)]
        excused = sum(column.weight * column.points for column in left_out)
        if not excused:
            return earned
        whole = sum(column.weight * column.points for column in self.columns)
        left = whole - excused
        return earned * whole / left if left > 1e-9 else 0.0


def read_later(
    course: str,
    columns: Iterable[Column],
    learners: Iterable[str],
    read: Read,
    strays: Iterable[Stray] = (),
    waiting: int = 0,
    called: Mapping[str, str] | None = None,
) -> Grades:
    """Learners by name, strays by path; `called` has what persons are called whose ids say nothing of it.

    `read` gives the lines of each learner that it is asked for, in that order.
    """
    return Grades(
        course=course,
        columns=tuple(columns),
        learners=tuple(sorted(set(learners), key=sorting)),
        strays=tuple(sorted(strays, key=lambda stray: sorting(stray.path))),
        waiting=waiting,
        _read=read,
        called=called or {},
    )


def grades(
    course: str,
    columns: Iterable[Column],
    learners: Iterable[str],
    lines: Iterable[Line],
    strays: Iterable[Stray] = (),
    waiting: int = 0,
) -> Grades:
    """The same of lines that are all there already."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.learner, []).append(line)
    return read_later(
        course, columns, learners, lambda names: (tuple(found.get(name, ())) for name in names), strays, waiting
    )
