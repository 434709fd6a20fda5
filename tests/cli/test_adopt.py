"""`grader adopt`: what it lists, what it writes, and what it never does unasked."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.authoring.adopted.draft import Draft, draft_course
from grader.authoring.todos import marks_in
from grader.authoring.validate import validate_course
from grader.cli import main
from tests.authoring.conftest import AtOnce

TEXT = 'import asyncio\nasync def wait(most=10):\n    """Wait."""\n    await asyncio.sleep(most / 2)\n    return most\n'
MANY = 'wait = __import__("0-wait").wait\ndef many(n):\n    return asyncio.create_task(wait(n))\n'


def reference(folder: Path) -> Path:
    (folder / "ref" / "part").mkdir(parents=True)
    (folder / "ref" / "part" / "0-wait.py").write_text(TEXT)
    (folder / "ref" / "part" / "1-many.py").write_text(MANY)
    (folder / "ref" / "part" / "0-main.py").write_text("print(1)\n")
    return folder / "ref"


def adopt(*options: str | Path) -> Result:
    return CliRunner().invoke(main, ["adopt", *map(str, options)])


def test_it_lists_what_it_finds_and_writes_nothing_unasked(tmp_path: Path) -> None:
    shown = adopt(reference(tmp_path))
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "part/0-wait.py",
        "  wait(most=10): coroutine; sleeps most / 2",
        "part/1-many.py",
        "  many(n): function in loop that gives a task; uses wait",
        "  imports wait from 0-wait.py",
        "part/0-main.py: left out; by its name it runs or tests other files",
    ]
    assert shown.stderr == "nothing was written; name a folder for the course with --out\n"
    assert [path.name for path in tmp_path.iterdir()] == ["ref"]


def test_it_writes_a_course_and_says_how_much_is_left_to_do(tmp_path: Path) -> None:
    shown = adopt(reference(tmp_path), "--out", tmp_path / "course", "--title", "Waiting")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[-2:] == [
        f"2 exercises in {tmp_path / 'course'}; 14 places are marked TODO",
        f"fill them in, then: grader validate {tmp_path / 'course'} --write",
    ]
    listed = CliRunner().invoke(main, ["list", "--course", str(tmp_path / "course")])
    assert listed.exit_code == 0
    assert "wait" in listed.stdout


def test_it_never_overwrites_without_saying_so(tmp_path: Path) -> None:
    course = tmp_path / "course"
    adopt(reference(tmp_path), "--out", course)
    mine = course / "exercises" / "01_wait" / "exercise.yaml"
    mine.write_text("mine\n")
    refused = adopt(tmp_path / "ref", "--out", course)
    assert refused.exit_code == 2
    assert "course.yaml, exercises/01_wait/exercise.yaml, exercises/01_wait/0-wait.py and 7 more" in refused.stderr
    assert "name another folder, or say --overwrite" in refused.stderr
    assert mine.read_text() == "mine\n"
    said = adopt(tmp_path / "ref", "--out", course, "--overwrite")
    assert said.exit_code == 0
    assert f"overwritten: {mine}\n" in said.stderr
    assert mine.read_text() != "mine\n"


def test_a_file_of_another_python_and_a_notebook_are_named_and_the_others_are_done(tmp_path: Path) -> None:
    folder = reference(tmp_path)
    (folder / "part" / "2-old.py").write_text("def f():\n    print 'x'\n")
    (folder / "part" / "3-new.py").write_text('f = __import__("2-old").f\nasync def g():\n    return f()\n')
    (folder / "part" / "4-book.ipynb").write_text("{}")
    shown = adopt(folder, "--out", tmp_path / "course")
    assert shown.exit_code == 1
    assert "2-old.py: left out; it is no Python that can be read (Missing parentheses" in shown.stdout
    assert ", line 2); mend it\n" in shown.stdout
    assert "4-book.ipynb: left out; it is a notebook; save its code as a Python file\n" in shown.stdout
    assert "TODO: line 1: 2-old.py cannot be read; write under 'modules' what is needed of it\n" in shown.stdout
    assert (tmp_path / "course" / "exercises" / "03_new" / "exercise.yaml").exists()


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    shown = adopt(tmp_path)
    assert shown.exit_code == 2
    assert "there is no Python file in it; name a folder that holds reference files" in shown.stderr


def test_a_draft_that_cannot_be_read_ends_with_1_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> Draft:
        made = draft_course(*given)
        old = made.files["course.yaml"]
        return replace(made, files={**made.files, "course.yaml": old.replace(b"schema: 1", b"schema: 0")})

    monkeypatch.setattr("grader.authoring.adopted.draft.draft_course", broken)
    shown = adopt(reference(tmp_path), "--out", tmp_path / "course")
    assert shown.exit_code == 1
    assert "mend as well: " in shown.stdout
    assert f"the course in {tmp_path / 'course'} cannot be read before that is mended" in shown.stderr


def test_the_course_may_lie_in_the_folder_that_is_read(tmp_path: Path) -> None:
    folder = reference(tmp_path)
    first = adopt(folder, "--out", folder / "course")
    again = adopt(folder, "--out", folder / "course", "--overwrite")
    assert first.exit_code == again.exit_code == 0
    assert first.stdout == again.stdout


def test_a_file_that_would_hide_a_module_of_pythons_own_is_left_out_and_the_rest_is_drafted(tmp_path: Path) -> None:
    folder = reference(tmp_path)
    (folder / "part" / "statistics.py").write_text("def mean(): pass\n")
    shown = adopt(folder, "--out", tmp_path / "course")
    assert shown.exit_code == 0
    assert "part/statistics.py: left out; it would hide Python's own module 'statistics'; rename it" in shown.stdout
    assert "2 exercises in" in shown.stdout
    assert "mend as well" not in shown.stdout


def test_a_link_is_listed_by_its_own_name_with_where_it_leads(tmp_path: Path) -> None:
    folder, away = reference(tmp_path), tmp_path / "away"
    away.mkdir()
    (away / "main.py").write_text("print(1)\n")
    (away / "9-last.py").write_text(TEXT)
    for name, target in (("main.py", "main.py"), ("8-linked.py", "9-last.py")):
        (folder / "part" / name).symlink_to(away / target)
    (folder / "part" / "broken.py").symlink_to(away / "nothing.py")
    shown = adopt(folder)
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert f"part/main.py (a link to {away / 'main.py'}): left out; by its name it runs or tests other files" in lines
    assert f"part/8-linked.py (a link to {away / '9-last.py'})" in lines
    assert "broken" not in shown.stdout


def test_what_a_text_does_not_tell_is_listed_with_its_line(tmp_path: Path) -> None:
    folder = reference(tmp_path)
    (folder / "part" / "2-job.py").write_text("class Job:\n    pass\n\nasync def job(*, named): pass\n")
    lines = adopt(folder).stdout.splitlines()
    assert lines[lines.index("part/2-job.py") + 1 :][:3] == [
        "  job(*, named): coroutine",
        "  TODO: line 1: the class 'Job' is no entry, and no function that could be one uses it; "
        "what uses it has to be written by you",
        "  TODO: line 4: 'named' of 'job' is given by name only, and entries are called by position; this one cannot be called",
    ]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs are played in this process."""
    here = partial(validate_course, pool=lambda workers: AtOnce())
    monkeypatch.setattr("grader.authoring.validate.validate_course", here)


