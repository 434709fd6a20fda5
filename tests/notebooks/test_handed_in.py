"""A notebook in which an exercise was checked is handed in, and marked by what it defines."""

import json
import sys
from collections.abc import Callable

import pytest

from grader.course.load import load_exercise
from grader.grading import grade
from grader.intake.notebook import module_of_notebook
from grader.verdict import Verdict
from tests.notebooks.a_course import write_course

TOGETHER = (
    "import asyncio\n\nasync def together(say, a, b):\n    return await asyncio.gather(say(a, 'x'), say(b, 'y'))\n"
)


HELPER = b"import asyncio\n\nasync def both(*some):\n    return await asyncio.gather(*some)\n"
ASKS = "async def together(say, a, b):\n    return await {}(say(a, 'x'), say(b, 'y'))"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Verdict]:
    course = write_course(tmp_path_factory.mktemp("course"))
    exercise = load_exercise(course / "exercises" / "01_two_waits")

    def marked(*cells: str) -> Verdict:
        listed = [{"cell_type": "code", "source": cell} for cell in cells]
        book = json.dumps({"nbformat": 4, "cells": listed}).encode()
        return grade(exercise, module_of_notebook(book, {"helper": HELPER}.get))

    return marked


@pytest.mark.parametrize(
    "cells",
    [
        ("from grader.notebooks import check\n" + TOGETHER + "check(together)",),
        ("from grader.notebooks import check_async\n" + TOGETHER, "await check_async(together)"),
        ("%load_ext grader.notebooks", "%%check two-waits\n" + TOGETHER),
        ("import grader.notebooks as n\nn.check(3)\n" + TOGETHER, "%check two-waits"),
        ("import grader.notebooks\n" + TOGETHER + "grader.notebooks.check(together)",),
        ("from grader import notebooks\n" + TOGETHER + "notebooks.check(together)",),
    ],
    ids=["a function", "awaited", "a cell", "a line", "by its whole name", "of its package"],
)
def test_what_checks_does_nothing_there_and_costs_nothing(
    marked: Callable[..., Verdict], cells: tuple[str, ...]
) -> None:
    verdict = marked(*cells)
    assert (verdict.points, [case.notes for case in verdict.cases]) == (10, [()])


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("import helper", "helper.both"),
        ("import helper as h", "h.both"),
        ("%run helper.py", "both"),
        ("%run -i helper", "both"),
    ],
)
def test_a_file_beside_it_is_there_however_it_is_asked_for(
    marked: Callable[..., Verdict], cell: str, name: str
) -> None:
    verdict = marked(cell, ASKS.format(name))
    assert (verdict.points, [case.notes for case in verdict.cases]) == (10, [()])


def test_a_cell_for_another_magic_defines_nothing(marked: Callable[..., Verdict]) -> None:
    assert marked("x = 1", "%%writefile together.py\n" + TOGETHER).points == 0


@pytest.mark.parametrize("known", [True, False])
def test_what_there_was_is_there_again_afterwards(
    marked: Callable[..., Verdict], monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    import grader.notebooks

    real, package = grader.notebooks, sys.modules["grader"]
    if not known:
        monkeypatch.delattr(package, "notebooks")
    marked("from grader.notebooks import check\n" + TOGETHER)
    assert sys.modules["grader.notebooks"] is real
    assert vars(package).get("notebooks") is (real if known else None)
