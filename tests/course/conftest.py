"""Exercises written to a temporary folder: small, whole, and easy to spoil in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.course.samples import COURSE, EXERCISE, WORLD

Spoil = Callable[..., Path]


@pytest.fixture
def exercise_text() -> str:
    return EXERCISE


@pytest.fixture
def course_text() -> str:
    return COURSE


@pytest.fixture
def world_text() -> str:
    return WORLD


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one exercise; the present folder is the course's, so that errors name short paths."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course.yaml").write_text(COURSE)
    exercise = tmp_path / "exercises" / "05_two_calls"
    exercise.mkdir(parents=True)
    (exercise / "exercise.yaml").write_text(EXERCISE)
    (exercise / "two_calls.py").write_text("async def both(say, a, first, b, second):\n    pass\n")
    return exercise


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """Replace pieces of the exercise's text: spoil("old", "new", ...)."""

    def change(*pieces: str) -> Path:
        text = (folder / "exercise.yaml").read_text()
        for old, new in zip(pieces[::2], pieces[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        (folder / "exercise.yaml").write_text(text)
        return folder

    return change
