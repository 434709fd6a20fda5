"""Exercises written to a temporary folder: small, whole, and easy to spoil in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

EXERCISE = """\
schema: 1
slug: two-calls
goal: Call twice at the same time.
prompt: Write both.
concepts: [task]
vars:
  a: {number: [1, 9], step: 0.5}
  b: {number: [1, 9], step: 0.5}
  first: {word: true}
  second: {word: true}
such_that: ["=a != b", "=first != second"]
world:
  operations:
    say:
      params: [delay, what]
      key: what
      duration: "=delay"
      result: "=what"
entries:
  both:
    args: ["=say", "=a", "=first", "=b", "=second"]
    checks:
      - {id: result, points: 4, result: "=[first, second]"}
      - {id: together, points: 4, parallel: ["say[{first}]", "say[{second}]"]}
      - {id: time, points: 2, elapsed: "=max(a, b)"}
cases:
  - {name: documented, with: {a: 1, b: 2, first: hello, second: world}}
  - {name: drawn, draws: 2}
misconceptions:
  - id: one-by-one
    when: {entry: both, elapsed: "=a + b"}
    says: It took both times.
    example: wrong/one_by_one.py
hints: [Make a task.]
docs: ["https://docs.python.org/3/library/asyncio-task.html"]
"""
COURSE = """\
schema: 1
title: A course
units:
  - id: tasks
    title: Tasks
    exercises:
      - {folder: 05_two_calls, title: Two calls, points: 10}
defaults:
  limits: {wall_seconds: 7}
"""
WORLD = """\
class Session:
    def __init__(self, world, key):
        self._world, self.key = world, key

    async def ask(self):
        await self._world.sleep(1)
        return self.key


def build(world, v):
    return {"gives": {"sessions": [Session(world, v.first)], "total": v.a + v.b}}
"""

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
