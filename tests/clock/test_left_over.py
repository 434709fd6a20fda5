"""Threads that are left when a run or the whole program ends: nothing hangs, and the next run begins as if nothing had been."""

import asyncio
import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from grader.clock import VirtualLoop, surroundings
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, RunOver
from grader.clock.threads import threads
from tests.proof.the_course import ROOT

Program = Callable[[], Coroutine[Any, Any, Any]]


def run(clock: Clock, program: Program) -> Any:
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        return runner.run(program())


async def well() -> float:
    before = time.monotonic()
    await asyncio.sleep(1)
    await asyncio.to_thread(time.sleep, 1)
    return time.monotonic() - before


async def alone() -> None:
    await asyncio.Event().wait()


async def beside_a_thread() -> None:
    threading.Thread(target=threading.Event().wait).start()
    await asyncio.Event().wait()


async def behind_a_thread() -> None:
    await asyncio.to_thread(threading.Event().wait)


async def beside_a_loop() -> None:
    threading.Thread(target=lambda: asyncio.run(alone())).start()
    await asyncio.Event().wait()


@pytest.mark.parametrize("program", [alone, beside_a_thread, behind_a_thread, beside_a_loop])
def test_after_a_deadlock_the_same_clock_runs_again_and_no_thread_is_left(program: Program) -> None:
    clock, before = Clock(), threading.active_count()
    for _ in range(2):
        with pytest.raises(DeadlockError, match=f"{program.__name__}\\), test_left_over.py, line "):
            run(clock, program)
        assert run(clock, well) == 2
        assert threading.active_count() == before


def test_what_a_loop_of_an_ended_thread_leaves_suspended_is_closed_then(caplog: pytest.LogCaptureFixture) -> None:
    clock, seen = Clock(), list[str]()

    async def both() -> None:
        task = asyncio.current_task()  # a circle, which the garbage collector would undo later, in another run
        try:
            await asyncio.gather(alone(), alone())
        finally:
            seen.append(type(task).__name__)

    async def program() -> None:
        threading.Thread(target=asyncio.run, args=(both(),)).start()
        await asyncio.sleep(1)

    gc.disable()
    try:
        run(clock, program)
        with clock.seated():
            assert clock.end_threads(RunOver("over"))
        assert len(seen) == 1
    finally:
        gc.enable()
    gc.collect()
    assert caplog.records == []


def test_a_deadlock_while_a_thread_is_joined_outside_a_run_does_not_outlive_it() -> None:
    clock = Clock()

    async def leave_one() -> threading.Thread:
        thread = threading.Thread(target=threading.Event().wait, name="left")
        thread.start()
        return thread

    thread = run(clock, leave_one)
    with pytest.raises(DeadlockError, match="waits for the end of the thread left, which waits itself"):
        thread.join()
    assert not thread.is_alive()
    assert run(clock, well) == 2


def test_a_thread_that_is_left_goes_on_in_the_next_run() -> None:
    clock, seen = Clock(), list[float]()

    def work() -> None:
        time.sleep(1.5)
        seen.append(time.monotonic())

    async def leave_one() -> None:
        threading.Thread(target=work).start()

    run(clock, leave_one)
    assert seen == []
    assert run(clock, well) == 2
    assert seen == [1.5]


def ended(program: str) -> tuple[int, str, str]:
    """How a Python ends that runs this program: its exit code, and what it printed."""
    head = "import asyncio, threading, time\nfrom grader.clock import VirtualLoop\n"
    command = [sys.executable, "-c", head + program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_interpreter_ends_when_a_thread_that_was_left_has_slept_its_virtual_hour() -> None:
    program = """
async def main():
    threading.Thread(target=lambda: (time.sleep(3600), print("thread", time.monotonic()))).start()
    asyncio.get_running_loop().run_in_executor(None, lambda: (time.sleep(60), print("pool", time.monotonic())))
loop = VirtualLoop()
loop.run_until_complete(main())
loop.close()
print("main")
"""
    assert ended(program) == (0, "main\npool 60.0\nthread 3600.0\n", "")


def test_the_interpreter_ends_when_a_thread_that_was_left_waits_for_ever() -> None:
    program = """
def wait():
    threading.Event().wait()
async def main():
    threading.Thread(target=wait).start()
with asyncio.Runner(loop_factory=VirtualLoop) as runner:
    runner.run(main())
print("main")
"""
    code, out, errors = ended(program)
    assert (code, out) == (0, "main\n")
    assert (
        "DeadlockError: nothing can ever run again:\n  Thread-1 (wait) (wait), <string>, line 5: waits for an Event"
        in errors
    )


def test_the_interpreter_does_not_wait_for_a_daemon() -> None:
    program = """
async def main():
    threading.Thread(target=lambda: (time.sleep(3600), print("daemon")), daemon=True).start()
with asyncio.Runner(loop_factory=VirtualLoop) as runner:
    runner.run(main())
print("main")
"""
    assert ended(program) == (0, "main\n", "")


def test_a_deadlock_that_nobody_catches_ends_the_interpreter_as_an_exception_does() -> None:
    program = """
async def main():
    await asyncio.to_thread(threading.Event().wait)
with asyncio.Runner(loop_factory=VirtualLoop) as runner:
    runner.run(main())
"""
    code, out, errors = ended(program)
    assert (code, out) == (1, "")
    assert errors.count("Traceback") == 1
    assert "Task-1 (main), <string>, line 5: waits for the result of the thread asyncio_0, which waits itself" in errors


def test_who_joins_a_thread_while_the_process_ends_lets_it_go_on() -> None:
    """As `multiprocessing` does with that of a queue, which waits for its next job."""
    go_on = threading.Event()
    left = list[threading.Thread]()

    async def main() -> None:
        left.append(threading.Thread(target=go_on.wait, daemon=True))
        left[0].start()
        await asyncio.sleep(1)

    run(Clock(), main)
    surroundings.leave()
    try:
        go_on.set()
        left[0].join(5)
        assert threads.clock_of(left[0]) is not None
        assert not left[0].is_alive()
    finally:
        threading.Thread.join = threads._real_join  # type: ignore[method-assign]
