"""A notebook becomes a module whose lines can be found again; what only a notebook understands is a comment there."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from grader.door.cells import Cell, cells_of
from grader.intake.magic import as_module
from grader.intake.model import LARGEST
from grader.intake.notebook import NotebookError, module_of_notebook
from tests.intake.taking import put, strays, take_in, taken


def notebook(*cells: str | tuple[str, str], **more: Any) -> bytes:
    """A text is a code cell; a pair has its type before it."""
    listed = []
    for cell in cells:
        kind, source = ("code", cell) if isinstance(cell, str) else cell
        outputs = {"outputs": [{"output_type": "stream", "text": ["def say_after(): evil\n"]}], "execution_count": 3}
        lines = source.splitlines(keepends=True)
        listed.append(
            {"cell_type": kind, "metadata": {"tags": []}, "source": lines, **(outputs if kind == "code" else {})}
        )
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": listed} | more).encode()


def module(content: bytes) -> str:
    """Without its first line."""
    return module_of_notebook(content).decode().partition("\n")[2]


def cell(source: str) -> str:
    return "\n".join(as_module(textwrap.dedent(source).strip("\n").split("\n")))


def test_code_cells_are_joined_in_their_order_and_the_rest_is_left_out() -> None:
    content = notebook(("markdown", "# Title"), "import asyncio", ("raw", "x"), "async def f():\n    return 1\n", "")
    assert module(content) == "import asyncio\nasync def f():\n    return 1\n"


def test_the_first_line_says_where_each_cell_stands_as_it_is_counted_in_the_notebook() -> None:
    made = module_of_notebook(notebook(("markdown", "# Title"), "a = 1\nb = 2", "", "c = 3")).decode()
    assert cells_of(made) == (Cell(2, 2, 3), Cell(4, 4, 4))


def test_what_a_cell_says_of_an_encoding_changes_nothing() -> None:
    namespace: dict[str, object] = {}
    exec(module_of_notebook(notebook("# coding: latin-1\nx = 'é'")), namespace)
    assert namespace["x"] == "é"


def test_a_source_may_be_one_text_and_have_windows_line_ends() -> None:
    content = b'\xef\xbb\xbf{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = 1\\r\\nb = 2\\r\\n"}]}'
    assert module(content) == "a = 1\nb = 2\n"


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "!pip install it's",
        "?print",
        "print?",
        "print??",
        "files = !ls",
        "t = %time f()",
        "%%time",
    ],
)
def test_magics_and_shell_lines_become_comments(line: str) -> None:
    assert cell(f"a = 1\n{line}\nb = '''2'''") == f"a = 1\n# {line}\nb = '''2'''"


@pytest.mark.parametrize(
    "source",
    [
        "x = (1\n  % 2)",
        "s = '''\n%not\n!nor\n'''",
        "a != b",
        "y %= 3",
        "z = 1 if a != b else 2",
        "x = 1 \\\n  % 2",
        "a[0]",
    ],
)
def test_what_only_looks_like_a_magic_stays(source: str) -> None:
    assert cell(source) == source


def test_a_magic_in_a_block_leaves_the_block_whole() -> None:
    made = cell("if True:\n    %time f()\nx = 1")
    assert made == "if True:\n    pass  # %time f()\nx = 1"
    compile(made, "cell", "exec")


def test_a_cell_for_another_language_is_all_comment() -> None:
    assert cell("%%bash\necho $HOME\nls") == "# %%bash\n# echo $HOME\n# ls"


@pytest.mark.parametrize("magic", ["time", "capture out", "timeit -n 1"])
def test_a_cell_that_is_timed_is_python_below_its_first_line(magic: str) -> None:
    assert cell(f"%%{magic}\nx = 1") == f"# %%{magic}\nx = 1"


@pytest.mark.parametrize(
    "source",
    [
        "await f()",
        "x = await asyncio.gather(\n    f(),\n    f())",
        "async with a as b:\n    pass",
        "async def f():\n    await g()",
    ],
)
def test_what_waits_stays_wherever_it_stands(source: str) -> None:
    assert cell(source) == source


def test_lines_keep_their_numbers_whatever_is_made_a_comment() -> None:
    source = '%x\nawait f(\n)\n"""\n\n%%y\n"""\n\n!z\nif a:\n    await b\n\nc = 1'
    assert len(cell(source).split("\n")) == len(source.split("\n"))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("line", ['\\"""', "'''a", '"a\\', "await x", "((", "a =", "'\\", "  %x", "@", "try:"])
def test_a_hostile_cell_is_read_in_one_go(line: str) -> None:
    """Quadratic steps would take hours here."""
    lines = [line] * 60_000 + ["await x"]
    assert len(as_module(lines)) == len(lines)
    assert len(as_module([line * 60_000, "await x"])) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a notebook (Input data was truncated)"),
        (b"def f(): pass", "not a notebook (JSON is malformed: invalid character (byte 0))"),
        (b"[]", "not a notebook (Expected `object`, got `array`)"),
        (b"[" * 100_000, "not a notebook ("),
        (b'{"nbformat": 4, "cells": ' + b"[" * 100_000, "not a notebook ("),
        (b'{"nbformat": 4, "x": ' + b"[" * 100_000, "not a notebook ("),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}',
            "not a notebook (Expected `str | array`, got `int`",
        ),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\xff"}]}', "not a notebook ("),
        (notebook("x = 1", nbformat=3), "a notebook of format 3; save it again with a Jupyter of today"),
        (notebook("x <- 1", metadata={"language_info": {"name": "R"}}), "a notebook in R, not in Python"),
        (notebook(("markdown", "x")), "a notebook without code"),
        (notebook(""), "a notebook without code"),
        (notebook(*["x"] * 1001), "a notebook with more than 1000 cells of code"),
        (notebook("x" * (LARGEST + 1)), "a notebook with more than 1 MiB of code"),
    ],
    ids=range(14),
)
def test_a_broken_notebook_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NotebookError) as told:
        module_of_notebook(content)
    assert str(told.value).startswith(reason)


def test_a_notebook_is_taken_and_a_broken_one_listed(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.ipynb", notebook("x = 1"))
    put(tmp_path / "bob" / "say-after.ipynb", "{")
    intake = take_in([tmp_path])
    assert taken(intake) == [("ann", "say-after", "ann/say_after.ipynb")]
    assert strays(intake) == {"bob/say-after.ipynb": "not a notebook (Input data was truncated)"}


def test_a_notebook_may_be_large_for_its_pictures(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.ipynb", notebook("x = 1", attachments="#" * (2 * LARGEST)))
    assert len(take_in([tmp_path]).handed) == 1


def test_of_a_module_and_a_notebook_the_module_is_graded(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.ipynb", notebook("x = 1"))
    put(tmp_path / "ann" / "say_after.py")
    intake = take_in([tmp_path])
    assert taken(intake) == [("ann", "say-after", "ann/say_after.py")]
    assert strays(intake) == {"ann/say_after.ipynb": "another file for say-after; ann/say_after.py was graded"}
