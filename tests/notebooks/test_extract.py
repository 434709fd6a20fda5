"""`grader notebooks extract`: a notebook into a file for each exercise, and the same notebook out of them again."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_exercise
from grader.grading import grade
from tests.notebooks.a_course import write_course

nbformat: Any = pytest.importorskip("nbformat")
v4 = nbformat.v4

TOGETHER = "async def together(say, a, b):\n    return await asyncio.gather(say(a, 'x'), say(b, TEXT))"
MAIN = "async def main(say, a, b):\n    return [TEXT, helper()]"


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two exercises; one of those that ask for `main` is taken away."""
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    monkeypatch.chdir(write_course(tmp_path))
    listed = "{folder: 01_two_waits, title: T, points: 10}, {folder: 02_same_name, title: T, points: 10}"
    units = f"- {{id: one, title: One, exercises: [{listed}]}}"
    (tmp_path / "course.yaml").write_text(f"schema: 1\ntitle: Small\nunits:\n  {units}\n")
    for file in (tmp_path / "exercises" / "03_other_main").iterdir():
        file.unlink()
    (tmp_path / "exercises" / "03_other_main").rmdir()
    return tmp_path


def book(*cells: Any, **metadata: Any) -> Any:
    """A text is a cell of code."""
    made = v4.new_notebook(metadata=metadata)
    made.cells = [v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    return made


WHOLE = (
    v4.new_markdown_cell("# Mine\n\n%% [markdown] {}", metadata={"tags": ["title"]}),
    "%matplotlib inline\nimport asyncio\nfrom grader.notebooks import check\nTEXT = 'y'",
    v4.new_markdown_cell("About *together*"),
    f"%%check two-waits\n{TOGETHER}\ncheck(together)\nr = await together(\n    None,\n)",
    "await together(1)  # tried",
    "",
    v4.new_raw_cell("raw\n"),
    "def helper():\n    return 'y'\n\nawait check_async(main)\n",
    "async def unused():\n    pass",
    MAIN,
    v4.new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {"image/png": "AAAA"}}),
)


def save(made: Any, path: str = "mine.ipynb") -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, file)
    return file


def extract(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["notebooks", "extract", *map(str, args)])


def test_each_exercise_has_a_file_with_what_its_functions_need(course: Path) -> None:
    told = extract(save(book(*WHOLE)), "--out", "files")
    assert told.stdout == "files/two_waits.py: new\nfiles/same_name.py: new\n"
    assert told.stderr == (
        "grader: mine.ipynb: for two-waits, what awaits outside of functions is a comment now: cell 4\n"
    )
    names: dict[str, dict[str, Any]] = {"two_waits": {}, "same_name": {}}
    for module, found in names.items():
        exec(Path("files", f"{module}.py").read_text(), found)
    defined = {module: {*found} & {"together", "main", "helper", "unused", "TEXT"} for module, found in names.items()}
    assert defined == {"two_waits": {"together", "TEXT"}, "same_name": {"main", "helper", "TEXT"}}


def test_a_file_is_graded_as_its_notebook_is(course: Path) -> None:
    extract(save(book(*WHOLE)), "--out", "files")
    exercise = load_exercise(course / "exercises" / "01_two_waits")
    assert grade(exercise, Path("files/two_waits.py")).points == 10


@pytest.mark.parametrize("cell", ["    " + TOGETHER.replace("\n", "\n    "), ">>> " + TOGETHER.replace("\n", "\n... ")])
def test_what_ipython_takes_off_a_cell_is_not_in_the_file(course: Path, cell: str) -> None:
    extract(save(book("import asyncio\nTEXT = 'y'", cell)), "--out", "files")
    assert f"\n{TOGETHER}\n" in Path("files/two_waits.py").read_text()


