"""What is done once for many submissions is the author's alone: no verdict depends on what was graded before it."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.checks import Source
from grader.checks.python_check import _compiled
from grader.course.interpreter import meaning
from grader.course.load import load_exercise
from grader.course.syntax import parse
from grader.grading import grade
from grader.run import in_process
from grader.runner.play_case import Play
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


@pytest.mark.parametrize("program", ["x = (", "async def one_after_the_other(): raise ValueError", "reference"])
def test_a_run_in_this_process_is_gone_when_it_is_over_and_not_when_memory_is_collected(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What outlives the collection at a run's end counts as old, and nothing looks at it again for thousands of runs."""
    made = list[weakref.ref[Play]]()

    def noted(*args: Any) -> Play:
        play = Play(*args)
        made.append(weakref.ref(play))
        return play

    monkeypatch.setattr(in_process, "Play", noted)
    source = (
        Path(SAY_AFTER.solutions or "", "reference.py").read_bytes() if program == "reference" else program.encode()
    )
    gc.disable()
    try:
        grade(SAY_AFTER, source)
        assert [one() for one in made] == [None] * 4
    finally:
        gc.enable()


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
