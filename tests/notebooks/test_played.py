"""Cells are played in real time where a turn was kept and points are missing, and only what earns more counts."""

from typing import Any

import pytest

from grader.run.outside import Ran
from tests.notebooks.foreign import about

FAILS: list[dict[str, Any]] = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]


def _book() -> Any:
    from nbformat.v4 import new_code_cell, new_notebook

    metadata = [about(f"t{at}", grade=True, locked=True, points=2) for at in range(2)]
    cells = [new_code_cell("f()", metadata=one) for one in metadata]  # type: ignore[no-untyped-call]
    return new_notebook(cells=cells)  # type: ignore[no-untyped-call]


def _ran(*failed: int, kept: bool = False, really: bool = False) -> Ran:
    return Ran(outputs={at: FAILS if at in failed else [] for at in (1, 2)}, kept=kept, really=really)


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (_ran(1, 2), None, 0),
        (_ran(kept=True), None, 0),
        (_ran(1, kept=True, really=True), None, 0),
        (_ran(1, 2, kept=True), _ran(2, really=True), 1),
        (_ran(2, kept=True), _ran(really=True), 1),
        (_ran(1, kept=True), _ran(2, really=True), 0),
        (_ran(1, kept=True), _ran(1, 2, really=True), 0),
    ],
    ids=["no turn kept", "all points", "real already", "some more", "all then", "as many", "less"],
)
def test_real_time_is_tried_where_a_turn_was_kept_and_counts_where_it_earns_more(
    first: Ran, second: Ran | None, counts: int
) -> None:
    from grader.notebooks.played import lost, played

    book, runs = _book(), list[Ran]()

    def run(really: bool = False) -> Ran:
        found = second if really else first
        assert found is not None
        runs.append(found)
        return found

    ran = played(book, run)
    assert (runs, ran) == ([first] if second is None else [first, second], runs[counts])
    assert [name for name, _ in lost(book)] == [f"t{at - 1}" for at, one in ran.outputs.items() if one]
