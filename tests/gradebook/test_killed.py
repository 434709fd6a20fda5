"""Killed at any moment and started again, `grader grade` comes to what it would have come to; and so do two of it at once."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.gradebook.opening import opened
from grader.records import GRADEBOOK
from tests.gradebook.content import counted, rows

ROOT = Path(__file__).parents[2]
RECORDS = ("verdicts.jsonl", "grades.csv")
MOMENTS = 25
COMMAND = [sys.executable, "-m", "grader", "grade"]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks and kills")


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four learners with three files each, some right and some not yet."""
    folder = tmp_path_factory.mktemp("killed") / "class"
    for number, learner in enumerate(("ann", "bob", "Zoë", "=1+1")):
        (folder / learner).mkdir(parents=True)
        for exercise in ("01_first_await", "05_say_after", "08_two_downloads"):
            solutions = ROOT / "solutions" / exercise
            programs = [solutions / "reference.py", *sorted(solutions.glob("wrong/*.py"))]
            shutil.copy(programs[number % len(programs)], folder / learner / f"{exercise[3:]}.py")
    return folder


def content(out: Path) -> tuple[list[tuple[object, ...]], list[bytes]]:
    """What counts in the gradebook, and the records."""
    with opened(str(out / GRADEBOOK)) as book:
        assert rows(book, "verdicts") == rows(book, "gradings") == 12  # nothing was graded twice, nothing is double
        pages = sorted((out / "report").rglob("[!.]*.*"))  # a name that begins with a dot was cut off by a kill
        assert len(pages) == 21
        return counted(book), [path.read_bytes() for path in [*(out / name for name in RECORDS), *pages]]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_any_moment_and_started_again_it_is_as_if_nothing_had_been(class_: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.gradebook.killed", str(class_), str(tmp_path), str(MOMENTS)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    first, *ends = map(json.loads, told.stdout.splitlines())
    assert (first["whole"], len(ends), told.stderr) == (0, MOMENTS, "")
    assert {(end["first"], end["second"]) for end in ends} == {(-signal.SIGKILL, 0)}
    assert len({end["moment"] for end in ends}) > MOMENTS * 3 // 4
    whole = content(tmp_path / "whole")
    assert len(whole[0]) == 12
    for number, end in enumerate(ends):
        assert content(tmp_path / str(number)) == whole, end


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_with_all_its_workers_at_work_it_goes_on(class_: Path, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run([*COMMAND, str(class_), "--out", str(whole)], cwd=ROOT, check=True, capture_output=True)
    first = subprocess.Popen(
        [*COMMAND, str(class_), "--out", str(broken), "--jobs", "2"], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert first.stderr is not None
    assert first.stderr.readline().startswith("graded 2 of 12 (")
    first.kill()
    first.wait()
    first.stderr.close()
    second = subprocess.run(
        [*COMMAND, str(class_), "--out", str(broken)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert "12 files of 4 learners graded, " in second.stdout
    before = int(second.stdout.partition("graded, ")[2].split()[0])
    assert 2 <= before < 12
    assert content(broken) == content(whole)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_at_once_on_one_gradebook_come_to_what_one_comes_to(class_: Path, tmp_path: Path) -> None:
    whole, shared = tmp_path / "whole", tmp_path / "shared"
    subprocess.run([*COMMAND, str(class_), "--out", str(whole)], cwd=ROOT, check=True, capture_output=True)
    command = [*COMMAND, str(class_), "--out", str(shared), "--jobs", "1"]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    ends = [one.communicate() for one in both]
    assert [one.returncode for one in both] == [0, 0], ends
    assert content(shared) == content(whole)
