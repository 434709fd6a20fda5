"""A learner's files that lie as they are handed out, each in its exercise's folder: earlier ones are found in theirs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_exercise
from grader.run.submitted import read_submitted

COURSE = Path(__file__).parents[2] / "examples" / "adopted"
LAST = load_exercise(COURSE / "exercises" / "09_how_often")
FILES = {"06_readings": "0-readings", "07_high_water": "1-high_water", "09_how_often": "3-how_often"}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The learner's own folder `exercises`."""
    for folder, name in FILES.items():
        path = tmp_path / "exercises" / folder
        path.mkdir(parents=True)
        shutil.copy(COURSE / "solutions" / folder / "reference.py", path / f"{name}.py")
    return tmp_path / "exercises"


def found(work: Path) -> list[str]:
    return [name for name, _ in read_submitted(work / "09_how_often" / "3-how_often.py", LAST).files]


def test_earlier_files_are_found_in_the_folders_of_their_exercises(work: Path) -> None:
    assert found(work) == ["0-readings", "1-high_water"]
    said = CliRunner().invoke(main, ["check", "--course", str(COURSE), str(work / "09_how_often" / "3-how_often.py")])
    assert said.output.startswith("how-often: 10 of 10 points\n")


def test_what_lies_beside_the_file_is_taken_before_them(work: Path) -> None:
    (work / "09_how_often" / "0-readings.py").write_text("x = 1\n")
    files = dict(read_submitted(work / "09_how_often" / "3-how_often.py", LAST).files)
    assert files["0-readings"] == b"x = 1\n"
    assert "1-high_water" in files


def _under_another_name(work: Path) -> None:
    (work / "06_readings").rename(work / "readings")


def _in_the_folder_of_another(work: Path) -> None:
    (work / "06_readings").rename(work / "01_next_bus")  # whose file is another's


def _by_a_link(work: Path) -> None:
    (work / "06_readings").rename(work.parent / "06_readings")
    (work / "06_readings").symlink_to(work.parent / "06_readings")


@pytest.mark.parametrize("lies", [_under_another_name, _in_the_folder_of_another, _by_a_link])
def test_a_file_that_lies_elsewhere_is_not_guessed_to_be_it(work: Path, lies: Callable[[Path], None]) -> None:
    lies(work)
    assert found(work) == ["1-high_water"]


def test_a_graded_file_in_a_folder_of_another_name_has_no_others(work: Path) -> None:
    (work / "09_how_often").rename(work / "mine")
    assert read_submitted(work / "mine" / "3-how_often.py", LAST).files == ()


@pytest.mark.parametrize("beside", [False, True])
def test_a_notebook_finds_them_where_a_file_does(work: Path, beside: bool) -> None:
    place = work / "09_how_often" / "3-how_often.py"
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": place.read_text(),
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    book: dict[str, object] = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    place.with_suffix(".ipynb").write_text(json.dumps(book))
    place.unlink()
    if beside:
        for file in [*work.glob("*/0-*.py"), *work.glob("*/1-*.py")]:
            file.rename(place.parent / file.name)
    said = CliRunner().invoke(main, ["check", "--course", str(COURSE), str(place.with_suffix(".ipynb"))])
    assert said.output.startswith("how-often: 10 of 10 points\n")
