"""A cancellation that is swallowed within a cancel scope of anyio's is found, and a right program is told nothing."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from grader.clock import VirtualLoop, hygiene

Main = Callable[[], Coroutine[Any, Any, Any]]


def found(main: Main) -> list[tuple[int, str]]:
    """Of each finding its line, and what is said."""
    anyios = contextlib.suppress(asyncio.CancelledError)  # it lets one out where time-outs of both kinds meet
    with hygiene(strict=False) as findings, anyios, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
    assert {each.kind for each in findings} <= {"swallowed_cancel"}, findings
    return [(each.line, each.detail) for each in findings]


async def careless() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await anyio.sleep(5)


async def careless_of_a_stream() -> None:
    send, receive = anyio.create_memory_object_stream[int](1)
    with send, receive, contextlib.suppress(asyncio.CancelledError):
        await receive.receive()


LINE = careless.__code__.co_firstlineno + 2
WENT_ON = "and went on: raise CancelledError again"
IN_SCOPE = (LINE, f"careless was to end with its cancel scope {WENT_ON}")

# ---------------------------------------------------------------- swallowed


async def moved_on() -> None:
    with anyio.move_on_after(1):
        await careless()


async def no_time_out() -> None:
    with anyio.fail_after(1):
        await careless()


async def cancelled_scope() -> None:
    with anyio.CancelScope() as scope:
        asyncio.get_running_loop().call_later(1, scope.cancel)
        await careless()


async def cancelled_before() -> None:
    with anyio.CancelScope() as scope:
        scope.cancel()
        await careless()


async def in_the_body_of_a_group() -> None:
    async with anyio.create_task_group() as tasks:
        asyncio.get_running_loop().call_later(1, tasks.cancel_scope.cancel)
        await careless()


async def of_the_outer_scope() -> None:
    with anyio.move_on_after(1), anyio.move_on_after(9):
        await careless()


async def after_a_right_one() -> None:
    with anyio.move_on_after(3):
        with anyio.move_on_after(1):
            await anyio.sleep(9)
        await careless()


IN_SCOPES = [
    moved_on,
    no_time_out,
    cancelled_scope,
    cancelled_before,
    in_the_body_of_a_group,
    of_the_outer_scope,
    after_a_right_one,
]


@pytest.mark.parametrize("main", IN_SCOPES, ids=lambda main: main.__name__)
def test_who_swallows_the_end_of_a_scope_is_named(main: Main) -> None:
    assert found(main) == [IN_SCOPE]


def test_so_is_who_waits_for_what_is_in_a_package() -> None:
    async def main() -> None:
        with anyio.move_on_after(1):
            await careless_of_a_stream()

    line = careless_of_a_stream.__code__.co_firstlineno + 3
    assert found(main) == [(line, f"careless_of_a_stream was to end with its cancel scope {WENT_ON}")]


def test_a_task_of_a_group_is_called_by_the_function_that_swallowed() -> None:
    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(careless)
            await anyio.sleep(1)
            tasks.cancel_scope.cancel()

    assert found(main) == [(LINE, f"the task of careless was cancelled {WENT_ON}")]


# ---------------------------------------------------------------- right


async def cleans_up() -> None:
    try:
        await anyio.sleep(9)
    except asyncio.CancelledError:
        with anyio.CancelScope(shield=True):
            await anyio.sleep(1)
        raise


async def raises_again() -> None:
    with anyio.move_on_after(1):
        await cleans_up()
    with pytest.raises(TimeoutError), anyio.fail_after(1):
        await cleans_up()


async def hears_again_at_the_next_wait() -> None:
    with anyio.move_on_after(1):
        await careless()
        await anyio.lowlevel.checkpoint()


async def ends_another_task() -> None:
    async def work() -> None:
        try:
            await anyio.sleep(9)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(2)

    with anyio.move_on_after(1):
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def ends_others() -> None:
    for wait in (asyncio.gather, asyncio.shield, lambda task: asyncio.wait_for(task, 5)):
        with anyio.move_on_after(1):
            task = asyncio.create_task(asyncio.sleep(9))
            with contextlib.suppress(asyncio.CancelledError):
                await wait(task)
        task.cancel()
        await asyncio.sleep(0)


async def ends_a_future() -> None:
    with anyio.move_on_after(1):
        future = asyncio.get_running_loop().create_future()
        with contextlib.suppress(asyncio.CancelledError):
            await future


async def time_outs_of_both_kinds() -> None:
    with anyio.move_on_after(1), contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await anyio.sleep(9)
    with anyio.move_on_after(1), contextlib.suppress(TimeoutError):
        await asyncio.wait_for(anyio.sleep(9), 1)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            with anyio.move_on_after(1):
                await anyio.sleep(9)


async def at_once_in_both_scopes() -> None:
    with anyio.move_on_after(1), anyio.move_on_after(1):
        await anyio.sleep(9)


async def a_group_that_fails() -> None:
    async def fail() -> None:
        await anyio.sleep(1)
        raise ValueError("no")

    with contextlib.suppress(ExceptionGroup):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(fail)
            tasks.start_soon(cleans_up)
            await anyio.sleep(9)


async def a_handle() -> None:
    async with anyio.create_task_group() as tasks:
        handle = tasks.create_task(cleans_up())
        await anyio.sleep(1)
        handle.cancel()


async def an_item_that_came_at_the_last_moment() -> None:
    send, receive = anyio.create_memory_object_stream[int](1)
    with send, receive:
        asyncio.get_running_loop().call_later(1, send.send_nowait, 1)
        with anyio.move_on_after(1):
            await receive.receive()


RIGHT = [
    raises_again,
    hears_again_at_the_next_wait,
    ends_another_task,
    ends_others,
    ends_a_future,
    time_outs_of_both_kinds,
    at_once_in_both_scopes,
    a_group_that_fails,
    a_handle,
    an_item_that_came_at_the_last_moment,
]


@pytest.mark.parametrize("main", RIGHT, ids=lambda main: main.__name__)
def test_a_right_program_is_told_nothing(main: Main) -> None:
    assert found(main) == []


# ---------------------------------------------------------------- any right program


class Program:
    """Scopes, groups, time-outs of both kinds and shields within each other, with the same few lengths, so that ends meet."""

    def __init__(self, seed: int) -> None:
        self.draw, self.scopes = random.Random(seed), list[anyio.CancelScope]()

    async def main(self) -> None:
        for _ in range(4):
            with contextlib.suppress(TimeoutError, ExceptionGroup):
                await self.step(4)

    async def step(self, depth: int) -> None:
        kinds = (
            [self.sleep, self.cancel] if depth == 0 else [self.scope, self.group, self.time_out, self.shield, self.end]
        )
        for _ in range(self.draw.randint(1, 2)):
            await self.draw.choice(kinds)(depth - 1)

    def seconds(self) -> int:
        return self.draw.randint(0, 3)

    async def sleep(self, depth: int) -> None:
        await anyio.sleep(self.seconds())

    async def cancel(self, depth: int) -> None:
        if self.scopes:
            self.draw.choice(self.scopes).cancel()
        await asyncio.sleep(self.seconds())

    async def scope(self, depth: int) -> None:
        with anyio.move_on_after(self.seconds()) as scope:
            self.scopes.append(scope)
            await self.step(depth)

    async def group(self, depth: int) -> None:
        async with anyio.create_task_group() as tasks:
            self.scopes.append(tasks.cancel_scope)
            for _ in range(2):
                tasks.start_soon(self.child, depth)
            await self.step(depth)

    async def child(self, depth: int) -> None:
        with contextlib.suppress(TimeoutError, ExceptionGroup):
            await self.step(depth)

    async def time_out(self, depth: int) -> None:
        with contextlib.suppress(TimeoutError):
            if self.draw.random() < 0.5:
                async with asyncio.timeout(self.seconds()):
                    await self.step(depth)
            else:
                with anyio.fail_after(self.seconds()):
                    await self.step(depth)

    async def shield(self, depth: int) -> None:
        with anyio.CancelScope(shield=True):
            await self.step(depth)

    async def end(self, depth: int) -> None:
        try:
            await self.step(depth)
        except asyncio.CancelledError:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(self.seconds())
            raise


@pytest.mark.parametrize("seeds", [range(50), pytest.param(range(50, 100), marks=pytest.mark.slow)], ids=str)
def test_no_right_program_of_any_shape_is_told_anything(seeds: range) -> None:
    for seed in seeds:
        assert found(Program(seed).main) == [], seed
