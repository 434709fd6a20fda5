"""Late work at nbgrader's own autograde: the penalty is the policy's of `course.yaml`, as `grader grade` has it."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import AssignLatePenalties

from grader.course.load import load_course
from grader.notebooks.late import FollowDates, LatePenalty, first_due, more_time, rules_for
from tests.notebooks.classroom import COURSE, FIRST, SAY, UNIT, Classroom, small_course, twice

pytestmark = [pytest.mark.slow, pytest.mark.ends]  # each goes through nbgrader itself from end to end

POLICY = """\
policy:
  due: "2026-03-01 23:59 Europe/Berlin"
  grace_minutes: 15
  late: {per: day, percent: 10, cap: 50}
extensions: more.csv
"""
MORE = "learner,exercise,due,days,hours\nhasmore,first-await,,2,\n"
# when each handed in (UTC), and what is taken of 10 points for first-await and for say-after; "-": that was not handed in
LATE = {
    "intime": ("2026-03-01 22:59:00", None, "-"),
    "ingrace": ("2026-03-01 23:13:59", None, "-"),
    "late": ("2026-03-02 22:58:00", 1.0, 2.0),
    "later": ("2026-03-04 10:00:00", 3.0, "-"),
    "never": ("2026-06-01 10:00:00", 5.0, "-"),
    "hasmore": ("2026-03-03 22:00:00", None, 2.0),
    "untold": ("", None, "-"),
}


@pytest.fixture(scope="module")
def course_with_dates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = small_course(tmp_path_factory.mktemp("dated"))
    own = "points: 10, policy: {late: {per: hour, points: 2, cap: 2}}}"
    (course / "course.yaml").write_text(COURSE.replace("points: 10}", own).replace("units:", f"{POLICY}units:"))
    (course / "more.csv").write_text(MORE)
    return course


@pytest.fixture(scope="module")
def late(course_with_dates: Path, alembic: None, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    room = Classroom.build(course_with_dates, tmp_path_factory.mktemp("late") / "nbcourse")
    room.generate()
    for learner, (moment, _, say) in LATE.items():
        room.hand_in(learner, first_await=FIRST, say_after=SAY)
        if say == "-":
            room.submitted(learner, "say-after").unlink()
        if moment:
            (room.root / "submitted" / learner / UNIT / "timestamp.txt").write_text(f"{moment} UTC")
    return room


def _penalties(room: Classroom, learner: str) -> dict[str, float | None]:
    with room.gradebook as book:
        notebooks = book.find_submission(UNIT, learner).notebooks
        return {one.name: one.late_submission_penalty for one in notebooks}


@pytest.fixture(scope="module")
def graded(late: Classroom) -> Classroom:
    late.autograde("*")
    return late


@pytest.mark.parametrize("learner", LATE)
def test_what_is_taken_off_is_what_the_course_says(graded: Classroom, learner: str) -> None:
    _, first, say = LATE[learner]
    assert _penalties(graded, learner) == {"first-await": first, "say-after": None if say == "-" else say}
    assert graded.scores(learner)["first-await"] == 10.0


def test_points_that_are_taken_off_are_the_courses_which_may_have_others_than_nbgrader(
    graded: Classroom, tmp_path: Path
) -> None:
    changed = shutil.copytree(graded.course, tmp_path / "changed")
    twice(changed, "05_say_after", "points: 10", "points: 20")
    with graded.gradebook as book:
        asks = AssignLatePenalties()
        asks.notebook_id, asks.assignment_id, asks.gradebook = "say-after", UNIT, book
        plugin = LatePenalty(course=str(changed), parent=asks)
        assert plugin.late_submission_penalty("late", 10.0, 1.0) == 1.0  # 2 of 20


def test_the_date_stands_in_nbgraders_gradebook(late: Classroom) -> None:
    with late.gradebook as book:
        assert book.find_assignment(UNIT).duedate == datetime(2026, 3, 1, 22, 59)


def test_an_extension_in_nbgrader_counts_too_and_a_date_that_was_changed(graded: Classroom) -> None:
    with graded.gradebook as book:
        book.grant_extension(UNIT, "later", days=3)
    graded.autograde("later")
    assert _penalties(graded, "later") == {"first-await": None, "say-after": None}
    file = graded.course / "course.yaml"
    before = file.read_text()
    file.write_text(before.replace("2026-03-01 23:59", "2026-05-31 23:59"))
    graded.autograde("never")
    assert _penalties(graded, "never") == {"first-await": 1.0, "say-after": None}
    file.write_text(before)


def test_of_two_extensions_the_later_counts(course_with_dates: Path) -> None:
    exercise = load_course(course_with_dates).exercises[0]
    due = rules_for(exercise, None, "ann", None).due
    assert due is not None
    given = [rules_for(exercise, None, "ann", each) for each in (timedelta(days=1), timedelta(0), timedelta(days=-1))]
    assert [(one.due, one.extended) for one in given] == [(due + timedelta(days=1), True), (due, False), (due, False)]


def test_who_is_named_in_the_list_by_a_name_or_an_address_is_who_nbgrader_has_with_it(
    course_with_dates: Path, tmp_path: Path
) -> None:
    shutil.copytree(course_with_dates, tmp_path, dirs_exist_ok=True)
    (tmp_path / "more.csv").write_text('learner,days\n"Lovelace, Ada",2\nbob@x.org,3\nhasmore,4\nnobody,5\n')
    known = [("s1", "Ada", "Lovelace", None), ("s2", None, None, "bob@x.org"), ("hasmore", None, None, None)]
    keys = ("id", "first_name", "last_name", "email")
    students = [SimpleNamespace(**dict(zip(keys, one, strict=True))) for one in known]
    course = load_course(tmp_path)
    found = more_time(course, SimpleNamespace(students=students))
    assert found.extensions is not None
    days = {learner: one.days for (learner, _), one in found.extensions.given.items()}
    assert days == {"s1": 2, "s2": 3, "hasmore": 4, "nobody": 5}
    [line] = found.told
    assert "more.csv:5: no learner here is called 'nobody'; " in line


def test_without_a_date_in_the_course_that_of_nbgrader_stays(room: Classroom) -> None:
    assert first_due(load_course(room.course), UNIT) is None
    with room.gradebook as book:
        book.update_or_create_assignment(UNIT, duedate="2026-03-01 12:00 UTC")
    room.hand_in("ann", first_await=FIRST)
    (room.root / "submitted" / "ann" / UNIT / "timestamp.txt").write_text("2026-03-09 12:00 UTC")
    room.autograde("ann")
    assert _penalties(room, "ann") == {"first-await": None, "say-after": None}
    with room.gradebook as book:
        assert book.find_assignment(UNIT).duedate == datetime(2026, 3, 1, 12)


def test_an_assignment_that_the_gradebook_does_not_know_has_no_date_there(
    course_with_dates: Path, tmp_path: Path
) -> None:
    about = {"assignment": UNIT, "db_url": f"sqlite:///{tmp_path}/gradebook.db"}  # as with --no-db
    book = new_notebook()  # type: ignore[no-untyped-call]
    for course in (str(course_with_dates), ""):
        assert FollowDates(course=course).preprocess(book, {"nbgrader": about}) == (book, {"nbgrader": about})
