"""What was left out, told in lines that people can read: all of it, but for what one archive has too much of."""

from pathlib import Path

import pytest

from grader.batch.nothing import insist
from grader.batch.told import TOLD, lines_of
from grader.errors import UsageError
from grader.intake.model import Intake, Stray


def strays(where: str, count: int) -> list[Stray]:
    return [Stray(f"{where}/{number:03}.txt", "why") for number in range(count)]


def told(*strays: Stray, downloads: tuple[str, ...] = ()) -> list[str]:
    return [line.removeprefix("not graded: ") for line in lines_of(strays, downloads, "the report")]


def test_of_one_archive_ten_are_told_and_how_many_more_there_are() -> None:
    lines = told(*strays("ann.zip", 100), Stray("bob/notes.txt", "why"), *strays("bob/x.tar.gz", TOLD + 2))
    assert lines[:TOLD] == [f"ann.zip/{number:03}.txt: why" for number in range(TOLD)]
    assert lines[TOLD] == "bob/notes.txt: why"
    assert lines[-2:] == [
        "and 90 more in ann.zip; the report has all of them",
        "and 2 more in bob/x.tar.gz; the report has all of them",
    ]
    assert len(lines) == 2 * TOLD + 3


def test_a_line_is_not_spent_on_saying_that_there_is_one_more() -> None:
    assert told(*strays("ann.zip", TOLD + 1)) == [f"ann.zip/{number:03}.txt: why" for number in range(TOLD + 1)]


def test_what_lies_in_folders_and_in_a_download_is_told_one_by_one() -> None:
    class_ = [*strays("ann", 30), *strays("all.zip/bob", 30), *strays("all.zip", 30)]
    assert len(told(*class_, downloads=("all.zip",))) == 90
    assert len(told(*strays("all.zip/bob.zip", 30), downloads=("all.zip",))) == TOLD + 1


def test_of_a_very_long_path_the_middle_is_left_out() -> None:
    path = f"ann/{'x' * 1000}/work.txt"
    [line] = told(Stray(path, "why"))
    assert line.startswith("ann/xxx")
    assert line.endswith("xxx/work.txt: why")
    assert "..." in line
    assert len(line) <= 210
    fits = "y" * 200
    assert told(Stray(fits, "why")) == [f"{fits}: why"]


def test_a_class_in_which_nothing_can_be_graded_is_told_the_same_way() -> None:
    intake = Intake(("ann",), (), tuple(strays("ann.zip", 30)))
    with pytest.raises(UsageError) as refused:
        insist(intake, [Path("class")])
    lines = str(refused.value).splitlines()
    assert len(lines) == 1 + TOLD + 1
    assert lines[-1] == "not graded: and 20 more in ann.zip"  # there is no report
