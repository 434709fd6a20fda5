"""The text of a deadlock tells who has a lock, or the places of a semaphore, and where that was taken if no frame tells it."""

import asyncio
import re
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.over import DeadlockError

Program = Callable[[], Coroutine[Any, Any, Any]]


def explained(program: Program) -> str:
    """The text, with lines counted from that of the function."""
    with pytest.raises(DeadlockError) as caught, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(program())
    first = program.__code__.co_firstlineno
    said = re.sub(r"test_holders.py, line (\d+)", lambda line: f":{int(line[1]) - first}", str(caught.value))
    return re.sub(r"\w+\.<locals>\.", "", said)


# ---------------------------------------------------------------- locks


async def of_a_job() -> None:
    lock = threading.Lock()

    def job() -> None:
        lock.acquire()

    pool = ThreadPoolExecutor(1)
    await asyncio.get_running_loop().run_in_executor(pool, job)
    await asyncio.to_thread(lock.acquire)


async def of_a_job_whose_worker_has_another() -> None:
    lock = threading.RLock()

    def job() -> None:
        lock.acquire()

    def wait() -> None:
        threading.Event().wait()

    pool = ThreadPoolExecutor(1)
    await asyncio.get_running_loop().run_in_executor(pool, job)
    pool.submit(wait)
    await asyncio.to_thread(lock.acquire)


@pytest.mark.parametrize("program", [of_a_job, of_a_job_whose_worker_has_another])
def test_a_job_that_is_over_left_it_taken_and_not_its_worker(program: Program) -> None:
    said = explained(program)
    assert "it is held by the job job of ThreadPoolExecutor-0_0, which took it in :4, and is over" in said, said


def test_a_job_that_goes_on_has_it() -> None:
    async def program() -> None:
        lock = threading.Lock()

        def job() -> None:
            lock.acquire()
            threading.Event().wait()

        pool = ThreadPoolExecutor(1)
        pool.submit(job)
        await asyncio.to_thread(lock.acquire)

    assert "it is held by ThreadPoolExecutor-0_0, which waits itself" in explained(program)


def test_a_thread_that_is_over_took_it_in_its_line() -> None:
    async def program() -> None:
        lock = threading.Lock()

        def work() -> None:
            lock.acquire()

        thread = threading.Thread(target=work)
        thread.start()
        await asyncio.to_thread(thread.join)
        await asyncio.to_thread(lock.acquire)

    assert "Lock 'lock': it is held by a thread that is over, which took it in :4" in explained(program)


# ---------------------------------------------------------------- semaphores


def test_all_tasks_that_have_a_place_are_named() -> None:
    async def program() -> None:
        slots = asyncio.Semaphore(2)

        async def inside() -> None:
            async with slots:
                await asyncio.Event().wait()

        async def by_hand() -> None:
            await slots.acquire()
            await asyncio.Event().wait()

        async def wait() -> None:
            await slots.acquire()

        async with asyncio.TaskGroup() as group:
            for number, work in enumerate((inside, by_hand, wait)):
                group.create_task(work(), name=f"t{number}")

    by = "Semaphore 'slots': it is used up by t0 (inside), t1 (by_hand) since :8, which wait themselves"
    assert by in explained(program)


def test_all_threads_that_have_a_place_are_named() -> None:
    async def program() -> None:
        slots = threading.Semaphore(2)

        def work() -> None:
            with slots:
                threading.Event().wait()

        def wait() -> None:
            with slots:
                pass

        await asyncio.gather(*map(asyncio.to_thread, (work, work, wait)))

    by = "Semaphore 'slots': it is used up by asyncio_0 since :4, asyncio_1 since :4, which wait themselves"
    assert by in explained(program)


def test_what_was_released_is_nobody_s_and_who_is_over_is_told() -> None:
    async def program() -> None:
        slots = asyncio.BoundedSemaphore(2)

        async def use() -> None:
            await slots.acquire()
            slots.release()

        async def keep() -> None:
            await slots.acquire()

        await use()
        await asyncio.create_task(keep(), name="t0")
        async with slots:
            await slots.acquire()

    said = explained(program)
    assert re.search(r"used up by Task-\d+ \(program\), (the task )?t0( \(keep\))? since :8, which is over$", said), (
        said
    )


def test_who_has_all_places_waits_for_itself() -> None:
    async def tasks() -> None:
        slots = asyncio.Semaphore(2)
        for _ in range(3):
            await slots.acquire()

    async def threads() -> None:
        slots = threading.Semaphore(2)

        def work() -> None:
            for _ in range(3):
                slots.acquire()

        await asyncio.to_thread(work)

    assert explained(tasks).endswith("it is used up by the very task that waits for it")
    assert "it is used up by the very thread that waits for it" in explained(threads)


def test_a_place_may_be_released_by_another_and_several_at_once() -> None:
    async def program() -> None:
        slots = threading.Semaphore(3)
        for _ in range(3):
            slots.acquire()
        await asyncio.to_thread(slots.release, 2)
        await asyncio.to_thread(slots.acquire)
        slots.acquire()
        await asyncio.to_thread(slots.acquire)

    said = explained(program)
    assert "used up by the main thread since :3, asyncio_0, the main thread since :6, which wait themselves" in said, (
        said
    )


@pytest.mark.parametrize("kind", [asyncio.Semaphore, threading.Semaphore])
def test_outside_of_a_clock_nothing_is_noted(kind: Any) -> None:
    slots = kind(1)

    async def main() -> None:
        if kind is asyncio.Semaphore:
            await slots.acquire()
        else:
            slots.acquire()
        slots.release()

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(main())
    assert "_slots_of" not in vars(slots)
    assert asyncio.iscoroutinefunction(asyncio.Semaphore.acquire)


# ---------------------------------------------------------------- threads without a line


def test_a_thread_that_was_given_a_bare_method_is_told_with_the_line_that_started_it() -> None:
    async def program() -> None:
        lock = threading.Lock()
        lock.acquire()
        thread = threading.Thread(target=lock.acquire, name="helper")
        thread.start()
        await asyncio.to_thread(thread.join)

    said = explained(program)
    assert "helper (Lock.acquire), started in :4: waits for Lock 'lock': it is held by the main thread" in said, said
    # a worker was started by the first of its jobs, and does what it was given in this line
    assert "asyncio_0 (Thread.join), submitted in :5: waits" in said
