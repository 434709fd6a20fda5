"""Notebooks are graded as Jupyter runs them: a cell that fails leaves what the others define, and lines are those of cells."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from grader.course.load import load_exercise
from grader.course.model import Exercise
from grader.door.cells import Cell
from grader.exports.checked import checked, summary
from grader.feedback.markup import joined
from grader.feedback.message import compose
from grader.feedback.text import render
from grader.grading import grade
from grader.grading.cells import placed
from grader.intake.notebook import module_of_notebook
from grader.report.feedback import feedback
from grader.run import resolved
from grader.verdict import Verdict, encode
from tests.grading.test_grade import YAML

TOGETHER = """
async def together(say, a, b):
    return await asyncio.gather(say(a, 'x'), say(b, 'y'))"""
ONE_BY_ONE = """
async def together(say, a, b):
    return [await say(a, 'x'),
            await say(b, 'y')]"""
ROOT = Path(__file__).parents[2]
IMPORT = "import asyncio"


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    folder = tmp_path_factory.mktemp("course") / "01_two_waits"
    folder.mkdir()
    (folder / "exercise.yaml").write_text(dedent(YAML))
    (folder / "two_waits.py").write_text("async def together(say, a, b):\n    raise NotImplementedError\n")
    return load_exercise(folder)


def module(cells: Sequence[str]) -> bytes:
    listed = [{"cell_type": "code", "source": cell} for cell in cells]
    return module_of_notebook(json.dumps({"nbformat": 4, "cells": listed}).encode())


@pytest.fixture(scope="module")
def graded(exercise: Exercise) -> Callable[..., Verdict]:
    def graded(*cells: str, isolation: str = "in-process") -> Verdict:
        return grade(exercise, module(cells), isolation=isolation, filename="two_waits.ipynb")

    return graded


def told(verdict: Verdict) -> str:
    return render(verdict, width=100, colour=False, ascii_only=True)


FINE: dict[str, tuple[str, ...]] = {
    "a cell awaits, and the next one uses it": (IMPORT, "r = await asyncio.sleep(2, [1])", "s = r[0]", TOGETHER),
    "a cell tries the function": (
        IMPORT,
        TOGETHER,
        "async def say(d, what):\n    await asyncio.sleep(d)\n    return what",
        "assert await together(say, 1, 2) == ['x', 'y']\nassert asyncio.get_running_loop().time() == 2",
    ),
    "a task is made in one cell and awaited in another": (
        IMPORT,
        "t = asyncio.create_task(asyncio.sleep(1, 3))",
        "assert await t == 3",
        TOGETHER,
    ),
    "a task is left at work": (IMPORT, "t = asyncio.create_task(asyncio.sleep(9))\nawait asyncio.sleep(1)", TOGETHER),
    "a task is made, and nothing awaits": (f"{IMPORT}\nt = asyncio.create_task(asyncio.sleep(1))\n{TOGETHER}",),
    "the running loop is asked for": (f"{IMPORT}\nasyncio.get_running_loop().call_soon(print)\n{TOGETHER}",),
    "a loop of its own makes a task": (
        f"{IMPORT}\nloop = asyncio.new_event_loop()\nloop.run_until_complete(loop.create_task(asyncio.sleep(1)))\n{TOGETHER}",
    ),
    "without a cell that awaits, asyncio.run is as in a module": (IMPORT, "asyncio.run(asyncio.sleep(1))", TOGETHER),
    "IPython is used": (
        "%matplotlib inline\n!pip install numpy\nimport asyncio",
        "from IPython.display import display, HTML, Markdown\nfrom IPython import get_ipython\nimport IPython.display as d"
        "\nfrom IPython.core.display import Javascript\nfrom IPython.core.interactiveshell import InteractiveShell"
        "\nget_ipython().run_line_magic('autoawait', 'asyncio')\nd.clear_output(wait=True)\ndisplay(HTML('<b>'))"
        "\nIPython = __import__('IPython')\nIPython.get_ipython().ast_node_interactivity = 'all'",
        f"display(1)\nassert get_ipython()\n{TOGETHER}",
    ),
    "a cell raises": (IMPORT, TOGETHER, "1 / 0", "x = undefined"),
    "a cell raises after what it defines": (f"{IMPORT}\n{TOGETHER}\n1 / 0",),
    "a cell that awaits raises": (IMPORT, TOGETHER, "async def f():\n    raise ValueError(3)", "await f()"),
    "a cell is no Python": (IMPORT, "def f(:\n    pass", TOGETHER, "return 3"),
    "a cell ends the program": (IMPORT, "exit(1)", "import sys\nsys.exit(2)", "raise KeyboardInterrupt", TOGETHER),
    "a cell waits for ever": (IMPORT, "await asyncio.Event().wait()", TOGETHER),
    "a cell that runs a loop waits for ever": (IMPORT, "asyncio.run(asyncio.Event().wait())", TOGETHER),
    "a cell goes round and round": (IMPORT, "while True:\n    await asyncio.sleep(0)", TOGETHER),
    "a future import holds for the cells after it": (
        IMPORT,
        "from __future__ import annotations",
        TOGETHER.replace("say, a, b", "say: 'no such' + name, a, b"),
    ),
}


@pytest.mark.parametrize("cells", FINE.values(), ids=FINE)
def test_what_a_notebook_may_do_around_its_functions(graded: Callable[..., Verdict], cells: tuple[str, ...]) -> None:
    verdict = graded(*cells)
    assert (verdict.status, verdict.points) == ("passed", 10), told(verdict)


def test_in_a_child_it_is_the_same_verdict_byte_for_byte(graded: Callable[..., Verdict]) -> None:
    cells = (
        IMPORT,
        "await asyncio.Event().wait()",
        "x = y",
        "def f(:",
        ONE_BY_ONE,
        "r = await asyncio.sleep(1, 2)",
        "r + 1",
    )
    here, there = graded(*cells), graded(*cells, isolation="child")
    assert encode(there) == encode(here).replace(b'"in-process"', f'"{resolved("child")}"'.encode())


def test_lines_are_those_of_the_cells_in_every_part_of_the_feedback(graded: Callable[..., Verdict]) -> None:
    verdict = graded(
        IMPORT, "# a comment\n\n", ONE_BY_ONE.replace("return", "asyncio.create_task(say(1, 'z'))\n    return")
    )
    assert "say(y) started at 1 s, cell 3, line 5, when say(x) had finished" in told(verdict)
    assert "| 1 -> 3  cell 3, line 5" in told(verdict)
    assert "| 0 -> 1  cell 3, line 4" in told(verdict)
    assert [cell.number for cell in verdict.cells] == [1, 2, 3]


def test_the_line_of_a_fault_is_that_of_the_cell(graded: Callable[..., Verdict]) -> None:
    verdict = graded(IMPORT, "async def together(say, a, b):\n    return nothing")
    assert "    cell 2, line 2: return nothing\n" in told(verdict)


def test_pages_and_exports_name_lines_as_the_terminal_does(graded: Callable[..., Verdict]) -> None:
    slow = graded(IMPORT, ONE_BY_ONE)
    page = str(joined(*filter(None, feedback(compose(slow)))))
    assert "say(y) started at 1 s, cell 2, line 4, when" in page
    assert "cell 2, line 3" in page
    assert "line 4, when" in next(one.told for one in checked(slow) if one.id == "parallel")
    broken = graded(IMPORT, "async def together(say, a, b):\n    return nothing")
    assert "(cell 2, line 2)" in summary(broken)
    assert "cell 2, line 2: return nothing" in str(joined(*filter(None, feedback(compose(broken)))))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "\nx = y",
            "a cell of your notebook stopped with NameError in cell 2, line 2 (the name `y` is not known at this point); "
            "what the others define was used",
        ),
        (
            "def f(:",
            "a cell of your notebook is not valid Python yet in cell 2, line 1; what the others define was used",
        ),
        (
            "\nawait asyncio.Event().wait()",
            "a cell of your notebook waits for something that can never come in cell 2, line 2; "
            "what the others define was used",
        ),
    ],
)
def test_a_cell_that_was_stopped_is_told_where_not_all_is_right(
    graded: Callable[..., Verdict], cell: str, said: str
) -> None:
    verdict = graded(IMPORT, cell, ONE_BY_ONE)
    assert compose(verdict).notes == (said,)


@pytest.mark.parametrize(
    ("cells", "title", "line"),
    [
        ((IMPORT, "x = y", f"import numpy_\n{TOGETHER}"), "a cell stopped with ModuleNotFoundError", "cell 3, line 1"),
        ((IMPORT, "x = y", "def f():\n    g()\nf()"), "a cell stopped with NameError", "cell 2, line 1"),
        ((IMPORT, f"{TOGETHER}\n)"), "a cell is not valid Python yet", "cell 2, line 4"),
        (
            (IMPORT, f"await asyncio.Event().wait()\n{TOGETHER}"),
            "a cell waits for something that can never come",
            "cell 2, line 1",
        ),
    ],
)
def test_without_the_cell_that_has_the_function_its_end_is_what_is_told(
    graded: Callable[..., Verdict], cells: tuple[str, ...], title: str, line: str
) -> None:
    verdict = graded(*cells)
    fault = compose(verdict).fault
    assert fault is not None
    assert verdict.points == 0
    assert fault.title == f"{title}, and no other has `together`"
    assert f"    {line}: {fault.source_line}" in told(verdict)


def test_a_notebook_without_the_function_is_told_so(graded: Callable[..., Verdict]) -> None:
    fault = compose(graded(IMPORT, "async def togeter():\n    pass")).fault
    assert fault is not None
    assert fault.title == "there is no `together` in your notebook"


@pytest.mark.parametrize("isolation", ["in-process", "child"])
def test_what_the_exercise_provides_is_not_there_for_cells_and_costs_nothing(isolation: str) -> None:
    """Asked before the entry is called, the referee would end the run."""
    reference = (ROOT / "solutions" / "24_process_output" / "reference.py").read_text()
    cells = (reference, "import asyncio\np = await asyncio.create_subprocess_exec('ls')", "p.pid")
    exercise = load_exercise(ROOT / "exercises" / "24_process_output")
    verdict = grade(exercise, module(cells), isolation=isolation)
    assert verdict.status == "passed"
    assert [case.notes[0] for case in verdict.cases][:1] == [
        "a cell of your notebook stopped with RuntimeError in cell 2, line 2; what the others define was used"
    ]


DEMONSTRATIONS = (
    "import asyncio",
    "async def one():\n    return 1\nasync def fails():\n    raise ValueError",
    "t = asyncio.create_task(one())\nassert await t == 1",
    "one()",
    "t = asyncio.create_task(fails())\nawait asyncio.sleep(1)",
    "asyncio.run(one())",
)


@pytest.mark.parametrize("folder", ["01_first_await", "05_say_after", "06_needless_task"])
def test_what_cells_try_out_is_none_of_the_functions(folder: str) -> None:
    """Needless tasks, coroutines that nobody awaits, runs of a loop: all of them cost points in a function."""
    reference = (ROOT / "solutions" / folder / "reference.py").read_text()
    verdict = grade(load_exercise(ROOT / "exercises" / folder), module((*DEMONSTRATIONS, reference, DEMONSTRATIONS[2])))
    assert verdict.status == "passed", told(verdict)


def test_a_notebook_leaves_no_ipython_behind(graded: Callable[..., Verdict]) -> None:
    before = {name for name in sys.modules if name.partition(".")[0] == "IPython"}
    graded("import IPython", TOGETHER)
    assert {name for name in sys.modules if name.partition(".")[0] == "IPython"} == before


def test_a_module_has_no_cells_and_one_error_stops_it(exercise: Exercise) -> None:
    verdict = grade(exercise, f"{IMPORT}\nx = y\n{TOGETHER}")
    assert (verdict.points, verdict.cells) == (0, ())
    assert "    line 2: x = y\n" in told(verdict)


CELLS = (Cell(2, 2, 3), Cell(5, 4, 9))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("it started at 1 s, line 3", "it started at 1 s, cell 2, line 2"),
        ("2 tasks (lines 3, 4 and 9)", "2 tasks (cell 2, line 2; cell 5, line 1; cell 5, line 6)"),
        ("got 'line 3' and `line 4` and \"line 4\"", "got 'line 3' and `line 4` and \"line 4\""),
        ("the program's line 3 isn't", "the program's cell 2, line 2 isn't"),
        ("of line 12", "of line 12"),
        ("online 3, line 3.5, deadline 4", "online 3, line 3.5, deadline 4"),
    ],
)
def test_what_names_a_line_is_told_by_its_cell_and_quoted_words_are_not(said: str, meant: str) -> None:
    assert placed(said, CELLS) == meant


def test_as_many_cells_as_there_may_be_are_run(graded: Callable[..., Verdict]) -> None:
    assert graded(IMPORT, *["x"] * 998, TOGETHER).status == "passed"