def test_the_notebook_comes_back_byte_for_byte() -> None:
    file = save(book(*WHOLE, kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"}))
    extract(file, "--out", "files")
    told = extract("files", "--to-notebook", "--out", "back")
    assert told.stdout == "back/mine.ipynb: new\n"
    assert Path("back/mine.ipynb").read_bytes() == file.read_bytes()
    nbformat.validate(nbformat.read("back/mine.ipynb", as_version=4))


def test_a_cell_that_was_changed_in_a_file_is_changed_and_the_rest_keeps_what_it_put_out() -> None:
    made = book(*WHOLE)
    shown = v4.new_output("stream", text="shown\n")
    for number, cell in enumerate(one for one in made.cells if one.cell_type == "code"):
        cell.outputs, cell.execution_count = [shown], number
    save(made)
    extract("mine.ipynb", "--out", "files")
    assert extract("files", "--to-notebook", "--out", ".").stdout == "mine.ipynb: unchanged\n"

    file = Path("files/same_name.py")
    file.write_text(file.read_text().replace("return 'y'", "return 'z'").replace("[TEXT, ", "[\n        TEXT, "))
    assert extract("files", "--to-notebook", "--out", ".", "--overwrite").stdout == "mine.ipynb: overwritten\n"
    after = nbformat.read("mine.ipynb", as_version=4)
    changed = [
        at for at, (new, old) in enumerate(zip(after.cells, made.cells, strict=True)) if new.source != old.source
    ]
    assert changed == [7, 9]
    assert [at for at, cell in enumerate(after.cells) if cell.cell_type == "code" and not cell.outputs] == changed


def test_a_cell_that_two_files_have_must_be_the_same_in_both() -> None:
    extract(save(book(*WHOLE)), "--out", "files")
    file = Path("files/two_waits.py")
    file.write_text(file.read_text().replace("TEXT = 'y'", "TEXT = 'z'"))
    told = extract("files", "--to-notebook", "--out", "back")
    assert (told.exit_code, told.stderr) == (
        2,
        "grader: same_name.py and two_waits.py do not agree on cell 2 of their notebook; make them the same\n",
    )


def test_nothing_is_overwritten_unasked_and_of_several_files_none_is_written() -> None:
    save(book(*WHOLE))
    Path("files").mkdir()
    Path("files/same_name.py").write_text("mine = 1\n")
    told = extract("mine.ipynb", "--out", "files")
    said = "grader: files/same_name.py: another file of that name is there; say --overwrite, or another --out\n"
    assert (told.exit_code, told.stdout, told.stderr.splitlines(keepends=True)[-1]) == (2, "", said)
    assert [file.name for file in Path("files").iterdir()] == ["same_name.py"]
    told = extract("mine.ipynb", "--out", "files", "--overwrite")
    assert told.stdout == "files/two_waits.py: new\nfiles/same_name.py: overwritten\n"
    assert (
        extract("mine.ipynb", "--out", "files").stdout
        == "files/two_waits.py: unchanged\nfiles/same_name.py: unchanged\n"
    )


def test_a_folder_of_notebooks_keeps_its_folders() -> None:
    for learner in ("ann", "bob"):
        save(book("import asyncio", TOGETHER.replace("TEXT", repr(learner))), f"class/{learner}/work.ipynb")
    save(book("x = 1"), "class/ann/.ipynb_checkpoints/work-checkpoint.ipynb")
    told = extract("class", "--out", "files")
    assert told.stdout == "files/ann/two_waits.py: new\nfiles/bob/two_waits.py: new\n"
    assert extract("files", "--to-notebook", "--out", "class").stdout == (
        "class/ann/work.ipynb: unchanged\nclass/bob/work.ipynb: unchanged\n"
    )


def test_two_notebooks_for_one_file_are_told_and_the_others_are_extracted() -> None:
    save(book(TOGETHER), "class/a.ipynb")
    save(book(TOGETHER), "class/b.ipynb")
    save(book(TOGETHER), "class/ann/a.ipynb")
    told = extract("class", "--out", "files")
    said = "class/a.ipynb and class/b.ipynb would both become files/two_waits.py"
    assert (told.exit_code, told.stdout) == (1, "files/ann/two_waits.py: new\n")
    assert told.stderr == f"grader: left out: {said}; extract each by itself, with another --out\n"


def test_a_notebook_of_a_folder_that_cannot_be_read_is_told_and_the_others_are_extracted() -> None:
    save(book(TOGETHER), "class/a.ipynb")
    Path("class/b.ipynb").write_text("{")
    told = extract("class", "--out", "files")
    assert (told.exit_code, told.stdout) == (1, "files/two_waits.py: new\n")
    assert told.stderr == "grader: left out: class/b.ipynb: this is no notebook that can be read\n"


def test_a_notebook_without_an_exercises_function_is_told() -> None:
    told = extract(save(book("x = 1")), "--out", "files")
    assert (told.exit_code, told.stderr) == (
        1,
        "grader: mine.ipynb: no exercise asks for a function that it defines\n",
    )


def test_cells_that_are_no_python_are_told_where_nothing_is_found() -> None:
    told = extract(save(book("x = 1", "async def together(say, a, b:\n    pass", "%%bash\n((")), "--out", "files")
    said = "no exercise asks for a function that it defines; not valid Python yet: cell 2"
    assert (told.exit_code, told.stderr) == (1, f"grader: mine.ipynb: {said}\n")


def test_a_program_becomes_a_notebook_of_one_cell_and_others_of_a_folder_are_left_out(course: Path) -> None:
    stub = course / "exercises" / "01_two_waits"
    (stub / "world.py").write_text("x = 1\n")
    told = extract(stub, "--to-notebook", "--out", "books")
    assert told.stdout == "books/two_waits.ipynb: new\n"
    assert told.stderr == f"grader: {stub / 'world.py'}: left out; it is not named after an exercise\n"
    made = nbformat.read("books/two_waits.ipynb", as_version=4)
    nbformat.validate(made)
    assert [cell.source for cell in made.cells] == [(stub / "two_waits.py").read_text().rstrip("\n")]


AMBIGUOUS = "mine.ipynb: same-name, twin all ask for a function main; say --exercise, or name the notebook after one"


def test_a_function_that_several_ask_for_needs_a_name(course: Path) -> None:
    yaml = (course / "exercises" / "02_same_name" / "exercise.yaml").read_text().replace("same-name", "twin")
    (course / "exercises" / "03_twin").mkdir()
    (course / "exercises" / "03_twin" / "exercise.yaml").write_text(yaml)
    (course / "exercises" / "03_twin" / "twin.py").write_text(
        "async def main(say, a, b):\n    raise NotImplementedError\n"
    )
    listed = (course / "course.yaml").read_text()
    (course / "course.yaml").write_text(listed.replace("]}", ", {folder: 03_twin, title: T, points: 10}]}"))
    told = extract(save(book(MAIN)), "--out", "files")
    assert (told.exit_code, told.stderr) == (2, f"grader: {AMBIGUOUS}\n")
    assert extract("mine.ipynb", "--exercise", "twin", "--out", "files").stdout == "files/twin.py: new\n"
    save(book(MAIN), "03_twin.ipynb")
    assert extract("03_twin.ipynb", "--out", "named").stdout == "named/twin.py: new\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "this is no notebook that can be read"),
        ("[]", "this is no notebook that can be read"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": [3]}', "this is no notebook that can be read"),
        (
            '{"nbformat": 5, "nbformat_minor": 0, "cells": []}',
            "a notebook of an unknown format; save it again with a Jupyter of today",
        ),
        (
            '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [3]}',
            "a notebook of an old format, and not as that has it; save it again with a Jupyter of today",
        ),
    ],
)
def test_what_is_no_notebook_is_refused(content: str, said: str) -> None:
    Path("bad.ipynb").write_text(content)
    told = extract("bad.ipynb", "--out", "files")
    assert (told.exit_code, told.stderr) == (2, f"grader: bad.ipynb: {said}\n")


def _old() -> dict[str, Any]:
    output = {"output_type": "pyout", "prompt_number": 1, "metadata": {}, "text": ["3"]}
    told = {"cell_type": "markdown", "metadata": {}, "source": ["# Mine"]}
    code = {"cell_type": "code", "language": "python", "collapsed": False, "metadata": {}, "prompt_number": 1}
    cells = [
        told,
        code | {"input": ["import asyncio\n", "3"], "outputs": [output]},
        code | {"input": TOGETHER, "outputs": []},
    ]
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"metadata": {}, "cells": cells}],
    }


