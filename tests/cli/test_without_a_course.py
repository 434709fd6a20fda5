"""Exercises that were handed out alone: without a course.yaml, and without solutions."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main

ROOT = Path(__file__).parents[2]


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.fixture(autouse=True)
def handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("01_first_await", "05_say_after"):
        shutil.copytree(ROOT / "exercises" / name, tmp_path / "exercises" / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    return tmp_path


@pytest.mark.parametrize("where", [".", "exercises", "exercises/05_say_after"])
def test_they_are_listed_by_their_goals(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(where)
    result = run("list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == ["Exercises", ""]
    assert lines[2].startswith("  01  first-await  10 points  ")
    assert [line.split()[1] for line in lines[2:]] == ["first-await", "say-after"]


def test_a_class_is_graded(handed_out: Path) -> None:
    work = handed_out / "class" / "ann"
    work.mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / "01_first_await" / "reference.py", work / "first_await.py")
    result = run("grade", "class", "--out", "grades", "--jobs", "1")
    assert result.exit_code == 0
    assert "ann,10,,10,say-after," in (handed_out / "grades" / "grades.csv").read_text(encoding="utf-8-sig")


def test_the_goal_is_shown_once() -> None:
    shown = run("show", "first-await").stdout
    goal = shown.splitlines()[0].removeprefix("01  ").partition("  (")[0]
    assert shown.count(goal) == 1


def test_problems_of_all_are_told(handed_out: Path) -> None:
    for name in ("01_first_await", "05_say_after"):
        (handed_out / "exercises" / name / "exercise.yaml").write_text("")
    result = run("list")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2
