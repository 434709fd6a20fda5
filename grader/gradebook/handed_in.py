"""Submissions: each content that a learner hands in for an exercise is the next attempt, and the same again is none.

Attempts are numbered by the time of submission, where that is not known by when the grader first met them.

Somebody may have named the wrong time zone before. Then all that a learner handed in for an exercise is there again, each file
with its name and content, and its time off by the same quarters of an hour: they are the same attempts, at other times.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from grader.gradebook.moments import read, written
from grader.gradebook.tables import learners, submissions
from grader.gradebook.work import Work

_Place = tuple[int, str]
_QUARTER, _FURTHEST = timedelta(minutes=15), timedelta(hours=26)  # of the differences between time zones


@dataclass(frozen=True, slots=True)
class _Row:
    """A submission; `id` 0 is not written yet."""

    id: int
    attempt: int
    sha256: str
    file: str
    submitted: str | None
    seen: str
    late: bool | None

    @property
    def order(self) -> tuple[str, int]:
        return self.submitted or self.seen, self.attempt


def hand_in(
    connection: Connection, names: Iterable[str], works: Sequence[Work], now: datetime
) -> list[tuple[Work, int]]:
    """Writes down learners and works; gives each work with its submission's id."""
    ids = _learners(connection, names, works)
    there = _there(connection, {work.exercise for work in works})
    by_place: dict[_Place, list[Work]] = {}
    for work in works:
        by_place.setdefault((ids[work.learner], work.exercise), []).append(work)
    added, changed, found = list[tuple[_Place, _Row]](), list[_Row](), list[tuple[Work, _Place, _Row]]()
    for place, theirs in by_place.items():
        before = there.get(place, [])
        rows, taken = _with(before, theirs, written(now))
        for work, row in taken:
            found.append((work, place, row))
        old = {row.id: row for row in before}
        added += [(place, row) for row in rows if not row.id]
        changed += [row for row in rows if row.id and old[row.id] != row]
    new = dict(_insert(connection, added))
    _update(connection, changed)
    return [(work, row.id or new[(place, row.attempt)]) for work, place, row in found]


def _with(before: Sequence[_Row], works: Iterable[Work], now: str) -> tuple[list[_Row], list[tuple[Work, _Row]]]:
    """All attempts with those of `works`, numbered anew, and which of them each work is."""
    rows, indices = sorted(before, key=lambda row: row.order), list[tuple[Work, int]]()
    works = sorted(works, key=lambda work: written(work.submitted) if work.submitted else now)
    several = sum(work.submitted is None for work in works) > 1
    moved = _in_another_zone(rows, works)
    after = -1
    for work in works:
        submitted = written(work.submitted) if work.submitted else None
        untimed = submitted is None and several
        at = moved.get(work)
        if at is None:
            at = _next(rows, work.sha256, after) if untimed else _same(rows, work.sha256, submitted)
        if at is None:
            at = len(rows)
            number = max((row.attempt for row in rows), default=0) + 1
            rows.append(_Row(0, number, work.sha256, work.file, submitted, now, work.late))
        else:
            late = rows[at].late if work.late is None else work.late
            rows[at] = replace(rows[at], file=work.file, submitted=submitted or rows[at].submitted, late=late)
        after = at if untimed else after
        indices.append((work, at))
    order = sorted(range(len(rows)), key=lambda at: rows[at].order)
    for number, at in enumerate(order, 1):
        rows[at] = replace(rows[at], attempt=number)
    return rows, [(work, rows[at]) for work, at in indices]


def _in_another_zone(rows: Sequence[_Row], works: Sequence[Work]) -> dict[Work, int]:
    """Which of `rows` each is, if all of them are there, at times of another zone; else nothing."""
    at = {(row.sha256, row.file, row.submitted): number for number, row in enumerate(rows) if row.submitted}
    times = [(work, work.submitted) for work in works if work.submitted]
    if not times or len(times) != len(works):
        return {}
    first, time = times[0]
    by = [timedelta()] + [
        read(row.submitted) - time
        for row in rows
        if row.submitted and (row.sha256, row.file) == (first.sha256, first.file)
    ]
    for shift in by:
        found = [at.get((work.sha256, work.file, written(time + shift))) for work, time in times]
        if None not in found and abs(shift) <= _FURTHEST and not shift % _QUARTER:
            return (
                {work: number for (work, _), number in zip(times, found, strict=True) if number is not None}
                if shift
                else {}
            )
    return {}


def _next(rows: Sequence[_Row], sha256: str, after: int) -> int | None:
    """Of several without a time, which are handed in as a whole and in their order: the next one with this content."""
    return next((at for at in range(after + 1, len(rows)) if rows[at].sha256 == sha256), None)


def _same(rows: Sequence[_Row], sha256: str, submitted: str | None) -> int | None:
    """Which of the attempts it is. Without a time it is the last one again, if that has the same content."""
    if submitted is None:
        last = max(range(len(rows)), key=lambda at: rows[at].order, default=None)
        return last if last is not None and rows[last].sha256 == sha256 else None
    alike = [at for at, row in enumerate(rows) if row.sha256 == sha256 and row.submitted in (submitted, None)]
    return max(alike, key=lambda at: rows[at].submitted is not None, default=None)


# ---------------------------------------------------------------- rows


def _learners(connection: Connection, names: Iterable[str], works: Sequence[Work]) -> dict[str, int]:
    known = learner_ids(connection)
    new = sorted({*names, *(work.learner for work in works)} - known.keys())
    if new:
        connection.execute(insert(learners), [{"name": name} for name in new])
        known = learner_ids(connection)
    return known


def learner_ids(connection: Connection) -> dict[str, int]:
    return {name: id for name, id in connection.execute(select(learners.c.name, learners.c.id))}


def _there(connection: Connection, exercises: set[str]) -> dict[_Place, list[_Row]]:
    columns = submissions.c
    query = select(
        columns.learner_id,
        columns.exercise,
        columns.id,
        columns.attempt,
        columns.sha256,
        columns.file,
        columns.submitted,
        columns.seen,
        columns.late,
    ).where(columns.exercise.in_(sorted(exercises)))
    found: dict[_Place, list[_Row]] = {}
    for learner, exercise, *row in connection.execute(query):
        found.setdefault((learner, exercise), []).append(_Row(*row))
    return found


def _insert(connection: Connection, rows: Sequence[tuple[_Place, _Row]]) -> Iterator[tuple[tuple[_Place, int], int]]:
    if not rows:
        return
    adding = insert(submissions).returning(submissions.c.id, sort_by_parameter_order=True)
    values = [
        {
            "learner_id": learner,
            "exercise": exercise,
            "attempt": row.attempt,
            "sha256": row.sha256,
            "file": row.file,
            "submitted": row.submitted,
            "seen": row.seen,
            "late": row.late,
        }
        for (learner, exercise), row in rows
    ]
    for (place, row), id in zip(rows, connection.execute(adding, values).scalars(), strict=True):
        yield (place, row.attempt), id


def _update(connection: Connection, rows: Sequence[_Row]) -> None:
    if rows:
        changing = update(submissions).where(submissions.c.id == bindparam("row"))
        values = [
            {"row": r.id, "attempt": r.attempt, "file": r.file, "submitted": r.submitted, "late": r.late} for r in rows
        ]
        connection.execute(changing, values)
