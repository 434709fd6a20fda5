"""A notebook becomes a module whose lines can be found again; what only a notebook understands is a comment there."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from grader.door.cells import Cell, cells_of
from grader.door.text import LARGEST
from grader.intake.magic import as_module
from grader.intake.notebook import NotebookError, module_of_notebook
from tests.intake.taking import named, put, strays, take_in, taken


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
        "/print a",
        ",print a",
        ";print a",
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
        "x = [1\n, 2\n]; y = (4 \\\n/ 2)",
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
    assert cell("%%writefile a.py\ndef f():\n    x\n\ny") == "# %%writefile a.py\n# def f():\n#     x\n# \n# y"


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
        (notebook("x = 1", nbformat=5), "a notebook of format 5; save it again with a Jupyter of today"),
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


@pytest.mark.parametrize("format", [2, 3])
def test_of_an_old_format_the_cells_are_the_same(format: int) -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": ["Title"]},
        {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python", "outputs": [], "prompt_number": 3},
        {"cell_type": "markdown", "source": "text"},
    ]
    sheets = [{"cells": cells}, {"cells": [{"cell_type": "code", "input": "c = 3", "language": "python"}]}]
    made = module_of_notebook(json.dumps({"nbformat": format, "metadata": {"name": ""}, "worksheets": sheets}).encode())
    assert cells_of(made.decode()) == (Cell(2, 2, 3), Cell(4, 4, 4))
    assert made.decode().partition("\n")[2] == "a = 1\nb = 2\nc = 3\n"


FIRST, SAY = "async def greet_twice(greet): ...", "async def together(*a): ..."
ABOUT = [
    pytest.param({"lab1.ipynb": [FIRST]}, [("first-await", "lab1.ipynb")], id="the only one that asks for it"),
    pytest.param({"lab1.ipynb": ["x = (", FIRST]}, [("first-await", "lab1.ipynb")], id="beside a cell that is broken"),
    pytest.param({"lab1.ipynb": ["greet_twice = x"]}, [("first-await", "lab1.ipynb")], id="given a value"),
    pytest.param({"lab1.ipynb": [">>> " + FIRST]}, [("first-await", "lab1.ipynb")], id="pasted with a prompt"),
    pytest.param({"lab1.ipynb": [FIRST, SAY]}, [], id="two exercises"),
    pytest.param({"lab1.ipynb": ["x = 1"]}, [], id="none"),
    pytest.param({"lab1.ipynb": [f'"""\n{FIRST}\n"""']}, [], id="in a text"),
    pytest.param({"lab1.ipynb": [f"class A:\n    {FIRST}"]}, [], id="a method"),
    pytest.param({"lab1.ipynb": ["greet_twice == x"]}, [], id="compared"),
    pytest.param({"lab1.ipynb": [FIRST], "lab2.ipynb": [FIRST]}, [], id="two of them"),
    pytest.param(
        {"lab1.ipynb": [FIRST], "lab2.ipynb": [SAY]},
        [("first-await", "lab1.ipynb"), ("say-after", "lab2.ipynb")],
        id="one for each of two",
    ),
    pytest.param(
        {"lab1.ipynb": [FIRST], "first-await.ipynb": ["x = 1"]},
        [("first-await", "first-await.ipynb")],
        id="one that is named after it goes before",
    ),
]


@pytest.mark.parametrize(("books", "expected"), ABOUT)
def test_a_notebook_whose_name_says_nothing_is_known_by_its_functions(
    tmp_path: Path, books: dict[str, list[str]], expected: list[tuple[str, str]]
) -> None:
    for name, cells in books.items():
        put(tmp_path / "ann" / "work" / name, notebook(*cells))
    intake = take_in([tmp_path])
    assert [(item.exercise, item.file.rpartition("/")[2]) for item in intake.handed] == expected
    left = books.keys() - {name for _, name in expected}
    assert strays(intake) == {f"ann/work/{name}": "not named after an exercise" for name in left}


def test_the_stub_beside_such_a_notebook_is_not_graded_in_its_place(tmp_path: Path) -> None:
    stub = (Path(named("first-await").folder) / "first_await.py").read_text()
    put(tmp_path / "ann" / "lab1.ipynb", notebook(FIRST))
    put(tmp_path / "ann" / "exercises" / "01_first_await" / "first_await.py", stub)
    put(tmp_path / "bob" / "lab1.ipynb", notebook(FIRST))
    put(tmp_path / "bob" / "first_await.py", stub + "# mine")
    assert taken(take_in([tmp_path])) == [
        ("ann", "first-await", "ann/lab1.ipynb"),
        ("bob", "first-await", "bob/first_await.py"),
    ]


def test_where_one_exercise_is_graded_a_notebook_of_another_is_none_of_its(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "lab1.ipynb", notebook(FIRST))
    put(tmp_path / "ann" / "lab2.ipynb", notebook(SAY))
    assert taken(take_in([tmp_path], only=named("say-after"))) == [("ann", "say-after", "ann/lab2.ipynb")]


def test_a_notebook_is_taken_and_a_broken_one_listed(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.ipynb", notebook("x = 1"))
    put(tmp_path / "bob" / "say-after.ipynb", "{")
    put(tmp_path / "cem" / "mine.ipynb", "{")
    intake = take_in([tmp_path])
    assert taken(intake) == [("ann", "say-after", "ann/say_after.ipynb")]
    broken = "not a notebook (Input data was truncated)"
    assert strays(intake) == {"bob/say-after.ipynb": broken, "cem/mine.ipynb": broken}


def test_a_notebook_may_be_large_for_its_pictures(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.ipynb", notebook("x = 1", attachments="#" * (2 * LARGEST)))
    assert len(take_in([tmp_path]).handed) == 1


def test_of_a_module_and_a_notebook_the_module_is_graded(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.ipynb", notebook("x = 1"))
    put(tmp_path / "ann" / "say_after.py")
    intake = take_in([tmp_path])
    assert taken(intake) == [("ann", "say-after", "ann/say_after.py")]
    assert strays(intake) == {"ann/say_after.ipynb": "another file for say-after; ann/say_after.py was graded"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\ud800", "�"),
        (r"\uDFFF\uD83D", "��"),
        (r"\ud83d\ude00 \uD83D\uDE00", "😀 😀"),
        (r"\\ud800", r"\ud800"),
        (r"\\\ud800\n\ue000", "\\�\n\ue000"),
    ],
)
def test_half_a_character_ends_no_notebook(written: str, read: str) -> None:
    outputs = f'{{"output_type": "stream", "text": "{written}"}}'
    code = f'{{"cell_type": "code", "source": "# {written}", "outputs": [{outputs}]}}'
    assert module(f'{{"nbformat": 4, "metadata": {{}}, "cells": [{code}]}}'.encode()) == f"# {read}\n"
