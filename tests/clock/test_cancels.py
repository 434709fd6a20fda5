"""A cancellation that a task's own group asks for is told from one by somebody else, alike on every Python."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.findings.cancels import CountedTask

Main = Callable[[], Coroutine[Any, Any, Any]]


def after(main: Main, cancelled_at: float | None = None) -> tuple[bool, bool]:
    """Whether the task of `main` was cancelled, and whether it was asked to end by anybody but its groups."""

    async def outside() -> tuple[bool, bool]:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(lambda loop, coro, **options: CountedTask(coro, loop=loop, **options))
        task = loop.create_task(main())
        assert isinstance(task, CountedTask)
        if cancelled_at is not None:
            loop.call_later(cancelled_at, task.cancel)
        await asyncio.wait([task])
        return task.cancelled(), task.asked_to_end()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(outside())


async def fail() -> None:
    await asyncio.sleep(1)
    raise ValueError("no")


async def a_child_fails_at_the_end_of_its_group() -> None:
    with contextlib.suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())


async def a_child_fails_in_the_body_of_its_group() -> None:
    with contextlib.suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            await asyncio.sleep(9)


async def an_outer_child_fails_while_the_inner_group_ends() -> None:
    with contextlib.suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fail())
            async with asyncio.TaskGroup() as inner:
                inner.create_task(asyncio.sleep(9))


GROUPS = [
    a_child_fails_at_the_end_of_its_group,
    a_child_fails_in_the_body_of_its_group,
    an_outer_child_fails_while_the_inner_group_ends,
]


@pytest.mark.parametrize("main", GROUPS, ids=lambda main: main.__name__)
def test_what_a_group_asks_of_its_parent_is_nobody_s_request(main: Main) -> None:
    assert after(main) == (False, False)


@pytest.mark.parametrize("main", GROUPS, ids=lambda main: main.__name__)
def test_a_request_that_comes_after_that_of_a_group_counts(main: Main) -> None:
    async def goes_on() -> None:
        await main()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(9)

    assert after(goes_on) == (False, False)
    assert after(goes_on, cancelled_at=2) == (False, True)


def test_a_request_that_is_taken_back_does_not_count() -> None:
    async def taken_back() -> None:
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()

    assert after(taken_back, cancelled_at=1) == (False, False)


def test_a_group_that_is_left_by_hand_leaves_no_credit_for_the_next_request() -> None:
    async def main() -> None:
        await a_child_fails_at_the_end_of_its_group()
        task = asyncio.current_task()
        assert task is not None
        while task.cancelling():
            task.uncancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(9)

    assert after(main, cancelled_at=2) == (False, True)


def test_what_a_group_s_parent_awaits_is_cancelled_by_somebody_else() -> None:
    children: list[Any] = []

    async def swallows() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(9)

    async def main() -> None:
        children.append(asyncio.create_task(swallows()))
        with contextlib.suppress(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                await asyncio.gather(*children)

    assert after(main) == (False, False)
    assert [(child.cancelled(), child.asked_to_end()) for child in children] == [(False, True)]


def test_a_task_without_a_name_gets_one_of_asyncio_s() -> None:
    async def main() -> tuple[str, str]:
        asyncio.get_running_loop().set_task_factory(
            lambda loop, coro, **options: CountedTask(coro, loop=loop, **options)
        )
        nameless, named = asyncio.create_task(fail()), asyncio.create_task(fail(), name="second")
        await asyncio.wait([nameless, named])
        assert [type(task.exception()) for task in (nameless, named)] == [ValueError, ValueError]
        return nameless.get_name().rstrip("0123456789"), named.get_name()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == ("Task-", "second")
