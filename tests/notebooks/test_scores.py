"""`grader grade` of nbgrader's `submitted/` folder, and its scores in nbgrader's gradebook."""

import shutil
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.errors import UsageError
from grader.exports.sheet import Column, Row, Sheet, read_sheet
from grader.grading import grade
from grader.notebooks.scores import write_scores
from tests.notebooks.classroom import FIRST, SAY, UNIT, Classroom, twice, wrong


def _run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def _sheet(course: Path, **programs: str) -> Sheet:
    """Each learner's first-await, graded here."""
    exercise = load_course(course).exercises[0]
    rows = []
    for learner, program in programs.items():
        verdict = grade(exercise, program, learner=learner, hidden=True)
        assert verdict.status != "error"
        rows.append(Row(learner, exercise.slug, verdict.status, verdict.points, verdict.points, 10.0, verdict=verdict))
    return Sheet((Column(exercise.slug, exercise.title, 10.0),), tuple(programs), tuple(rows))


@pytest.mark.slow
def test_a_class_graded_by_the_grader_has_the_same_scores_as_by_nbgrader(room: Classroom, tmp_path: Path) -> None:
    room.hand_in("ann", first_await=FIRST, say_after=wrong("05_say_after", "redundant_task"))
    room.hand_in("bob", first_await=wrong("01_first_await", "both_at_once"), say_after=SAY)
    grades = tmp_path / "grades"
    graded = _run("grade", room.root, "--out", grades, "--jobs", 1)  # of the course that the folder names
    assert graded.exit_code == 0, graded.output
    assert [column.slug for column in read_sheet(grades).columns] == ["first-await", "say-after"]
    told = _run("notebooks", "scores", grades, "--to", room.root, "--course", room.course)
    assert (told.exit_code, told.output) == (0, f"{room.root}: the scores of 4 notebooks\n")
    written = [(room.scores(learner), room.cells(learner, "say-after")) for learner in ("ann", "bob")]
    assert [scores for scores, _ in written] == [
        {"first-await": 10.0, "say-after": 5.25},
        {"first-await": 5.0, "say-after": 10.0},
    ]
    room.autograde("*")
    assert [(room.scores(learner), room.cells(learner, "say-after")) for learner in ("ann", "bob")] == written


def test_a_notebook_that_was_not_handed_in_is_no_matter_of_the_courses(room: Classroom) -> None:
    sheet = _sheet(room.course, ann=FIRST)
    missing = replace(sheet.rows[0], exercise="elsewhere", standing="missing", verdict=None)
    done = write_scores(load_course(room.course), replace(sheet, rows=(*sheet.rows, missing)), room.root)
    assert (done.notebooks, done.left_out) == (1, ())


def test_nothing_is_heard_of_what_nbgrader_is_warned_of(room: Classroom) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        write_scores(load_course(room.course), _sheet(room.course, ann=FIRST), room.root)
    assert [one.message for one in told] == []


def test_what_was_set_by_hand_in_nbgrader_stays(room: Classroom) -> None:
    course = load_course(room.course)
    write_scores(course, _sheet(room.course, ann="x = 1"), room.root)
    with room.gradebook as book:
        book.find_grade("first-await--greet_twice--order", "first-await", UNIT, "ann").manual_score = 3.0
        book.db.commit()
    assert write_scores(course, _sheet(room.course, ann=FIRST), room.root).left_out == ()
    assert room.scores("ann")["first-await"] == 9.0
    with room.gradebook as book:
        grade_ = book.find_grade("first-await--greet_twice--order", "first-await", UNIT, "ann")
        assert (grade_.auto_score, grade_.manual_score, grade_.needs_manual_grade) == (4.0, 3.0, True)


def test_what_would_be_less_is_left_and_told_unless_it_is_asked_for(room: Classroom) -> None:
    course = load_course(room.course)
    write_scores(course, _sheet(room.course, ann=FIRST, bob="x = 1"), room.root)
    worse = _sheet(room.course, ann=wrong("01_first_await", "both_at_once"), bob=FIRST)
    told = write_scores(course, worse, room.root)
    less = (
        "ann, first-await: greet_twice, order: 0 points, and 4 in nbgrader; greet_twice, time: 0 points, and 1 in nbgrader",
    )
    assert (told.notebooks, told.left_out, told.lowered) == (1, (), less)
    assert [room.scores(one)["first-await"] for one in ("ann", "bob")] == [10.0, 10.0]
    asked = write_scores(course, worse, room.root, lower=True)
    assert (asked.notebooks, asked.lowered) == (2, less)
    assert room.scores("ann")["first-await"] == 5.0


