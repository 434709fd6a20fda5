"""Which cells of an exercise's notebook are left out, so that the others are marked; and which are not. At every level."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import UNSET

from grader.course.load import load_exercise
from grader.feedback.message import compose
from grader.feedback.text import render
from grader.grading import grade
from grader.intake.notebook import module_of_notebook
from grader.report.feedback import feedback
from grader.verdict import LeftOut, Verdict, decode, encode

ROOT = Path(__file__).parents[2]
Graded = Callable[..., Verdict]
FIRST = (ROOT / "solutions" / "01_first_await" / "reference.py").read_text()
EXIT, CRASH, LOOP = "import os\nos._exit(0)", "import ctypes\nctypes.string_at(0)", "while True:\n    pass"
EXITED, CRASHED = "it ended the process (exit status 0)", "the process was killed (signal 11)"


@pytest.fixture(scope="module")
def graded() -> Graded:
    exercise = load_exercise(ROOT / "exercises" / "01_first_await")

    def graded(*cells: str, isolation: str = "child") -> Verdict:
        book = {"nbformat": 4, "cells": [{"cell_type": "code", "source": text} for text in ("x = 1", *cells)]}
        return grade(exercise, module_of_notebook(json.dumps(book).encode()), learner="ann", isolation=isolation)

    return graded


def test_what_ends_nothing_leaves_nothing_out(graded: Graded) -> None:
    verdict = graded("1 / 0", "import asyncio\nawait asyncio.Event().wait()", FIRST)
    assert (verdict.points, verdict.left_out) == (10.0, UNSET)
    assert b'"left_out"' not in encode(verdict)


@pytest.mark.parametrize("isolation", ["child", "in-process"])
def test_a_cell_that_ends_the_process_is_left_out_wherever_it_is_graded(graded: Graded, isolation: str) -> None:
    verdict = graded(EXIT, FIRST, isolation=isolation)
    assert (verdict.points, verdict.left_out) == (10.0, (LeftOut(2, EXITED),))
    assert [cell.number for cell in verdict.cells] == [1, 3]
    assert decode(encode(verdict)) == verdict


LATER = "import os, threading, time\nthreading.Thread(target=lambda: (time.sleep(0.5), os._exit(0))).start()"
TIMED = "import os, threading\nthreading.Timer(2, os._exit, [3]).start()\n1 / 0"


def test_a_cell_whose_thread_ends_the_process_later_is_left_out_and_no_other(graded: Graded) -> None:
    patient = "import threading, time\nthreading.Thread(target=time.sleep, args=(30,)).start()"
    verdict = graded(patient, LATER, "y = 2", FIRST, TIMED)
    assert (verdict.points, verdict.left_out) == (
        10.0,
        (LeftOut(3, EXITED), LeftOut(6, "it ended the process (exit status 3)")),
    )
    assert [cell.number for cell in verdict.cells] == [1, 2, 4, 5]


@pytest.mark.slow
def test_every_such_cell_is_and_is_told_to_the_learner(graded: Graded) -> None:
    verdict = graded(EXIT, FIRST, CRASH, LOOP)
    assert verdict.points == 10.0
    said = [
        f"cell {number} was left out, and the others were run without it: {why}"
        for number, why in ((2, EXITED), (4, CRASHED), (5, "it computes without end"))
    ]
    assert list(compose(verdict).left_out) == said
    text = render(verdict, width=120, colour=False, ascii_only=True)
    assert all(one in " ".join(text.split()) for one in said)
    assert [one for one in said if any(one in str(part) for part in feedback(compose(verdict)))] == said


def test_what_is_not_yet_right_is_told_beside_it(graded: Graded) -> None:
    verdict = graded(EXIT, FIRST.replace("await say_after(1", "await say_after(2"))
    assert verdict.status == "failed"
    assert f"cell 2 was left out, and the others were run without it: {EXITED}" in compose(verdict).left_out
    assert "cell 2 was left out" in render(verdict, width=120, colour=False, ascii_only=True)
    assert any("cell 2 was left out" in str(part) for part in feedback(compose(verdict)))


def test_where_it_is_the_function_that_ends_it_no_cell_is_left_out(graded: Graded) -> None:
    verdict = graded(f"async def greet_twice(*of):\n    {EXIT.replace(chr(10), chr(10) + '    ')}")
    assert (verdict.points, verdict.left_out, verdict.cases[0].outcome) == (0.0, UNSET, "died")


def test_where_nothing_is_left_it_is_said_that_the_process_ended(graded: Graded) -> None:
    exercise = load_exercise(ROOT / "exercises" / "01_first_await")
    book = {"nbformat": 4, "cells": [{"cell_type": "code", "source": EXIT}]}
    verdict = grade(exercise, module_of_notebook(json.dumps(book).encode()), isolation="child")
    assert (verdict.points, verdict.left_out, verdict.cases[0].outcome) == (0.0, UNSET, "died")


def test_a_file_that_is_no_notebook_has_no_cells_to_leave_out(graded: Graded) -> None:
    verdict = grade(load_exercise(ROOT / "exercises" / "01_first_await"), f"{EXIT}\n{FIRST}", isolation="child")
    assert (verdict.points, verdict.left_out, verdict.cases[0].outcome) == (0.0, UNSET, "died")