def test_one_of_an_old_format_is_extracted_and_comes_back_in_todays_the_same_each_time() -> None:
    Path("mine.ipynb").write_text(json.dumps(_old()))
    assert extract("mine.ipynb", "--out", "files").stdout == "files/two_waits.py: new\n"
    assert extract("mine.ipynb", "--out", "files").stdout == "files/two_waits.py: unchanged\n"
    assert extract("files", "--to-notebook", "--out", "back").stdout == "back/mine.ipynb: new\n"
    back = nbformat.read("back/mine.ipynb", as_version=4)
    nbformat.validate(back)
    assert [cell.source for cell in back.cells] == ["# Mine", "import asyncio\n3", TOGETHER]
    extract("files", "--to-notebook", "--out", ".", "--overwrite")
    assert [one.data for one in _shown(nbformat.read("mine.ipynb", as_version=4))] == [{"text/plain": "3"}]


def _shown(book: Any) -> list[Any]:
    return [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]


def test_without_nbformat_one_of_an_old_format_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbformat", None)
    Path("mine.ipynb").write_text(json.dumps(_old()))
    assert extract("mine.ipynb", "--out", "files").stderr == (
        "grader: mine.ipynb: a notebook of an old format; save it again with a Jupyter of today, or pip install nbformat\n"
    )


def test_half_characters_are_refused_by_name() -> None:
    made = json.loads(nbformat.writes(book(TOGETHER, v4.new_markdown_cell("'X'"))))
    Path("mine.ipynb").write_text(json.dumps(made).replace("'X'", "'\\ud800'"))
    told = extract("mine.ipynb", "--out", "files")
    assert told.stderr == "grader: mine.ipynb: there are half characters in it, which no file can hold\n"


def test_a_folder_without_any_is_said() -> None:
    Path("empty").mkdir()
    assert extract("empty", "--out", "files").stderr == "grader: empty: there is no .ipynb file in it\n"
    assert extract("empty", "--out", "files", "--to-notebook").stderr == "grader: empty: there is no .py file in it\n"
