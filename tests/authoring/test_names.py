"""Patterns and exceptions that a course names: told with their lines where nothing would ever be found by them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring.names import strange_names
from grader.course.load import load_course

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls/exercise.yaml"
PARALLEL = 'parallel: ["say[{first}]", "say[{second}]"]'
WHEN = 'when: {entry: both, elapsed: "=a + b"}'


def told() -> list[str]:
    return [str(problem) for problem in strange_names(load_course().exercises[0])]


@pytest.mark.usefixtures("folder")
def test_a_good_exercise_has_none() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            PARALLEL,
            'source: {forbid: ["cal:asyncio.run"]}',
            ":24: unknown kind of source pattern 'cal'; did you mean 'call'? (in 'cal:asyncio.run')",
        ),
        (
            PARALLEL,
            "source: {require: [while_true, call]}",
            ":24: source pattern 'call' needs a name, found ''; write for example 'call:asyncio.run' (in 'call')",
        ),
        (
            WHEN,
            "when: {source: 'await;f'}",
            ":31: unknown kind of source pattern 'await;f'; did you mean 'await'? (in 'await;f')",
        ),
        (
            WHEN,
            "when: {raised: ValeuError}",
            ":31: 'ValeuError' is no exception that is known here; did you mean 'ValueError'?",
        ),
        (
            PARALLEL,
            "raises: CanceledError",
            ":24: 'CanceledError' is no exception that is known here; did you mean 'CancelledError'?",
        ),
        (
            WHEN,
            "when: {raised: Zyx}",
            ":31: 'Zyx' is no exception that is known here; use a builtin one, or one that the exercise's files name",
        ),
    ],
)
def test_what_would_never_be_found_is_told(spoil: Spoil, old: str, new: str, message: str) -> None:
    spoil(old, new)
    assert told() == [HERE + message]


def test_an_exception_of_the_exercises_own_is_known(spoil: Spoil) -> None:
    folder = spoil(WHEN, "when: {raised: NotReady}")
    (folder / "two_calls.py").write_text("class NotReady(Exception): ...\n")
    assert told() == []
