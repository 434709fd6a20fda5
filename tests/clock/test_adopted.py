"""A pool whose threads began before the loop did: what it is given on a clock is done there, in virtual time."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest

from grader.clock import OutsideLoop
from grader.clock.over import DeadlockError, RefusedError
from tests.clock.running import now, run

local = threading.local()


def begin() -> None:
    local.made = threading.current_thread().name


@pytest.fixture
def warm() -> Iterator[ThreadPoolExecutor]:
    """A pool of two threads that have worked already."""
    with ThreadPoolExecutor(2, thread_name_prefix="warm", initializer=begin) as pool:
        both = threading.Barrier(2)
        for job in [pool.submit(both.wait) for _ in range(2)]:
            job.result()
        yield pool


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return time.monotonic()


def test_its_jobs_wait_in_virtual_time_and_as_many_at_once_as_it_has_threads(warm: ThreadPoolExecutor) -> None:
    async def main() -> list[float]:
        loop = asyncio.get_running_loop()
        return await asyncio.gather(*(loop.run_in_executor(warm, sleep, seconds) for seconds in (3600, 60, 60)))

    for _ in range(2):
        assert run(main()) == [3600, 60, 120]


def test_time_stands_while_a_job_computes(warm: ThreadPoolExecutor) -> None:
    async def main() -> tuple[float, float]:
        job = asyncio.wrap_future(warm.submit(lambda: sum(range(1_000_000)) and time.monotonic()))
        first = await asyncio.wait_for(job, 1e-9)
        await asyncio.sleep(1)
        return first, now()

    assert run(main()) == (0, 1)


def _by_map(pool: ThreadPoolExecutor) -> list[float]:
    return list(pool.map(sleep, [1, 2]))


def _as_default(pool: ThreadPoolExecutor) -> list[float]:
    async def main() -> list[float]:
        asyncio.get_running_loop().set_default_executor(pool)
        return await asyncio.gather(*(asyncio.to_thread(sleep, seconds) for seconds in (1, 2)))

    return asyncio.run(main())


@pytest.mark.parametrize("use", [_by_map, _as_default])
def test_however_it_is_given_them(warm: ThreadPoolExecutor, use: Callable[[Any], Any]) -> None:
    async def main() -> Any:
        return await asyncio.to_thread(use, warm)

    assert run(main()) == [1, 2]


def test_a_time_out_fires_at_its_time_and_a_deadlock_is_told(warm: ThreadPoolExecutor) -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.wrap_future(warm.submit(sleep, 60)), 5)
        return now()

    assert run(main()) == 5

    async def stuck() -> None:
        await asyncio.get_running_loop().run_in_executor(warm, threading.Event().wait)

    at = r"submitted in test_adopted.py, line \d+"
    with pytest.raises(
        DeadlockError, match=rf"warm_[01] .Event.wait., {at}: waits for an Event: nothing that runs can set it"
    ):
        run(stuck())


def test_outside_its_own_threads_work_as_ever(warm: ThreadPoolExecutor) -> None:
    inside = run(_name_and_thread(warm))
    assert inside[0] == "warm_0"  # the initializer has run there, too
    assert inside[1] not in {thread.ident for thread in warm._threads}
    assert warm.submit(threading.get_ident).result() in {thread.ident for thread in warm._threads}


async def _name_and_thread(pool: ThreadPoolExecutor) -> tuple[str, int]:
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: (local.made, threading.get_ident()))


def _named(name: str) -> list[str]:
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith(name))


def test_run_after_run_there_are_no_more_threads_and_none_after_its_end(warm: ThreadPoolExecutor) -> None:
    for _ in range(3):
        run(_name_and_thread(warm))
        assert _named("warm") == ["warm_0", "warm_0", "warm_1"]
    warm.shutdown()
    assert _named("warm") == []
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        run(_name_and_thread(warm))


def test_one_that_is_shut_down_on_the_clock_has_its_jobs_done_first(warm: ThreadPoolExecutor) -> None:
    async def main() -> tuple[float, list[Any]]:
        jobs: list[Future[float]] = [warm.submit(sleep, 3) for _ in range(3)]
        await asyncio.to_thread(warm.shutdown, cancel_futures=True)
        return now(), [job.cancelled() for job in jobs]

    assert run(main()) == (3, [False, False, True])


def test_a_pool_that_begins_on_the_clock_has_its_own_threads_there() -> None:
    with ThreadPoolExecutor(1) as pool:

        async def main() -> tuple[int, bool]:
            ident = await asyncio.get_running_loop().run_in_executor(pool, threading.get_ident)
            return ident, "_shadows" in vars(pool)

        assert run(main()) == (next(thread.ident for thread in pool._threads), False)


def test_where_there_is_an_outside_its_own_threads_do_it_in_real_time(warm: ThreadPoolExecutor) -> None:
    with asyncio.Runner(loop_factory=OutsideLoop) as runner:
        _, ident = runner.run(_name_and_thread(warm))
    assert ident in {thread.ident for thread in warm._threads}


class Elsewhere(Executor):
    """A pool of another kind."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._threads = pool._threads


def test_of_a_pool_of_another_kind_nobody_knows_and_it_is_refused(warm: ThreadPoolExecutor) -> None:
    async def main() -> None:
        await asyncio.get_running_loop().run_in_executor(Elsewhere(warm), int)

    with pytest.raises(
        RefusedError, match=r"^loop.run_in_executor needs a pool whose workers are threads on the same clock"
    ):
        run(main())
