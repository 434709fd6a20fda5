"""A small course as text, and a world that needs no clock."""

import types
from collections.abc import Generator

from grader.referee.world import World

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


@types.coroutine
def _pause() -> Generator[None, None, None]:
    yield


class QuietWorld(World):
    """A world whose sleeps are noted and end when the test says so."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await _pause()

    def error(self, name: str, base: type[Exception]) -> type[Exception]:
        return type(name, (base,), {})
