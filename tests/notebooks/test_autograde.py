"""nbgrader's own autograde on what was built: who is right has the points, and nobody earns any by what a kernel believes."""

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest

from grader.course.model import Case, Exercise
from grader.grading.play import Run
from grader.notebooks.autograde import RestoreCells
from tests.notebooks.classroom import FIRST, SAY, UNIT, Classroom, about, plain, wrong
from tests.notebooks.tricks import MORE, TRICKS

ALL = TRICKS | MORE
FIRST_TIME = "first-await--greet_twice--time"


@pytest.fixture(scope="module")
def graded(course: Path, released: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """One class of everybody below, autograded in one go."""
    root = tmp_path_factory.mktemp("class") / "nbcourse"
    shutil.copytree(released, root)
    room = Classroom(course, root)
    hang = "import asyncio\nawait asyncio.Event().wait()"
    costless = (
        "import sys, warnings, asyncio\nprint('to the screen', file=sys.stderr)\nwarnings.warn('a warning')\n"
        "async def never():\n    pass\nnever()"
    )
    room.hand_in("right", first_await=FIRST, say_after=SAY)
    room.hand_in("untouched")
    room.hand_in("hanging", first_await=[hang, FIRST], say_after=[hang, SAY])
    room.hand_in("loud", first_await=[costless, FIRST], say_after=f"{SAY}\n{costless}")
    exits = SAY.replace("async def", "import os\nasync def", 1) + "\n\nasync def together(*a):\n    os._exit(0)\n"
    room.hand_in("exits", first_await=FIRST, say_after=exits)
    room.hand_in("topexit", first_await=["import os\nos._exit(0)", FIRST], say_after=SAY)
    for number, trick in enumerate(ALL.values()):
        room.hand_in(f"trick{number}", first_await=[dedent(trick), "x = 1"])
        room.submitted(f"trick{number}", "say-after").unlink()
    _forge(room)
    (root / "said").write_text(room.autograde("*"))
    return room


def _forge(room: Classroom) -> None:
    """Cells that say of themselves what only the source may say."""
    room.hand_in("forger", first_await="x = 1", say_after=SAY)
    path = room.submitted("forger", "first-await")
    notebook = json.loads(path.read_bytes())
    tests = [cell for cell in notebook["cells"] if about(cell).get("grade")]
    for cell in tests:
        cell["metadata"]["nbgrader"] |= {"points": 1000, "solution": True, "locked": False}
        cell["source"] = "10.0"
    forged = plain("1000.0", "forged")
    forged["metadata"]["nbgrader"] = {**about(tests[0]), "grade_id": "first-await--greet_twice--bonus"}
    nameless = plain("1000.0", "nameless")
    nameless["metadata"]["nbgrader"] = {"grade": True, "points": 1000}
    odd = plain("1000.0", "odd")
    odd["metadata"]["nbgrader"] = "points"
    notebook["cells"] = [forged, nameless, odd, tests[0], *notebook["cells"]]
    path.write_text(json.dumps(notebook))
    path = room.submitted("forger", "say-after")
    notebook = json.loads(path.read_bytes())
    notebook["cells"] = [plain(SAY, "mine")]  # nothing else is left of it
    path.write_text(json.dumps(notebook))


def test_who_is_right_has_all_points_and_is_told_so(graded: Classroom) -> None:
    assert graded.scores("right") == {"first-await": 10.0, "say-after": 10.0}
    said = graded.said("right", "first-await")
    assert said.startswith("first-await: 10 of 10 points\n  Everything that was asked for is there.\n")
    assert "counted" not in said
    assert "greet_twice: result: 4 of 4 points\n" in said


def test_what_was_handed_out_and_not_touched_earns_nothing(graded: Classroom) -> None:
    assert graded.scores("untouched") == {"first-await": 0.0, "say-after": 0.0}


def test_a_top_level_await_that_hangs_costs_no_points_anywhere(graded: Classroom) -> None:
    assert graded.scores("hanging") == {"first-await": 10.0, "say-after": 10.0}


def test_standard_error_warnings_and_a_coroutine_that_is_never_awaited_cost_nothing(graded: Classroom) -> None:
    assert graded.scores("loud") == {"first-await": 10.0, "say-after": 10.0}


def test_what_ends_the_process_in_one_function_costs_the_points_of_that_function(graded: Classroom) -> None:
    assert graded.scores("exits")["first-await"] == 10.0
    cells = graded.cells("exits", "say-after")
    assert {name.split("--")[1] for name, score in cells.items() if score} == {"one_after_the_other"}
    assert sum(score or 0 for score in cells.values()) == pytest.approx(
        sum(score or 0 for name, score in graded.cells("right", "say-after").items() if "one_after_the_other" in name)
    )


def test_what_ends_the_process_at_the_top_of_a_cell_costs_that_cell_alone(graded: Classroom) -> None:
    assert graded.scores("topexit") == {"first-await": 10.0, "say-after": 10.0}
    said = " ".join(graded.said("topexit", "first-await").split())
    assert "cell 2 was left out, and the others were run without it: it ended the process (exit status 0)" in said
    assert said.count("Cells are counted from the top, those with text included.") == 1
    assert "left out" not in graded.said("exits", "say-after")


@pytest.mark.parametrize("number", range(len(ALL)), ids=ALL)
def test_what_is_patched_in_a_notebook_earns_nothing(graded: Classroom, number: int) -> None:
    scores = graded.scores(f"trick{number}")
    honest = 6.0 if "__eq__" in list(ALL)[number] else 0.0  # what its calls are worth, and not its answer
    assert scores == {"first-await": honest, "say-after": 0.0}


def test_a_cell_that_gives_itself_points_earns_none(graded: Classroom) -> None:
    assert graded.scores("forger")["first-await"] == 0.0
    assert set(graded.cells("forger", "first-await")) == set(graded.cells("right", "first-await"))


def test_only_of_test_cells_that_a_learner_has_changed_it_is_told_that_they_were(graded: Classroom) -> None:
    told = [line for line in (graded.root / "said").read_text().splitlines() if "changed" in line]
    names = graded.cells("right", "first-await")
    assert [line.partition("] ")[2] for line in told] == [
        f"forger, first-await: {name} was changed; it is graded as it was handed out" for name in names
    ]


def test_test_cells_that_are_deleted_are_put_back(graded: Classroom) -> None:
    assert graded.scores("forger")["say-after"] == 10.0


def test_a_wrong_solution_keeps_what_it_earns_and_is_told_why(room: Classroom) -> None:
    room.hand_in("eve", first_await=wrong("01_first_await", "both_at_once"), say_after="def")
    room.autograde("eve")
    cells = room.cells("eve", "first-await")
    assert {name.split("--")[2]: score for name, score in cells.items()} == {
        "result": 4.0,
        "calls": 0.5,
        "order": 0.0,
        "time": 0.0,
        "hygiene": 0.5,
    }
    assert "Both waits ran at the same time." in room.said("eve", "first-await")
    assert room.scores("eve")["say-after"] == 0.0


def test_building_and_generating_again_loses_no_grade(room: Classroom) -> None:
    room.hand_in("ann", first_await=FIRST, say_after="x = 1")
    room.autograde("ann")
    with room.gradebook as book:
        grade = book.find_grade("say-after--together--result", "say-after", UNIT, "ann")
        grade.manual_score, grade.extra_credit = 1.0, 0.25
        book.db.commit()
    before = room.scores("ann"), room.cells("ann", "first-await")
    assert before[0] == {"first-await": 10.0, "say-after": 1.25}
    source = room.root / "source" / UNIT / "first-await.ipynb"
    source.write_text(source.read_text().replace("A call is not a run", "An older title"))
    again = Classroom.build(room.course, room.root)
    assert "An older title" not in source.read_text()
    again.generate()
    assert (room.scores("ann"), room.cells("ann", "first-await")) == before
    room.autograde("ann")
    assert (room.scores("ann"), room.cells("ann", "first-await")) == before


def test_what_the_grader_itself_cannot_do_is_no_grade(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.grading.judge.play_all", _fails)
    room.hand_in("ann", first_await=FIRST, say_after=SAY)
    told = room.nbgrader.autograde(UNIT, "ann")
    assert not told["success"]
    assert "first-await: not marked, the grader itself failed" in told["log"]
    assert set(room.cells("ann", "first-await").values()) == {None}
    monkeypatch.undo()
    room.autograde("ann")
    assert room.scores("ann") == {"first-await": 10.0, "say-after": 10.0}


def _fails(exercise: Exercise, cases: Sequence[Case], *_: object, **__: object) -> tuple[Run, ...]:
    return tuple(Run(case, None, "OSError: the disk is full") for case in cases)


@pytest.mark.slow
def test_a_file_that_was_handed_in_beside_the_notebook_is_there(room: Classroom) -> None:
    room.hand_in("ann", say_after="from helper import one_after_the_other, together", first_await=FIRST)
    room.submitted("ann", "helper").with_suffix(".py").write_text(SAY)
    room.autograde("ann")
    assert room.scores("ann")["say-after"] == 10


def test_a_notebook_of_an_earlier_build_is_not_told_as_changed(
    room: Classroom, caplog: pytest.LogCaptureFixture
) -> None:
    room.hand_in("ann", first_await=FIRST)
    handed_in = nbformat.read(room.submitted("ann", "first-await"), 4)  # type: ignore[no-untyped-call]
    changed = next(cell for cell in handed_in.cells if about(cell).get("grade_id") == FIRST_TIME)
    changed.source += "\n10.0"
    with room.gradebook as book:  # as it is where the source was built again since, with other points in its texts
        for cell in book.find_notebook("first-await", UNIT).source_cells:
            cell.source += "\n# 8 points"
        book.db.commit()
    where = {"student": "ann", "notebook": "first-await", "assignment": UNIT}
    with caplog.at_level(logging.INFO):
        RestoreCells().preprocess(handed_in, {"nbgrader": {**where, "db_url": f"sqlite:///{room.root}/gradebook.db"}})
    assert [one.getMessage() for one in caplog.records if one.getMessage().startswith("ann")] == [
        f"ann, first-await: {FIRST_TIME} was changed; it is graded as it was handed out",
        "ann, first-await: 4 of its test cells were other ones when it was handed out; they are graded as they are now",
    ]
    assert changed.source.endswith("# 8 points")