def test_so_is_a_penalty_that_would_take_more(room: Classroom) -> None:
    course, sheet = load_course(room.course), _sheet(room.course, ann=FIRST)
    late = replace(sheet, rows=(replace(sheet.rows[0], adjusted=7.5, late=True),))
    assert write_scores(course, sheet, room.root).lowered == ()
    less = ("ann, first-await: 2.5 points taken off for lateness, and 0 in nbgrader",)
    assert write_scores(course, late, room.root).lowered == less
    with room.gradebook as book:
        assert book.find_submission_notebook("first-await", UNIT, "ann").late_submission_penalty is None


def test_a_penalty_is_out_of_as_many_points_as_nbgrader_has(room: Classroom, tmp_path: Path) -> None:
    changed = shutil.copytree(room.course, tmp_path / "changed")
    twice(changed, "01_first_await", "A call is not a run}", "A call is not a run, points: 20}")
    sheet = _sheet(changed, ann=FIRST)
    late = replace(sheet, rows=(replace(sheet.rows[0], adjusted=15.0, late=True),))
    assert write_scores(load_course(changed), late, room.root).lowered == ()
    with room.gradebook as book:
        found = book.find_submission_notebook("first-await", UNIT, "ann")
        assert (found.score, found.late_submission_penalty) == (10.0, 2.5)


def test_the_course_is_the_one_that_the_configuration_names(
    room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.hand_in("ann", first_await=FIRST)
    grades = tmp_path / "grades"
    assert _run("grade", room.root, "--course", room.course, "--out", grades, "--jobs", 1).exit_code == 0
    monkeypatch.chdir(tmp_path)
    assert _run("notebooks", "scores", grades, "--to", room.root).output == f"{room.root}: the scores of 2 notebooks\n"
    assert _run("notebooks", "feedback", grades, "--to", room.root).exit_code == 0
    with room.gradebook as book:
        book.find_grade("say-after--together--time", "say-after", UNIT, "ann").auto_score = 4.0
        book.db.commit()
    again = _run("notebooks", "scores", grades, "--to", room.root)
    line = "left as it is in nbgrader, --lower writes it: ann, say-after: together, time: 0 points, and 4 in nbgrader"
    assert (again.exit_code, again.output) == (1, f"grader: {line}\n{room.root}: the scores of 1 notebook\n")
    (room.root / "nbgrader_config.py").write_text("c = get_config()\n")
    assert _run("notebooks", "scores", grades, "--to", room.root).exit_code == 2


def test_what_a_policy_took_is_a_penalty_and_what_somebody_added_is_told(room: Classroom) -> None:
    sheet = _sheet(room.course, ann=FIRST, bob="x = 1", zoe=FIRST)
    late, more, fault = sheet.rows
    rows = (replace(late, adjusted=7.5, late=True), replace(more, adjusted=2.0), replace(fault, standing="error"))
    done = write_scores(load_course(room.course), replace(sheet, rows=rows), room.root)
    assert done.left_out == (
        "bob, first-await: 2 points above those of the checks; set them in nbgrader",
        "zoe, first-await: was not marked",
    )
    assert done.notebooks == 2
    with room.gradebook as book:
        assert book.find_submission_notebook("first-await", UNIT, "ann").late_submission_penalty == 2.5
        assert [student.id for student in book.students] == ["ann", "bob"]
    write_scores(load_course(room.course), sheet, room.root)
    with room.gradebook as book:
        assert book.find_submission_notebook("first-await", UNIT, "ann").late_submission_penalty is None


def test_an_assignment_that_was_not_generated_is_told(room: Classroom, course: Path, tmp_path: Path) -> None:
    sheet = _sheet(course, ann=FIRST)
    with pytest.raises(
        UsageError, match=r"^/.*/gradebook.db is not there; run 'nbgrader generate_assignment' in /.* first$"
    ):
        write_scores(load_course(course), sheet, tmp_path)
    with room.gradebook as book:
        book.remove_assignment(UNIT)
    with pytest.raises(
        UsageError, match=r"^first-await is not in nbgrader's gradebook; run 'nbgrader generate_assignment start'$"
    ):
        write_scores(load_course(course), sheet, room.root)


def test_an_exercise_of_another_course_is_left_out_and_told(room: Classroom) -> None:
    sheet = _sheet(room.course, ann=FIRST)
    other = replace(sheet, rows=(replace(sheet.rows[0], exercise="elsewhere"),))
    done = write_scores(load_course(room.course), other, room.root)
    assert (done.notebooks, done.left_out) == (0, ("ann, elsewhere: is not in this course",))
