"""A learner's file is loaded when the clock stands already: wherever it puts a function of time, that is the clock's."""

from collections.abc import Callable

import pytest

from grader.referee.record import Record
from tests.staging import in_child, in_process, staged, waiting

PROGRAM = """
import asyncio, datetime, functools, time
from dataclasses import dataclass, field
from time import monotonic as tick

LONG = [time.monotonic] * 1000
BY_NAME = {"now": time.monotonic}
now = functools.partial(time.monotonic)
date = datetime.datetime.now

class Watch:
    __slots__ = ("own",)
    tick = time.monotonic
    def __init__(self):
        self.own = time.monotonic

@dataclass
class Stamp:
    at: float = field(default_factory=time.monotonic)

def by_default(now=time.monotonic, *, again=time.monotonic):
    return now() - again()

def made(now):
    return lambda: now()

closed, watch = made(time.monotonic), Watch()

async def main(op, asked=time.monotonic):
    start, day = asked(), date()
    await op(7)
    told = [tick(), LONG[500](), BY_NAME["now"](), now(), closed(), asked()]
    told += [Watch.tick(), watch.tick(), watch.own(), Stamp().at]
    return sorted({round(each - start, 6) for each in told}), by_default(), (date() - day).total_seconds()
"""


@pytest.mark.parametrize("play", [in_process, in_child], ids=["in-process", "child"])
def test_wherever_a_learner_keeps_a_function_of_time_it_is_the_clock_s(play: Callable[..., Record]) -> None:
    record = play(PROGRAM, staged(lambda world: [waiting(world)], records=("op",)))
    assert record.outcome.value == ([7.0], 0, 7.0)
