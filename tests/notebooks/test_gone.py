"""A check that is renamed when there are grades: nbgrader keeps its cell, and what that earned; all else is graded as ever."""

import shutil
from pathlib import Path

import pytest

from tests.notebooks.classroom import FIRST, UNIT, Classroom

GONE = "first-await--greet_twice--time"


@pytest.fixture
def renamed(room: Classroom, tmp_path: Path) -> Classroom:
    """Ann has a grade of it, and Bob has none."""
    course = tmp_path / "course"
    shutil.copytree(room.course, course)
    config = room.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.GradeExercises.course = {str(course)!r}\n")
    here = Classroom(course, room.root)
    _hand_in(here, "ann")
    here.autograde("ann")
    path = course / "exercises" / "01_first_await" / "exercise.yaml"
    path.write_text(path.read_text().replace("- id: time\n", "- id: three-seconds\n", 1))
    for proof in course.glob("solutions/*/proof*"):
        proof.unlink()
    return here


def _hand_in(room: Classroom, learner: str) -> None:
    room.hand_in(learner, first_await=FIRST)
    room.submitted(learner, "say-after").unlink()


def test_what_it_earned_stays_and_who_has_no_grade_of_it_is_looked_at(renamed: Classroom) -> None:
    _hand_in(renamed, "bob")
    told = renamed.autograde("*")
    assert [renamed.scores(one)["first-await"] for one in ("ann", "bob")] == [10.0, 9.0]
    gone = f"first-await: the course has no check for the cell {GONE} any more"
    assert f"ann, {gone}; what it earned stays: 1 of 1 points" in told
    assert f"bob, {gone}, and it has no grade yet; set its points by hand" in told
    assert f"nbgrader db assignment remove {UNIT} --force" in told
    assert "the course does not check this any more: it stays at 1 of 1 points" in renamed.said("ann", "first-await")
    assert "bob, " + gone + ", and it has no grade yet" in renamed.autograde("bob")  # nor the second time
    with renamed.gradebook as book:
        asked = [
            (one, grade.name)
            for one in ("ann", "bob")
            for grade in book.find_submission_notebook("first-await", UNIT, one).grades
            if grade.needs_manual_grade
        ]
    assert asked == [("bob", GONE)]
