"""A program that is not over when its time is: who waits for ever is told beside who goes on, wherever it is played."""

from collections.abc import Callable

import pytest

from grader.course.model import Limits
from grader.referee.record import Record
from tests.staging import in_child, in_process, staged

PROGRAM = """
import asyncio
async def beat():
    while True:
        await asyncio.sleep(10)
async def poll(jobs):
    while True:
        try:
            async with asyncio.timeout(5):
                await jobs.get()
        except TimeoutError:
            pass
async def main():
    jobs, done = asyncio.Queue(), asyncio.Event()
    tasks = [asyncio.create_task(beat()), asyncio.create_task(poll(jobs))]
    await done.wait()
"""


@pytest.mark.parametrize("play", [in_process, in_child])
def test_who_waits_is_told_with_the_reason_and_who_goes_on_with_none(play: Callable[..., Record]) -> None:
    limits = Limits(virtual_seconds=100)
    record = play(PROGRAM, staged(lambda world: [], limits=limits), limits)
    assert (record.outcome.kind, record.outcome.detail) == ("virtual_limit", "virtual_seconds")
    assert [(one.function, one.line, one.waits_for) for one in record.facts.waiting] == [
        ("beat", 5, "the end of a sleep of 10 s"),
        ("poll", 10, "an item from Queue 'jobs', with a time-out"),
        ("main", 16, "Event 'done': nothing that runs can set it"),
    ]
