"""`grader grade` lets workers get ready early, where none of the files can have its verdict yet."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader import cli
from grader.batch.worker import Terms
from grader.cli.grade import _workers
from grader.course.load import load_course
from grader.errors import UsageError
from grader.grading import workers
from grader.grading.workers import Pool
from grader.records import GRADEBOOK

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)
ELSEWHERE: Any = object()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many workers were started early, each time."""
    found: list[int] = []

    @contextmanager
    def early(count: int, first: Any) -> Iterator[Pool]:
        found.append(count)
        yield workers.processes

    monkeypatch.setattr(workers, "early", early)
    return found


def ask(out: Path, files: int, gradebook: str | None = None, elsewhere: Any = None) -> Pool:
    with _workers(out, gradebook, 2, files, Terms(), COURSE, elsewhere) as pool:
        return pool


def test_as_many_get_ready_as_there_is_work_for(started: list[int], tmp_path: Path) -> None:
    ask(tmp_path, 5)
    ask(tmp_path, 1)
    assert started == [2, 1]


def test_nobody_gets_ready_where_there_may_be_nothing_to_do_here(started: list[int], tmp_path: Path) -> None:
    assert ask(tmp_path, 0) is workers.processes
    assert ask(tmp_path, 5, gradebook="postgresql://somewhere") is workers.processes
    assert ask(tmp_path, 5, elsewhere=ELSEWHERE) is workers.processes
    (tmp_path / GRADEBOOK).touch()
    assert ask(tmp_path, 5) is workers.processes
    assert started == []


def test_garbage_is_looked_for_seldom_while_a_class_is_graded_and_as_ever_afterwards(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before, found = gc.get_threshold(), list[bool]()
    gc.unfreeze()

    def take_in(*_: Any) -> None:
        found.append(gc.get_threshold()[0] > before[0] and gc.get_freeze_count() > 0)
        raise UsageError("enough was seen")

    monkeypatch.setattr("grader.intake.take.take_in", take_in)
    asked = ["grade", tmp_path, "--out", tmp_path / "out", "--course", ROOT, "--isolation", "none"]
    CliRunner().invoke(cli.main, list(map(str, asked)))
    assert found == [True]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
