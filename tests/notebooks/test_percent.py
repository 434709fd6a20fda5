"""Cells in a file's text and back: nothing is lost, whatever they hold; and what is code there is Python."""

import re
from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.notebooks.percent import Cell, Page, in_order, read, written

LINES = st.sampled_from(
    [
        "",
        " ",
        "x = 1",
        "# %% {}",
        "# \\%% {}",
        "# \\\\%% [raw] {}",
        "# %%",
        '# %% [markdown] {"at": 3}',
        "%% [tried] {}",
        "#nb: x",
        "#nb:",
        "    pass  #nb: y",
        "#",
        "# ",
        "    y\\",
        "-*- coding: latin-1 -*-",
        "# -*- coding: utf-8 -*-",
        "é\r",
    ]
)
TEXTS = st.lists(LINES, max_size=4).map("\n".join)
KINDS = st.sampled_from(["code", "tried", "markdown", "raw"])
ABOUTS = st.sampled_from([{}, {"id": "a1"}, {"metadata": {"tags": ["# %% {}", "\n"]}}])
CELLS = st.builds(Cell, KINDS, TEXTS, ABOUTS, st.none() | st.integers(0, 9), st.just(()))


@given(st.lists(CELLS, max_size=5), st.sampled_from([{}, {"name": "a.ipynb", "nbformat": 4}]))
@example([Cell("code", "", {}), Cell("code", "\n", {}), Cell("markdown", "a\n\n", {})], {})
def test_every_page_comes_back_as_it_was(cells: list[Cell], notebook: dict[str, object]) -> None:
    page = Page(notebook, tuple(cells))
    assert read(written(page)) == page


@given(TEXTS, st.sets(st.integers(0, 3)))
def test_lines_that_are_comments_come_back_as_lines(text: str, off: set[int]) -> None:
    there = written(Page({}, (Cell("code", text, {}, None, off),)))
    assert read(there).cells[0].text == text


def test_a_line_in_a_block_leaves_the_block_whole() -> None:
    there = written(Page({}, (Cell("code", "if x:\n    %time f()\ny = 1", {}, None, {1}),)))
    assert "if x:\n    pass  #nb: %time f()\ny = 1\n" in there
    compile(there, "there", "exec")


def test_a_page_is_python_whatever_its_text_is() -> None:
    cells = [
        Cell("markdown", "# A\n\n%% [raw] {}", {}),
        Cell("tried", "await f(", {}),
        Cell("code", "%a\nb = 1", {}, 2, {0}),
    ]
    names: dict[str, object] = {}
    exec(written(Page({"title": "\n1/0\ncoding: nonsense"}, tuple(cells))), names)
    assert names["b"] == 1


def test_a_file_that_is_a_program_is_one_cell() -> None:
    assert read("import x\n\n\n# %d of them\ny = 1\n") == Page(
        {}, (Cell("code", "import x\n\n\n# %d of them\ny = 1", {}),)
    )


def test_marks_of_other_programs_begin_cells_too() -> None:
    text = """\
    # %%
    x = 1

    # %% [markdown] A title
    # # Words
    #
    # more

    #%% plot
    y = 2
    """
    kinds = [(cell.kind, cell.text) for cell in read(dedent(text)).cells]
    assert kinds == [("code", "x = 1"), ("markdown", "# Words\n\nmore"), ("code", "y = 2")]


def test_what_is_written_above_the_first_cell_is_a_cell_of_its_own() -> None:
    page = Page({"name": "a.ipynb"}, (Cell("code", "x = 1", {}, 0),))
    above = "import os\n" + written(page).split("\n", 1)[1]
    assert [cell.text for cell in in_order(read(above).cells)] == ["import os", "x = 1"]


def test_editors_that_take_spaces_from_the_ends_of_lines_do_no_harm() -> None:
    page = Page({}, (Cell("markdown", "a\n\nb", {}), Cell("code", "%x\n\nif y:\n    z", {}, None, {0, 1})))
    trimmed = re.sub(r" +$", "", written(page), flags=re.MULTILINE)
    assert [cell.text for cell in read(trimmed).cells] == [cell.text for cell in page.cells]


@pytest.mark.parametrize("places", [[0, 1, 2, 3], [3, 2, 1, 0]])
def test_cells_stand_where_they_stood_and_new_ones_behind_those_they_follow(places: list[int]) -> None:
    cells = [Cell("code", str(at), {}, at) for at in places]
    cells.insert(1, Cell("code", "new", {}))
    assert [cell.text for cell in in_order(cells)] == (
        ["0", "new", "1", "2", "3"] if places[0] == 0 else ["0", "1", "2", "3", "new"]
    )
