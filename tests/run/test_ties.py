"""Operations take the place of `asyncio.sleep` of the same length, ties included."""

import random

import pytest

from grader.referee.record import Record
from tests.staging import in_process, staged, waiting

PROGRAM = """
import asyncio, random

def plan(r):
    kinds = ("wait", "wait", "timer", "timeout", "later", "cancel")
    return [(r.choice((1, 2, 3)), r.choice(kinds), r.randrange(2), r.choice((1, 2, 3))) for _ in range(r.randrange(1, 5))]

async def main(op, seed, real):
    r, log = random.Random(seed), []
    plans = [plan(r) for _ in range(r.randrange(2, 6))]
    loop = asyncio.get_running_loop()
    def wait(mix, seconds):
        return asyncio.sleep(seconds) if real or not mix else op(seconds)
    async def step(name, n, delay, kind, mix, other):
        if kind == "later":
            loop.call_later(delay, log.append, ("later", name, n))
        if kind == "timeout":
            async with asyncio.timeout(other):
                await wait(mix, delay)
        elif kind == "cancel":
            task = asyncio.create_task(wait(mix, delay))
            await wait(mix ^ 1, other)
            log.append(task.cancel())
            await task
        else:
            await wait(mix, delay)
    async def one(name, steps):
        for n, rest in enumerate(steps):
            try:
                await step(name, n, *rest)
                log.append((loop.time(), name, n))
            except (TimeoutError, asyncio.CancelledError) as error:
                log.append((loop.time(), name, n, type(error).__name__))
    await asyncio.gather(*(one(name, steps) for name, steps in enumerate(plans)))
    return log
"""


def play(seed: int, real: bool) -> Record:
    return in_process(PROGRAM, staged(lambda world: [waiting(world), seed, real], records=("op",)))


@pytest.mark.parametrize("block", range(5))
def test_random_programs_have_the_same_order_of_events_with_operations_as_with_sleeps(block: int) -> None:
    seeds = random.Random(block).sample(range(10**6), 40)
    different = [seed for seed in seeds if play(seed, True).outcome != play(seed, False).outcome]
    assert different == []
