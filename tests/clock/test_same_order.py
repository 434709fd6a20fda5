"""Any program of tasks runs on the clock in the order in which it runs on asyncio's own loop, however its turns are taken."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.clock import VirtualLoop
from grader.clock.over import DeadlockError
from tests.clock.oracle import Oracle, Stuck
from tests.clock.programs import Trace, play, random_program

anything = given(st.randoms(use_true_random=False))
enough = settings(suppress_health_check=list(HealthCheck))


def general() -> VirtualLoop:
    """A loop that takes one turn at a time."""
    loop = VirtualLoop()
    loop.on_callback = lambda tick, handle: None
    return loop


def on_the_clock(program: Any, make_loop: Any = VirtualLoop, debug: bool = False) -> Trace:
    return play(program, make_loop, DeadlockError, debug)


@enough
@example(Random(1))
@example(Random(2))
@anything
def test_the_order_is_that_of_asyncio(random: Random) -> None:
    program = random_program(random)
    assert on_the_clock(program) == play(program, Oracle, Stuck)


@enough
@anything
def test_debug_mode_and_turns_one_by_one_change_nothing(random: Random) -> None:
    program = random_program(random)
    expected = on_the_clock(program)
    assert on_the_clock(program, debug=True) == expected
    assert on_the_clock(program, general) == expected
    assert on_the_clock(program, general, debug=True) == expected


@pytest.mark.parametrize("first", range(0, 1000, 100))
def test_a_thousand_programs_in_the_order_of_asyncio(first: int) -> None:
    for seed in range(first, first + 100):
        program = random_program(Random(seed))
        assert on_the_clock(program) == play(program, Oracle, Stuck), seed


@pytest.mark.parametrize("make_loop", [VirtualLoop, general, Oracle])
def test_who_gathers_what_has_ended_goes_on_at_once_since_3_12(make_loop: Any) -> None:
    seen: list[str] = []

    async def other() -> None:
        seen.append("other")

    async def main() -> None:
        ended = asyncio.create_task(asyncio.sleep(0))
        await ended
        begun = asyncio.create_task(other())
        await asyncio.gather(ended)
        seen.append("gathered")
        await begun

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(main())
    assert seen == (["gathered", "other"] if sys.version_info >= (3, 12) else ["other", "gathered"])


def _kinds(steps: Any) -> Iterator[str]:
    """The names in nested lists and tuples."""
    if isinstance(steps, str):
        yield steps
    elif isinstance(steps, list | tuple):
        for step in steps:
            yield from _kinds(step)


def test_the_programs_do_what_they_are_to_do() -> None:
    done: Counter[str] = Counter()
    for seed in range(300):
        done.update({what.partition(":")[0] for _, _, what in play(random_program(Random(seed)), Oracle, Stuck)})
    kinds = {kind for program in map(random_program, map(Random, range(50))) for kind in _kinds(program)}
    assert len(kinds) == 21
    assert {kind for kind in kinds - {"fail"} if done[f"after {kind}"] < 5} == set()
    assert {end for end in ("TimeoutError", "CancelledError", "ExceptionGroup", "stuck") if done[end] < 5} == set()


def test_the_oracle_tells_time_and_order_apart() -> None:
    async def main() -> list[tuple[str, float]]:
        loop, seen = asyncio.get_running_loop(), list[tuple[str, float]]()
        for name, delay in (("late", 2), ("first", 1), ("second", 1)):
            loop.call_later(delay, lambda name=name: seen.append((name, loop.time())))  # type: ignore[misc]
        await asyncio.sleep(3)
        return seen

    with asyncio.Runner(loop_factory=Oracle) as runner:
        assert runner.run(main()) == [("first", 1), ("second", 1), ("late", 2)]
    with pytest.raises(Stuck), asyncio.Runner(loop_factory=Oracle) as runner:
        runner.run(asyncio.Event().wait())
