"""Without a kernel a test has the points that it has in one, or somebody is asked to look at it, and is told why."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.notebooks.foreign import PLAIN, Foreign
from tests.notebooks.reaching import FAIL, REACH, asking, called, kept

_cell: Any = partial(new_code_cell)


def _tests(*texts: str, first: int = 0, grade: bool = True) -> list[Any]:
    """Cells of the author's, of a point each where there is a `grade`."""
    about = {"grade": grade, "locked": True, "solution": False, "points": 1}
    names = (f"t{number}" for number in range(first, first + len(texts)))
    return [
        _cell(text, metadata={"nbgrader": {**about, "grade_id": name}}) for text, name in zip(texts, names, strict=True)
    ]


def _book(cells: Sequence[str]) -> list[Any]:
    """Each with the test behind it that asks for what it made; the cells are the learner's."""
    made = list[Any]()
    for number, text in enumerate(cells):
        made += [_cell(text), _cell(kept(number)), *_tests(asking(number), first=number)]
    return made


def _graded(
    cells: Sequence[Any], folder: Path, lacking: Sequence[str] = (), **more: Any
) -> tuple[list[str], Mapping[str, str], Any]:
    """The tests that lost their point, those of them that are to be looked at with the reasons, and the notebook."""
    from grader.notebooks import by_hand, looks, real_time
    from grader.notebooks.played import lost
    from grader.run.levels import level_of
    from grader.run.outside import run_cells

    nb: Any = new_notebook(cells=[*cells])  # type: ignore[no-untyped-call]
    codes = by_hand.codes(nb, (), ())
    told: dict[str, Any] = {"seed": "a seed", "really": real_time.is_asked_for(codes, {}), "seconds": 5.0, **more}
    ran = run_cells(codes, {}, level_of("child"), **told)
    by_hand.put(nb, ran.outputs)
    without = by_hand.needs(nb, [cell.source for cell in nb.cells], [folder], ())
    found = looks.reasons(nb, ran, (), "; ".join(without), lacking)
    looks.tell(nb, found)
    return [name for name, _ in lost(nb)], found, nb


@pytest.mark.parametrize("name", REACH)
def test_a_test_that_calls_it_and_the_one_behind_have_their_points_or_are_looked_at(name: str, tmp_path: Path) -> None:
    text, *tests = called(REACH[name])
    less, asked, _ = _graded([_cell(text), *_tests(*tests)], tmp_path)
    assert less == [*asked]


@pytest.mark.parametrize("name", [*REACH][::6])  # in a cell of its own the same is heard of it
def test_it_has_its_point_or_is_looked_at(name: str, tmp_path: Path) -> None:
    less, asked, _ = _graded(_book([REACH[name]]), tmp_path)
    assert less == [*asked]


def test_what_fails_in_a_kernel_too_is_nobodys_to_look_at(tmp_path: Path) -> None:
    less, asked, _ = _graded(_book([*FAIL.values()]), tmp_path)
    assert (len(less), asked) == (len(FAIL), {})


_PACK = """\
import sys, tempfile
sys.path.insert(0, place := tempfile.mkdtemp())
with open(f"{place}/pack.py", "w") as file:
    file.write('''
subprocess = __import__("subprocess")
def fonts():
    try:
        subprocess.run(["fc-list"])
        return open(chr(47) + "etc/passwd").read()
    except Exception:
        return None
def processors():
    try:
        return open(chr(47) + "sys/fs/cgroup/cpu.max").read()
    except OSError:
        return None
known = fonts()
''')
pack = __import__("pack")
"""


@pytest.mark.parametrize(
    ("calls", "why"),
    {
        "while it is imported": ("", ""),
        "of the machine": ("pack.processors()", ""),
        "for who calls it": ("pack.fonts()", "subprocess.Popen is refused"),
    }.values(),
)
def test_nor_is_what_a_package_looks_for_by_itself(calls: str, why: str, tmp_path: Path) -> None:
    less, asked, _ = _graded([_cell(f"{_PACK}{calls}"), *_tests("1 / 0")], tmp_path)
    assert (less, asked.get("t0", "")) == (["t0"], why and f"cell 1, before it: {why}")


def test_nor_is_what_calls_it_and_what_stands_behind(tmp_path: Path) -> None:
    cells = list[Any]()
    fail = [
        text for text in FAIL.values() if "environ" not in text
    ]  # a function that names it has not said which it misses
    for number, text in enumerate(fail):
        function, *tests = called(text)
        cells += [_cell(function), *_tests(*tests, first=2 * number), _cell("result = reach = None")]
    less, asked, _ = _graded(cells, tmp_path)
    assert (len(less), asked) == (2 * len(fail), {})


LINKS = "def linked():\n    import os\n    open('a', 'w').close()\n    os.link('a', 'b')\n    return 1"
WHY = "PermissionError: [Errno 1] Operation not permitted"


def test_a_test_hangs_on_those_before_it_and_on_no_cell_behind(tmp_path: Path) -> None:
    tests = _tests("assert False", "result = linked()", "assert result == 1")
    less, asked, _ = _graded([_cell(LINKS), *tests], tmp_path)
    assert less == ["t0", "t1", "t2"]
    assert {name: why.partition(": 'a'")[0] for name, why in asked.items()} == {
        "t1": WHY,
        "t2": f"cell 3, before it: {WHY}",
    }


def test_a_cell_of_the_authors_that_is_no_test_can_be_what_a_test_hangs_on(tmp_path: Path) -> None:
    calls = _tests("result = linked()", first=5, grade=False)
    less, asked, _ = _graded([_cell(LINKS), *calls, *_tests("assert result == 1")], tmp_path)
    assert less == [*asked] == ["t0"]


def test_none_hangs_on_a_test_that_the_authors_own_solution_does_not_pass(tmp_path: Path) -> None:
    tests = _tests("import os\nopen('a', 'w').close()\nos.link('a', 'b')", "assert squares(2) == [0, 1]")
    less, asked, _ = _graded([_cell("def squares(n):\n    return []"), *tests], tmp_path, ["t0"])
    assert (less, [*asked]) == (["t0", "t1"], ["t0"])


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
    cells = _book(["made = False", cell, "made = True", "made = False"])
    less, asked, nb = _graded(cells, tmp_path, seconds=0.3)
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
