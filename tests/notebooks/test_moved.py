"""An exercise is renamed, moved, taken out or given a check in mid-term: what learners handed in of it counts on."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbgrader.apps import ExportApp

from grader.cli import main
from grader.course.load import load_course
from grader.exports.sheet import Column, Row, Sheet, read_sheet
from grader.grading import grade
from grader.notebooks.autograde import GradeExercises
from grader.notebooks.feedback import write_feedback
from grader.notebooks.homes import Home, home
from grader.notebooks.late import first_due
from grader.notebooks.said import with_course
from grader.notebooks.scores import write_scores
from tests.notebooks.classroom import COURSE, FIRST, SAY, UNIT, Classroom, about, plain

OLD, NEW = "first-await", "first-call"
DUE = "policy:\n  due: '2026-03-02 12:00 UTC'\n  late: {per: day, percent: 10}\n"


def _changed(room: Classroom, folder: Path) -> Classroom:
    """The same nbgrader course, of another copy of the course."""
    course = Path(shutil.copytree(room.course, folder / "course"))
    for proof in course.glob("solutions/*/proof*"):
        proof.unlink()
    config = room.root / "nbgrader_config.py"
    config.write_text(with_course(config.read_text(), str(course)))
    return Classroom(course, room.root)


def _renamed(room: Classroom) -> None:
    for part in ("exercises", "solutions"):
        (room.course / part / "01_first_await").rename(room.course / part / "01_first_call")
    folder = room.course / "exercises" / "01_first_call"
    (folder / "first_await.py").rename(folder / "first_call.py")
    (folder / "exercise.yaml").write_text(
        (folder / "exercise.yaml").read_text().replace(f"slug: {OLD}", f"slug: {NEW}")
    )
    other = room.course / "exercises" / "05_say_after" / "exercise.yaml"
    other.write_text(other.read_text().replace(f"[{OLD}]", f"[{NEW}]"))
    listed = "{folder: 01_first_await, title: A call is not a run}"
    now = f"{{folder: 01_first_call, title: A call is not a run, was: {OLD}}}"
    (room.course / "course.yaml").write_text(COURSE.replace(listed, now))


def _without_say_after(room: Classroom) -> None:
    for part in ("exercises", "solutions"):
        shutil.rmtree(room.course / part / "05_say_after")
    file = room.course / "course.yaml"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if "05_say_after" not in line))


def _in_two_units(room: Classroom) -> None:
    """say-after stands in a unit of its own."""
    file = room.course / "course.yaml"
    line = "      - {folder: 05_say_after, title: One after the other, points: 10}\n"
    unit = "  - id: next\n    title: Next\n    exercises:\n"
    file.write_text(COURSE.replace(line, "") + unit + line)


def _graded(room: Classroom, learner: str, share: float = 1.0, unit: str = UNIT) -> None:
    with room.gradebook as book:
        book.update_or_create_student(learner)
        book.update_or_create_submission(unit, learner)
        for notebook in book.find_submission(unit, learner).notebooks:
            for each in notebook.grades:
                each.auto_score, each.needs_manual_grade = each.max_score * share, False
        book.db.commit()


def _build(room: Classroom) -> Result:
    words = ["notebooks", "build", "--course", str(room.course), "--out", str(room.root)]
    return CliRunner().invoke(main, words)


def _source(room: Classroom) -> list[str]:
    return sorted(f"{path.parent.name}/{path.stem}" for path in room.root.glob("source/*/*.ipynb"))


def _exported(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> Sheet:
    monkeypatch.chdir(room.root)
    app = ExportApp()
    words = ["--log-level=30", "--exporter=grader.notebooks.export.GradesExport", "--to=out"]
    app.initialize([*words, f"--GradesExport.course={room.course}"])
    app.start()
    return read_sheet(room.root / "out")


def _sheet(room: Classroom, learner: str, slug: str, program: str) -> Sheet:
    """As `grader grade` has it of what was handed in under the name of before."""
    exercise = next(one for one in load_course(room.course).exercises if one.slug == slug)
    verdict = grade(exercise, program, learner=learner, hidden=True)
    file = f"submitted/{learner}/{UNIT}/{OLD if slug == NEW else slug}.ipynb"
    row = Row(learner, slug, verdict.status, verdict.points, verdict.points, 10.0, file=file, verdict=verdict)
    return Sheet((Column(slug, exercise.title, 10.0),), (learner,), (row,))


@pytest.fixture
def changed(room: Classroom, tmp_path: Path) -> Classroom:
    return _changed(room, tmp_path)


@pytest.fixture
def renamed(changed: Classroom) -> Classroom:
    """Ann handed in before."""
    changed.hand_in("ann", first_await=FIRST, say_after=SAY)
    _graded(changed, "ann")
    _renamed(changed)
    return changed


def test_what_was_handed_in_under_another_name_keeps_it_in_nbgrader(renamed: Classroom) -> None:
    before = [about(cell)["grade_id"] for cell in renamed.source(OLD)["cells"]]
    run = _build(renamed)
    why = f"learners have handed in {UNIT}, to which it adds no notebook then"
    assert run.stderr == f"grader: {NEW}: stays {OLD} of {UNIT} in nbgrader: {why}\n"
    assert _source(renamed) == [f"{UNIT}/{OLD}", f"{UNIT}/say-after"]
    cells = renamed.source(OLD)["cells"]
    assert [about(cell)["grade_id"] for cell in cells] == before
    assert f"earned('{NEW}', 'greet_twice', 'result')" in "".join(cells[2]["source"])


def test_what_nobody_handed_in_has_its_new_name_and_the_cells_that_were_added(changed: Classroom) -> None:
    path = changed.root / "source" / UNIT / f"{OLD}.ipynb"
    notebook = changed.source(OLD)
    notebook["cells"].insert(3, plain("# mine", "mine"))
    path.write_text(json.dumps(notebook))
    _renamed(changed)
    run = _build(changed)
    assert run.stderr == f"grader: {path}: taken out; {OLD} is {NEW} now, in {UNIT}\n"
    assert _source(changed) == [f"{UNIT}/{NEW}", f"{UNIT}/say-after"]
    assert changed.source(NEW)["cells"][3]["source"] == "# mine"
    assert sorted(one.name for one in path.parent.glob("exercises/*")) == ["01_first_call", "05_say_after"]


def test_its_grades_count_in_both_directions(renamed: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {row.exercise: row.raw for row in _exported(renamed, monkeypatch).rows}
    assert rows == {NEW: 10.0, "say-after": 10.0}
    _graded(renamed, "ann", 0.0)
    sheet, course = _sheet(renamed, "ann", NEW, FIRST), load_course(renamed.course)
    told = write_scores(course, sheet, renamed.root)
    assert (told.notebooks, told.left_out, told.lowered, told.apart) == (1, (), (), ())
    assert renamed.scores("ann") == {OLD: 10.0, "say-after": 0.0}
    assert write_feedback(course, sheet, renamed.root).left_out == ()
    assert (renamed.root / "feedback" / "ann" / UNIT / f"{OLD}.html").is_file()


def test_autograde_marks_what_was_renamed_and_leaves_what_was_taken_out(renamed: Classroom) -> None:
    _without_say_after(renamed)
    with renamed.gradebook as book:
        submitted = book.find_submission_notebook("say-after", UNIT, "ann")
        submitted.late_submission_penalty = 2.0
        book.find_submission_notebook(OLD, UNIT, "ann").grades[0].auto_score = 0.0
        book.db.commit()
    dated = DUE + (renamed.course / "course.yaml").read_text()
    (renamed.course / "course.yaml").write_text(dated)
    (renamed.root / "submitted" / "ann" / UNIT / "timestamp.txt").write_text("2026-03-09 12:00 UTC")
    told = renamed.autograde("ann")
    assert "ann, say-after: the course has no such exercise any more; what it earned stays: 10 of 10 points\n" in told
    assert renamed.scores("ann") == {OLD: 10.0, "say-after": 10.0}
    with renamed.gradebook as book:
        off = {one.name: one.late_submission_penalty for one in book.find_submission(UNIT, "ann").notebooks}
    assert off == {OLD: 7.0, "say-after": 2.0}


def test_an_exercise_that_is_no_more_is_told_apart_from_a_course_that_is_not_there(renamed: Classroom) -> None:
    opened = GradeExercises(course=str(renamed.course))
    found = [opened._open(name) for name in (OLD, NEW, "say-after", "gone")]
    assert [one and one.slug for one in found] == [NEW, NEW, "say-after", None]
    with pytest.raises(Exception, match="there is no course.yaml here"):
        GradeExercises(course=str(renamed.root))._open(OLD)


@pytest.mark.parametrize("handed_in", [True, False])
def test_what_was_taken_out_of_the_course_is_told(changed: Classroom, handed_in: bool) -> None:
    if handed_in:
        _graded(changed, "ann")
    _without_say_after(changed)
    what = "left, and learners keep what it earned" if handed_in else "take it away, or it is handed out"
    path = changed.root / "source" / UNIT / "say-after.ipynb"
    assert _build(changed).stderr == f"grader: {path}: the course has no exercise say-after any more; {what}\n"


def test_a_new_notebook_of_a_unit_that_was_handed_in_is_told(changed: Classroom) -> None:
    with changed.gradebook as book:
        book.remove_notebook("say-after", UNIT)
    _graded(changed, "ann")
    path = changed.root / "source" / UNIT / "say-after.ipynb"
    said = f"learners have handed in {UNIT}, and nbgrader refuses to generate it with another notebook"
    assert _build(changed).stderr == f"grader: {path}: {said}\n"


def test_what_was_moved_counts_where_it_was_handed_in(changed: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    changed.hand_in("ann", first_await=FIRST, say_after=SAY)
    _graded(changed, "ann")
    _in_two_units(changed)
    assert "say-after is in next now; left, for learners have grades on it here" in _build(changed).stderr
    assert {row.exercise: row.raw for row in _exported(changed, monkeypatch).rows} == {OLD: 10.0, "say-after": 10.0}
    _graded(changed, "ann", 0.0)
    sheet, course = _sheet(changed, "ann", "say-after", SAY), load_course(changed.course)
    assert write_scores(course, sheet, changed.root).left_out == ()
    assert changed.scores("ann") == {OLD: 0.0, "say-after": 10.0}
    assert write_feedback(course, sheet, changed.root).left_out == ()
    assert (changed.root / "feedback" / "ann" / UNIT / "say-after.html").is_file()


def test_of_two_places_that_of_now_counts(
    changed: Classroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _graded(changed, "ann", 1.0)
    _in_two_units(changed)
    with changed.gradebook as book:
        notebook = book.add_notebook("say-after", book.add_assignment("next").name)
        for cell in book.find_notebook("say-after", UNIT).grade_cells:
            book.add_grade_cell(cell.name, notebook.name, "next", max_score=cell.max_score, cell_type="code")
    _graded(changed, "ann", 0.5, "next")
    assert {row.exercise: row.raw for row in _exported(changed, monkeypatch).rows} == {OLD: 10.0, "say-after": 5.0}
    told = f"left out: ann/{UNIT}/say-after.ipynb: ann/next/say-after.ipynb counts for it\n"
    assert told in capsys.readouterr().err


def test_what_would_come_into_a_unit_that_was_handed_in_stays_where_it_is(changed: Classroom) -> None:
    _graded(changed, "ann")
    with changed.gradebook as book:
        book.add_assignment("next")
        book.add_notebook("other", "next")
    _graded(changed, "ann", unit="next")
    _in_two_units(changed)
    why = "learners have handed in next, to which it adds no notebook then"
    assert _build(changed).stderr == f"grader: say-after: stays say-after of {UNIT} in nbgrader: {why}\n"
    assert _source(changed) == [f"{UNIT}/first-await", f"{UNIT}/say-after"]


def test_a_check_that_was_added_takes_no_grade_away(
    changed: Classroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = changed.course / "exercises" / "01_first_await" / "exercise.yaml"
    new = '- id: both\n        points: 0.5\n        result: "=[to_hello, to_goodbye]"\n        help: Both.\n      - id: time'
    file.write_text(file.read_text().replace("- id: time\n        points: 1\n", f"{new}\n        points: 0.5\n"))
    _graded(changed, "ann", 0.5)
    assert {row.exercise: row.raw for row in _exported(changed, monkeypatch).rows} == {OLD: 5.0, "say-after": 5.0}
    lacking = "first-await: nbgrader has no cell for greet_twice, both; "
    assert f"{lacking}what the others earned counts, in the same share\n" in capsys.readouterr().err
    sheet, course = _sheet(changed, "ann", OLD, FIRST), load_course(changed.course)
    other = replace(sheet, rows=(*sheet.rows, *_sheet(changed, "ann", "say-after", SAY).rows))
    told = write_scores(course, other, changed.root)
    assert [one.startswith(f"{lacking}run 'nbgrader generate_assignment {UNIT}', or, ") for one in told.left_out] == [
        True
    ]
    assert changed.scores("ann") == {OLD: 10.0, "say-after": 10.0}


def test_nothing_is_written_where_one_exercise_has_no_place(changed: Classroom) -> None:
    with changed.gradebook as book:
        book.remove_notebook("say-after", UNIT)
    sheet, course = _sheet(changed, "ann", OLD, FIRST), load_course(changed.course)
    both = replace(sheet, rows=(*sheet.rows, *_sheet(changed, "ann", "say-after", SAY).rows))
    with pytest.raises(Exception, match="say-after is not in nbgrader's gradebook"):
        write_scores(course, both, changed.root)
    with changed.gradebook as book:
        assert [one.id for one in book.students] == []


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("submitted/ann/start/first-await.ipynb", Home("start", OLD)),
        ("submitted/ann/start/first-await-Copy1.ipynb", Home("start", NEW)),
        ("submitted/ann/later/first-await.ipynb", Home("later", OLD)),
        ("ann/first-await.ipynb", Home("start", NEW)),
        (None, Home("start", NEW)),
    ],
)
def test_of_several_places_it_is_the_one_that_the_file_came_from(
    changed: Classroom, file: str | None, found: Home
) -> None:
    _renamed(changed)
    exercise = load_course(changed.course).exercises[0]
    there = [Home("later", OLD), Home("start", OLD), Home("start", "say-after"), Home("start", NEW)]
    assert home(exercise, there, file) == found
    assert home(exercise, there[2:3], file) is None


def test_an_assignments_date_is_the_first_of_all_that_it_has(changed: Classroom) -> None:
    _in_two_units(changed)
    file = changed.course / "course.yaml"
    file.write_text(DUE + file.read_text().replace("points: 10}", "points: 10, policy: {due: 2026-02-02 12:00 UTC}}"))
    course = load_course(changed.course)
    assert first_due(course, UNIT) == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert first_due(course, UNIT, ["first-await", "say-after"]) == datetime(2026, 2, 2, 12, tzinfo=UTC)
