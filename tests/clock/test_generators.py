"""Async generators that were left unfinished are closed in the order in which they began; what differs between Pythons."""

import asyncio
import gc
import random
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene

loops = pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])


async def numbers(name: int, closed: list[int]) -> AsyncIterator[int]:
    try:
        yield name
        yield name
    finally:
        await asyncio.sleep(0)
        closed.append(name)


@loops
@pytest.mark.parametrize("watched", [False, True])
def test_they_are_closed_in_the_order_in_which_they_began(make_loop: Any, watched: bool) -> None:
    order, closed = random.Random(1).sample(range(40), 40), list[int]()
    kept = [numbers(name, closed) for name in range(40)]

    async def main() -> None:
        for name in order:
            assert await anext(kept[name]) == name

    def run() -> None:
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(main())

    if watched:
        with hygiene(strict=False) as found:
            run()
        assert len(found) == 40
    else:
        run()
    assert closed == order


@loops
def test_one_that_is_gone_is_closed_when_it_goes_and_not_again(make_loop: Any) -> None:
    closed: list[int] = []

    async def main() -> None:
        generator = numbers(1, closed)
        await anext(generator)
        del generator
        gc.collect()
        await asyncio.sleep(1)
        assert closed == [1]
        done = numbers(2, closed)
        assert [each async for each in done] == [2, 2]
        assert len(asyncio.get_running_loop()._asyncgens) == 1  # type: ignore[attr-defined]

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(main())
    assert closed == [1, 2]


@loops
def test_each_loop_has_its_own(make_loop: Any) -> None:
    first, second = make_loop(), make_loop()
    assert first._asyncgens is first._asyncgens is not second._asyncgens
    for loop in (first, second):
        loop.close()


def test_a_coroutine_that_is_waited_for_begins_when_asyncio_of_that_python_has_it_begin() -> None:
    seen: list[str] = []

    async def note(name: str) -> None:
        seen.append(name)

    async def main() -> None:
        task = asyncio.create_task(note("task"))
        await asyncio.wait_for(note("waited for"), 1)
        await task
        other = asyncio.create_task(note("other"))
        async with asyncio.timeout(1):
            await note("within a time-out")
        await other

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
    first = ["task", "waited for"] if sys.version_info < (3, 12) else ["waited for", "task"]
    assert seen == [*first, "within a time-out", "other"]