def validate(*options: str | Path) -> Result:
    return CliRunner().invoke(main, ["validate", "--seeds", "1", *map(str, options)])


SLEEPS = (
    "import asyncio, random\nasync def wait(most: int = 10):\n    '''Wait.'''\n    delay = random.uniform(0, most)\n"
    "    await asyncio.sleep(delay)\n    return delay\n"
)


@pytest.mark.usefixtures("at_once")
def test_a_draft_is_not_ready_as_long_as_places_are_left_to_fill_in(tmp_path: Path) -> None:
    (tmp_path / "ref" / "part").mkdir(parents=True)
    (tmp_path / "ref" / "part" / "0-wait.py").write_text(SLEEPS)
    course = tmp_path / "course"
    drafted = adopt(tmp_path / "ref", "--out", course)
    assert f"1 exercises in {course}; 2 places are marked TODO" in drafted.stdout
    shown = validate(course, "--write")
    file = course / "exercises" / "01_wait" / "exercise.yaml"
    lines = [number for number, line in enumerate(file.read_text().splitlines(), 1) if "TODO" in line]
    assert shown.exit_code == 1
    assert shown.stdout.splitlines() == [
        f"{file}:{lines[0]}: marked TODO in lines {lines[0]}, {lines[1]}; fill it in",
        "2 places are marked TODO",
        "not ready: fill these in, or say --allow-todo",
    ]
    allowed = validate(course, "--allow-todo")
    assert (allowed.exit_code, allowed.stdout) == (0, "valid; 2 places are marked TODO\n")
    file.write_text(file.read_text().replace("TODO: a question", "How long?").replace("TODO: what", "What"))
    done = validate(course, "--write")
    assert (done.exit_code, done.stdout) == (0, "valid\n")


@pytest.mark.usefixtures("at_once")
def test_what_is_left_is_told_beside_what_is_wrong(tmp_path: Path) -> None:
    adopt(reference(tmp_path), "--out", tmp_path / "course")
    shown = validate(tmp_path / "course", "--write")
    assert shown.exit_code == 2
    assert "must earn all" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "14 places are marked TODO"
    assert sum("marked TODO in lines" in line for line in shown.stdout.splitlines()) == 2
    only = validate(tmp_path / "course", "--exercise", "many", "--write")
    assert only.stdout.splitlines()[-1] == "8 places are marked TODO"


def test_an_exercise_may_be_about_todos(tmp_path: Path) -> None:
    text = 'goal: Write a TODO list\nhints:\n  - "TODO"\n  - TODO: x\nconcepts: [TODO]\nduration: 1 # TODO: seconds\nTODOS: 1\n'
    assert list(marks_in(text)) == [3, 4, 5, 6]
