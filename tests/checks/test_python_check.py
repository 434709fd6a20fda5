"""The escape hatch: where the author's function is found, and what it may give."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import View, run_check
from grader.course.check_model import PythonCheck

Seen = Callable[..., View]
CHECK = PythonCheck(id="own", python="own.py:judge")


def write(folder: Path, body: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "own.py").write_text(f"def judge(view):\n    {body}\n")
    return str(folder)


def test_none_passes_and_a_sentence_does_not(seen: Seen, tmp_path: Path) -> None:
    folder = write(tmp_path, "return None if view.record.outcome.value == 1 else f'not {view.names[\"n\"]} yet'")
    assert run_check(CHECK, seen(result=1, folder=folder)).passed
    assert run_check(CHECK, seen(result=2, folder=folder, names={"n": 1})).rationale == "not 1 yet"


def test_the_solutions_come_before_the_exercise(seen: Seen, tmp_path: Path) -> None:
    folder, solutions = write(tmp_path / "e", "return 'exercise'"), write(tmp_path / "s", "return 'solutions'")
    assert run_check(CHECK, seen(folder=folder, solutions=solutions)).rationale == "solutions"


def test_a_function_that_gives_something_else_is_the_courses_fault(seen: Seen, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="gave True; it has to give None or a sentence"):
        run_check(CHECK, seen(folder=write(tmp_path, "return True")))


def test_a_file_that_is_not_there_is_the_courses_fault(seen: Seen, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"own\.py of a python check is in none of"):
        run_check(CHECK, seen(folder=str(tmp_path)))
