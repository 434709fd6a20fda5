"""Feedback of `grader grade` in nbgrader's own folder: released and fetched with nbgrader, and nobody else's."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.cases import cases_of
from grader.course.load import load_course
from grader.errors import UsageError
from grader.notebooks.feedback import write_feedback
from tests.notebooks.classroom import FIRST, SAY, UNIT, Classroom, wrong
from tests.notebooks.test_scores import _sheet as sheet_of

HALF = wrong("01_first_await", "both_at_once")


def _handed_in(room: Classroom, *learners: str) -> None:
    for learner in learners:
        room.hand_in(learner, first_await=FIRST, say_after=SAY)
        folder = room.root / "submitted" / learner / UNIT
        (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text(f"the secret of {learner}")


def _page(room: Classroom, learner: str) -> Path:
    return room.root / "feedback" / learner / UNIT / "first-await.html"


def test_a_page_says_what_was_observed_and_nothing_of_hidden_values(room: Classroom) -> None:
    _handed_in(room, "ann")
    course = load_course(room.course)
    assert write_feedback(course, sheet_of(room.course, ann=HALF), room.root).left_out == ()
    page = _page(room, "ann").read_text()
    assert "Both waits ran at the same time." in page
    assert "<strong>5</strong> of 10 points" in page
    cases = cases_of(course.exercises[0], "first-await/ann", hidden=True)
    shown, hidden = ({str(one.values["to_hello"]) for one in cases if one.hidden is kind} for kind in (False, True))
    assert [value for value in hidden - shown if value in page] == []


def test_what_lateness_costs_stands_above_it(room: Classroom) -> None:
    _handed_in(room, "ann")
    sheet = sheet_of(room.course, ann=FIRST)
    rows = (replace(sheet.rows[0], adjusted=8.0, late=True, comment="2 days late: 20 % of 10 points taken off"),)
    write_feedback(load_course(room.course), replace(sheet, rows=rows), room.root)
    said = "<strong>8 points count: </strong>2 days late: 20 % of 10 points taken off. The program itself earned 10."
    assert said in _page(room, "ann").read_text()


def test_it_is_released_and_fetched_with_nbgrader(room: Classroom, tmp_path: Path) -> None:
    from nbgrader.apps import NbGraderAPI
    from nbgrader.utils import get_username

    _handed_in(room, "ann", "bob")
    write_feedback(load_course(room.course), sheet_of(room.course, ann=HALF, bob=FIRST), room.root)
    config = room.config()
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    mine = tmp_path / "cache" / "a-small-course" / f"{get_username()}+{UNIT}+then"
    mine.mkdir(parents=True)
    (mine / "first-await.ipynb").write_text(json.dumps({}))
    (mine / "submission_secret.txt").write_text("the secret of ann")
    config.Exchange.root, config.Exchange.cache = str(tmp_path / "exchange"), str(tmp_path / "cache")
    config.Exchange.assignment_dir = str(tmp_path)
    nbgrader = NbGraderAPI(config=config)
    for learner in ("ann", "bob"):
        assert nbgrader.release_feedback(UNIT, learner)["success"]
    told = nbgrader.fetch_feedback(UNIT, "*")
    assert told["success"], told
    fetched = list(tmp_path.glob(f"{UNIT}/feedback/then/*.html"))
    assert [path.read_bytes() for path in fetched] == [_page(room, "ann").read_bytes()]


def test_a_page_of_nbgraders_own_is_replaced_only_if_that_is_said(room: Classroom) -> None:
    _handed_in(room, "ann")
    course, sheet = load_course(room.course), sheet_of(room.course, ann=FIRST)
    page = _page(room, "ann")
    page.parent.mkdir(parents=True)
    page.write_text("<html>nbgrader's</html>")
    written = write_feedback(course, sheet, room.root)
    assert (written.notebooks, written.left_out, written.nbgraders) == (0, (), 1)
    assert write_feedback(course, sheet, room.root, overwrite=True).notebooks == 1
    assert write_feedback(course, sheet, room.root).notebooks == 1  # ours is made anew


@pytest.mark.parametrize("learner", ["zoe", "..", "ann/../bob"])
def test_whoever_handed_in_nothing_there_has_no_page(room: Classroom, learner: str) -> None:
    _handed_in(room, "ann", "bob")
    sheet = sheet_of(room.course, ann=FIRST)
    sheet = replace(sheet, rows=(replace(sheet.rows[0], learner=learner),))
    written = write_feedback(load_course(room.course), sheet, room.root)
    assert written.left_out == (f"first-await: nobody of this name handed in start in nbgrader: {learner}",)
    assert not (room.root / "feedback").exists()


def test_the_command_tells_what_it_left_out(room: Classroom, tmp_path: Path) -> None:
    _handed_in(room, "ann")
    words = ["--course", str(room.course), "--isolation", "in-process", "--jobs", "1", "--exercise", "first-await"]
    submitted = str(room.root / "submitted")
    CliRunner().invoke(main, ["grade", submitted, "--layout", "nbgrader", "--out", str(tmp_path / "out"), *words])
    ask = ["notebooks", "feedback", str(tmp_path / "out"), "--to", str(room.root), "--course", str(room.course)]
    told = CliRunner().invoke(main, ask)
    assert (told.exit_code, told.output) == (0, f"{room.root}/feedback: 1 page\n")
    _page(room, "ann").write_text("another's")
    told = CliRunner().invoke(main, ask)
    assert told.exit_code == 1
    command = f"grader {' '.join(ask[:5])} --overwrite {' '.join(ask[5:])}"
    said = f"grader: 1 page of nbgrader's own is left as before; to replace them: {command}"
    assert told.output.splitlines() == [said, f"{room.root}/feedback: 0 pages"]
    assert CliRunner().invoke(main, command.split()[1:]).output == f"{room.root}/feedback: 1 page\n"


def test_learners_with_the_same_reason_are_told_together(room: Classroom) -> None:
    sheet = sheet_of(room.course, ann=FIRST)
    rows = tuple(replace(sheet.rows[0], learner=learner) for learner in ("yan", "zoe"))
    (room.root / "submitted").mkdir(exist_ok=True)
    written = write_feedback(load_course(room.course), replace(sheet, rows=rows), room.root)
    assert written.left_out == ("first-await: nobody of this name handed in start in nbgrader: yan, zoe",)


def test_where_there_is_no_nbgrader_course_that_is_said(room: Classroom, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^/.*/submitted is not there; name the nbgrader course with --to$"):
        write_feedback(load_course(room.course), sheet_of(room.course), tmp_path)
