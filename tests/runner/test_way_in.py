"""What a coroutine leaves behind when it returns is ended as `asyncio.run` ends it; where nothing is left, nothing is done."""

import asyncio
import contextlib
import io
from typing import Any

import pytest

from grader.runner import way_in
from tests.staging import in_process, staged

PROGRAM = """
import asyncio, threading

over = threading.Event()

async def numbers():
    try:
        yield 1
        yield 2
    finally:
        print("generator closed")

async def sleeper():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("task cancelled")
        raise

def slow():
    over.wait()
    print("thread done")

async def main():
    loop = asyncio.get_running_loop()
    {body}
    print("returned")
    over.set()
"""
BODIES = {
    "nothing": "pass",
    "a callback": "loop.call_soon(print, 'called')",
    "a callback that calls another": "loop.call_soon(loop.call_soon, print, 'called')",
    "a timer that is due": "loop.call_later(0, print, 'due')",
    "a timer that is not due": "loop.call_later(100, print, 'due')",
    "a timer that was cancelled": "loop.call_later(0, print, 'due').cancel()",
    "a task": "task = asyncio.create_task(sleeper()); await asyncio.sleep(0)",
    "a task that had no turn": "task = asyncio.create_task(sleeper())",
    "a generator": "generator = numbers(); await anext(generator)",
    "a thread of the loop's pool": "loop.run_in_executor(None, slow)",
}


def by_asyncio(source: str) -> str:
    module: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(source, module)
        asyncio.run(module["main"]())
    return printed.getvalue()


@pytest.mark.parametrize("left", BODIES)
def test_what_is_left_behind_ends_as_asyncio_ends_it(left: str) -> None:
    source = PROGRAM.format(body=BODIES[left])
    assert in_process(source, staged(lambda world: [])).facts.output == by_asyncio(source)


def turns(left: str) -> int:
    return in_process(PROGRAM.format(body=BODIES[left]), staged(lambda world: [])).facts.turns


def test_a_loop_with_nothing_left_is_not_run_again() -> None:
    assert turns("nothing") == turns("a callback") == turns("a timer that was cancelled") == 2
    for left in ("a callback that calls another", "a timer that is not due", "a task", "a generator"):
        assert turns(left) > 2, left


def test_the_frame_below_which_no_line_is_the_learners_is_that_of_the_way_in() -> None:
    assert way_in.BENEATH is way_in.run.__code__
