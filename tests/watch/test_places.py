"""What is looked at for a learner's file, and how sentences and lines are fitted to a screen."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.course.load import load_exercise
from grader.watch.files import Folder
from grader.watch.places import files_of, folders_of
from grader.watch.progress import Work
from grader.watch.screen import as_lines, fitted

ROOT = Path(__file__).parents[2]
HOME = ROOT / "exercises" / "05_say_after"


@pytest.fixture(scope="module")
def work() -> Work:
    return Work(load_exercise(HOME), HOME / "say_after.py")


def test_it_is_the_file_and_all_that_defines_its_exercise(work: Work) -> None:
    found = files_of([work], work, str(ROOT / "course.yaml"))
    hidden = ROOT / "solutions" / "05_say_after" / "hidden.yaml"
    assert found == [str(ROOT / "course.yaml"), str(HOME / "say_after.py"), str(HOME / "exercise.yaml"), str(hidden)]
    assert folders_of(work) == [Folder(str(HOME), (".yaml", ".py", ".json"))]


def test_beside_a_file_elsewhere_nothing_counts_and_beside_a_notebook_the_python_files_do(
    work: Work, tmp_path: Path
) -> None:
    own = Folder(str(HOME), (".yaml", ".py", ".json"))
    assert folders_of(Work(work.exercise, tmp_path / "mine.py")) == [own]
    assert folders_of(Work(work.exercise, tmp_path / "mine.ipynb")) == [own, Folder(str(tmp_path), (".py",))]


def test_an_earlier_file_is_looked_for_where_the_exercises_have_it(work: Work, tmp_path: Path) -> None:
    for name in ("01_one/1-one.py", "02_two/2-two.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    file = replace(work.exercise.file, module="2-two", needs=["1-one"], dependencies="own")
    two = Work(replace(work.exercise, file=file), tmp_path / "02_two" / "2-two.py")
    assert files_of([two], two, None)[2:4] == [
        str(tmp_path / "02_two" / "1-one.py"),
        str(tmp_path / "01_one" / "1-one.py"),
    ]


def test_a_file_is_named_as_it_is_shortest(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert str(work) == "exercises/05_say_after/say_after.py"
    (tmp_path / "a" / "b" / "c" / "d" / "e" / "f").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b" / "c" / "d" / "e" / "f")
    assert str(work) == str(HOME / "say_after.py")


def test_a_line_that_is_too_long_goes_on_below_its_beginning() -> None:
    assert fitted("  one two three\n\nfour\n", 10) == "  one two\n  three\n\nfour\n"


def test_a_sentence_obeys_no_control_character() -> None:
    assert as_lines("one \x1b[2J two\nthree", 12) == "one \\x1b[2J\ntwo\nthree\n"
