"""What stands in the gradebook, read: attempts with their verdicts, scores set by hand, and the whole history of a work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from grader.gradebook.moments import read
from grader.gradebook.tables import gradings, learners, submissions, verdicts
from grader.verdict import Verdict, decode

FEW = 500  # names or ids that one query may list


@dataclass(frozen=True, slots=True)
class Mark:
    """The verdict that counts for an attempt, without its text."""

    id: int
    status: str
    points: float
    max_points: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """The nth content that was handed in; `mark` is None where it is not graded yet.

    `late` is the platform's own flag, None where it has none.
    """

    learner: str
    exercise: str
    number: int
    sha256: str
    file: str
    submitted: datetime | None
    mark: Mark | None
    late: bool | None = None


def attempts(
    connection: Connection, exercises: Sequence[str], names: Sequence[str]
) -> dict[tuple[str, str], list[Attempt]]:
    """By learner and exercise, in their order."""
    columns = submissions.c
    mark = verdicts.c
    graded = (gradings.c.submission_id == columns.id) & gradings.c.counts
    query = (
        select(
            learners.c.name,
            columns.exercise,
            columns.attempt,
            columns.sha256,
            columns.file,
            columns.submitted,
            columns.late,
            mark.id,
            mark.status,
            mark.points,
            mark.max_points,
        )
        .select_from(submissions)
        .join(learners, learners.c.id == columns.learner_id)
        .outerjoin(gradings, graded)
        .outerjoin(verdicts, mark.id == gradings.c.verdict_id)
        .where(columns.exercise.in_(list(exercises)))
        .order_by(columns.attempt)
    )
    if len(names) <= FEW:
        query = query.where(learners.c.name.in_(list(names)))
    found: dict[tuple[str, str], list[Attempt]] = {}
    for learner, exercise, number, sha256, file, submitted, late, *marked in connection.execute(query):
        attempt = Attempt(
            learner,
            exercise,
            number,
            sha256,
            file,
            read(submitted) if submitted else None,
            Mark(*marked) if marked[0] is not None else None,
            late,
        )
        found.setdefault((learner, exercise), []).append(attempt)
    return found


def verdicts_of(connection: Connection, ids: Sequence[int]) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    for at in range(0, len(ids), FEW):
        query = select(verdicts.c.id, verdicts.c.verdict).where(verdicts.c.id.in_(list(ids[at : at + FEW])))
        found.update((id, decode(text)) for id, text in connection.execute(query))
    return found
