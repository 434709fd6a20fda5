"""A wait without a line of its own (`to_thread(jobs.get)`, `create_task(ready.wait())`) is named as the program names the
thing, and with the line that waits for it or gave it away.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.over import DeadlockError

Program = Callable[[], Coroutine[Any, Any, Any]]
WAITS: list[tuple[str, Program]] = []
NO_ITEM, NOT_SET = "it is empty, and nothing that runs can put one", "nothing that runs can set it"


def explained(program: Program, debug: bool = False) -> str:
    """With lines counted from that of the function, and no numbers of tasks."""
    with pytest.raises(DeadlockError) as caught, asyncio.Runner(loop_factory=VirtualLoop, debug=debug) as runner:
        runner.run(program())
    said, first = str(caught.value).replace("<locals>.", ""), program.__code__.co_firstlineno
    for number in range(first, first + 15):
        said = said.replace(f"test_bare_waits.py, line {number}", f"+{number - first}")
    return said


def says(wait: str) -> Callable[[Program], Program]:
    def note(program: Program) -> Program:
        WAITS.append((wait, program))
        return program

    return note


@says(f"asyncio_0 (Queue.get), submitted in +3: waits for an item from Queue 'jobs': {NO_ITEM}")
async def in_a_thread() -> None:
    jobs: queue.Queue[int] = queue.Queue()
    await asyncio.to_thread(jobs.get)


@says(f"asyncio_0 (Queue.get), awaited in +3: waits for an item from Queue 'jobs': {NO_ITEM}")
async def in_a_thread_for_a_gather() -> None:
    jobs: queue.Queue[int] = queue.Queue()
    await asyncio.gather(asyncio.to_thread(jobs.get), asyncio.sleep(1))


@says(f"asyncio_0 (Queue.get), awaited in +3: waits for an item from Queue 'jobs': {NO_ITEM}")
async def in_a_thread_for_a_group() -> None:
    jobs: queue.Queue[int] = queue.Queue()
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(jobs.get))


@says(f"asyncio_0 (Event.wait), submitted in +3: waits for Event 'ready': {NOT_SET}")
async def in_an_executor() -> None:
    ready = threading.Event()
    await asyncio.get_running_loop().run_in_executor(None, ready.wait)


@says(
    "asyncio_0 (Barrier.wait), submitted in +5: waits for Barrier 'both': 1 of 2 are there, and nothing that runs can join them"
)
async def at_a_barrier() -> None:
    both = threading.Barrier(2)
    await asyncio.wait_for(asyncio.to_thread(both.wait), None)


@says(f"(Event.wait), awaited in +3: waits for Event 'ready': {NOT_SET}")
async def in_a_group() -> None:
    ready = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(ready.wait())


@says(f"(Queue.get), awaited in +3: waits for an item from Queue 'orders[0]': {NO_ITEM}")
async def in_a_gather() -> None:
    orders: list[asyncio.Queue[int]] = [asyncio.Queue()]
    await asyncio.gather(*(each.get() for each in orders))


@says(f"(Event.wait): waits for Event 'ready': {NOT_SET}")
async def awaited_by_nobody() -> None:
    ready, other = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(ready.wait())
    await other.wait()
    task.cancel()


@says(f"asyncio_0 (Event.wait), submitted in +3: waits for Event 'ready': {NOT_SET}")
async def submitted_and_left() -> None:
    ready, other = threading.Event(), asyncio.Event()
    job = asyncio.get_running_loop().run_in_executor(None, ready.wait)
    job.add_done_callback(asyncio.Future.exception)
    await other.wait()


@says(f"pool_0 (Queue.get), submitted in +4: waits for an item from Queue 'jobs': {NO_ITEM}")
async def held_up_by_a_pool() -> None:
    jobs: queue.Queue[int] = queue.Queue()
    with ThreadPoolExecutor(thread_name_prefix="pool") as pool:
        pool.submit(jobs.get).result()


@says(f"taker (Queue.get), started in +4: waits for an item from Queue 'jobs': {NO_ITEM}")
async def in_a_thread_of_its_own() -> None:
    jobs: queue.Queue[int] = queue.Queue()
    thread = threading.Thread(target=jobs.get, name="taker")
    thread.start()
    thread.join()


@pytest.mark.parametrize(("wait", "program"), WAITS, ids=[program.__name__ for _, program in WAITS])
def test_a_bare_wait_has_the_program_s_name_and_a_line(wait: str, program: Program) -> None:
    assert wait in explained(program)


def test_with_debug_mode_the_line_that_made_it_is_told_and_the_name_too() -> None:
    assert f"(Event.wait), made in +3: waits for Event 'ready': {NOT_SET}" in explained(awaited_by_nobody, debug=True)


def test_of_two_that_wait_for_one_it_is_called_as_the_first_line_has_it() -> None:
    async def program() -> None:
        async def first(task: "asyncio.Task[Any]", one: asyncio.Event) -> None:
            await asyncio.wait([task])

        async def second(task: "asyncio.Task[Any]", another: asyncio.Event) -> None:
            await asyncio.wait([task])

        await asyncio.gather(*(each(task, event) for event, task in [made()] for each in (second, first)))

    assert f"(Event.wait), awaited in +2: waits for Event 'one': {NOT_SET}" in explained(program)


def made() -> tuple[asyncio.Event, "asyncio.Task[Any]"]:
    event = asyncio.Event()
    return event, asyncio.create_task(event.wait())


def test_what_has_no_name_anywhere_has_none() -> None:
    async def program() -> None:
        await asyncio.create_task(asyncio.Event().wait())

    assert f"(Event.wait), awaited in +1: waits for an Event: {NOT_SET}" in explained(program)


def test_a_job_that_is_over_is_not_told_of() -> None:
    async def program() -> None:
        await asyncio.to_thread(len, "abc")
        await asyncio.Event().wait()

    assert "submitted" not in explained(program)
