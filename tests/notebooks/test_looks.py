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


ENDS = {
    "while True: pass": "it computes for too long without waiting (line 1)",
    "import asyncio\nawait asyncio.Event().wait()": "it waits for something that never comes (line 2)",
    "import os\nos._exit(3)": "it ended the process (exit status 3)",
    "made = bytearray(10 ** 12)": "MemoryError",
    "made = open('/nowhere')": "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere'",
    "import os\nmade = os.system('true') == 0": "RefusedError: os.system needs a real process",
}


@pytest.mark.parametrize("cell", ENDS)
def test_tests_behind_a_cell_that_was_ended_are_looked_at_and_those_before_it_are_not(
    cell: str, tmp_path: Path
) -> None:
    less, asked, nb = _graded(["made = False", cell, "made = True", "made = False"], tmp_path, seconds=0.3)
    assert less == ["t0", "t1", "t3"]
    why = f"cell 4, before it: {ENDS[cell]}"
    assert asked == {"t1": why, "t3": why}
    tops = [cell.outputs[0].get("text", "") if cell.outputs else "" for cell in nb.cells[2::3]]
    assert tops[1::2] == [f"to be looked at by a person: {why}\n"] * 2
    assert tops[2] == ""


@pytest.mark.slow
def test_in_a_kernel_of_nbgraders_they_have_these_points(alembic: None, tmp_path: Path) -> None:
    cells = [*REACH.values(), *FAIL.values()]
    tests = {f"t{number}": (1, asking(number)) for number in range(len(cells))}
    room = Foreign.made(tmp_path / "made", tests=tests).copied(tmp_path / "plain", PLAIN)
    room.takes("ann", *(one for number, text in enumerate(cells) for one in (text, kept(number))), "pass")
    room.autograde("ann")
    assert room.earned("ann") == {f"t{number}": 1.0 for number in range(len(REACH))}
