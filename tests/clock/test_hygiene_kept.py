"""What is lost is found, too, while something still refers to it: a set, an attribute, a list."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop
from tests.clock.watched import Main, findings, findings_inside

KEPT: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_is_kept(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After a test asyncio tells of what was kept for it, where nobody looks."""
    yield
    with caplog.at_level(logging.CRITICAL, "asyncio"):
        for each in KEPT:
            if asyncio.iscoroutine(each):
                each.close()
        KEPT.clear()
        gc.collect()


async def fail(text: str = "no") -> None:
    raise ValueError(text)


def raising(main: Main) -> int:
    """The line of `fail` that raises, as it is counted."""
    return fail.__code__.co_firstlineno + 1 - main.__code__.co_firstlineno


# ---------------------------------------------------------------- tasks and futures


class Service:
    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self.tasks.add(asyncio.create_task(fail()))


async def in_a_set() -> None:
    service = Service()
    KEPT.append(service)
    service.start()
    await asyncio.sleep(1)


async def in_a_list_until_the_last_turn() -> None:
    KEPT.append([asyncio.create_task(fail())])
    await asyncio.sleep(0)


async def that_was_only_waited_for() -> None:
    task = asyncio.create_task(fail())
    KEPT.append(task)
    await asyncio.wait([task])


async def eager() -> None:
    loop = asyncio.get_running_loop()
    loop.set_task_factory(getattr(asyncio, "eager_task_factory", None))
    KEPT.append(asyncio.create_task(fail()))
    await asyncio.sleep(0)
    loop.set_task_factory(None)


@pytest.mark.parametrize("find", [findings, findings_inside])
@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
@pytest.mark.parametrize("main", [in_a_set, in_a_list_until_the_last_turn, that_was_only_waited_for, eager])
def test_the_exception_of_a_task_that_is_kept_is_found(main: Main, make_loop: Any, find: Any) -> None:
    said = "the task of fail failed with ValueError('no'), and nobody looked at it: await it"
    assert find(main, make_loop) == [("lost_exception", raising(main), said)]


async def a_future() -> None:
    future = asyncio.get_running_loop().create_future()
    KEPT.append(future)
    future.set_exception(KeyError("gone"))


async def a_job() -> None:
    job = asyncio.get_running_loop().run_in_executor(None, int, "x")
    KEPT.append(job)
    await asyncio.wait([job])


async def two_of_a_gather() -> None:
    tasks = [asyncio.create_task(fail(text)) for text in ("first", "second")]
    KEPT.append(tasks)
    with contextlib.suppress(ValueError):
        await asyncio.gather(*tasks)
    await asyncio.sleep(1)


@pytest.mark.parametrize("find", [findings, findings_inside])
def test_of_a_future_that_is_kept_too(find: Any) -> None:
    said = "a future failed with KeyError('gone'), and nobody looked at it: await it"
    assert find(a_future) == [("lost_exception", 3, said)]
    ((kind, line, what),) = find(a_job)
    assert (kind, line) == ("lost_exception", 1)
    assert what.startswith('a future failed with ValueError("invalid literal')
    ((kind, line, what),) = find(two_of_a_gather)
    assert (kind, line) == ("lost_exception", raising(two_of_a_gather))
    assert what.startswith("the task of fail failed with ValueError('second') after its gather was over")


async def that_were_looked_at() -> None:
    loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(fail()) for _ in range(4)]
    future, cancelled = loop.create_future(), asyncio.create_task(asyncio.sleep(9))
    KEPT.extend((tasks, future, cancelled))
    with contextlib.suppress(ValueError):
        await tasks[0]
    await asyncio.gather(*tasks[1:3], return_exceptions=True)
    assert isinstance(tasks[3].exception(), ValueError)
    future.set_exception(KeyError("gone"))
    with contextlib.suppress(KeyError):
        future.result()
    cancelled.cancel()
    await asyncio.wait([cancelled])


async def of_a_group() -> None:
    with contextlib.suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            KEPT.append([group.create_task(fail()), group.create_task(asyncio.sleep(9))])


async def of_whom_a_callback_asks() -> None:
    task = asyncio.create_task(fail())
    KEPT.append(task)
    task.add_done_callback(lambda task: KEPT.append(str(task.exception())))
    await asyncio.sleep(1)


@pytest.mark.parametrize("find", [findings, findings_inside])
@pytest.mark.parametrize("main", [that_were_looked_at, of_a_group, of_whom_a_callback_asks])
def test_nothing_is_said_of_those_that_somebody_looked_at(main: Main, find: Any) -> None:
    assert find(main) == []


def test_what_was_there_before_is_not_this_program_s() -> None:
    findings(in_a_set)
    findings(a_coroutine)
    assert findings(that_were_looked_at) == []


def test_it_is_told_of_once_and_asyncio_tells_of_it_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    assert len(findings(in_a_set)) == 1
    assert not caplog.records
    KEPT.clear()
    gc.collect()
    assert [record.message.splitlines()[0] for record in caplog.records] == ["Task exception was never retrieved"]


# ---------------------------------------------------------------- coroutines


async def a_coroutine() -> None:
    KEPT.append(fail())


async def coroutines_that_are_used() -> None:
    begun, closed, given = fail(), fail(), asyncio.sleep(1)
    KEPT.extend((begun, closed, given))
    with contextlib.suppress(ValueError):
        await begun
    closed.close()
    await given


@pytest.mark.parametrize("find", [findings, findings_inside])
def test_a_coroutine_that_is_kept_and_was_never_awaited_is_found(find: Any) -> None:
    assert find(a_coroutine) == [("never_awaited", 1, "fail() was never awaited")]
    assert find(coroutines_that_are_used) == []


async def a_task_that_has_not_begun() -> None:
    KEPT.append(asyncio.create_task(fail()))


def test_the_coroutine_of_a_task_that_was_left_running_is_not_told_of() -> None:
    said = "the task of fail was left running: await it, or cancel it"
    assert findings_inside(a_task_that_has_not_begun) == [("orphaned", 1, said)]
