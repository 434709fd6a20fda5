"""What was graded, as all exports see it: one row for each learner and exercise, wherever the rows were kept.

`read_sheet` is the only place that knows what `grader grade` writes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.feedback.grades import Scaled, Standing, on_scale
from grader.feedback.spreadsheet import is_number, read_table
from grader.records import GRADEBOOK, GRADES, RECORDS
from grader.verdict import Verdict, decode


@dataclass(frozen=True, slots=True)
class Column:
    """An exercise. In a total its points count `weight` times; `excused` is whoever handed in nothing for it."""

    slug: str
    title: str
    points: float
    weight: float = 1.0
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One learner's work on one exercise. `raw` is what the checks gave, `adjusted` what counts after all policies.

    Both are None where nothing was handed in, and where nothing is known: the grader itself failed. But what was set by hand
    counts. `comment` says why they differ; `by_hand`: because somebody set them.
    """

    learner: str
    exercise: str
    standing: Standing
    raw: float | None
    adjusted: float | None
    max_points: float
    late: bool = False
    comment: str = ""
    by_hand: bool = False
    file: str | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns in the course's order, learners in the records' order.

    `totals` are the learners' by the policy (weights, what is excused), of all exercises; nothing where only some are here.
    `waiting`: whose work on what is not graded yet, because grading was interrupted; there is no row of it.
    """

    columns: tuple[Column, ...]
    learners: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: Mapping[str, float] = field(default_factory=dict, hash=False)
    waiting: tuple[tuple[str, str], ...] = ()

    def of(self, learner: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.learner == learner)

    def by_learner(self) -> dict[str, dict[str, Row]]:
        found: dict[str, dict[str, Row]] = {learner: {} for learner in self.learners}
        for row in self.rows:
            found[row.learner][row.exercise] = row
        return found

    def shares(self) -> dict[str, float]:
        """By learner the share of all points, each exercise with its weight and without what is excused."""
        columns = {column.slug: column for column in self.columns}
        return {learner: _share(columns, rows) for learner, rows in self.by_learner().items()}


def _share(columns: Mapping[str, Column], rows: Mapping[str, Row]) -> float:
    out = {slug for slug, row in rows.items() if row.standing == "missing" and row.adjusted is None}
    counting = [column for slug, column in columns.items() if not (column.excused and slug in out)]
    whole = sum(column.weight * column.points for column in counting)
    earned = sum(column.weight * (rows[column.slug].adjusted or 0.0) for column in counting if column.slug in rows)
    return earned / whole if whole > 1e-9 else 0.0


class _Score(msgspec.Struct, frozen=True):
    """What counts where that is not just the verdict's points."""

    points: float
    said: str = ""
    late: bool = False
    by_hand: bool = False


class _Record(msgspec.Struct, frozen=True):
    """The head of a line in `verdicts.jsonl`."""

    learner: str
    exercise: str
    status: Standing
    points: float
    max_points: float
    title: str = ""
    file: str | None = None
    score: _Score | None = None
    scaled: Scaled | None = None
    weight: float = 1.0
    excused: bool = False


def read_sheet(out: Path) -> Sheet:
    """What `grader grade --out OUT` wrote; raises UsageError where there is nothing, or not that."""
    path = out / RECORDS
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise UsageError(f"{path}: {reason}; name the folder that 'grader grade' wrote with --out") from None
    rows, known = list[Row](), dict[str, Column]()
    for at, line in enumerate(lines, 1):
        record, row = _row(path, at, line)
        rows.append(row)
        before = known.get(row.exercise)
        title = record.title or (before.title if before else row.exercise)
        excused = record.excused or (before is not None and before.excused)
        known[row.exercise] = Column(row.exercise, title, row.max_points, record.weight, excused)
    table = _table(out / GRADES)
    columns = tuple(known[slug] for slug in _order(table, known))
    there = {(row.learner, row.exercise) for row in rows}
    waiting = tuple(place for place in _not_marked(table) if place not in there)
    return Sheet(columns, tuple(dict.fromkeys(row.learner for row in rows)), tuple(rows), _totals(table), waiting)


OUTDATED = "the gradebook was changed since these records were written; run 'grader grade' again to have them anew"


