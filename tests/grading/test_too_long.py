"""A file that is too long for the grader: it is told so, and not played either."""

from pathlib import Path

import pytest

import grader
from grader.course.model import Exercise
from grader.grading import judge
from grader.grading import play as module

DENSE = b"1;" * 120_000 + b"1\n"


@pytest.mark.parametrize("exercise", grader.load_course(Path(__file__).parents[2]).exercises, ids=lambda one: one.slug)
def test_it_fails_in_every_exercise_with_the_reason_and_nothing_is_started(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was played")

    monkeypatch.setattr(module, "_play", never)
    verdict = judge.grade(exercise, DENSE, seed="1", hidden=True)
    assert (verdict.status, verdict.points, verdict.error) == ("failed", 0.0, "")
    faults = {(case.fault.title, case.fault.detail) for case in verdict.cases if case.fault is not None}
    assert faults == {
        (
            "your file is too long to be read",
            "it has more than 200,000 words and signs; leave out what the exercise does not need",
        )
    }
