"""`nbgrader export` by our plugin: our gradebook, its records, and other programs' formats, with the points of nbgrader."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.exports.sheet import Sheet, read_sheet
from tests.notebooks.classroom import UNIT, Classroom

Scores = dict[str, float]
Export = Callable[..., Sheet]
ALL = {"first-await": 10.0, "say-after": 10.0}


def _graded(room: Classroom, learner: str, day: str = "", **exercises: float) -> None:
    """As nbgrader's autograde leaves it: this share of the points of every cell."""
    from nbgrader.utils import parse_utc

    with room.gradebook as book:
        book.update_or_create_student(learner)
        book.update_or_create_submission(UNIT, learner)
        submission = book.find_submission(UNIT, learner)
        submission.timestamp = parse_utc(f"2026-03-{day} 12:00:00 UTC") if day else None
        for notebook in submission.notebooks:
            share = exercises.get(notebook.name.replace("-", "_"))
            for grade in notebook.grades:
                grade.auto_score = None if share is None else grade.max_score * share
                grade.needs_manual_grade = share is None
        book.db.commit()


@pytest.fixture
def export(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> Export:
    """nbgrader's own command in the course's folder; what it wrote there."""
    from nbgrader.apps import ExportApp

    def export(*words: str, level: int = 30) -> Sheet:
        monkeypatch.chdir(room.root)
        app = ExportApp()
        app.initialize([f"--log-level={level}", "--exporter=grader.notebooks.export.GradesExport", "--to=out", *words])
        app.start()
        return read_sheet(room.root / "out")

    return export


def _points(sheet: Sheet) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {(row.learner, row.exercise): (row.raw, row.adjusted) for row in sheet.rows}


def test_our_gradebook_has_what_nbgrader_found(room: Classroom, export: Export) -> None:
    _graded(room, "ann", first_await=1, say_after=0.5)
    _graded(room, "bob", first_await=0)
    sheet = export()
    assert _points(sheet) == {
        ("ann", "first-await"): (10.0, 10.0),
        ("ann", "say-after"): (5.0, 5.0),
        ("bob", "first-await"): (0.0, 0.0),
        ("bob", "say-after"): (None, None),
    }
    assert [row.standing for row in sheet.rows] == ["passed", "failed", "failed", "missing"]
    assert (room.root / "out" / "report" / "index.html").is_file()
    words = ["gradebook", "show", "ann", "--gradebook", str(room.root / "out"), "--course", str(room.course)]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 0, shown.output
    assert "say-after" in shown.output


def test_what_is_still_to_be_looked_at_is_told_and_stands_in_the_report(
    room: Classroom, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    _graded(room, "ann", first_await=0, say_after=1)
    name = "first-await--greet_twice--time"
    with room.gradebook as book:
        book.find_grade(name, "first-await", UNIT, "ann").needs_manual_grade = True
        book.db.commit()
    [row] = [one for one in export().rows if one.exercise == "first-await"]
    assert f"ann, first-await: to be looked at in nbgrader: {name}\n" in capsys.readouterr().err
    assert row.verdict is not None
    assert {check.id: check.rationale for check in row.verdict.checks}["time"] == (
        "this cell is still to be looked at by a person in nbgrader"
    )


def test_what_went_well_is_no_warning(room: Classroom, export: Export, capsys: pytest.CaptureFixture[str]) -> None:
    _graded(room, "ann", first_await=1, say_after=1)
    export()
    assert capsys.readouterr().err == ""
    export(level=20)
    assert "INFO] out: the grades of 2 notebooks, as 'grader grade' writes them\n" in capsys.readouterr().err


def test_again_it_adds_only_what_is_new(room: Classroom, export: Export) -> None:
    _graded(room, "ann", first_await=0.5, say_after=1)
    before = export()
    assert export() == before
    _graded(room, "ann", first_await=1, say_after=1)
    assert _points(export()) == {("ann", "first-await"): (10.0, 10.0), ("ann", "say-after"): (10.0, 10.0)}
    words = ["gradebook", "history", "ann", "first-await", "--gradebook", str(room.root / "out")]
    told = CliRunner().invoke(main, [*words, "--course", str(room.course)]).output
    assert "attempt 2" not in told


def test_what_was_set_by_hand_in_nbgrader_counts_until_it_is_taken_back(room: Classroom, export: Export) -> None:
    _graded(room, "ann", first_await=0.5, say_after=1)
    with room.gradebook as book:
        book.find_grade("first-await--greet_twice--order", "first-await", UNIT, "ann").manual_score = 4.0
        book.find_submission_notebook("say-after", UNIT, "ann").late_submission_penalty = 3.0
        book.db.commit()
    for _ in range(2):
        sheet = export()
        assert _points(sheet) == {("ann", "first-await"): (5.0, 7.0), ("ann", "say-after"): (10.0, 7.0)}
        assert {row.comment.partition(": ")[2] for row in sheet.rows} == {"as it is in nbgrader"}
    _graded(room, "ann", first_await=0.5, say_after=1)
    with room.gradebook as book:
        book.find_grade("first-await--greet_twice--order", "first-await", UNIT, "ann").manual_score = None
        book.find_submission_notebook("say-after", UNIT, "ann").late_submission_penalty = None
        book.db.commit()
    assert _points(export()) == {("ann", "first-await"): (5.0, 5.0), ("ann", "say-after"): (10.0, 10.0)}


def test_where_the_course_has_other_points_since_the_same_share_counts_and_who_has_more_time_and_is_not_here_is_told(
    room: Classroom, export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for learner, share in (("ann", 1.0), ("bob", 0.5), ("cem", 1.0)):
        _graded(room, learner, first_await=share)
    with room.gradebook as book:
        book.find_submission_notebook("first-await", UNIT, "ann").late_submission_penalty = 3.0
        book.find_grade("first-await--greet_twice--order", "first-await", UNIT, "bob").manual_score = 4.0
        book.db.commit()
    before = [row for row in export().rows if row.exercise == "first-await"]
    assert [(row.raw, row.adjusted, row.by_hand) for row in before] == [(10, 7, True), (5, 7, True), (10, 10, False)]
    changed = shutil.copytree(room.course, tmp_path / "changed")
    [file] = changed.glob("exercises/01_*/exercise.yaml")
    file.write_text(re.sub(r"points: ([\d.]+)", lambda found: f"points: {2 * float(found[1]):g}", file.read_text()))
    course = changed / "course.yaml"
    (changed / "more.csv").write_text("learner,days\nzoe,1\n")
    text = course.read_text().replace("A call is not a run}", "A call is not a run, points: 20}")
    course.write_text(text.replace("units:", "extensions: more.csv\nunits:"))
    capsys.readouterr()
    for _ in range(2):
        after = [row for row in export(f"--GradesExport.course={changed}").rows if row.exercise == "first-await"]
        told = [line for line in capsys.readouterr().err.splitlines() if "left out" not in line]
        assert [(row.raw, row.adjusted, row.by_hand) for row in after] == [
            (20, 14, True),
            (10, 14, True),
            (20, 20, False),
        ]
        assert "more.csv:2: no learner here is called 'zoe'; " in told.pop(0)
        assert [line.partition("] ")[2] for line in told] == [
            "first-await: has 10 points in nbgrader, and 20 in the course: the same share counts; generate the assignment "
            "again, and grade it"
        ]


def test_only_who_and_what_is_asked_for(room: Classroom, export: Export) -> None:
    _graded(room, "ann", first_await=1, say_after=1)
    _graded(room, "bob", first_await=1, say_after=1)
    assert {learner for learner, _ in _points(export("--student=['bob']"))} == {"bob"}
    assert export("--assignment=['another']").columns == ()


def test_other_programs_formats_stand_beside_it(room: Classroom, export: Export) -> None:
    _graded(room, "ann", first_await=1, say_after=0.25)
    export("--GradesExport.formats=csv", "--GradesExport.formats=json", "--GradesExport.formats=gradescope")
    out = room.root / "out"
    assert "ann,say-after,failed,2.5,2.5,10" in (out / "csv.csv").read_text(encoding="utf-8-sig")
    grades = json.loads((out / "json.json").read_bytes())["grades"]
    assert [(one["exercise"], one["points_adjusted"]) for one in grades] == [("first-await", 10.0), ("say-after", 2.5)]
    assert json.loads((out / "gradescope" / "ann.json").read_bytes())["score"] == 12.5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--GradesExport.formats=xlsx"], "there is no format 'xlsx'; there are csv, "),
        (["--GradesExport.formats=canvas"], "canvas needs --GradesExport.template: the gradebook that Canvas exported"),
        (["--GradesExport.course="], "nbgrader_config.py does not say where the course is; say --GradesExport.course"),
        (
            ["--GradesExport.course=/nowhere"],
            "/nowhere/course.yaml: No such file or directory; build the notebooks again",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_sentence(
    export: Export, room: Classroom, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        export(*words)
    assert ended.value.code == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.partition("] ")[2].startswith(said)
    assert not (room.root / "out").exists()


def test_a_template_that_is_not_there_is_told(
    export: Export, room: Classroom, capsys: pytest.CaptureFixture[str]
) -> None:
    _graded(room, "ann", first_await=1)
    with pytest.raises(SystemExit):
        export("--GradesExport.formats=canvas", "--GradesExport.template=no.csv")
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith("no.csv: cannot be read: No such file or directory; name the file that Canvas exported")


def test_a_notebook_that_was_not_handed_in_is_missing_and_no_zero(
    room: Classroom, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    room.hand_in("ann", first_await="x = 1")
    room.hand_in("bob", first_await="x = 1")
    room.submitted("ann", "say-after").unlink()
    room.submitted("bob", "say-after").unlink()
    for learner in ("ann", "bob"):  # as nbgrader's autograde leaves it
        _graded(room, learner, first_await=0, say_after=0)
    with room.gradebook as book:
        book.find_grade("say-after--together--time", "say-after", UNIT, "bob").manual_score = 3.0
        book.db.commit()
    sheet = export("--GradesExport.formats=csv")
    assert [(row.learner, row.exercise, row.standing) for row in sheet.rows] == [
        ("ann", "first-await", "failed"),
        ("ann", "say-after", "missing"),
        ("bob", "first-await", "failed"),
        ("bob", "say-after", "failed"),
    ]
    assert "ann,say-after,missing,,,10" in (room.root / "out" / "csv.csv").read_text(encoding="utf-8-sig")
    assert "missing: ann, say-after: was not handed in" in capsys.readouterr().err


def test_a_notebook_of_somebody_elses_is_left_out_and_told(
    room: Classroom, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    _graded(room, "ann", first_await=1)
    with room.gradebook as book:
        book.add_notebook("other", UNIT)
        book.remove_submission(UNIT, "ann")
    _graded(room, "ann", first_await=1)
    export()
    told = [line.partition("] ")[2] for line in capsys.readouterr().err.splitlines() if "left out: " in line]
    assert sorted(told) == [
        "left out: ann, other: is no exercise of the course",
        "left out: ann, say-after: is not graded yet",
    ]
    assert {one.slug for one in load_course(room.course).exercises} == set(ALL)
