"""The history of one learner's work on one exercise: attempts, verdicts and scores, none of them ever taken away."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from grader.gradebook.by_hand import ByHand, scores_of
from grader.gradebook.moments import read
from grader.gradebook.tables import gradings, learners, submissions, verdicts


@dataclass(frozen=True, slots=True)
class Graded:
    """A verdict that an attempt had; `counts` says whether it is the one that counts for this attempt now."""

    attempt: int
    round: int
    status: str
    points: float
    max_points: float
    course: str
    grader: str
    isolation: str
    made: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An attempt; `submitted` is None where nobody knows when, and `seen` is when the grader met it.

    `late` is the platform's own flag.
    """

    attempt: int
    file: str
    sha256: str
    submitted: datetime | None
    seen: datetime
    late: bool | None = None


@dataclass(frozen=True, slots=True)
class History:
    handed_in: tuple[HandedIn, ...]
    graded: tuple[Graded, ...]
    by_hand: tuple[ByHand, ...]


def history(connection: Connection, learner: str, exercise: str) -> History:
    return History(
        tuple(_handed_in(connection, learner, exercise)),
        tuple(_graded(connection, learner, exercise)),
        tuple(scores_of(connection, learner, exercise)),
    )


def _handed_in(connection: Connection, learner: str, exercise: str) -> list[HandedIn]:
    columns = submissions.c
    query = (
        select(columns.attempt, columns.file, columns.sha256, columns.submitted, columns.seen, columns.late)
        .join(learners, learners.c.id == columns.learner_id)
        .where(learners.c.name == learner, columns.exercise == exercise)
        .order_by(columns.attempt)
    )
    return [
        HandedIn(attempt, file, sha256, read(submitted) if submitted else None, read(seen), late)
        for attempt, file, sha256, submitted, seen, late in connection.execute(query)
    ]


def _graded(connection: Connection, learner: str, exercise: str) -> list[Graded]:
    verdict = verdicts.c
    query = (
        select(
            submissions.c.attempt,
            verdict.round,
            verdict.status,
            verdict.points,
            verdict.max_points,
            verdict.course,
            verdict.grader,
            verdict.isolation,
            verdict.made,
            gradings.c.counts,
        )
        .select_from(gradings)
        .join(submissions, submissions.c.id == gradings.c.submission_id)
        .join(learners, learners.c.id == submissions.c.learner_id)
        .join(verdicts, verdict.id == gradings.c.verdict_id)
        .where(learners.c.name == learner, submissions.c.exercise == exercise)
        .order_by(submissions.c.attempt, gradings.c.id)
    )
    return [Graded(*row[:8], read(row[8]), bool(row[9])) for row in connection.execute(query)]
