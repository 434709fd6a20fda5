"""What gets lost where asyncio itself says nothing, or where no task factory sees it: found, and named with its line."""

import asyncio
import contextlib
import functools
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene
from tests.clock.watched import Main, findings, findings_inside, relative

EAGER = getattr(asyncio, "eager_task_factory", None)


async def work(seconds: float = 1) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def fail(seconds: float = 1, text: str = "no") -> None:
    await asyncio.sleep(seconds)
    raise ValueError(text)


def fail_in_a_thread(text: str = "no") -> None:
    time.sleep(1)
    raise ValueError(text)


def line_in(function: Any, main: Any) -> int:
    """Of its last line."""
    return function.__code__.co_firstlineno + 2 - main.__code__.co_firstlineno  # type: ignore[no-any-return]


# ---------------------------------------------------------------- the second of a gather

LATE = "after its gather was over, and nobody looked at it: use asyncio.TaskGroup, or gather with return_exceptions"


async def the_second_of_a_gather() -> None:
    with contextlib.suppress(ValueError):
        await asyncio.gather(fail(1, "first"), fail(2, "second"))
    await work(5)


async def the_second_of_a_gather_of_threads() -> None:
    loop = asyncio.get_running_loop()
    jobs = [loop.run_in_executor(None, fail_in_a_thread, text) for text in ("first", "second")]
    with contextlib.suppress(ValueError):
        await asyncio.gather(*jobs)
    await work(5)


async def a_shield_whose_waiter_is_gone() -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(fail(5)), 1)
    await work(9)


@pytest.mark.parametrize("find", [findings, findings_inside])
@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
def test_the_second_failure_of_a_gather_is_found(make_loop: Any, find: Any) -> None:
    main = the_second_of_a_gather
    said = f"the task of fail failed with ValueError('second') {LATE}"
    assert find(main, make_loop) == [("lost_exception", line_in(fail, main), said)]


def test_of_jobs_in_threads_too() -> None:
    main = the_second_of_a_gather_of_threads
    said = f"a future failed with ValueError('second') {LATE}"
    assert findings(main) == [("lost_exception", line_in(fail_in_a_thread, main), said)]


def test_what_fails_behind_a_shield_whose_waiter_is_gone_is_found() -> None:
    main = a_shield_whose_waiter_is_gone
    said = "the task of fail failed with ValueError('no'), and nobody looked at it: await it"
    assert findings(main) == [("lost_exception", line_in(fail, main), said)]


def test_asyncio_says_no_more_of_it_than_ever(caplog: pytest.LogCaptureFixture) -> None:
    findings(the_second_of_a_gather)
    assert not caplog.records


async def looks_later() -> None:
    tasks = [asyncio.create_task(fail(1, "first")), asyncio.create_task(fail(2, "second"))]
    with contextlib.suppress(ValueError):
        await asyncio.gather(*tasks)
    await asyncio.wait(tasks)
    assert isinstance(tasks[1].exception(), ValueError)


async def awaits_later() -> None:
    tasks = [asyncio.create_task(fail(1, "first")), asyncio.create_task(fail(2, "second"))]
    with contextlib.suppress(ValueError):
        await asyncio.gather(*tasks)
    await asyncio.sleep(5)
    with contextlib.suppress(ValueError):
        await tasks[1]


async def takes_all() -> None:
    await asyncio.gather(fail(1), fail(2), return_exceptions=True)


async def groups() -> None:
    with contextlib.suppress(BaseExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(1))
            group.create_task(fail(1))


async def cancels() -> None:
    task = asyncio.ensure_future(asyncio.gather(work(5), work(6)))
    await work(1)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("main", [looks_later, awaits_later, takes_all, groups, cancels])
def test_whoever_is_looked_at_is_not(main: Main) -> None:
    assert findings(main) == []


async def fails_at_the_end() -> None:
    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("at the end")

    asyncio.create_task(linger())  # noqa: RUF006
    await work()


def test_what_fails_when_a_runner_cancels_it_is_found() -> None:
    detail = (
        "failed with ValueError('at the end') when it was cancelled in the end, and nobody looks at it: catch it there"
    )
    name = "fails_at_the_end.<locals>.linger"
    assert findings(fails_at_the_end) == [
        ("lost_exception", 5, f"the task of {name} {detail}"),
        ("orphaned", 7, f"the task of {name} was left running: await it, or cancel it"),
    ]


# ---------------------------------------------------------------- pools, and coroutines from other threads


async def submits() -> None:
    with ThreadPoolExecutor() as pool:
        pool.submit(functools.partial(fail_in_a_thread, "unseen"))


async def hands_over() -> None:
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(fail(), loop) and None)
    await work(5)


async def keeps_it_to_the_end() -> None:
    KEPT.append(ThreadPoolExecutor().submit(fail_in_a_thread))
    await work(5)


KEPT = list[Any]()
UNSEEN = "and nobody looked at its future: ask for its result()"


@pytest.mark.parametrize("find", [findings, findings_inside])
def test_the_exception_of_a_job_that_nobody_looks_at_is_found(find: Any) -> None:
    said = f"the job of fail_in_a_thread failed with ValueError('unseen'), {UNSEEN}"
    assert [each for each in find(submits) if each[0] != "blocked"] == [
        ("lost_exception", line_in(fail_in_a_thread, submits), said)
    ]


def test_also_if_its_future_is_there_to_the_end() -> None:
    said = f"the job of fail_in_a_thread failed with ValueError('no'), {UNSEEN}"
    assert findings(keeps_it_to_the_end) == [("lost_exception", line_in(fail_in_a_thread, keeps_it_to_the_end), said)]
    KEPT.clear()


