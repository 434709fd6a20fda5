"""What IPython takes off a cell before it reads it is taken off here; all else stays, and each line keeps its number."""

import json
from textwrap import indent

import pytest

from grader.intake.magic import as_module
from grader.intake.notebook import module_of_notebook
from grader.intake.pasted import plain

F = "async def f(a):\n    if a:\n        return 1\n\n    return 2"


def prompted(text: str, first: str, more: str) -> str:
    lines = text.split("\n")
    return "\n".join((first if line and not line.startswith(" ") else more) + line for line in lines)


PASTED = {
    "indented": indent(F, "    "),
    "indented with a tab": indent(F, "\t"),
    "python's prompts": prompted(F, ">>> ", "... "),
    "python's prompts without a space at an empty line": prompted(F, ">>> ", "... ").replace("... \n", "...\n"),
    "python's prompts, indented": indent(prompted(F, ">>> ", "... "), "  "),
    "ipython's prompts": prompted(F, "In [1]: ", "   ...: "),
    "ipython's prompts from 100 on": prompted(F, "In [100]: ", "     ...: "),
    "an editor's prompts": prompted(F, "[ins] In [1]: ", "         ...: "),
}


@pytest.mark.parametrize("cell", PASTED.values(), ids=PASTED)
def test_an_indentation_and_prompts_are_taken_off(cell: str) -> None:
    assert "\n".join(plain(cell.split("\n"))).rstrip() == F


@pytest.mark.parametrize(
    "cell",
    [
        F,
        'def f():\n    """\n    >>> f()\n    1\n    """\n    return 1',
        "x = '''\n>>> f()\n... 2\n'''",
        "x = f(1,\n... , 2)",
        "...",
        "class A:\n    ...",
        "In[1]: int",
        "x = 1\n    y = 2",
        "",
        "\n\nx = 1",
    ],
)
def test_all_else_stays(cell: str) -> None:
    assert plain(cell.split("\n")) == cell.split("\n")


def test_an_ellipsis_behind_a_prompt_and_a_text_of_several_lines_stay_whole() -> None:
    cell = ">>> class A:\n...     ...\n>>> x = \"\"\"a\n... b\"\"\"\n>>> y = '''\n... >>> z\n... '''"
    assert "\n".join(plain(cell.split("\n"))) == "class A:\n    ...\nx = \"\"\"a\nb\"\"\"\ny = '''\n>>> z\n'''"


@pytest.mark.parametrize("magic", ["%%time", "%%capture out"])
def test_below_a_magic_stands_a_cell_as_any_other(magic: str) -> None:
    cell = f"\n  {magic}\n" + indent(PASTED["python's prompts"], "  ")
    assert "\n".join(as_module(plain(cell.split("\n")))).rstrip() == f"\n# {magic}\n{F}"


def test_a_magic_behind_a_prompt_is_one() -> None:
    assert as_module(plain(["In [1]: %time f()", "   ...: x = 1"])) == ["# %time f()", "x = 1"]


@pytest.mark.parametrize("cell", PASTED.values(), ids=PASTED)
def test_the_module_of_a_notebook_is_without_them(cell: str) -> None:
    cells = [{"cell_type": "code", "source": cell}]
    made = module_of_notebook(json.dumps({"nbformat": 4, "cells": cells}).encode()).decode()
    compile(made, "module", "exec")
    assert made.partition("\n")[2].rstrip() == F


def test_cell_magics_one_below_the_other_are_taken_off_ten_times_and_no_deeper() -> None:
    assert plain(["%%time"] * 10 + [" a"]) == ["%%time"] * 10 + ["a"]
    assert plain(["%%time"] * 100_000 + [" a"])[-1] == " a"
