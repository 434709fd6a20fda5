"""Which exercises look at where operations began: the runs of all others are not asked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.load import load_exercise
from grader.course.looks import looks_where

Spoil = Callable[..., Path]
TIME = '{id: time, points: 2, elapsed: "=max(a, b)"}'
WHEN = '{entry: both, elapsed: "=a + b"}'


def test_an_exercise_that_names_no_loop_does_not_look(folder: Path) -> None:
    assert not looks_where(load_exercise(folder).file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TIME, "{id: time, points: 2, holds: \"=in_loop['say'] == [1, 1]\"}"),
        (TIME, '{id: time, points: 2, holds: "=elapsed == b", says: "in {in_thread[\'say\']}"}'),
        (TIME, '{id: time, points: 2, python: "checks.py:anything"}'),
        (TIME, "{id: time, points: 2, holds: \"=set(in_thread['say']) == {1} and in_loop['say'] != {}\"}"),
        (WHEN, "{where: \"=in_thread['say'] == [1, 2]\"}"),
    ],
)
def test_a_check_or_a_misconception_that_may_look_there_does(spoil: Spoil, old: str, new: str) -> None:
    folder = spoil(old, new)
    (folder / "checks.py").write_text("def anything(view):\n    return None\n")
    assert looks_where(load_exercise(folder).file)


@pytest.mark.parametrize("new", ["{id: time, points: 2, holds: \"=ends['say'] == [a, b] and loops == 1\"}"])
def test_a_check_of_other_things_does_not(spoil: Spoil, new: str) -> None:
    assert not looks_where(load_exercise(spoil(TIME, new)).file)
