"""Whoever grades is told of files that count as in time because nobody knows when they came in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.cli.grade import times_unknown
from grader.course.load import load_course
from grader.course.model import Course
from grader.course.policy_model import Policy
from grader.intake.model import Handed, Intake

ROOT = Path(__file__).parent.parent.parent
NO_ZONE = "the file's name says 2026-03-09 12:00:00 and no time zone; name it with --time-zone"


@pytest.fixture(scope="module")
def course() -> Course:
    """Its first exercise has a due date, the others have none."""
    loaded = load_course(ROOT)
    first, *others = loaded.exercises
    return replace(loaded, exercises=(replace(first, policy=Policy(due="2026-03-08 23:59 Europe/Berlin")), *others))


def told(course: Course, *handed: Handed) -> list[str]:
    return list(times_unknown(course, Intake(tuple(each.learner for each in handed), handed, ())))


def handed(course: Course, learner: str, which: int = 0, **known: object) -> Handed:
    return Handed(learner, course.exercises[which].slug, f"/{learner}", learner, **known)  # type: ignore[arg-type]


def test_that_a_time_is_not_known_is_said_once_with_the_remedy(course: Course) -> None:
    found = told(course, handed(course, "ann", submitted_by=NO_ZONE), handed(course, "bob", submitted_by=NO_ZONE))
    assert found == [f"2 files counted as in time: {NO_ZONE}"]


def test_that_a_platform_calls_a_file_late_is_said_where_nobody_knows_by_how_much(course: Course) -> None:
    assert told(course, handed(course, "ann", late=True), handed(course, "bob", late=False)) == [
        "1 file counted as in time: nothing says when they came",
        "1 file late, as the platform says: shown as late, by how much is not known; see to that with 'grader gradebook set'",
    ]


def test_nothing_is_said_where_the_time_is_known_or_does_not_matter(course: Course) -> None:
    known = handed(course, "ann", submitted=datetime(2026, 3, 9, tzinfo=UTC), late=True)
    assert told(course, known, handed(course, "bob", 1, late=True)) == []
