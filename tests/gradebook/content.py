"""Work and verdicts made up for tests, and what stands in a gradebook apart from ids and times."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import text

from grader.gradebook.opening import Gradebook, reading
from grader.gradebook.verdicts import wanted
from grader.gradebook.work import Given, Key, Wanted, Work
from grader.verdict import Status, Verdict, decode, encode

PASSED = decode((Path(__file__).parents[1] / "feedback" / "verdicts" / "passed.json").read_bytes())
START = datetime(2026, 3, 1, 12, tzinfo=UTC)

_COUNTED = """
    SELECT learners.name, submissions.exercise, submissions.attempt, submissions.sha256, submissions.file,
           submissions.submitted, verdicts.course, verdicts.grader, verdicts.seed, verdicts.status, verdicts.points,
           verdicts.final, verdicts.verdict
    FROM submissions
    JOIN learners ON learners.id = submissions.learner_id
    LEFT JOIN gradings ON gradings.submission_id = submissions.id AND gradings.counts
    LEFT JOIN verdicts ON verdicts.id = gradings.verdict_id
    ORDER BY 1, 2, 3
"""


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def work(
    learner: str = "ann", content: str = "a", submitted: datetime | None = None, file: str = "say_after.py"
) -> Work:
    return Work(learner, "say-after", f"{learner}/{file}", content, submitted)


def key(work: Work, *, course: str = "c1", grader: str = "1.0") -> Key:
    return Key(work.exercise, work.sha256, f"say-after/{work.learner}", course, grader)


def ask(
    book: Gradebook,
    *works: Work,
    hour: float = 0,
    isolation: str = "child",
    regrade: bool = False,
    course: str = "c1",
    anew: bool = False,
) -> list[Wanted]:
    keys = {work: key(work, course=course) for work in works}
    names = [work.learner for work in works]
    return wanted(book, names, keys, isolation=isolation, regrade=regrade, now=at(hour), anew=anew)


def verdict(points: float = 10.0, *, status: Status = "passed", isolation: str = "child") -> Verdict:
    return msgspec.structs.replace(PASSED, points=points, status=status, isolation=isolation)


def given(points: float = 10.0, *, status: Status = "passed", isolation: str = "child", final: bool = True) -> Given:
    made = verdict(points, status=status, isolation=isolation)
    return Given(made, encode(made), final, at(1))


def counted(book: Gradebook) -> list[tuple[Any, ...]]:
    """Every attempt with the verdict that counts for it."""
    with reading(book) as connection:
        return [tuple(row) for row in connection.execute(text(_COUNTED))]


def points(book: Gradebook) -> list[tuple[str, int, float | None]]:
    """Learner, attempt, points."""
    return [(row[0], row[2], row[10]) for row in counted(book)]


def rows(book: Gradebook, table: str) -> int:
    with reading(book) as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def give_points(book: Gradebook, points: float, handed: Work | None = None, **how: Any) -> None:
    """Hands in and grades."""
    from grader.gradebook.verdicts import give

    for one in ask(book, handed or work(), **how):
        give(book, one, given(points))