def test_the_exception_of_a_coroutine_from_another_thread_is_found() -> None:
    said = f"a coroutine that run_coroutine_threadsafe ran failed with ValueError('no'), {UNSEEN}"
    assert findings(hands_over) == [("lost_exception", line_in(fail, hands_over), said)]


def looks(pool: ThreadPoolExecutor, loop: Any) -> None:
    with contextlib.suppress(ValueError):
        pool.submit(fail_in_a_thread).result()
    pool.submit(fail_in_a_thread).exception()
    pool.submit(fail_in_a_thread).add_done_callback(lambda future: future.exception())
    for future in as_completed([pool.submit(fail_in_a_thread)]):
        future.exception()
    wait([pool.submit(fail_in_a_thread)])[0].pop().exception()
    with contextlib.suppress(ValueError):
        list(pool.map(fail_in_a_thread, ["no"]))
    with contextlib.suppress(ValueError):
        asyncio.run_coroutine_threadsafe(fail(), loop).result()
    pool.submit(time.sleep, 1)
    Future[int]().set_result(1)


async def looks_at_all() -> None:
    with ThreadPoolExecutor() as pool:
        await asyncio.to_thread(looks, pool, asyncio.get_running_loop())
        with contextlib.suppress(ValueError):
            await asyncio.wrap_future(pool.submit(fail_in_a_thread))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(fail_in_a_thread), 0.5)  # asyncio's own affair
        await work(5)


def test_whoever_looks_at_it_is_told_nothing() -> None:
    assert findings(looks_at_all) == []


def test_a_thread_that_is_on_no_clock_is_nobody_s() -> None:
    with hygiene(), ThreadPoolExecutor() as pool:
        pool.submit(int, "x")


def test_afterwards_futures_are_as_they_were() -> None:
    before = dict(vars(Future))
    with hygiene(strict=False), hygiene(strict=False):
        future: Future[int] = Future()
        future.set_exception(ValueError("kept"))
    assert dict(vars(Future)) == before
    assert str(future.exception()) == "kept"


# ---------------------------------------------------------------- tasks that no factory of ours makes


async def leaves_a_task_of_its_own() -> None:
    asyncio.Task(work(10))
    await work()


async def leaves_one_behind_a_lost_loop() -> None:
    asyncio.Task(work(10), loop=asyncio.get_running_loop(), name="mine")


@pytest.mark.parametrize("find", [findings, findings_inside])
@pytest.mark.parametrize("main", [leaves_a_task_of_its_own, leaves_one_behind_a_lost_loop])
def test_a_task_that_was_made_past_the_loop_is_found_when_it_is_left(main: Main, find: Any) -> None:
    assert find(main) == [("orphaned", 1, "the task of work was left running: await it, or cancel it")]


def test_also_on_a_loop_that_nobody_tidies_up() -> None:
    with hygiene(strict=False) as found:
        loop = VirtualLoop()
        loop.run_until_complete(leaves_a_task_of_its_own())
    assert relative(found, leaves_a_task_of_its_own) == [
        ("orphaned", 1, "the task of work was left running: await it, or cancel it")
    ]
    loop.close()


async def sees_to_its_own() -> None:
    task, other = asyncio.Task(work(10)), asyncio.Task(work(10))
    await task
    other.cancel()


@pytest.mark.parametrize("find", [findings, findings_inside])
def test_one_that_is_awaited_or_cancelled_is_not(find: Any) -> None:
    assert find(sees_to_its_own) == []


def test_one_that_goes_on_in_the_next_run_is_no_orphan() -> None:
    async def begin() -> "asyncio.Task[float]":
        return asyncio.Task(work(5))

    async def end(task: "asyncio.Task[float]") -> float:
        return await task

    with hygiene(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(end(runner.run(begin()))) == 5


def test_one_that_was_there_before_is_not_this_program_s() -> None:
    async def main() -> None:
        task = asyncio.Task(work(10))
        with hygiene():
            await work()
        await task

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())


# ---------------------------------------------------------------- eager tasks, since 3.12


async def eager() -> None:
    loop = asyncio.get_running_loop()
    loop.set_task_factory(EAGER)
    assert loop.get_task_factory() is EAGER
    order = list[str]()

    async def at_once() -> None:
        order.append("at once")

    await asyncio.gather(asyncio.create_task(at_once()), work())
    assert order == ["at once"]
    asyncio.create_task(work(10))  # noqa: RUF006
    await work()


if sys.version_info >= (3, 12):

    @pytest.mark.parametrize("find", [findings, findings_inside])
    def test_an_eager_task_that_is_left_is_found(find: Any) -> None:
        assert find(eager) == [("orphaned", 11, "the task of work was left running: await it, or cancel it")]


async def set_back() -> None:
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, coro, **options: asyncio.Task(coro, loop=loop, **options))
    asyncio.create_task(work(10))  # noqa: RUF006
    loop.set_task_factory(None)
    asyncio.create_task(work(10))  # noqa: RUF006
    await work()


def test_a_factory_that_is_taken_back_is_watched_again() -> None:
    assert ("orphaned", 5, "the task of work was left running: await it, or cancel it") in findings(set_back)


if sys.version_info >= (3, 12):

    def test_a_loop_has_its_eager_factory_afterwards() -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.set_task_factory(EAGER)
            with hygiene():
                assert await asyncio.create_task(work()) == 1
            assert loop._task_factory is EAGER  # type: ignore[attr-defined]

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(main())
