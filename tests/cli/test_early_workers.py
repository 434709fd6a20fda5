"""`grader grade` lets workers get ready early, where none of the files can have its verdict yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grader.batch.worker import Terms
from grader.cli.grade import _workers
from grader.course.load import load_course
from grader.grading import workers
from grader.grading.workers import Pool
from grader.records import GRADEBOOK

COURSE = load_course(Path(__file__).parents[2])
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
