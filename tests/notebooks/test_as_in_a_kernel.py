"""What works in a kernel is worth the same where the notebook is marked: sources, first attempts, what was pasted."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from grader.course.load import load_course
from grader.course.model import Exercise
from grader.notebooks.by_hand import codes
from grader.notebooks.cells import cells_of
from grader.notebooks.marking import Marked, marked
from tests.intake.test_pasted import PASTED, F, prompted
from tests.notebooks.classroom import ROOT, SAY, about

EXERCISES = {one.slug: one for one in load_course(ROOT).exercises}


def points(exercise: Exercise, cells: Sequence[str]) -> float | str:
    found: Marked = marked(exercise, cells, learner="ann", isolation="child", hidden=False)
    return found if isinstance(found, str) else found.points


def source_of(exercise: Exercise) -> str:
    return next("".join(cell["source"]) for cell in cells_of(exercise) if about(cell).get("solution"))


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_source_that_is_built_earns_all_points_as_it_is(slug: str) -> None:
    """Its cell has the stub above the reference; the same two cells are a first attempt and a right program below it."""
    exercise = EXERCISES[slug]
    assert points(exercise, [source_of(exercise)]) == pytest.approx(exercise.points)


def test_a_first_attempt_that_was_left_alone_costs_nothing_and_the_last_one_counts() -> None:
    exercise = EXERCISES["needless-task"]
    stub = Path(exercise.folder, "needless_task.py").read_text()
    reference = Path(str(exercise.solutions), "reference.py").read_text()
    assert points(exercise, [stub, "check(read_profile)", reference]) == exercise.points
    assert points(exercise, [reference, stub]) == 0


@pytest.mark.parametrize(
    "cells",
    [
        [indent(SAY, "    ")],
        [prompted(SAY.strip(), ">>> ", "... ")],
        [prompted(SAY.strip(), "In [1]: ", "   ...: ")],
        [f"import nest_asyncio\nnest_asyncio.apply()\n{SAY}"],
        [f"from nest_asyncio import apply; apply()\n{SAY}"],
    ],
    ids=["indented", "prompts", "ipython's prompts", "nest_asyncio", "its apply"],
)
def test_a_right_solution_is_right_however_it_was_pasted(cells: list[str]) -> None:
    assert points(EXERCISES["say-after"], cells) == EXERCISES["say-after"].points


@pytest.mark.parametrize(
    "above", [[], ["async def together(*a):\n    raise NotImplementedError"]], ids=["alone", "stub above"]
)
def test_a_solution_that_is_imported_from_a_file_beside_the_notebook_counts(above: list[str]) -> None:
    exercise = EXERCISES["say-after"]
    cells = [*above, "from helper import one_after_the_other, together"]
    told: dict[str, Any] = {"learner": "ann", "isolation": "child", "hidden": False}
    found = marked(exercise, cells, beside=lambda name: SAY.encode() if name == "helper" else None, **told)
    assert not isinstance(found, str)
    assert found.points == exercise.points
    without = marked(exercise, cells, beside=lambda name: None, **told)
    assert not isinstance(without, str)
    assert without.points == 0


@pytest.mark.parametrize("name", ["indented", "python's prompts", "ipython's prompts", "an editor's prompts"])
def test_what_is_taken_off_is_what_ipython_takes_off(name: str) -> None:
    transformer: Any = import_module("IPython.core.inputtransformer2")
    assert transformer.TransformerManager().transform_cell(PASTED[name]).rstrip() == F


def test_cells_of_a_notebook_written_by_hand_are_taken_as_ipython_takes_them() -> None:
    nbformat: Any = import_module("nbformat")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in PASTED.values()])
    assert {code.text.rstrip() for code in codes(book, (), ())} == {F}
