"""Cells without a kernel earn what they earn in one; and what stands here is what a kernel really gives."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.run.levels import level_of
from grader.run.outside import Code, run_cells
from tests.notebooks.parity import CELLS

EARNED = {name: cell.earns for name, cell in CELLS.items()}


def _earned(outputs: Sequence[Any]) -> dict[str, float]:
    from nbformat.v4 import new_code_cell
    from nbgrader.utils import determine_grade

    found = dict[str, float]()
    for name, each in zip(CELLS, outputs, strict=True):
        cell = new_code_cell(metadata={"nbgrader": {"grade": True, "solution": False, "points": 2}})  # type: ignore[no-untyped-call]
        cell.outputs = [_node(one) for one in each]
        found[name] = determine_grade(cell, None)[0]
    return found


def _node(plain: Any) -> Any:
    from nbformat import from_dict

    return from_dict(plain)  # type: ignore[no-untyped-call]


def test_without_a_kernel_each_cell_earns_what_it_earns_in_one() -> None:
    codes = [Code(number, cell.text, True) for number, cell in enumerate(CELLS.values(), 1)]
    ran = run_cells(codes, {}, level_of("child"), seconds=20, seed="a seed")
    assert (ran.lost, ran.ended) == ({}, {})
    assert _earned([ran.outputs[code.number] for code in codes]) == EARNED


@pytest.mark.slow
def test_a_kernel_gives_these_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # a kernel that finds this does not listen to its descriptors
    cells = [new_code_cell(cell.text) for cell in CELLS.values()]  # type: ignore[no-untyped-call]
    book = new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    NotebookClient(book, timeout=60, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert _earned([cell.outputs for cell in book.cells]) == EARNED
