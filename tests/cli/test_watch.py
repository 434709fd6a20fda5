"""`grader watch` as it is typed: what it watches, and one real terminal from the first feedback to Ctrl-C."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec import Raw

from grader.cli import main
from grader.watch.runs import Answer, Question
from grader.watch.watch import Terms, Watch

ROOT = Path(__file__).parents[2]
VERDICTS = ROOT / "tests" / "feedback" / "verdicts"
SOLUTIONS = ROOT / "solutions" / "05_say_after"


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["watch", *args])


@pytest.fixture(autouse=True)
def _in_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GRADER_COURSE", raising=False)


@pytest.fixture
def terms(monkeypatch: pytest.MonkeyPatch) -> list[Terms]:
    """What would be watched."""
    found = list[Terms]()

    def go(watch: Any) -> None:
        found.append(watch._terms)
        watch._terms.load()

    monkeypatch.setattr(Watch, "go", go)
    return found


def watched(terms: Sequence[Terms]) -> list[str]:
    [one] = terms
    return [os.path.relpath(work.file) for work in one.load()]


def test_without_a_name_it_is_the_course_in_its_order(terms: list[Terms]) -> None:
    assert run().exit_code == 0
    assert watched(terms)[:2] == ["exercises/01_first_await/first_await.py", "exercises/02_run_it_once/run_it_once.py"]
    assert (terms[0].whole, terms[0].course) == (True, str(ROOT / "course.yaml"))


@pytest.mark.parametrize("name", ["say-after", "5", "exercises/05_say_after/say_after.py"])
def test_with_a_name_it_is_that_exercise(name: str, terms: list[Terms]) -> None:
    assert run(name, "--seed", "s", "--hints", "2").exit_code == 0
    assert watched(terms) == ["exercises/05_say_after/say_after.py"]
    assert (terms[0].whole, terms[0].seed, terms[0].hints) == (False, "s", 2)
    assert terms[0].course == str(ROOT / "course.yaml")


def test_it_may_be_another_file(terms: list[Terms], tmp_path: Path) -> None:
    assert run("say-after", str(tmp_path / "mine.py")).exit_code == 0
    assert terms[0].load()[0].file == tmp_path / "mine.py"


def test_exercises_that_were_handed_out_alone_are_watched(
    terms: list[Terms], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "exercises" / "05_say_after", tmp_path / "exercises" / "05_say_after")
    monkeypatch.chdir(tmp_path)
    assert run().exit_code == 0
    assert (watched(terms), terms[0].course) == (["exercises/05_say_after/say_after.py"], None)


def test_what_an_exercise_asks_for_is_what_show_shows(terms: list[Terms]) -> None:
    run("say-after")
    shown = CliRunner().invoke(main, ["show", "say-after"]).stdout
    assert terms[0].asked(terms[0].load()[0].exercise) == shown


def test_one_that_is_not_there_is_refused_as_by_check() -> None:
    refused = run("say-aftr")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "grader: there is no exercise 'say-aftr'; did you mean 'say-after'?\n",
    )


def test_a_notebook_of_several_exercises_needs_the_name_of_one(terms: list[Terms], tmp_path: Path) -> None:
    file = tmp_path / "mine.ipynb"
    cells = [{"cell_type": "code", "source": f"async def {name}(): ..."} for name in ("together", "greet_twice")]
    file.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    refused = run(str(file))
    told = f"grader: {file}: it is for first-await, say-after; say one of them before the file\n"
    assert (refused.exit_code, refused.stderr) == (2, told)
    assert run("say-after", str(file)).exit_code == 0


def test_a_course_without_an_exercise_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.cli.place.open_course", lambda said: type("Course", (), {"exercises": ()}))
    refused = run()
    assert (refused.exit_code, refused.stderr) == (2, "grader: the course has no exercise to watch\n")


def test_names_complete() -> None:
    asked = {"_GRADER_COMPLETE": "bash_complete", "COMP_WORDS": "grader watch say-a", "COMP_CWORD": "2"}
    assert "say-after" in CliRunner().invoke(main, env=asked, prog_name="grader").stdout


# ---------------------------------------------------------------- as a program


def course(folder: Path) -> Path:
    """With two exercises, of which the first is done; gives the file of the second."""
    for name in ("01_first_await", "05_say_after"):
        shutil.copytree(ROOT / "exercises" / name, folder / "exercises" / name)
    shutil.copy(
        ROOT / "solutions" / "01_first_await" / "reference.py", folder / "exercises/01_first_await/first_await.py"
    )
    file = folder / "exercises" / "05_say_after" / "say_after.py"
    shutil.copy(SOLUTIONS / "wrong" / "await_await.py", file)
    return file


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_in_a_terminal_from_the_first_feedback_to_ctrl_c(tmp_path: Path) -> None:
    import termios

    import pexpect

    file = course(tmp_path)
    # a library that reads lines may have said before how wide its own terminal is
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "grader", "watch"],
        cwd=str(tmp_path),
        env=environment | {"TERM": "xterm"},
        encoding="utf-8",
        timeout=60,
        dimensions=(50, 100),
    )
    child.delaybeforesend = None
    before = termios.tcgetattr(child.child_fd)
    child.expect("say-after: 5.75 of 10 points")
    child.expect("For the next: press h")
    child.expect("watching exercises/05_say_after/say_after.py; h hint, s show, n next, q quit, Enter run again")
    assert not termios.tcgetattr(child.child_fd)[3] & (termios.ECHO | termios.ICANON)
    child.send("h")
    child.expect("Hint 2 of 3: ")
    shutil.copy(SOLUTIONS / "reference.py", file)
    child.expect("\x1b\\[2J.*say-after: 10 of 10 points")
    child.expect("Full marks. 2 of 2 done")
    child.send("\x03")
    child.expect("grader: interrupted")
    child.expect(pexpect.EOF)
    assert "Traceback" not in child.before
    assert termios.tcgetattr(child.child_fd) == before
    child.close()
    assert child.exitstatus == 130


class Sits:
    """Nobody who could press a key: there is a save, and later Ctrl-C."""

    there = False

    def __init__(self, saves: Callable[[], object]):
        self.now, self.saves = 0.0, saves

    def wait(self, seconds: float) -> str:
        before, self.now = self.now, self.now + seconds
        if self.now > 4:
            raise KeyboardInterrupt
        if before < 2 <= self.now:
            self.saves()
        return ""


class Checks:
    """Answers at once with what was recorded; the first time it is not yet right."""

    def __init__(self, module: str):
        self.recorded, self.busy = iter(["sequential", "passed"]), False

    def ask(self, question: Question) -> None:
        self.busy = True

    def answer(self) -> Answer | None:
        if not self.busy:
            return None
        self.busy = False
        return Answer(verdict=Raw((VERDICTS / f"{next(self.recorded)}.json").read_bytes()))

    def close(self) -> None:
        pass


def test_where_there_is_no_terminal_each_result_stands_below_the_last_without_a_control_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "say_after.py"
    file.write_text("before")
    monkeypatch.chdir(tmp_path)
    sits = Sits(lambda: file.write_text("after"))
    monkeypatch.setattr("grader.watch.keys.keyboard", lambda: nullcontext(sits))
    monkeypatch.setattr("grader.watch.runs.Runs", Checks)
    monkeypatch.setattr("time.monotonic", lambda: sits.now)
    ended = CliRunner().invoke(
        main, ["watch", "say-after", file.name, "--width", "80", "--course", str(ROOT)], color=True
    )
    assert (ended.exit_code, ended.stderr) == (130, "\ngrader: interrupted\n")
    first = (ROOT / "tests/feedback/renderings/sequential.80.txt").read_text(encoding="utf-8")
    second = (ROOT / "tests/feedback/renderings/passed.80.txt").read_text(encoding="utf-8")
    end = "watching say_after.py; Ctrl-C ends it\n"
    full = "Full marks. 'grader watch' goes through the whole course.\n"
    assert ended.stdout == f"{first}\n{end}\n{second}\n{full}{end}"
