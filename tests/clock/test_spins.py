"""Beyond a limit of CPU time whoever computes in one step, and never waits, is ended with the line."""

import _thread
import asyncio
import contextlib
import functools
import queue
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop
from grader.clock.over import BusyLoopError
from grader.clock.threads import spins
from grader.clock.threads.seats import take_really

Program = Callable[[], Coroutine[Any, Any, Any]]
LIMIT = 0.1


def run(program: Program, make_loop: Any = VirtualLoop, limit: float = LIMIT) -> Any:
    with asyncio.Runner(loop_factory=functools.partial(make_loop, cpu_limit=limit)) as runner:
        runner.get_loop().set_exception_handler(lambda loop, context: None)
        return runner.run(program())


def compute(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


async def an_event() -> None:
    ready = asyncio.Event()
    while not ready.is_set():
        pass


async def another_task() -> None:
    task = asyncio.create_task(an_event())
    await asyncio.sleep(5)
    task.cancel()


async def a_queue_in_a_thread() -> None:
    items: queue.Queue[int] = queue.Queue()

    def take() -> None:
        while True:
            with contextlib.suppress(queue.Empty):
                items.get_nowait()

    await asyncio.to_thread(take)


async def a_thread_alone() -> None:
    ready = threading.Event()

    def look() -> None:
        while not ready.is_set():
            pass

    thread = threading.Thread(target=look)
    thread.start()
    await asyncio.sleep(1)
    ready.set()
    thread.join()


LINES = [
    (an_event, an_event, {2, 3}),
    (another_task, an_event, {2, 3}),
    (a_queue_in_a_thread, a_queue_in_a_thread, {4, 5, 6}),
]
LINES += [(a_thread_alone, a_thread_alone, {4, 5})]


@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
@pytest.mark.parametrize(("program", "of", "lines"), LINES, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_it_is_named_with_its_line(program: Program, of: Any, lines: set[int], make_loop: Any) -> None:
    with pytest.raises(BusyLoopError) as caught:
        run(program, make_loop)
    where, _, said = str(caught.value).partition(": ")
    file, _, line = where.partition(", line ")
    assert (file, int(line) - of.__code__.co_firstlineno in lines) == ("test_spins.py", True)
    assert said == (
        "computes for more than 0.1 s of CPU time and never waits, so that nobody else can go on; await what it waits for, or "
        "asyncio.sleep; if it is right to compute for so long, give it a greater cpu_limit"
    )


async def in_many_steps() -> float:
    for _ in range(6):
        compute(0.04)
        await asyncio.sleep(0)
    for _ in range(3):
        compute(0.04)
        time.sleep(1)  # noqa: ASYNC251
    return time.monotonic()


async def in_many_steps_of_threads() -> float:
    def work() -> None:
        for _ in range(3):
            compute(0.04)
            time.sleep(1)

    await asyncio.gather(asyncio.to_thread(work), asyncio.to_thread(work))
    return time.monotonic()


@pytest.mark.parametrize("program", [in_many_steps, in_many_steps_of_threads], ids=lambda program: program.__name__)
def test_who_computes_for_as_long_in_many_steps_is_not(program: Program) -> None:
    assert run(program) == 3


def test_who_waits_for_something_real_is_not() -> None:
    async def main() -> str:
        threading.Event().wait(3600)
        real = spins._taken()
        take_really(real, True, 2 * LIMIT)
        return "waited"

    assert run(main) == "waited"


def test_one_that_is_caught_comes_again_and_the_run_is_over() -> None:
    caught: list[str] = []

    async def main() -> None:
        while len(caught) < 2:
            try:
                await an_event()
            except BusyLoopError as error:
                caught.append(str(error))

    with pytest.raises(BusyLoopError) as over:
        run(main)
    assert {str(over.value)} >= set(caught[:1])
    assert len(caught) == 2


def test_the_next_run_is_as_ever() -> None:
    with asyncio.Runner(loop_factory=functools.partial(VirtualLoop, cpu_limit=LIMIT)) as runner:
        with pytest.raises(BusyLoopError):
            runner.run(an_event())
        runner.run(asyncio.sleep(3600))
        assert runner.get_loop().time() == 3600
    compute(2 * LIMIT)  # nothing is raised here


def test_afterwards_a_debugger_a_profiler_and_what_measures_coverage_go_on() -> None:
    """On 3.11 they would not, were something that is on its way to another thread still remembered."""
    program = """
        import asyncio, functools, sys
        from grader.clock import VirtualLoop
        from grader.clock.over import BusyLoopError

        async def main():
            while True:
                pass

        with asyncio.Runner(loop_factory=functools.partial(VirtualLoop, cpu_limit=0.05)) as runner:
            try:
                runner.run(main())
            except BusyLoopError:
                pass
        sys.setprofile(lambda *event: None)
        (lambda: print("called"))()
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr) == ("called\n", "")


def test_a_thread_of_the_watch_is_there_only_while_the_loop_runs() -> None:
    before = _thread._count()

    async def main() -> None:
        while _thread._count() == before:
            pass

    run(main)
    while _thread._count() > before:  # it has let go, and ends
        pass


def test_of_two_watches_on_one_clock_one_tells() -> None:
    def inner() -> None:
        run(an_event)

    async def main() -> None:
        thread = threading.Thread(target=inner)
        thread.start()
        await asyncio.to_thread(thread.join)

    with pytest.raises(BusyLoopError, match="computes for more than"):
        run(main)


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_limit_that_is_none_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="ends everything at once; give more than 0, or None for no limit"):
        VirtualLoop(cpu_limit=limit)
