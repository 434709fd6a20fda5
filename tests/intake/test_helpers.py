"""A file that is handed in beside a notebook is there for its cells, and for nobody else's."""

from pathlib import Path

import pytest

from grader.intake.helpers import ITSELF, with_helpers
from grader.intake.notebook import module_of_notebook
from grader.intake.take import take_in
from tests.intake.taking import EXERCISES, put
from tests.intake.test_notebook import notebook

FILES = {
    "helper": "import asyncio\nasync def together(a): ...\ndef once(): ...",
    "deep": "from helper import once\ndef twice(): once()",
    "random": "def seed(): ...",
    "again": "from again import x\nx = 1",
}


def beside(name: str) -> bytes | None:
    return FILES[name].encode() if name in FILES else None


def made(*cells: str) -> list[tuple[int, str]]:
    found = with_helpers([(at, cell.split("\n")) for at, cell in enumerate(cells, 1)], 10, beside)
    return [(number, "\n".join(lines)) for number, lines in found]


HELPER = (10, FILES["helper"])


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("from helper import together", "pass  # from helper import together"),
        ("from helper import *", "pass  # from helper import *"),
        ("from helper import together, once as o", "o = once  # from helper import together, once as o"),
        (
            "from helper import (\n    together,  # all\n)\nx = 1",
            "pass  # from helper import (\n#     together,  # all\n# )\nx = 1",
        ),
        ("if x:\n    from helper import once", "if x:\n    pass  #     from helper import once"),
        ("import helper", f"helper = {ITSELF}  # import helper"),
        ("import helper as h  # mine", f"h = {ITSELF}  # import helper as h  # mine"),
        (
            "import os, helper as h, os.path, \\\n   sys as s",
            f"import os.path, os as os, sys as s; h = {ITSELF}  # import os, helper as h, os.path, \\\n#    sys as s",
        ),
        ("%run helper.py", "pass  # %run helper.py"),
        ("if x:\n    %run -i './helper'", "if x:\n    pass  #     %run -i './helper'"),
    ],
)
def test_a_file_is_a_cell_before_the_one_that_imports_from_it(cell: str, left: str) -> None:
    assert made("y = 2", cell) == [(1, "y = 2"), HELPER, (2, left)]
    compile(left, "cell", "exec")


@pytest.mark.parametrize(
    "cell",
    [
        "import other, os",
        "import helper; x = 1",
        "import helper.deep",
        "import helper as once",
        "%run other.py",
        "%run helper.ipynb",
        "%run helper.py 3",
        "from other import together",
        "from random import seed",
        "from .helper import together",
        "from helper import together; x = 1",
        "'''\nfrom helper import together\n'''",
        "# from helper import together",
        "from helper import together\ndef once(): ...",
    ],
)
def test_what_imports_nothing_that_can_be_put_there_stays(cell: str) -> None:
    assert made(cell) == [(1, cell)]


def test_a_name_of_the_files_that_the_notebook_has_already_keeps_it_out_but_not_one_that_is_imported() -> None:
    assert made("def together(): ...", "from helper import together")[1] == HELPER
    cells = ["def once(): ...", "from helper import together"]
    assert made(*cells) == [*enumerate(cells, 1)]


@pytest.mark.parametrize("name", ["mine.py", "'./mine.py'"])
def test_what_a_cell_writes_into_a_file_is_there_for_the_cells_after_it(name: str) -> None:
    writes = f"%%writefile {name}\ndef f(): ..."
    assert made("import mine", writes, "from mine import f")[2:] == [
        (10, "def f(): ..."),
        (3, "pass  # from mine import f"),
    ]
    assert made(writes.replace("mine", "helper"), "from helper import f")[1] == (10, "def f(): ...")
    assert made("%%writefile mine.txt\nx", "import mine")[1] == (2, "import mine")


def test_files_import_from_files_and_each_is_there_once() -> None:
    numbers = [
        number for number, _ in made("from deep import twice", "from helper import together", "from again import x")
    ]
    assert numbers == [11, 10, 1, 2, 12, 3]


def test_the_file_is_taken_that_was_handed_in_with_the_notebook(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    book = notebook("from helper import together")
    for name, folder in {"ann": "week1", "bob": "elsewhere"}.items():
        put(tmp_path / "class" / name / "week1" / "say-after.ipynb", book)
        put(tmp_path / "class" / name / folder / "helper.py", FILES["helper"])
    put(tmp_path / "class" / "eve" / "say-after.ipynb", book)
    secret = put(tmp_path / "secret.py", FILES["helper"])
    (tmp_path / "class" / "eve" / "helper.py").symlink_to(secret)
    found = take_in([tmp_path / "class"], EXERCISES, scratch)
    texts = {one.learner: Path(one.path).read_bytes() for one in found.handed}
    alone = module_of_notebook(book)
    assert texts["ann"] == module_of_notebook(book, beside) != alone
    assert texts["bob"] == texts["eve"] == alone
