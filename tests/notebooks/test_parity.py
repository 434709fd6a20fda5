"""Cells without a kernel earn what they earn in one; and what stands here is what a kernel really gives."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.run.levels import level_of, why_not
from grader.run.outside import Code, run_cells
from tests.notebooks.magics import MAGICS
from tests.notebooks.parity import CELLS, IN_DOUBT, ON_DISK, Graded

ALL = CELLS | ON_DISK | IN_DOUBT
EARNED = {name: cell.earns for name, cell in ALL.items()}


BY_THE_CLOCK = ("a sleep is as long as it is", "and awaited")


def earned(cells: Iterable[str], outputs: Sequence[Any]) -> dict[str, float]:
    from nbformat.v4 import new_code_cell
    from nbgrader.utils import determine_grade

    found = dict[str, float]()
    for name, each in zip(cells, outputs, strict=True):
        cell = new_code_cell(metadata={"nbgrader": {"grade": True, "solution": False, "points": 2}})  # type: ignore[no-untyped-call]
        cell.outputs = [_node(one) for one in each]
        found[name] = determine_grade(cell, None)[0]
    return found


def _node(plain: Any) -> Any:
    from nbformat import from_dict

    return from_dict(plain)  # type: ignore[no-untyped-call]


_SLOW = [pytest.mark.slow, pytest.mark.ends]


@pytest.mark.parametrize(
    ("level", "more"),
    [("A", {}), pytest.param("A", IN_DOUBT, marks=_SLOW), ("B", {})],
    ids=["A", "A and in doubt", "B"],
)
def test_without_a_kernel_each_cell_earns_what_it_earns_in_one(level: str, more: Mapping[str, Graded]) -> None:
    if reason := why_not(level):
        pytest.skip(f"isolation {level} cannot be had here: {reason}")
    cells = {**CELLS, **(ON_DISK if level == "A" else {}), **more}
    for name in BY_THE_CLOCK if more else ():  # in real time that is the machine's
        del cells[name]
    codes = [Code(number, cell.text, True) for number, cell in enumerate(cells.values(), 1)]
    ran = run_cells(codes, {}, level_of(level), seconds=20, seed="a seed")
    assert (ran.lost, ran.ended, ran.really) == ({}, {}, bool(more))
    assert earned(cells, [ran.outputs[code.number] for code in codes]) == {name: EARNED[name] for name in cells}


@pytest.mark.slow
@pytest.mark.parametrize("all_of_them", [ALL, MAGICS], ids=["cells", "magics"])
def test_a_kernel_gives_these_points(
    all_of_them: Mapping[str, Graded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")  # as nbgrader has it
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # a kernel that finds this does not listen to its descriptors
    cells = [new_code_cell(cell.text) for cell in all_of_them.values()]  # type: ignore[no-untyped-call]
    book = new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    NotebookClient(book, timeout=60, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    found = earned(all_of_them, [cell.outputs for cell in book.cells])
    assert found == {name: cell.earns for name, cell in all_of_them.items()}
