"""Submissions and learners as rows of their tables: read, added and changed, many at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from grader.gradebook.tables import learners, submissions

Place = tuple[int, str]  # the id of a learner, and an exercise


@dataclass(frozen=True, slots=True)
class Row:
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


def learners_of(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """The ids of all learners, those of these names among them, who are written down if they are not there."""
    known = learner_ids(connection)
    new = sorted(set(names) - known.keys())
    if new:
        connection.execute(insert(learners), [{"name": name} for name in new])
        known = learner_ids(connection)
    return known


def learner_ids(connection: Connection) -> dict[str, int]:
    return {name: id for name, id in connection.execute(select(learners.c.name, learners.c.id))}


def there(connection: Connection, which: ColumnElement[bool]) -> dict[Place, list[Row]]:
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
    ).where(which)
    found: dict[Place, list[Row]] = {}
    for learner, exercise, *row in connection.execute(query):
        found.setdefault((learner, exercise), []).append(Row(*row))
    return found


def insert_rows(connection: Connection, rows: Sequence[tuple[Place, Row]]) -> Iterator[tuple[tuple[Place, int], int]]:
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


def update_rows(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        changing = update(submissions).where(submissions.c.id == bindparam("row"))
        values = [
            {
                "row": r.id,
                "attempt": r.attempt,
                "file": r.file,
                "submitted": r.submitted,
                "seen": r.seen,
                "late": r.late,
            }
            for r in rows
        ]
        connection.execute(changing, values)
