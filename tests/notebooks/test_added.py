"""Cells with points that an instructor added to an exercise's notebook: nbgrader's alone, and never without a word."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.exports.sheet import read_sheet
from grader.notebooks.scores import Written, write_scores
from tests.notebooks.classroom import COURSE, FIRST, UNIT, Classroom
from tests.notebooks.test_scores import _sheet as sheet_of

pytestmark = [pytest.mark.slow, pytest.mark.ends]  # each goes through nbgrader itself from end to end

LATE = "policy:\n  due: '2026-03-01 12:00 UTC'\n  late: {per: day, percent: 10}\nunits:"


@pytest.fixture(scope="module")
def with_tests(course: Path, released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = shutil.copytree(released, tmp_path_factory.mktemp("added") / "nbcourse")
    Classroom(course, root).add_tests("first-await", mine="assert True", yours="bonus")
    return root


@pytest.fixture
def added(course: Path, with_tests: Path, tmp_path: Path) -> Classroom:
    return Classroom(course, shutil.copytree(with_tests, tmp_path / "nbcourse"))


ALONE = "first-await: cells that were added to it count in nbgrader alone: by-hand-mine (2 points), by-hand-yours (2 points)"


def test_the_scores_of_a_class_are_written_and_what_nbgrader_has_besides_is_told(added: Classroom) -> None:
    def write() -> Written:
        return write_scores(load_course(added.course), sheet_of(added.course, ann=FIRST, bob="x = 1"), added.root)

    assert write().apart == (ALONE,)
    with added.gradebook as book:
        book.find_grade("by-hand-mine", "first-await", UNIT, "bob").auto_score = 2.0
        asked = book.find_grade("by-hand-yours", "first-await", UNIT, "bob")
        asked.auto_score, asked.needs_manual_grade = 0.0, True
        book.find_grade("first-await--greet_twice--time", "first-await", UNIT, "ann").extra_credit = 0.5
        book.db.commit()
    assert write() == Written(
        2,
        (),
        (),
        (
            ALONE,
            "ann, first-await: 10.5 points in nbgrader, and 10 here: +0.5 set there by hand",
            "bob, first-await: to be looked at in nbgrader: by-hand-yours",
            "bob, first-await: 2 points in nbgrader, and 0 here: +2 in cells that were added",
        ),
    )


def test_they_are_told_by_the_command_and_are_no_mistake(added: Classroom, tmp_path: Path) -> None:
    added.hand_in("ann", first_await=FIRST)
    added.submitted("ann", "say-after").unlink()
    grades, course = tmp_path / "grades", ["--course", str(added.course)]
    run = CliRunner().invoke(main, ["grade", str(added.root), "--out", str(grades), "--jobs", "1", *course])
    assert run.exit_code == 0, run.output
    told = CliRunner().invoke(main, ["notebooks", "scores", str(grades), "--to", str(added.root), *course])
    assert (told.exit_code, told.stderr) == (0, f"grader: {ALONE}\n")


def test_in_our_gradebook_the_exercise_has_its_own_points_alone(
    added: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nbgrader.apps import ExportApp

    write_scores(load_course(added.course), sheet_of(added.course, ann=FIRST, bob="x = 1"), added.root)
    with added.gradebook as book:
        for learner in ("ann", "bob"):
            for name in ("by-hand-mine", "by-hand-yours"):
                book.find_grade(name, "first-await", UNIT, learner).auto_score = 2.0
        book.db.commit()
    monkeypatch.chdir(added.root)
    app = ExportApp()
    app.initialize(["--log-level=30", "--exporter=grader.notebooks.export.GradesExport", "--to=out"])
    told = list[str]()
    monkeypatch.setattr(app.log, "warning", lambda text, *words: told.append(text % words))
    app.start()
    rows = [(row.learner, row.raw, row.adjusted) for row in read_sheet(added.root / "out").rows if row.raw is not None]
    assert rows == [("ann", 10.0, 10.0), ("bob", 0.0, 0.0)]
    assert [line for line in told if "added" in line] == [
        "left out: first-await: cells that were added to it: by-hand-mine (2 points), by-hand-yours (2 points)"
    ]


def test_lateness_takes_nothing_off_them(added: Classroom, tmp_path: Path) -> None:
    course = shutil.copytree(added.course, tmp_path / "course")
    (course / "course.yaml").write_text(COURSE.replace("units:", LATE))
    room = Classroom.build(course, added.root)
    room.hand_in("ann", first_await=FIRST)
    room.submitted("ann", "say-after").unlink()
    (room.root / "submitted" / "ann" / UNIT / "timestamp.txt").write_text("2026-03-02 11:00:00 UTC")
    room.autograde("ann")
    with room.gradebook as book:
        notebook = book.find_submission_notebook("first-await", UNIT, "ann")
        assert (notebook.score, notebook.late_submission_penalty) == (12.0, 1.0)
