"""Executors on the clock: time-outs at their very time, sets of futures in one order, and workers that are idle at an end."""

import asyncio
import concurrent.futures
import contextlib
import os
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool

import pytest

from grader.clock import OutsideLoop, VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, RefusedError
from grader.clock.surroundings import on
from tests.clock.running import run
from tests.clock.test_left_over import ended


def test_as_completed_is_over_at_its_very_time() -> None:
    with on(Clock()):
        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(time.sleep, seconds) for seconds in (1, 3)]
            completed = as_completed(futures, timeout=2)
            assert next(completed) is futures[0]
            with pytest.raises(TimeoutError, match=r"1 \(of 2\) futures unfinished"):
                next(completed)
            assert time.monotonic() == 2
        assert time.monotonic() == 3


def test_what_is_completed_at_the_very_time_is_given() -> None:
    with on(Clock()), ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(time.sleep, seconds) for seconds in (2, 1)]
        assert list(as_completed(futures, timeout=2)) == futures[::-1]


def test_a_map_with_a_timeout_is_over_at_its_very_time() -> None:
    with on(Clock()), ThreadPoolExecutor(2) as pool:
        results = pool.map(time.sleep, [1, 3], timeout=2)
        assert next(results) is None
        with pytest.raises(TimeoutError):
            next(results)
        assert time.monotonic() == 2


def _done() -> list[int]:
    """Futures in the order in which the set of those that are done gives them; between them, others in memory."""
    with on(Clock()), ThreadPoolExecutor(8) as pool:
        futures: list[Future[int]] = []
        others = []
        for number in range(8):
            futures.append(pool.submit(int, number))
            others.append([Future[int]() for _ in range(number)])
        time.sleep(1)
        done, _ = concurrent.futures.wait(futures, return_when=FIRST_COMPLETED)
        assert [future.result() for future in as_completed(futures)] == [future.result() for future in done][::-1]
        return [future.result() for future in done]


def test_a_set_of_futures_has_one_order() -> None:
    assert [_done() for _ in range(5)] == [list(range(8))] * 5


def test_futures_of_no_run_are_hashed_as_ever() -> None:
    with on(Clock()):
        pass
    future: Future[int] = Future()
    assert hash(future) == object.__hash__(future)


# ---------------------------------------------------------------- idle workers


def test_an_idle_worker_outlives_a_deadlock_and_works_again() -> None:
    clock, pools = Clock(), list[ThreadPoolExecutor]()

    async def stuck() -> None:
        pools.append(ThreadPoolExecutor(1))
        await asyncio.get_running_loop().run_in_executor(pools[0], time.sleep, 1)
        await asyncio.Event().wait()

    async def again() -> int:
        try:
            return await asyncio.get_running_loop().run_in_executor(pools[0], int, 7)
        finally:
            pools[0].shutdown()

    before = threading.active_count()
    with pytest.raises(DeadlockError):
        run(stuck(), VirtualLoop(clock))
    assert run(again(), VirtualLoop(clock)) == 7
    assert threading.active_count() == before


@pytest.mark.parametrize("make", ["asyncio.to_thread(int)", "loop.run_in_executor(pool, int)"])
def test_an_idle_worker_has_not_failed_when_a_run_ends(make: str) -> None:
    program = f"""
from concurrent.futures import ThreadPoolExecutor
pool = []
async def main():
    pool.append(ThreadPoolExecutor(1))
    loop = asyncio.get_running_loop()
    await {make.replace("pool", "pool[0]")}
    await asyncio.Event().wait()
try:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
except BaseException as error:
    print(type(error).__name__)
"""
    assert ended(program) == (0, "DeadlockError\n", "")


def test_a_worker_that_is_ended_with_its_run_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    with on(clock):
        pool = ThreadPoolExecutor(1)
        pool.submit(int).result()
        assert clock.end_threads(DeadlockError("over"))
        pool.shutdown()
    assert caplog.records == []


def test_an_exception_of_a_worker_is_logged_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise OSError

    with on(Clock()), ThreadPoolExecutor(1, initializer=fail) as pool, pytest.raises(RuntimeError):
        pool.submit(int).result()
    assert [record.message for record in caplog.records] == ["Exception in initializer:"]


def test_a_pool_has_as_many_workers_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> float:
        await asyncio.gather(*[asyncio.to_thread(time.sleep, 1) for _ in range(65)])
        return asyncio.get_running_loop().time()

    for processors in (1, 100):
        monkeypatch.setattr(os, "cpu_count", lambda processors=processors: processors)
        monkeypatch.setattr(os, "process_cpu_count", os.cpu_count, raising=False)
        assert run(main()) == 3


def test_processes_are_refused_where_there_is_no_outside_and_work_where_there_is_one() -> None:
    async def main() -> int:
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
            return pool.submit(abs, -3).result()

    with pytest.raises(
        RefusedError, match="^multiprocessing needs a real process, which a VirtualLoop does not have; "
    ):
        run(main())
    with asyncio.Runner(loop_factory=OutsideLoop) as runner:
        assert runner.run(main()) == 3


def test_a_pool_of_threads_of_multiprocessing_is_refused_where_there_is_no_outside_and_works_where_there_is_one() -> (
    None
):
    async def main() -> list[int]:
        def work() -> list[int]:
            with ThreadPool(2) as pool:
                return pool.map(abs, [-1, -2])

        return await asyncio.to_thread(work)

    with pytest.raises(
        RefusedError,
        match=r"^multiprocessing\.pool\.ThreadPool needs a pipe of the system, which a VirtualLoop does not have; ",
    ):
        run(main())
    with asyncio.Runner(loop_factory=OutsideLoop) as runner:
        assert runner.run(main()) == [1, 2]


def test_a_job_given_before_the_loop_runs_may_give_it_work_and_wait_for_that() -> None:
    async def answer() -> float:
        await asyncio.sleep(1)
        return time.monotonic()

    with contextlib.closing(VirtualLoop()) as loop:

        def job() -> float:
            return asyncio.run_coroutine_threadsafe(answer(), loop).result()

        assert loop.run_until_complete(loop.run_in_executor(None, job)) == 1
        loop.run_until_complete(loop.shutdown_default_executor())


@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_shutdown_of_the_executor_that_is_cancelled_beside_a_worker_that_waits_for_ever_comes_to_an_end(
    turns: int,
) -> None:
    event = threading.Event()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(None, event.wait)
        shutdown = asyncio.create_task(loop.shutdown_default_executor())
        for _ in range(turns):
            await asyncio.sleep(0)
        shutdown.cancel()
        await asyncio.wait([shutdown])
        job.cancel()

    async def end() -> None:
        event.set()
        await asyncio.get_running_loop().shutdown_default_executor()

    loop = VirtualLoop()
    try:
        loop.run_until_complete(main())
    except DeadlockError as error:  # on Pythons where asyncio joins the thread that waits for the worker all the same
        assert "waits for Event 'event': nothing that runs can set it" in str(error)  # noqa: PT017
    loop.run_until_complete(end())
    loop.close()
