import pytest

from grader.door.cells import Cell, cells_of, joined, place


def test_where_cells_stand_is_read_again_from_what_they_were_joined_to() -> None:
    text = joined([(2, ["a = 1", "b = 2"]), (5, ["c = 3"])])
    assert text.split("\n")[1:] == ["a = 1", "b = 2", "c = 3", ""]
    assert cells_of(text) == (Cell(2, 2, 3), Cell(5, 4, 4))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = 1\n",
        "# %% cell 1\na = 1\n",
        joined([(2, ["a"])]) + "b\n",
        joined([(2, ["a", "b"])]).replace("2+2", "2+3"),
        joined([(2, ["a"])]).replace("2+1", "2+0"),
        joined([(2, ["a"])]).replace("2+1", "2+x"),
        joined([(2, ["a"])]).replace("2+1", "2+12345678"),
        joined([(2, ["a"])]).replace(" 2+1", ""),
        " " + joined([(2, ["a"])]),
        joined([(2, ["a"])] * 1001),
    ],
)
def test_a_first_line_that_does_not_add_up_is_a_comment(text: str) -> None:
    assert cells_of(text) == ()


def test_a_line_is_named_by_its_cell() -> None:
    cells = (Cell(2, 2, 3), Cell(5, 4, 4))
    assert [place(cells, line) for line in (2, 3, 4)] == ["cell 2, line 1", "cell 2, line 2", "cell 5, line 1"]


def test_a_line_of_no_cell_and_of_no_notebook_is_just_a_line() -> None:
    assert [place((Cell(2, 2, 3),), 1), place((Cell(2, 2, 3),), 4), place((), 3)] == ["line 1", "line 4", "line 3"]