def outdated(out: Path, gradebook: str | None = None) -> str:
    """What is to be said where the gradebook was changed after these records were written (by a score that was set, say), or
    where nobody can tell; else nothing. `gradebook`: where it may be, with the password that the records do not have.
    """
    from grader.gradebook.opening import GradebookError
    from grader.gradebook.origin import is_outdated, read_origin

    origin = read_origin(out)
    if origin is None or "://" not in origin.place:  # a file: one that is not newer need not be opened
        file = Path((origin.place if origin else "") or out / GRADEBOOK)
        newer = _is_newer(file, out / RECORDS)
        if origin is None:
            return OUTDATED if newer else ""
        if newer is False:
            return ""
    try:
        return OUTDATED if is_outdated(out, origin, gradebook) else ""
    except GradebookError as error:
        return f"whether these records are outdated is not known: {error}; or name it with GRADER_GRADEBOOK"


def _is_newer(gradebook: Path, records: Path) -> bool | None:
    """None where one of them is not there."""
    try:
        return gradebook.stat().st_mtime_ns > records.stat().st_mtime_ns
    except OSError:
        return None


def _row(path: Path, at: int, line: bytes) -> tuple[_Record, Row]:
    try:
        record = msgspec.json.decode(line, type=_Record)
        verdict = None if record.status == "missing" else decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}:{at}: is no record of a verdict ({error}); grade the class again") from None
    now = record.scaled or record
    raw = None if record.status in ("error", "missing") else now.points
    score = record.score
    counts = score is not None and (record.status != "missing" or score.by_hand)
    row = Row(
        learner=record.learner,
        exercise=record.exercise,
        standing=record.status,
        raw=raw,
        adjusted=score.points if score and counts else raw,
        late=score.late if score else False,
        comment=score.said if score else "",
        by_hand=score.by_hand if score else False,
        max_points=now.max_points,
        file=record.file,
        verdict=None if verdict is None else on_scale(verdict, record.scaled),
    )
    return record, row


def _table(grades: Path) -> list[list[str]]:
    try:
        return read_table(grades.read_bytes())
    except (OSError, UnicodeDecodeError):
        return []


def _order(grades: Sequence[Sequence[str]], slugs: Iterable[str]) -> list[str]:
    """As the columns of `grades.csv` stand; what is not there comes last, as it was met."""
    place = {slug: at for at, slug in enumerate(grades[0] if grades else ())}
    return sorted(slugs, key=lambda slug: place.get(slug, len(place)))


def _totals(grades: Sequence[Sequence[str]]) -> dict[str, float]:
    """It is the last column of that name, for an exercise may be called so, too."""
    at = max((at for at, name in enumerate(grades[0] if grades else ()) if name == "total"), default=0)
    cells = {row[0]: row[at] for row in grades[1:] if len(row) > at} if at else {}
    return {learner: float(cell) for learner, cell in cells.items() if is_number(cell)}


def _not_marked(grades: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Whose work has no mark, by the last column."""
    if grades and grades[0][-1] == "not_marked":
        for row in grades[1:]:
            if len(row) == len(grades[0]):
                yield from ((row[0], slug) for slug in row[-1].split())


def narrowed(sheet: Sheet, exercises: Iterable[str] = (), learners: Iterable[str] = ()) -> Sheet:
    """The sheet with these exercises and learners only, all where none is named; raises UsageError for an unknown one."""
    slugs = _known("exercise", exercises, [column.slug for column in sheet.columns])
    names = _known("learner", learners, sheet.learners)
    every = len(slugs) == len(sheet.columns)
    return replace(
        sheet,
        totals=sheet.totals if every else {},
        columns=tuple(column for column in sheet.columns if column.slug in slugs),
        learners=tuple(learner for learner in sheet.learners if learner in names),
        rows=tuple(row for row in sheet.rows if row.exercise in slugs and row.learner in names),
        waiting=tuple(
            (who, what)
            for who, what in sheet.waiting
            if what in slugs and (who in names or names == set(sheet.learners))
        ),
    )


def _known(what: str, asked: Iterable[str], there: Iterable[str]) -> set[str]:
    from difflib import get_close_matches

    known, wanted = set(there), set(asked)
    for name in sorted(wanted - known):
        near = get_close_matches(name, sorted(known), 1)
        told = f"did you mean {near[0]!r}?" if near else f"there are {len(known)} in all"
        raise UsageError(f"there is no {what} {name!r} in what was graded; {told}")
    return wanted or known
