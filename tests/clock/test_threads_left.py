"""Threads of a stand-alone loop: those that a run leaves behind, and pools that were made before it."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.clock import VirtualLoop
from grader.clock.over import DeadlockError


def test_a_deadlock_leaves_no_thread_behind() -> None:
    async def main() -> None:
        await asyncio.to_thread(threading.Event().wait)

    before = threading.enumerate()
    with pytest.raises(DeadlockError), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
    assert threading.enumerate() == before


def test_a_pool_made_before_the_run_works_in_virtual_time() -> None:
    pool = ThreadPoolExecutor(2)

    async def main() -> float:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            await loop.run_in_executor(pool, time.sleep, 1)
        pool.shutdown()
        return loop.time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == 3.0


def test_a_job_that_was_given_before_the_loop_ran_is_on_its_clock() -> None:
    loop = VirtualLoop()
    jobs = [loop.run_in_executor(None, time.sleep, seconds) for seconds in (1, 2)]

    async def main() -> float:
        await asyncio.gather(*jobs)
        return loop.time()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(main()) == 2


def test_threads_and_pools_are_named_as_the_first_of_their_run_in_each_run() -> None:
    async def main() -> list[str]:
        names: list[str] = []
        pools = [ThreadPoolExecutor(1) for _ in range(2)]
        for pool in pools:
            names.append(
                await asyncio.get_running_loop().run_in_executor(pool, lambda: threading.current_thread().name)
            )
            pool.shutdown()
        return [*names, threading.Thread(target=main).name]

    for _ in range(2):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            assert runner.run(main()) == ["ThreadPoolExecutor-0_0", "ThreadPoolExecutor-1_0", "Thread-1 (main)"]
    assert threading.Thread().name != "Thread-2"
