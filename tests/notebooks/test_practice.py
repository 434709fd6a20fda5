"""Test cells in a kernel: what was run until now is tried, and nothing that comes out of there is worth marks."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.errors import GraderFault, UsageError
from grader.notebooks import earned
from grader.notebooks.practice import exercise_near, program_cells
from tests.notebooks.classroom import FIRST, ROOT, UNIT, Classroom

CALL = "from grader.notebooks import earned\nearned('first-await', 'greet_twice', 'result')"


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch, released: Path) -> list[str]:
    """What was run in the kernel, which is opened where a learner opens the notebook."""
    ran: list[str] = []
    shell = SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=ran))
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.chdir(released / "release" / UNIT)
    return ran


def test_a_test_cell_prints_what_it_found_and_ends_in_its_points(
    history: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    history += ["", "print('anything')", FIRST, CALL]
    assert earned("first-await", "greet_twice", "result") == 4.0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out == (
        "first-await: 10 of 10 points\n  Everything that was asked for is there.\n  3 more cases are run when it is marked.\n\n"
        "greet_twice: result: 4 of 4 points\n"
    )
    history.append(CALL.replace("result", "order"))
    assert earned("first-await", "greet_twice", "order") == 4.0
    assert capsys.readouterr().out == "greet_twice: order: 4 of 4 points\n"
    history.append(CALL)  # the first one, run again, has again what stood below it
    assert earned("first-await", "greet_twice", "result") == 4.0
    assert capsys.readouterr().out == told.out


def test_the_cell_that_was_run_last_is_the_one_that_counts(
    history: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    history += [
        "",
        FIRST,
        "async def greet_twice(say_after, name):\n    return await say_after(1, f'hello {name}')",
        CALL,
    ]
    assert earned("first-await", "greet_twice", "result") == 0.0
    assert "greet_twice: result: 0 of 4 points\n" in capsys.readouterr().out


def test_what_fails_where_a_notebook_is_validated_says_why_where_nbgrader_shows_it(
    history: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    history += ["", FIRST.replace("return [", "return [0, "), CALL]
    assert earned("first-await", "greet_twice", "calls") == 0.5
    told = capsys.readouterr()
    assert (told.out, told.err) == ("greet_twice: calls: 0.5 of 0.5 points\n", "")
    assert earned("first-await", "greet_twice", "result") == 0.0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("first-await: 6 of 10 points\n")
    assert "greet_twice: result: 0 of 4 points\n" in told.err
    assert max(map(len, told.err.splitlines())) <= 83  # of more nbgrader cuts off the rest


def test_a_file_beside_the_notebook_is_there_as_it_was_saved_last(
    history: list[str],
    released: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(released / "release" / UNIT, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    history += [
        "",
        "import mine",
        "async def greet_twice(say_after, name):\n    return await mine.greet(say_after, name)",
        CALL,
    ]
    (tmp_path / "mine.py").write_text("async def greet(say_after, name):\n    1 / 0\n")
    assert earned("first-await", "greet_twice", "result") == 0.0
    told = capsys.readouterr().out
    assert "cell 4, line 2" in told
    assert told.endswith("The number of a cell is the one in brackets beside it. Cell 4 is mine.py.\n")
    (tmp_path / "mine.py").write_text(FIRST.replace("greet_twice", "greet"))
    os.utime(tmp_path / "mine.py", (1, 1))  # another time, however coarse those of the disk are
    assert earned("first-await", "greet_twice", "result") == 4.0


def test_where_nothing_was_run_it_is_said(history: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    history += ["", CALL]
    assert earned("first-await", "greet_twice", "result") == 0.0
    assert capsys.readouterr().out == ("greet_twice: result: 0 of 4 points\nnot yet: this is a notebook without code\n")


def test_hidden_cases_that_are_not_at_hand_are_said_to_be_run_later(
    history: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    history += ["", FIRST, CALL]
    assert earned("first-await", "greet_twice", "time", hidden=True) == 1.0
    assert capsys.readouterr().out.startswith("the hidden cases are not at hand here; they are run when it is marked\n")


def test_at_autograde_a_test_cell_refuses_to_be_asked_in_a_kernel(
    history: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    history += ["", FIRST, CALL]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(
        UsageError, match=r"^these cells are marked from outside of the kernel, and this course's nbgrader"
    ):
        earned("first-await", "greet_twice", "result")


def test_a_check_that_is_not_there_is_told(history: list[str]) -> None:
    with pytest.raises(
        GraderFault, match=r"^first-await: cell 'first-await--greet_twice--older' is of no check; the course has none"
    ):
        earned("first-await", "greet_twice", "older")


def test_cells_are_counted_as_the_brackets_beside_them_do_and_those_that_ask_for_points_are_no_program(
    history: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    history += ["", "x = 1", CALL, FIRST.replace("await say_after(1", "say_after(1"), CALL]
    assert program_cells() == ("x = 1", None, history[3], None)
    earned("first-await", "greet_twice", "calls")
    told = capsys.readouterr().out
    assert "cell 3, line " in told
    assert told.endswith("\nThe number of a cell is the one in brackets beside it.\n")


def test_an_exercise_is_found_beside_the_notebook_above_it_or_where_it_is_said(
    released: Path, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = released / "release" / UNIT
    beside = exercise_near(here, "say-after")
    assert (beside.folder, beside.hidden) == (str(here / "exercises" / "05_say_after"), ())
    assert exercise_near(course / "exercises", "say-after").hidden
    with pytest.raises(
        UsageError, match=r"^the exercise say-after is not here; open the notebook in the folder that it came"
    ):
        exercise_near(tmp_path, "say-after")
    monkeypatch.setenv("GRADER_COURSE", str(ROOT))
    assert exercise_near(tmp_path, "say-after").folder == str(ROOT / "exercises" / "05_say_after")


def test_test_cells_written_by_hand_are_run_beside_and_reach_nothing_of_the_others(
    room: Classroom,
) -> None:
    room.add_tests("first-await", passes="assert bonus == 3", fails="assert bonus == 4", partly="bonus / 2")
    liar = "import grader.notebooks as e, sys\nbonus = 3\ne.earned = lambda *a, **k: 4.0\nsys.displayhook = print"
    room.hand_in("ann", first_await=[liar, "x = 1"])
    room.submitted("ann", "say-after").unlink()
    room.autograde("ann")
    scores = {name: score for name, score in room.cells("ann", "first-await").items() if score}
    assert scores == {"by-hand-passes": 2.0, "by-hand-partly": 1.5}


@pytest.mark.slow
def test_a_test_cell_that_ends_the_process_costs_itself_alone(room: Classroom) -> None:
    room.add_tests("first-await", before="assert True", dies="ends()", after="assert True")
    room.hand_in("ann", first_await=["import os\ndef ends():\n    os._exit(0)", FIRST])
    room.submitted("ann", "say-after").unlink()
    room.autograde("ann")
    assert room.scores("ann")["first-await"] == 14.0
    cells = room.cells("ann", "first-await")
    assert [cells[f"by-hand-{name}"] for name in ("before", "dies", "after")] == [2.0, 0.0, 2.0]
