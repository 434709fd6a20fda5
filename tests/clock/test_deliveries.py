"""A cancellation that was swallowed is found at the line that waited when it came, in the function that caught it."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from grader.clock import VirtualLoop, hygiene
from grader.clock.findings.deliveries import DeliveredTask
from tests.clock.installed import installed

Main = Callable[[], Coroutine[Any, Any, Any]]


@pytest.fixture(scope="module")
def courier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with installed(tmp_path_factory.mktemp("installed")) as module:
        yield module


def swallowed(main: Main) -> list[tuple[int, str]]:
    """Of each cancellation that was: its line in this file, and what is said; nothing else is found."""
    with hygiene(strict=False) as found, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
    assert {(each.kind, Path(each.file).name) for each in found} <= {("swallowed_cancel", Path(__file__).name)}, found
    return [(each.line, each.detail) for each in found]


def line(function: Any, number: int) -> int:
    """The `number`th of that function."""
    found: int = function.__code__.co_firstlineno + number
    return found


def cancelled(task: str) -> str:
    return f"the task of {task} was cancelled and went on: raise CancelledError again"


def late(function: str) -> str:
    return f"{function} was to end at a time-out and went on: raise CancelledError again"


async def careless() -> str:
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        return "swallowed"
    return "slept"


async def suppressing() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(5)


async def returning_in_the_end() -> None:
    try:
        await asyncio.sleep(5)
    finally:
        return  # noqa: B012


async def deeper() -> str:
    return await careless()


async def going_on() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(5)
    await asyncio.sleep(1)
    await asyncio.sleep(1)


@contextlib.contextmanager
def forgiving() -> Iterator[None]:
    with contextlib.suppress(asyncio.CancelledError):
        yield


@contextlib.asynccontextmanager
async def forgiving_too() -> AsyncIterator[None]:
    with contextlib.suppress(asyncio.CancelledError):
        yield


async def forgiven() -> None:
    with forgiving():
        await asyncio.sleep(5)


async def forgiven_too() -> None:
    async with forgiving_too():
        await asyncio.sleep(5)


CARELESS: dict[Any, int] = {
    careless: 2,
    suppressing: 2,
    returning_in_the_end: 2,
    going_on: 2,
    forgiven: 2,
    forgiven_too: 2,
}
many = pytest.mark.parametrize("what", CARELESS, ids=lambda what: what.__name__)


# ---------------------------------------------------------------- what is found


@many
def test_what_somebody_asked_and_a_task_caught_is_found_where_it_came(what: Any) -> None:
    async def main() -> None:
        task = asyncio.create_task(what())
        await asyncio.sleep(1)
        task.cancel()
        await task

    assert swallowed(main) == [(line(what, CARELESS[what]), cancelled(what.__name__))]


@many
def test_what_a_time_out_asked_is_found_too(what: Any) -> None:
    async def main() -> None:
        async with asyncio.timeout(1):
            await what()

    assert swallowed(main) == [(line(what, CARELESS[what]), late(what.__name__))]


@many
def test_and_what_wait_for_asked_on_every_python(what: Any) -> None:
    async def main() -> None:
        with contextlib.suppress(TimeoutError):  # that of 3.11 has its own task, and says so in the end
            await asyncio.wait_for(what(), 1)

    said = cancelled(what.__name__) if sys.version_info < (3, 12) else late(what.__name__)
    assert swallowed(main) == [(line(what, CARELESS[what]), said)]


def test_the_function_that_caught_it_is_named_and_not_the_one_that_awaits_it() -> None:
    async def main() -> None:
        async with asyncio.timeout(1):
            await deeper()

    assert swallowed(main) == [(line(careless, 2), late("careless"))]


def test_where_a_package_caught_it_the_user_s_line_is_named(courier: Any) -> None:
    async def user() -> None:
        await courier.Client().careless()

    async def main() -> None:
        task = asyncio.create_task(user())
        await asyncio.sleep(1)
        task.cancel()
        await task

    assert swallowed(main) == [(line(user, 1), cancelled(user.__qualname__))]


def test_of_a_package_s_task_it_is_the_line_that_made_it(courier: Any) -> None:
    async def main() -> None:
        task = asyncio.create_task(courier.Client().careless())
        await asyncio.sleep(1)
        task.cancel()
        await task

    assert swallowed(main) == [(line(main, 1), cancelled("Client.careless"))]


def test_only_the_task_that_caught_it_is_named_and_not_those_that_wait_for_that() -> None:
    async def outer(inner: "asyncio.Task[str]") -> None:
        await inner

    async def main() -> None:
        inner = asyncio.create_task(careless())
        task = asyncio.create_task(outer(inner))
        await asyncio.sleep(1)
        task.cancel()
        await task

    assert swallowed(main) == [(line(careless, 2), cancelled("careless"))]


def test_a_cancellation_from_elsewhere_within_a_time_out_is_found() -> None:
    async def within() -> None:
        async with asyncio.timeout(10):
            await suppressing()

    async def main() -> None:
        task = asyncio.create_task(within())
        await asyncio.sleep(1)
        task.cancel()
        await task

    assert swallowed(main) == [(line(suppressing, 2), cancelled(within.__qualname__))]


def test_a_time_out_around_one_that_was_kept_is_found_if_it_was_not_kept() -> None:
    async def main() -> None:
        async with asyncio.timeout(3):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await asyncio.Event().wait()
            await suppressing()

    assert swallowed(main) == [(line(suppressing, 2), late("suppressing"))]


def test_it_is_found_of_a_task_that_is_still_running_in_the_end() -> None:
    async def runs() -> None:
        async with asyncio.timeout(1):
            await suppressing()
        await asyncio.sleep(100)

    async def main() -> list[Any]:
        with hygiene(strict=False) as found:
            task = asyncio.create_task(runs())
            await asyncio.sleep(2)
            task.cancel()
        return found

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        found = runner.run(main())
    assert [(each.line, each.detail) for each in found] == [(line(suppressing, 2), late("suppressing"))]


# ---------------------------------------------------------------- what is no finding


async def kept() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await asyncio.Event().wait()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 1)


async def cleaned_up() -> None:
    async def cleans_up() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            await asyncio.sleep(1)
            raise

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await cleans_up()
    task = asyncio.create_task(cleans_up())
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.wait([task])


async def answered_with_another_exception() -> None:
    async def answers() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            raise ValueError("while cleaning up") from None

    with contextlib.suppress(ValueError, TimeoutError):
        async with asyncio.timeout(1):
            await answers()
    with contextlib.suppress(ValueError, TimeoutError):
        await asyncio.wait_for(answers(), 1)


async def two_time_outs_at_once() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1), asyncio.timeout(1):
            await asyncio.Event().wait()


async def in_time_to_the_tick() -> None:
    async with asyncio.timeout(1):
        await asyncio.shield(asyncio.create_task(asyncio.sleep(0.5)))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await asyncio.create_task(asyncio.sleep(1))


async def the_end_of_another_task_is_suppressed() -> None:
    async with asyncio.timeout(10):
        task = asyncio.create_task(asyncio.sleep(5))
        await asyncio.sleep(1)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def another_task_swallows_and_then_ends_are_suppressed() -> None:
    """Nobody but that other task caught what was asked of this one."""

    async def outer() -> None:
        await stubborn
        child = asyncio.create_task(asyncio.sleep(5))
        await asyncio.sleep(1)
        child.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await child

    stubborn: asyncio.Future[None] = Stubborn()
    task = asyncio.create_task(outer())
    await asyncio.sleep(1)
    task.cancel()
    await task


class Stubborn(asyncio.Future[None]):
    """A future that takes a cancellation for its result."""

    def cancel(self, msg: Any | None = None) -> bool:
        self.set_result(None)
        return True


async def taken_back() -> None:
    async def takes_back() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()

    task = asyncio.create_task(takes_back())
    await asyncio.sleep(1)
    task.cancel()
    await task


async def group_in_a_time_out() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1), asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.sleep(5))
            tasks.create_task(asyncio.sleep(6))


async def group_that_fails_in_a_time_out() -> None:
    async def fail() -> None:
        await asyncio.sleep(1)
        raise ValueError("no")

    with contextlib.suppress(ExceptionGroup):
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())
            await asyncio.Event().wait()


async def before_it_began() -> None:
    task = asyncio.create_task(careless())
    task.cancel()
    await asyncio.wait([task])


async def deadlines_of_anyio() -> None:
    with anyio.move_on_after(1):
        await anyio.sleep(5)
    with pytest.raises(TimeoutError), anyio.fail_after(1):
        await anyio.sleep(5)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.sleep_forever)
        await anyio.sleep(1)
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize(
    "main",
    [
        kept,
        cleaned_up,
        answered_with_another_exception,
        two_time_outs_at_once,
        in_time_to_the_tick,
        the_end_of_another_task_is_suppressed,
        another_task_swallows_and_then_ends_are_suppressed,
        taken_back,
        group_in_a_time_out,
        group_that_fails_in_a_time_out,
        before_it_began,
        deadlines_of_anyio,
    ],
    ids=lambda main: main.__name__,
)
def test_a_cancellation_that_is_kept_or_was_none_is_not_found(main: Main) -> None:
    assert swallowed(main) == []


# ---------------------------------------------------------------- the task is asyncio's in all that is seen of it


def test_a_task_shows_the_coroutine_that_it_runs() -> None:
    async def main() -> None:
        coroutine = careless()
        task = asyncio.create_task(coroutine)
        await asyncio.sleep(1)
        assert isinstance(task, DeliveredTask)
        assert task.get_coro() is coroutine
        assert "coro=<careless() running at" in repr(task)
        assert [frame.f_lineno for frame in task.get_stack()] == [line(careless, 2)]
        await task

    assert swallowed(main) == []


def test_the_traceback_of_a_task_has_the_program_s_frames_alone() -> None:
    async def fails() -> None:
        await asyncio.sleep(1)
        raise ValueError("no")

    async def main() -> list[str]:
        try:
            await asyncio.create_task(fails())
        except ValueError as error:
            trace, names = error.__traceback__, []
            while trace is not None:
                names.append(trace.tb_frame.f_code.co_name)
                trace = trace.tb_next
            return names
        return []

    with hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == ["main", "fails"]
