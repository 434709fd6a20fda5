"""More time that was given in nbgrader: the scores of `grader grade` cost there what nbgrader's autograde would take off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.load import load_course
from grader.course.model import Exercise
from grader.exports.sheet import Row
from grader.notebooks.granted import Penalty, penalty
from grader.notebooks.scores import write_scores
from tests.notebooks.classroom import COURSE, FIRST, UNIT, Classroom, small_course
from tests.notebooks.test_scores import _sheet as sheet_of

POLICY = "policy:\n  due: '2026-03-01 12:00 UTC'\n  late: {per: day, percent: 10}\nunits:"
ROW = Row("ann", "first-await", "passed", 10.0, 7.0, 10.0, late=True)  # three days late
THIRD = datetime(2026, 3, 4, 11)


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = small_course(tmp_path_factory.mktemp("dated"))
    (course / "course.yaml").write_text(COURSE.replace("units:", POLICY))
    return course


@pytest.fixture(scope="module")
def first(dated: Path) -> Exercise:
    return load_course(dated).exercises[0]


def _given(days: int, timestamp: Any = None) -> Any:
    assignment = SimpleNamespace(name=UNIT)
    return SimpleNamespace(extension=timedelta(days=days), timestamp=timestamp, assignment=assignment)


SAID = (
    "ann, first-await: an extension that was given in nbgrader counts there alone: {} points off for lateness, and 3 here; put"
    " it into the course's extensions, so that it counts in both"
)


@pytest.mark.parametrize(
    ("row", "given", "found"),
    [
        (ROW, _given(5, THIRD), Penalty(0.0, SAID.format("0"))),
        (ROW, _given(2, THIRD), Penalty(1.0, SAID.format("1"))),
        (ROW, _given(-1, THIRD), Penalty(3.0)),
        (ROW, SimpleNamespace(extension=None, timestamp=THIRD), Penalty(3.0)),
        (replace(ROW, by_hand=True), _given(5, THIRD), Penalty(3.0)),
        (replace(ROW, adjusted=10.0, late=False), _given(5, THIRD), Penalty(0.0)),
    ],
    ids=["in time", "in part", "none", "not given", "set by hand", "not late"],
)
def test_what_is_taken_off(row: Row, given: Any, found: Penalty, first: Exercise, tmp_path: Path) -> None:
    assert penalty(row, first, given, None, tmp_path) == found


def test_the_time_is_that_of_the_submission_in_the_folder(first: Exercise, tmp_path: Path) -> None:
    folder = tmp_path / "submitted" / "ann" / UNIT
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(str(THIRD.replace(tzinfo=UTC).astimezone(UTC)).replace("+00:00", " UTC"))
    assert penalty(ROW, first, _given(5, datetime(2026, 3, 9)), None, tmp_path).points == 0
    (folder / "timestamp.txt").write_text("some day")
    assert penalty(ROW, first, _given(5, datetime(2026, 3, 9)), None, tmp_path).points == 3
    said = "ann, first-await: an extension that was given in nbgrader does not count, for the time of submission is not known"
    assert penalty(ROW, first, _given(5), None, tmp_path) == Penalty(3.0, f"{said} there")


def test_the_scores_that_are_written_are_those_of_nbgraders_autograde(dated: Path, room: Classroom) -> None:
    """An extension of two days, for somebody who is three days late."""
    Classroom.build(dated, room.root)
    room.generate()
    room.hand_in("ann", first_await=FIRST)
    room.submitted("ann", "say-after").unlink()
    (room.root / "submitted" / "ann" / UNIT / "timestamp.txt").write_text(f"{THIRD} UTC")
    sheet = sheet_of(dated, ann=FIRST)
    late = replace(sheet, rows=(replace(sheet.rows[0], adjusted=7.0, late=True),))

    def off() -> float | None:
        with room.gradebook as book:
            found: float | None = book.find_submission_notebook("first-await", UNIT, "ann").late_submission_penalty
        return found

    assert write_scores(load_course(dated), late, room.root).apart == ()
    assert off() == 3.0
    with room.gradebook as book:
        book.grant_extension(UNIT, "ann", days=2)
    assert write_scores(load_course(dated), late, room.root).apart == (SAID.format("1"),)
    assert off() == 1.0
    room.autograde("ann")
    assert off() == 1.0
