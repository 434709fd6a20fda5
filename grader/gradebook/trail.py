"""What was followed: which submission of before has become which one at the name of now, be that new or there already."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from grader.gradebook.rows import Place, Row
from grader.gradebook.tables import followed, submissions


@dataclass(frozen=True, slots=True)
class Trail:
    """By submission, its copies: where each is, and its id."""

    copies: Mapping[int, Sequence[tuple[Place, int]]]

    def of(self, submission: int) -> Iterator[tuple[Place, int]]:
        """Its copies, their copies, and so on; each once, though who has an old id again comes back to where they were."""
        seen, waiting = {submission}, [submission]
        while waiting:
            for place, id in self.copies.get(waiting.pop(), ()):
                if id not in seen:
                    seen.add(id)
                    waiting.append(id)
                    yield place, id

    def at(self, place: Place, rows: Iterable[Row]) -> dict[int, int]:
        """Which submission of this place each has become; those that have not are left out."""
        return {row.id: id for row in rows for where, id in self.of(row.id) if where == place}


def trail_of(connection: Connection) -> Trail:
    columns = submissions.c
    query = (
        select(followed.c.submission_id, columns.learner_id, columns.exercise, columns.id)
        .join(submissions, columns.id == followed.c.copy_id)
        .order_by(followed.c.id)
    )
    copies: dict[int, list[tuple[Place, int]]] = defaultdict(list)
    for submission, learner, exercise, id in connection.execute(query):
        copies[submission].append(((learner, exercise), id))
    return Trail(copies)


def write_down(connection: Connection, pairs: Sequence[tuple[int, int]]) -> None:
    """Each a submission with its copy."""
    if pairs:
        connection.execute(insert(followed), [{"submission_id": one, "copy_id": copy} for one, copy in pairs])
