"""What a program leaves lying about is found by a loop that stands alone, and named with its line."""

import asyncio
import contextlib
import functools
import gc
import time
import warnings
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any
from unittest import mock

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene
from grader.clock.findings.hygiene import HygieneError

Main = Callable[[], Coroutine[Any, Any, Any]]


def findings(main: Main, make_loop: Any = VirtualLoop) -> list[tuple[str, int, str]]:
    """Of each: its kind, its line counted from the line of `main`, and what is said."""
    with hygiene(strict=False) as found, asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(main())
    first = main.__code__.co_firstlineno
    assert {each.file for each in found} <= {__file__}
    return [(each.kind, each.line - first, each.detail) for each in found]


async def work(seconds: float = 1) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def fail() -> None:
    raise ValueError("no")


async def numbers() -> AsyncGenerator[int, None]:
    for number in range(3):
        yield number


# ---------------------------------------------------------------- what is found


async def never_awaited() -> None:
    work()  # type: ignore[unused-coroutine]


async def orphaned() -> None:
    asyncio.create_task(work(10))  # noqa: RUF006
    await work()


async def lost() -> None:
    asyncio.create_task(fail())  # noqa: RUF006
    await work()


async def unfinished() -> None:
    async for number in numbers():
        if number == 1:
            break


async def unfinished_and_kept() -> AsyncGenerator[int, None]:
    generator = numbers()
    await anext(generator)
    return generator


async def swallows() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(5)


async def swallowed() -> None:
    task = asyncio.create_task(swallows())
    await work()
    task.cancel()
    await task


async def blocked() -> None:
    time.sleep(2.5)  # noqa: ASYNC251


def no_number() -> int:
    raise ZeroDivisionError("no number")


async def failing_callback() -> None:
    asyncio.get_running_loop().call_soon(lambda: no_number())
    await work()


async def failing_callback_without_a_name() -> None:
    asyncio.get_running_loop().call_soon(functools.partial(no_number))
    await work()


async def orphaned_group() -> None:
    asyncio.gather(work(10), work(10))
    await work()


# where it waited for what was cancelled, counted as all of them are
line_of_swallows = swallows.__code__.co_firstlineno + 2 - swallowed.__code__.co_firstlineno
FOUND: dict[Main, list[tuple[str, int, str]]] = {
    never_awaited: [("never_awaited", 1, "work() was never awaited")],
    orphaned: [("orphaned", 1, "the task of work was left running: await it, or cancel it")],
    orphaned_group: [("orphaned", 1, "the task of work was left running: await it, or cancel it")] * 2,
    swallowed: [
        (
            "swallowed_cancel",
            line_of_swallows,
            "the task of swallows was cancelled and went on: raise CancelledError again",
        )
    ],
    blocked: [("blocked", 1, "time.sleep held up the event loop for 2.5 s")],
}


@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
@pytest.mark.parametrize("main", FOUND, ids=lambda main: main.__name__)
def test_it_is_found_at_its_line(main: Main, make_loop: Any) -> None:
    assert findings(main, make_loop) == FOUND[main]


def test_an_exception_that_nobody_looked_at_is_found_where_it_was_raised() -> None:
    detail = "the task of fail failed with ValueError('no'), and nobody looked at it: await it"
    line = fail.__code__.co_firstlineno + 1
    assert findings(lost) == [("lost_exception", line - lost.__code__.co_firstlineno, detail)]


@pytest.mark.parametrize(
    ("main", "who"),
    [
        (failing_callback, "the callback failing_callback.<locals>.<lambda>"),
        (failing_callback_without_a_name, "a callback"),
    ],
    ids=["named", "nameless"],
)
@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
def test_the_exception_of_a_callback_is_found_where_it_was_raised(main: Main, who: str, make_loop: Any) -> None:
    detail = f"{who} failed with ZeroDivisionError('no number'), and nobody can look at it: catch it there"
    line = no_number.__code__.co_firstlineno + 1
    assert findings(main, make_loop) == [("lost_exception", line - main.__code__.co_firstlineno, detail)]


