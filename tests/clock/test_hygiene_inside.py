"""A loop that runs already is watched for the time of a `with` inside of it, and goes on as it was."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene
from grader.clock.findings.hygiene import Finding, HygieneError

Main = Callable[[], Coroutine[Any, Any, Any]]


def inside(main: Main, make_loop: Any = VirtualLoop) -> list[tuple[str, str]]:
    """Of each that is found in the time of `main`: its kind, and what is said. What is still running then goes on."""

    async def test() -> list[Finding]:
        with hygiene(strict=False) as found:
            await main()
        at_the_end = list(found)
        await asyncio.sleep(100)
        assert found == at_the_end
        return found

    with asyncio.Runner(loop_factory=make_loop) as runner:
        return [(each.kind, each.detail) for each in runner.run(test())]


async def work(seconds: float = 1) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def fail() -> None:
    raise ValueError("no")


async def numbers() -> AsyncGenerator[int, None]:
    for number in range(3):
        yield number


async def swallows() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(5)


# ---------------------------------------------------------------- what is found


async def never_awaited() -> None:
    work()  # type: ignore[unused-coroutine]


async def orphaned() -> None:
    asyncio.create_task(work(10))  # noqa: RUF006


async def outlives_its_group() -> None:
    with contextlib.suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
    await work(10)


async def orphaned_after_its_group() -> None:
    asyncio.create_task(outlives_its_group())  # noqa: RUF006
    await work()


async def lost() -> None:
    asyncio.create_task(fail())  # noqa: RUF006
    await work()


async def unfinished() -> None:
    async for _ in numbers():
        break


async def swallowed() -> None:
    task = asyncio.create_task(swallows())
    await work()
    task.cancel()
    await task


async def swallowed_just_now() -> None:
    task = asyncio.create_task(swallows())
    await work()
    task.cancel()
    await asyncio.sleep(0)


async def blocked() -> None:
    time.sleep(2.5)  # noqa: ASYNC251


SWALLOWED = "the task of swallows was cancelled and went on: raise CancelledError again"
FOUND: dict[Main, tuple[str, str]] = {
    never_awaited: ("never_awaited", "work() was never awaited"),
    orphaned: ("orphaned", "the task of work was left running: await it, or cancel it"),
    orphaned_after_its_group: (
        "orphaned",
        "the task of outlives_its_group was left running: await it, or cancel it",
    ),
    lost: ("lost_exception", "the task of fail failed with ValueError('no'), and nobody looked at it: await it"),
    unfinished: (
        "open_generator",
        "numbers was left unfinished: iterate it in `async with contextlib.aclosing(...)`",
    ),
    swallowed: ("swallowed_cancel", SWALLOWED),
    swallowed_just_now: ("swallowed_cancel", SWALLOWED),
    blocked: ("blocked", "time.sleep held up the event loop for 2.5 s"),
}


@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
@pytest.mark.parametrize("main", FOUND, ids=lambda main: main.__name__)
def test_it_is_found_in_a_loop_that_runs_already(main: Main, make_loop: Any) -> None:
    assert inside(main, make_loop) == [FOUND[main]]


def test_what_is_found_is_raised_where_the_time_ends() -> None:
    async def test() -> None:
        with pytest.raises(HygieneError, match="the task of work was left running"), hygiene():
            await orphaned()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(test())


# ---------------------------------------------------------------- what is no finding


async def tidy() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(work())
    async with contextlib.aclosing(numbers()) as generator:
        await anext(generator)


async def cancelled_and_not_awaited() -> None:
    task = asyncio.create_task(work(10))
    await work()
    task.cancel()


async def done_just_now() -> None:
    asyncio.create_task(asyncio.sleep(0))  # noqa: RUF006
    await asyncio.sleep(0)
    await asyncio.sleep(0)


@pytest.mark.parametrize("main", [tidy, cancelled_and_not_awaited, done_just_now])
def test_a_tidy_program_is_told_nothing(main: Main) -> None:
    assert inside(main) == []


def test_what_was_there_before_and_what_comes_after_is_not_watched() -> None:
    async def test() -> None:
        before = asyncio.create_task(work(10))
        generator = numbers()
        await anext(generator)
        with hygiene():
            await work()
        after = asyncio.create_task(swallows())
        await work()
        after.cancel()
        await asyncio.wait([before, after])

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(test())


def test_a_task_within_which_the_time_ends_is_not_left_running() -> None:
    watch = hygiene()

    async def begin() -> None:
        watch.__enter__()

    async def end() -> None:
        watch.__exit__(None, None, None)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(begin())
        runner.run(end())


def what_is_replaced(loop: Any) -> list[Any]:
    names = (
        "call_exception_handler",
        "_asyncgen_firstiter_hook",
        "_asyncgen_finalizer_hook",
        "shutdown_asyncgens",
        "run_forever",
        "set_task_factory",
        "get_task_factory",
    )
    hooks = tuple(sys.get_asyncgen_hooks())
    own = [name in vars(loop) for name in names]
    return [loop._task_factory, loop.clock.on_block, hooks, *(getattr(loop, name) for name in names), own]


@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
def test_afterwards_the_loop_is_as_it_was(make_loop: Any) -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        before = what_is_replaced(loop)
        with hygiene(strict=False):
            during = what_is_replaced(loop)
            with hygiene(strict=False) as found:
                asyncio.create_task(work())  # noqa: RUF006
            assert [each.kind for each in found] == ["orphaned"]
            assert what_is_replaced(loop) == during
        assert what_is_replaced(loop) == before
        assert all(old != new for old, new in zip(before, during, strict=True))

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(test())


def test_a_task_factory_of_the_program_s_own_is_left_to_it() -> None:
    def factory(loop: Any, coro: Any, **options: Any) -> Any:
        return asyncio.Task(coro, loop=loop, **options)

    async def test() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(factory)
        with hygiene():
            assert loop.get_task_factory() is factory
            loop.set_task_factory(None)
            assert loop.get_task_factory() is None
        assert loop.get_task_factory() is None

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(test())


def test_a_loop_that_is_not_on_a_clock_is_left_alone() -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        with hygiene():
            assert loop.get_task_factory() is None

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(test())
