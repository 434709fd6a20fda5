"""Without a kernel a test has the points that it has in one, or somebody is asked to look at it, and is told why."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.notebooks.foreign import PLAIN, Foreign
from tests.notebooks.reaching import FAIL, REACH, asking, kept


def _book(cells: Sequence[str]) -> Any:
    """Each with the test behind it that asks for what it made; the cells are the learner's."""
    from nbformat.v4 import new_code_cell, new_notebook

    learners: Any = partial(new_code_cell)
    made = list[Any]()
    for number, text in enumerate(cells):
        about = {"grade": True, "locked": True, "solution": False, "grade_id": f"t{number}", "points": 1}
        made += [learners(text), learners(kept(number)), learners(asking(number), metadata={"nbgrader": about})]
    return new_notebook(cells=made)  # type: ignore[no-untyped-call]


def _graded(cells: Sequence[str], folder: Path, **more: Any) -> tuple[list[str], Mapping[str, str], Any]:
    """The tests that lost their point, those of them that are to be looked at with the reasons, and the notebook."""
    from grader.notebooks import by_hand, looks
    from grader.notebooks.trial import lost
    from grader.run.levels import level_of
    from grader.run.outside import run_cells

    nb = _book(cells)
    ran = run_cells(by_hand.codes(nb, (), ()), {}, level_of("child"), seed="a seed", **{"seconds": 5.0, **more})
    by_hand.put(nb, ran.outputs)
    without = by_hand.needs(nb, [cell.source for cell in nb.cells], [folder], ())
    found = looks.reasons(nb, ran, (), "; ".join(without), ())
    looks.tell(nb, found)
    return [name for name, _ in lost(nb)], found, nb


@pytest.mark.parametrize("name", REACH)
def test_it_has_its_point_or_is_looked_at(name: str, tmp_path: Path) -> None:
    less, asked, _ = _graded([REACH[name]], tmp_path)
    assert less == [*asked]


def test_what_fails_in_a_kernel_too_is_nobodys_to_look_at(tmp_path: Path) -> None:
    less, asked, _ = _graded([*FAIL.values()], tmp_path)
    assert (len(less), asked) == (len(FAIL), {})


@pytest.mark.slow
def test_in_a_kernel_of_nbgraders_they_have_these_points(alembic: None, tmp_path: Path) -> None:
    cells = [*REACH.values(), *FAIL.values()]
    tests = {f"t{number}": (1, asking(number)) for number in range(len(cells))}
    room = Foreign.made(tmp_path / "made", tests=tests).copied(tmp_path / "plain", PLAIN)
    room.takes("ann", *(one for number, text in enumerate(cells) for one in (text, kept(number))), "pass")
    room.autograde("ann")
    assert room.earned("ann") == {f"t{number}": 1.0 for number in range(len(REACH))}
