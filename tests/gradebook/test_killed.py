"""Killed at any moment and started again, `grader grade` comes to what it would have come to; and so do two of it at once."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.gradebook.opening import opened
from grader.records import GRADEBOOK
from tests.gradebook.content import counted, rows

ROOT = Path(__file__).parents[2]
RECORDS = ("verdicts.jsonl", "grades.csv")
MOMENTS = 25
COMMAND = [sys.executable, "-m", "grader", "grade"]

Content = tuple[list[tuple[object, ...]], list[bytes]]

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


def content(out: Path) -> Content:
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


@pytest.fixture(scope="module")
def whole(class_: Path, tmp_path_factory: pytest.TempPathFactory) -> Content:
    """What the command comes to that nobody disturbs."""
    out = tmp_path_factory.mktemp("whole")
    subprocess.run([*COMMAND, str(class_), "--out", str(out)], cwd=ROOT, check=True, capture_output=True)
    return content(out)


Progress = tuple[int, int]  # files graded, of so many


def killed_at(class_: Path, out: Path, moment: Callable[[Progress], bool] | None) -> Progress | None:
    """The command with two workers, killed with -9 as soon as it has told that; without a `moment`, when it has a gradebook.

    How far it was, as far as it told.
    """
    command = [*COMMAND, str(class_), "--out", str(out), "--jobs", "2"]
    seen = None
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        if moment is None:
            while not (out / GRADEBOOK).exists() and running.poll() is None:
                os.sched_yield()
        else:
            for line in running.stderr:
                _, count, _, total, *_ = line.split()
                seen = int(count), int(total)
                if moment(seen):
                    break
        running.kill()
    # who has told of the last file may be done with the records before the blow falls
    over = seen is not None and seen[0] == seen[1]
    assert running.returncode in ((-signal.SIGKILL, 0) if over else (-signal.SIGKILL,))
    return seen


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_again_and_again_with_all_its_workers_at_work_it_goes_on(
    class_: Path, tmp_path: Path, whole: Content
) -> None:
    out = tmp_path / "broken"
    assert killed_at(class_, out, None) is None  # nobody was graded, or hardly
    first = killed_at(class_, out, lambda seen: True)
    assert first is not None
    assert first[0] <= 2
    # what was told is in the gradebook, with what was graded until the blow fell
    half = killed_at(class_, out, lambda seen: 2 * seen[0] >= seen[1])
    assert half is not None
    assert half[1] <= first[1] - first[0]
    # all is graded, and the records are being written
    last = killed_at(class_, out, lambda seen: seen[0] == seen[1])
    assert last is not None
    assert last[1] <= half[1] - half[0]
    end = subprocess.run(
        [*COMMAND, str(class_), "--out", str(out)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert end.stdout.startswith("12 files of 4 learners graded, 12 of them before; ")
    assert content(out) == whole


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_at_once_on_one_gradebook_come_to_what_one_comes_to(class_: Path, tmp_path: Path, whole: Content) -> None:
    shared = tmp_path / "shared"
    command = [*COMMAND, str(class_), "--out", str(shared), "--jobs", "1"]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    ends = [one.communicate() for one in both]
    assert [one.returncode for one in both] == [0, 0], ends
    assert content(shared) == whole
