"""`grader check my.ipynb`: a saved notebook, as it will be marked, with its cells in the feedback."""

import base64
import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from tests.notebooks.a_course import write_course

IMPORT = "%matplotlib inline\nimport asyncio"
TOGETHER = "async def together(say, a, b):\n    return await asyncio.gather(say(a, 'x'), say(b, 'y'))"
ONE_BY_ONE = "# mine\nasync def together(say, a, b):\n    return [await say(a, 'x'), await say(b, 'y')]"


@pytest.fixture(autouse=True)
def _in_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    monkeypatch.chdir(write_course(tmp_path))


def saved(name: str, *cells: str, outputs: list[object] | None = None) -> Path:
    """With a cell of text in front."""
    listed: list[dict[str, object]] = [{"cell_type": "markdown", "metadata": {}, "source": "# Two waits"}]
    listed += [
        {"cell_type": "code", "metadata": {}, "execution_count": 9, "outputs": outputs or [], "source": cell}
        for cell in cells
    ]
    file = Path(name)
    file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": listed}))
    return file


def check(*args: str | os.PathLike[str]) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, args), "--width", "100"])


def test_the_feedback_names_the_cell_and_the_line_in_it() -> None:
    told = check(saved("two_waits.ipynb", IMPORT, ONE_BY_ONE))
    assert told.exit_code == 1
    assert told.stdout.startswith("two-waits: 4 of 10 points\n")
    assert "0 → 1  cell 3, line 3" in told.stdout


def test_a_notebook_of_any_name_is_checked_as_the_exercise_that_is_said() -> None:
    told = check("two-waits", saved("homework.ipynb", IMPORT, TOGETHER, "await nothing()", "check(together)"))
    assert (told.exit_code, told.stdout.partition("\n")[0]) == (0, "two-waits: 10 of 10 points")


@pytest.mark.parametrize("cell", ["import os\nos._exit(0)", "import ctypes\nctypes.string_at(0)", "while True: pass"])
def test_a_cell_that_ends_the_process_costs_itself_alone(cell: str) -> None:
    told = check(saved("two_waits.ipynb", IMPORT, cell, TOGETHER))
    assert told.exit_code == 0
    assert "cell 3 was left out, and the others were run without it: " in " ".join(told.stdout.split())


def test_what_is_not_there_when_it_is_marked_is_not_there(tmp_path: Path) -> None:
    told = check(saved("two_waits.ipynb", IMPORT, f"import msgspec\n{TOGETHER}"))
    assert told.exit_code == 1
    assert "msgspec" in told.stdout


def test_what_can_be_imported_in_process_alone_is_told() -> None:
    line = (
        "grader: msgspec can be imported here, and not where two-waits is marked; leave it out, or --isolation child\n"
    )
    file = saved("two_waits.ipynb", IMPORT, f"import msgspec\nimport json, IPython\n{TOGETHER}")
    told = check(file, "--isolation", "in-process")
    assert (told.exit_code, told.stderr) == (0, line)
    Path("two_waits.py").write_text(f"import asyncio, two_waits_not_there_either as no\n{TOGETHER}")
    assert check("two_waits.py").stderr == ""


def test_a_cell_without_the_function_is_told_as_a_notebooks() -> None:
    told = check(saved("two_waits.ipynb", "def together(:"))
    assert told.exit_code == 1
    assert "cell 2, line 1" in told.stdout


def test_a_notebook_may_be_large_for_its_pictures_as_when_it_is_marked() -> None:
    picture = base64.b64encode(os.urandom(1)).decode() * (1 << 19)
    shown = {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}
    file = saved("two_waits.ipynb", IMPORT, TOGETHER, outputs=[shown])
    assert file.stat().st_size > 1 << 20
    assert check(file).exit_code == 0


def test_a_notebook_that_is_larger_than_is_marked_is_refused() -> None:
    file = saved("two_waits.ipynb", IMPORT)
    os.truncate(file, (16 << 20) + 1)
    told = check(file)
    assert (told.exit_code, told.stderr) == (
        2,
        "grader: two_waits.ipynb: is larger than 16 MiB; name a Python file\n",
    )


def test_a_notebook_whose_name_says_nothing_is_checked_as_the_exercise_of_its_functions() -> None:
    told = check(saved("mine.ipynb", IMPORT, TOGETHER))
    assert (told.exit_code, told.stdout.partition("\n")[0]) == (0, "two-waits: 10 of 10 points")


def test_a_notebook_of_two_exercises_is_checked_for_both() -> None:
    third = Path("exercises/03_other_main")
    text = (third / "exercise.yaml").read_text()
    (third / "exercise.yaml").write_text(text.replace("main:", "last:").replace("Write main", "Write last"))
    last = ONE_BY_ONE.replace("together", "last")
    file = saved("homework.ipynb", IMPORT, TOGETHER, last)
    told = check(file)
    assert told.exit_code == 1
    firsts = [line for line in told.stdout.split("\n") if " points" in line and not line.startswith(" ")]
    assert firsts == ["two-waits: 10 of 10 points", "other-main: 4 of 10 points"]
    lines = check(file, "--json").stdout.splitlines()
    assert [json.loads(line)["exercise"] for line in lines] == ["two-waits", "other-main"]
    assert check("other-main", file).stdout.startswith("other-main: 4 of 10 points\n")


@pytest.mark.parametrize("cell", ["x = 1", "async def main(say, a, b): ..."], ids=["none", "two ask for it"])
def test_where_that_does_not_tell_it_is_asked_for(cell: str) -> None:
    told = check(saved("mine.ipynb", cell))
    assert told.exit_code == 2
    assert (
        "mine.ipynb: neither its name nor its functions tell which exercise it is; say it before the file"
        in told.output
    )


def test_a_broken_notebook_is_told_as_that_whatever_its_name() -> None:
    Path("mine.ipynb").write_text("{")
    told = check("mine.ipynb")
    assert (told.exit_code, told.stderr) == (2, "grader: mine.ipynb: not a notebook (Input data was truncated)\n")


@pytest.mark.parametrize("name", ["none.ipynb", "nowhere/two_waits.ipynb", "none.py", "nowhere/none"])
def test_a_file_that_is_not_there_is_told_as_that(name: str) -> None:
    told = check(name)
    assert (told.exit_code, told.stderr) == (2, f"grader: {name}: there is no such file\n")


def test_a_notebook_of_an_old_format_is_checked_as_one_of_today() -> None:
    nbformat: Any = import_module("nbformat")
    made = nbformat.read(saved("two_waits.ipynb", IMPORT, TOGETHER), as_version=4)
    Path("two_waits.ipynb").write_text(nbformat.writes(nbformat.convert(made, 3), version=3))
    told = check("two_waits.ipynb")
    assert (told.exit_code, told.stdout.partition("\n")[0]) == (0, "two-waits: 10 of 10 points")


def test_a_file_beside_the_notebook_is_there_as_it_will_be_where_it_is_marked() -> None:
    Path("helper.py").write_text(f"{IMPORT.partition(chr(10))[2]}\n{TOGETHER}\n")
    told = check("two-waits", saved("mine.ipynb", "from helper import together"))
    assert (told.exit_code, told.stdout.partition("\n")[0]) == (0, "two-waits: 10 of 10 points")
