"""The escape hatch: where the author's function is found, and what it may give."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.checks import Source, View, run_check
from grader.checks.python_check import _compiled
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


def test_what_the_function_keeps_of_one_run_is_gone_in_the_next(seen: Seen, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "seen = []\ndef judge(view):\n    seen.append(view)\n    return None if len(seen) == 1 else 'seen before'\n"
    )
    for result in (1, 2):
        assert run_check(CHECK, seen(result=result, folder=str(tmp_path))).passed


def test_a_file_is_compiled_once_and_again_when_its_text_is_another(seen: Seen, tmp_path: Path) -> None:
    folder = write(tmp_path, "return 'one'")
    before = _compiled.cache_info().misses
    assert [run_check(CHECK, seen(folder=folder)).rationale for _ in range(3)] == ["one"] * 3
    assert _compiled.cache_info().misses == before + 1
    file = tmp_path / "own.py"
    then = file.stat()
    write(tmp_path, "return 'two'")
    os.utime(file, ns=(then.st_atime_ns, then.st_mtime_ns))  # neither its size nor its time tells
    assert run_check(CHECK, seen(folder=folder)).rationale == "two"


def test_an_error_in_it_has_the_authors_own_file_and_line(seen: Seen, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run_check(CHECK, seen(folder=write(tmp_path, "return 1 / 0")))
    last = caught.traceback[-1]
    assert (str(last.path), last.lineno + 1) == (str(tmp_path / "own.py"), 2)


def test_a_folder_of_that_name_is_no_file(seen: Seen, tmp_path: Path) -> None:
    (tmp_path / "s" / "own.py").mkdir(parents=True)
    folder = write(tmp_path / "e", "return 'exercise'")
    assert run_check(CHECK, seen(folder=folder, solutions=str(tmp_path / "s"))).rationale == "exercise"


def test_a_file_is_read_once_for_a_submission_and_again_for_the_next(seen: Seen, tmp_path: Path) -> None:
    one, other = Source.read(b"", "one.py"), Source.read(b"", "other.py")
    folder = write(tmp_path, "return 'before'")
    assert run_check(CHECK, replace(seen(folder=folder), source=one)).rationale == "before"
    write(tmp_path, "return 'after'")
    assert run_check(CHECK, replace(seen(folder=folder), source=one)).rationale == "before"
    assert run_check(CHECK, replace(seen(folder=folder), source=other)).rationale == "after"
