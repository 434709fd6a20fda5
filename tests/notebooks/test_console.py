"""Without Jupyter a check prints its feedback, and takes the file that a function is of."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import FunctionType, SimpleNamespace

import psutil
import pytest

from grader.notebooks import check
from tests.notebooks.a_course import write_course


@pytest.fixture(autouse=True)
def _no_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    monkeypatch.chdir(write_course(tmp_path))


def defined(file: Path, text: str) -> FunctionType:
    file.write_text(text)
    spec = spec_from_file_location("tried", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: FunctionType = module.together
    return found


def test_a_function_of_a_file_is_checked_with_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "SAID = 'x'\n\n\nasync def together(say, a, b):\n    return [await say(a, SAID), await say(b, 'y')]\n"
    check(defined(tmp_path / "tried.py", text))
    printed = capsys.readouterr()
    assert printed.out.startswith("two-waits: 4 of 10 points\n")
    assert "0 → 1  line 5" in printed.out
    assert printed.err == ""


def test_what_has_no_text_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    names = dict[str, FunctionType]()
    exec(compile("def together(): pass", "<nowhere>", "exec"), names)
    check(names["together"])
    said = "the text of together is not at hand: define it in a cell, or in a file that you import\n"
    assert capsys.readouterr() == (said, "")


def test_an_exercises_name_is_for_cells(capsys: pytest.CaptureFixture[str]) -> None:
    check("two-waits")
    said = "there are no cells here: check(...) takes the function, %check and names of exercises are for Jupyter\n"
    assert capsys.readouterr().out == said


def test_a_process_that_dies_is_told_with_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("grader.notebooks.beside._BOOT", "raise SystemExit(7) # {home}")
    check(defined(tmp_path / "tried.py", "def together(): pass"))
    assert capsys.readouterr().out == "the process that checks ended without an answer (exit status 7)\n"


@pytest.mark.parametrize("said", ["{{'refused': 'no'}}", "{{'seconds': 9}}"])
def test_a_process_that_does_not_end_by_itself_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    boot = f"import json, os, time; print(json.dumps({said}), flush=True); os.close(1); time.sleep(1e6) # {{home}}"
    monkeypatch.setattr("grader.notebooks.beside._BOOT", boot)
    monkeypatch.setattr("grader.notebooks.beside._CLEANING", 0.01)
    check(defined(tmp_path / "tried.py", "def together(): pass"))
    assert capsys.readouterr().out in (
        "no\n",
        "the process that checks ended without an answer (exit status -9)\n",
    )
    assert [one for one in psutil.Process().children() if boot[:60] in " ".join(one.cmdline())] == []


def test_a_check_that_is_not_over_at_its_bound_is_ended_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What ends such a process is its last resort, with code 1."""
    monkeypatch.setattr("grader.notebooks.beside._BOOT", "print('{{\"seconds\": 9}}'); raise SystemExit(1) # {home}")
    check(defined(tmp_path / "tried.py", "def together(): pass"))
    assert capsys.readouterr().out == "the check was not over after 9 s, and was ended\n"


def test_where_a_kernel_imports_check_its_magics_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    there = list[tuple[str, str]]()
    shell = SimpleNamespace(register_magic_function=lambda function, kind, name: there.append((kind, name)))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    exec("from grader.notebooks import check", {})
    assert {*there} == {("line_cell", "check")}
