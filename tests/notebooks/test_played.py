"""Cells are played in real time where a turn was kept and points are missing, and only what earns more counts."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.run.outside import TAMPERED, Ran
from tests.notebooks.foreign import about

Tell = Callable[[int, str], object]
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

    def run(really: bool = False, tell: Tell = print) -> Ran:
        found = second if really else first
        assert found is not None
        runs.append(found)
        return found

    ran, gained = played(book, run)
    assert gained == tuple(f"t{at - 1}" for at in (1, 2) if first.outputs[at] and not ran.outputs[at])
    assert (runs, ran) == ([first] if second is None else [first, second], runs[counts])
    assert [name for name, _ in lost(book)] == [f"t{at - 1}" for at, one in ran.outputs.items() if one]


@pytest.mark.parametrize(
    ("why", "told"), [("it computed for too long", []), (f"{TAMPERED}: not a message", [1])], ids=["time", "tampered"]
)
def test_who_is_stopped_in_real_time_ends_it_and_nothing_is_told_but_what_tampered(why: str, told: list[int]) -> None:
    from grader.notebooks.played import played

    heard, first = list[int](), _ran(1, kept=True)

    def run(really: bool = False, tell: Tell = print) -> Ran:
        if really:
            tell(1, why)
            raise AssertionError("it goes on")
        return first

    assert played(_book(), run, lambda number, why: heard.append(number)) == (first, ())
    assert heard == told


TOO_MUCH: list[dict[str, Any]] = [
    {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "3"}}
]


@pytest.mark.parametrize(("first", "second", "counts"), [([], TOO_MUCH, 0), (TOO_MUCH, [], 1), (TOO_MUCH, TOO_MUCH, 0)])
def test_a_run_with_more_points_than_there_are_loses(first: Any, second: Any, counts: int) -> None:
    """Where none other is better it stands, and nbgrader refuses it when it saves it."""
    from grader.notebooks.played import lost, played

    runs = [Ran(outputs={1: FAILS, 2: first}, kept=True), Ran(outputs={1: FAILS, 2: second}, really=True)]
    book = _book()
    ran, _ = played(book, lambda really=False, tell=None: runs[really])
    assert (ran is runs[counts], [name for name, _ in lost(book)]) == (True, ["t0"])
