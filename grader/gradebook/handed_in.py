"""Submissions: each content that a learner hands in for an exercise is the next attempt, and the same again is none.

Attempts are numbered by the time of submission, where that is not known by when the grader first met them.

Without a time nobody can tell whether a content that was there before the last one is handed in again, or an old download is
graded again. It is the earlier attempt, and `returned` says so; unless the caller knows that it is handed in `anew`.

Somebody may have named the wrong time zone before. Then what a learner handed in for an exercise is there again, each file
with its name and content, and its time off by the same quarters of an hour: they are the same attempts, at other times. What
is there at its own time already, and what is new, may be among them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from grader.gradebook.moments import read, written
from grader.gradebook.rows import Place, Row, insert_rows, learners_of, there, update_rows
from grader.gradebook.tables import learners, submissions
from grader.gradebook.work import Work

_QUARTER, _FURTHEST = timedelta(minutes=15), timedelta(hours=26)  # of the differences between time zones
_CHANGE = timedelta(hours=1)  # of a zone's clocks, twice a year


def hand_in(
    connection: Connection, names: Iterable[str], works: Sequence[Work], now: datetime, anew: bool = False
) -> list[tuple[Work, int]]:
    """Writes down learners and works; gives each work with its submission's id."""
    ids = learners_of(connection, [*names, *(work.learner for work in works)])
    found_there = there(connection, submissions.c.exercise.in_(sorted({work.exercise for work in works})))
    by_place: dict[Place, list[Work]] = {}
    for work in works:
        by_place.setdefault((ids[work.learner], work.exercise), []).append(work)
    added, changed, found = list[tuple[Place, Row]](), list[Row](), list[tuple[Work, Place, Row]]()
    for place, theirs in by_place.items():
        before = found_there.get(place, [])
        rows, taken = _with(before, theirs, written(now), anew)
        for work, row in taken:
            found.append((work, place, row))
        old = {row.id: row for row in before}
        added += [(place, row) for row in rows if not row.id]
        changed += [row for row in rows if row.id and old[row.id] != row]
    new = dict(insert_rows(connection, added))
    update_rows(connection, changed)
    return [(work, row.id or new[(place, row.attempt)]) for work, place, row in found]


def returned(connection: Connection, works: Sequence[Work]) -> list[Work]:
    """Those of `works`, which are handed in, that are attempts of before the last one, and no time says that they are."""
    columns = submissions.c
    query = (
        select(learners.c.name, columns.exercise, columns.sha256)
        .join(learners, learners.c.id == columns.learner_id)
        .where(columns.exercise.in_(sorted({work.exercise for work in works})), columns.attempt > 1)
        .order_by(columns.attempt)
    )
    last = {(learner, exercise): sha256 for learner, exercise, sha256 in connection.execute(query)}
    count = Counter((work.learner, work.exercise) for work in works)
    alone = [work for work in works if work.submitted is None and count[(work.learner, work.exercise)] == 1]
    return [work for work in alone if last.get((work.learner, work.exercise), work.sha256) != work.sha256]


def _with(
    before: Sequence[Row], works: Iterable[Work], now: str, anew: bool
) -> tuple[list[Row], list[tuple[Work, Row]]]:
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
            at = _next(rows, work.sha256, after) if untimed else _same(rows, work.sha256, submitted, anew)
        if at is None:
            at = len(rows)
            number = max((row.attempt for row in rows), default=0) + 1
            rows.append(Row(0, number, work.sha256, work.file, submitted, now, work.late))
        else:
            late = rows[at].late if work.late is None else work.late
            rows[at] = replace(rows[at], file=work.file, submitted=submitted or rows[at].submitted, late=late)
        after = at if untimed else after
        indices.append((work, at))
    order = sorted(range(len(rows)), key=lambda at: rows[at].order)
    for number, at in enumerate(order, 1):
        rows[at] = replace(rows[at], attempt=number)
    return rows, [(work, rows[at]) for work, at in indices]


def _in_another_zone(rows: Sequence[Row], works: Sequence[Work]) -> dict[Work, int]:
    """Which of `rows` each is, if it is there at a time of another zone; of works that all have times.

    All of them, or else all that are not there at their own times and whose content and file are: what is new says nothing.
    """
    if not works or any(work.submitted is None for work in works):
        return {}
    exact = dict[Work, int]()
    for work in works:
        same = (at for at, row in enumerate(rows) if (row.sha256, row.submitted) == (work.sha256, _time(work)))
        if (found := next((at for at in same if at not in exact.values()), None)) is not None:
            exact[work] = found
    if len(exact) == len(works):
        return {}
    taken = set(exact.values())
    known = [(at, row) for at, row in enumerate(rows) if row.submitted]
    left = [(at, row) for at, row in known if at not in taken]
    again = [work for work in works if work not in exact and any(_is_file(work, row) for _, row in left)]
    return _moved(known, works) or _moved(left, again)


def _moved(rows: Sequence[tuple[int, Row]], works: Sequence[Work]) -> dict[Work, int]:
    """Which of the rows each is, if all are there at times that are off by the same; an hour more or less where clocks were
    changed in between.
    """
    for by in [_off(works[0], row) for _, row in rows if _is_file(works[0], row)] if works else []:
        found = dict[Work, int]()
        for work in works:
            alike = ((abs(_off(work, row) - by), at) for at, row in rows if _is_file(work, row))
            near = min(((apart, at) for apart, at in alike if at not in found.values()), default=None)
            if near is not None and near[0] in (timedelta(), _CHANGE):
                found[work] = near[1]
        if len(found) == len(works) and abs(by) <= _FURTHEST and not by % _QUARTER:
            return found
    return {}


def _off(work: Work, row: Row) -> timedelta:
    """How much later the row's time is than the work's, both of which have one."""
    return read(row.submitted or "") - (work.submitted or datetime.min)


def _time(work: Work) -> str | None:
    return written(work.submitted) if work.submitted else None


def _is_file(work: Work, row: Row) -> bool:
    """The same content by the same name, wherever the download lies."""
    short, long = sorted((work.file, row.file), key=len)
    return work.sha256 == row.sha256 and (long == short or long.endswith(f"/{short}"))


def _next(rows: Sequence[Row], sha256: str, after: int) -> int | None:
    """Of several without a time, which are handed in as a whole and in their order: the next one with this content."""
    return next((at for at in range(after + 1, len(rows)) if rows[at].sha256 == sha256), None)


def _same(rows: Sequence[Row], sha256: str, submitted: str | None, anew: bool) -> int | None:
    """Which of the attempts it is. Without a time it is the last one with the same content.

    What cannot be read, and what is handed in `anew`, is an earlier attempt only if that is the last of all.
    """
    if submitted is None:
        latest = sorted(range(len(rows)), key=lambda at: rows[at].order, reverse=True)
        return next((at for at in latest[: 1 if anew or not sha256 else None] if rows[at].sha256 == sha256), None)
    alike = [at for at, row in enumerate(rows) if row.sha256 == sha256 and row.submitted in (submitted, None)]
    return max(alike, key=lambda at: rows[at].submitted is not None, default=None)
