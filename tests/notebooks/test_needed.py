"""Of the cells that were run, a check takes those that its functions need, as the kernel has them now."""

from collections.abc import Mapping

import pytest

from grader.door.cells import cells_of
from grader.notebooks.needed import standing_alone

F = "def f():\n    return g()"


def taken(
    *cells: str, names: tuple[str, ...] = ("f",), origins: Mapping[str, int] = {}, present: int | None = None
) -> list[int]:
    """The numbers of the cells that are taken, which count from 1."""
    made = standing_alone([*enumerate(cells, 1)], names, origins, present)
    return [] if made is None else [cell.number for cell in cells_of(made.decode())]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            ["while True: pass", "def f(): pass"], [2], id="a cell without anything that is needed stays away"
        ),
        pytest.param(
            ["import asyncio", "x = 1", "def f(): asyncio.run(x)"], [1, 2, 3], id="what a function uses is needed"
        ),
        pytest.param(["a = 1", "g = a", F], [1, 2, 3], id="and what that needs"),
        pytest.param(["def g(): pass", "g = 2", F], [2, 3], id="the last cell that gives a name its value"),
        pytest.param([F, "def g(): pass"], [1, 2], id="also one that was run later, for a function"),
        pytest.param(["x = 1", "y = x\ndef f(): pass", "x = 2"], [1, 2], id="but not for what the cell did at once"),
        pytest.param(["x = 1", "@x\ndef f(a=x): pass"], [1, 2], id="decorators and defaults are done at once"),
        pytest.param(["n = 1", "class A:\n    m = n", "def f(): A()"], [1, 2, 3], id="and a class's body"),
        pytest.param(["n = 1", "r = [n for _ in 'ab']\ndef f(): r"], [1, 2], id="and a comprehension"),
        pytest.param(
            ["d = {}", "d['a'] = 1", "d['b']['c'] = 1", "def f(): d"], [1, 2, 3, 4], id="what is put into it later"
        ),
        pytest.param(["d = {}", "d.x = 1", "d = []", "def f(): d"], [3, 4], id="not what went into its forerunner"),
        pytest.param(["x = 1", "def f():\n    x = 2\n    return x"], [2], id="a name of its own is no other cell's"),
        pytest.param(
            ["import os", "import os\nos.kill", "import os\ndef f(): os"], [3], id="a module is the same everywhere"
        ),
        pytest.param(["def f(): old", "def f(: new"], [1], id="a cell that does not compile defines nothing"),
        pytest.param(["from math import *", "def f(): sin"], [1, 2], id="a star may be any name"),
        pytest.param(["%run x\nimport time", "%time f()\ndef f(): time"], [1, 2], id="magics are left out"),
        pytest.param(["r = f()", "def f(): return f"], [2], id="a function that calls itself needs nothing more"),
        pytest.param(
            ["x = await g()", "await h()", "def f(): x"], [1, 3], id="a cell that awaits is a cell as any other"
        ),
        pytest.param(
            ["def f(): 1", "def d(f): pass", "f = d(f)"], [1, 2, 3], id="one that is made anew of what it was"
        ),
        pytest.param(["n = 1", "n += 1", "def f(): n"], [1, 2, 3], id="a number that goes up, too"),
        pytest.param(["x = 1", "x = 2\nx = x + 1\ndef f(): x"], [2], id="and not what a cell has from itself"),
        pytest.param(["def g(): pass"], [], id="where nobody defines it, there is nothing"),
        pytest.param(["x = (", "def g(): pass"], [], id="nor where a cell does not compile"),
    ],
)
def test_the_cells_that_a_function_needs(cells: list[str], expected: list[int]) -> None:
    assert taken(*cells) == expected


def test_a_cell_that_failed_before_it_came_to_define_the_function_has_no_part() -> None:
    cells = ["def f(): return 1", "1 / 0\ndef f(): return 2"]
    assert taken(*cells) == [2]
    assert taken(*cells, origins={"f": 1}) == [1]


def test_several_functions_may_be_asked_for_and_one_be_missing() -> None:
    assert taken("def f(): pass", "y = 1", "def g(): pass", names=("f", "g", "h")) == [1, 3]


def test_the_present_cell_belongs_to_it_whatever_it_does() -> None:
    assert taken("a = 1", "def f(): pass", "a + 1", present=3) == [1, 2, 3]


def test_a_present_cell_that_does_not_compile_is_looked_at_alone() -> None:
    assert taken("def f(): pass", "def f(:", present=2) == [2]


def test_the_first_line_of_a_magic_counts_and_what_is_below_is_read() -> None:
    made = standing_alone([(4, "%%check say-after\ndef f():\n    pass\n")], ["f"], {}, 4)
    assert made is not None
    assert made.decode().split("\n", 1)[1] == "# %%check say-after\ndef f():\n    pass\n"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["import mine", "def f(): mine.g"], [3, 1, 2], id="a file that is imported as a whole"),
        pytest.param(["from mine import g", F], [3, 2], id="a name of it"),
        pytest.param(["x = 1", "%run mine.py", F], [4, 3], id="one that was run"),
        pytest.param(["import mine", "def f(): pass"], [2], id="not what nobody needs"),
        pytest.param(["import mine", "import mine as m", "def f(): m.g"], [4, 2, 3], id="imported again"),
    ],
)
def test_a_file_beside_the_notebook_is_a_cell_that_is_taken_where_it_is_needed(
    cells: list[str], expected: list[int]
) -> None:
    def beside(name: str) -> bytes | None:
        return b"def g(): pass" if name == "mine" else None

    made = standing_alone([*enumerate(cells, 1)], ("f",), {}, None, beside)
    assert [cell.number for cell in cells_of((made or b"").decode())] == expected