@pytest.mark.parametrize("main", [unfinished, unfinished_and_kept])
def test_a_generator_that_was_not_finished_is_found_where_it_stands(main: Any) -> None:
    ((kind, line, detail),) = findings(main)
    assert (kind, line + main.__code__.co_firstlineno) == ("open_generator", numbers.__code__.co_firstlineno + 2)
    assert detail == "numbers was left unfinished: iterate it in `async with contextlib.aclosing(...)`"


def test_what_is_found_is_an_error_that_says_it_all() -> None:
    async def main() -> None:
        work()  # type: ignore[unused-coroutine]
        asyncio.create_task(work(10))  # noqa: RUF006

    line = main.__code__.co_firstlineno
    expected = (
        "the program leaves something lying about:\n"
        f"  test_hygiene.py, line {line + 1}: work() was never awaited\n"
        f"  test_hygiene.py, line {line + 2}: the task of work was left running: await it, or cancel it"
    )
    with pytest.raises(HygieneError) as error, hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
    assert str(error.value) == expected
    assert [each.kind for each in error.value.findings] == ["never_awaited", "orphaned"]


def test_the_program_s_own_failure_comes_first() -> None:
    with pytest.raises(ValueError, match="^no$"), hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(fail())


# ---------------------------------------------------------------- what is no finding


async def tidy() -> None:
    task = asyncio.create_task(work(10))
    async with asyncio.TaskGroup() as group:
        group.create_task(work())
        group.create_task(asyncio.to_thread(time.sleep, 1))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await asyncio.Event().wait()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(work(5), 1)
    async with contextlib.aclosing(numbers()) as generator:
        await anext(generator)
    failing = asyncio.create_task(fail())
    assert isinstance((await asyncio.gather(failing, return_exceptions=True))[0], ValueError)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def group_whose_child_fails() -> None:
    async def main() -> None:
        with contextlib.suppress(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())

    await main()
    await asyncio.create_task(main())


async def answers_with_another_exception() -> None:
    async def cleans_up() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            raise ValueError("while cleaning up") from None

    task = asyncio.create_task(cleans_up())
    await work()
    task.cancel()
    with pytest.raises(ValueError, match="^while cleaning up$"):
        await task


@pytest.mark.parametrize("main", [group_whose_child_fails, answers_with_another_exception])
def test_a_cancellation_that_ended_what_it_should_is_not_swallowed(main: Main) -> None:
    assert findings(main) == []


def test_tasks_keep_their_names() -> None:
    async def main() -> list[str]:
        tasks = [asyncio.create_task(work()), asyncio.create_task(work(), name="second")]
        await asyncio.wait(tasks)
        return [task.get_name().rstrip("0123456789") for task in tasks]

    with hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == ["Task-", "second"]


@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
def test_a_tidy_program_is_told_nothing(make_loop: Any) -> None:
    assert findings(tidy, make_loop) == []


def test_a_task_that_goes_on_in_the_next_run_is_no_orphan() -> None:
    async def begin() -> "asyncio.Task[float]":
        return asyncio.create_task(work(5))

    async def end(task: "asyncio.Task[float]") -> float:
        return await task

    with hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(end(runner.run(begin()))) == 5


def test_afterwards_everything_is_as_it_was() -> None:
    before = warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]
    with contextlib.suppress(HygieneError), hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(never_awaited())
    assert warnings._warn_unawaited_coroutine is before  # type: ignore[attr-defined]
    loop = VirtualLoop()
    assert loop.get_task_factory() is None
    loop.close()


def _noted(seen: list[bool], sought: object, objects: list[object]) -> list[object]:
    seen.append(any(each is sought for each in objects))
    return objects


@pytest.mark.parametrize("frozen", [False, True], ids=["all is looked through", "a part is frozen"])
def test_what_was_there_before_is_not_looked_through_and_stays_as_it_was(frozen: bool) -> None:
    gc.unfreeze()
    if frozen:
        gc.freeze()
    before = [[number] for number in range(1000)]
    seen, objects = list[bool](), gc.get_objects
    with mock.patch.object(gc, "get_objects", side_effect=lambda: _noted(seen, before, objects())), hygiene():
        assert any(each is before for each in objects()) == frozen
    assert set(seen) == {frozen}
    assert any(each is before for each in gc.get_objects())
    assert bool(gc.get_freeze_count()) == frozen
    gc.freeze()  # for the tests that follow
