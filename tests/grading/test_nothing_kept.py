"""What is done once for many submissions is the author's alone: no verdict depends on what was graded before it."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import Source
from grader.checks.python_check import _compiled
from grader.course.interpreter import meaning
from grader.course.load import load_exercise
from grader.course.syntax import parse
from grader.grading import grade
from grader.verdict import encode

SAY_AFTER = load_exercise(Path(__file__).parents[2] / "exercises" / "05_say_after")


def test_nothing_of_a_submission_is_left_when_it_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one in this process could only meet what is still there."""
    read, seen = Source.read, list[Callable[[], object]]()

    def noted(data: bytes, name: str) -> Source:
        source = read(data, name)
        assert source.tree is not None
        seen.append(weakref.ref(source.tree))
        return source

    monkeypatch.setattr(Source, "read", noted)
    wrong = Path(SAY_AFTER.solutions or "", "wrong", "gather_everywhere.py").read_bytes()
    verdict = grade(SAY_AFTER, wrong, hidden=True)
    assert verdict.misconception == "tasks-where-sequence-asked"
    gc.collect()
    assert [one() for one in seen] == [None]


def test_what_was_graded_before_makes_no_difference() -> None:
    """What is kept in this process is the author's; the verdicts are as if nothing were."""
    folder = Path(SAY_AFTER.solutions or "")
    files = [folder / "reference.py", folder / "wrong" / "await_await.py", folder / "wrong" / "text_taken_apart.py"]
    first = [encode(grade(SAY_AFTER, file, learner="ann", hidden=True)) for file in files]
    again = [encode(grade(SAY_AFTER, file, learner="ann", hidden=True)) for file in reversed(files)]
    assert again[::-1] == first
    for kept in (meaning, parse, _compiled):
        kept.cache_clear()
    assert [encode(grade(SAY_AFTER, file, learner="ann", hidden=True)) for file in files] == first
