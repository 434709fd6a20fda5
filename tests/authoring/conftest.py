"""A small course that can be spoiled in one place, and one that can be proved, with solutions."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.record import recorded
from grader.authoring.validate import validate_course
from grader.course.load import load_course
from tests.course.conftest import folder as folder
from tests.course.conftest import spoil as spoil

PROGRAM = """\
import asyncio


async def both(say, a, first, b, second):
    {}
"""
RIGHT = PROGRAM.format("return list(await asyncio.gather(say(a, first), say(b, second)))")
ONE_BY_ONE = PROGRAM.format("return [await say(a, first), await say(b, second)]")


class AtOnce(Executor):
    """Does a job when it is submitted, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def solutions(folder: Path, tmp_path: Path, spoil: Callable[..., Path]) -> Path:
    """The solutions of a course that holds what it promises, and what is possible recorded."""
    spoil("example: wrong/one_by_one.py", "example: one_by_one.py")
    place = tmp_path / "solutions" / folder.name
    (place / "wrong").mkdir(parents=True)
    (place / "reference.py").write_text(RIGHT)
    (place / "accepted_short.py").write_text(RIGHT.replace("list(", "[*").replace("))\n", ")]\n"))
    (place / "wrong" / "one_by_one.py").write_text(ONE_BY_ONE)
    assert recorded(load_course().exercises[0], write=True) == []
    return place


def proved(only: str | None = None, *, write: bool = False) -> list[str]:
    """What `grader validate` tells of the present course; what is possible is recorded anew with `write`."""
    found = validate_course(load_course(), seeds=2, only=only, write=write, pool=lambda workers: AtOnce())
    return [str(problem) for problem in found]
