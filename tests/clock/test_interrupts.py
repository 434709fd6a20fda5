"""Ctrl-C while threads take turns: it is raised in the main thread, nobody loses a turn, and nothing hangs."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from grader.clock import VirtualLoop, clock
from grader.clock.clock import Clock
from grader.clock.library import replaced
from grader.clock.over import DeadlockError
from grader.clock.reasons import stuck
from grader.clock.surroundings import see_to_it
from grader.clock.threads import seats, turns
from tests.proof.the_course import ROOT

# what gives the turn away and takes it, and moves time in between
FILES = {clock.__file__, seats.__file__, turns.__file__}
HAND_OVER = {"park", "_stand_back", "_hand_over", "_next", "_move_on", "move", "_give", "at_once"}


class InterruptAt:
    """Raises KeyboardInterrupt before the nth line of a hand-over, as a signal's handler may; counts them all for n = 0."""

    def __init__(self, n: int):
        self.n, self.lines = n, 0

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        return self.line if code.co_filename in FILES and code.co_name in HAND_OVER else None

    def line(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        if event == "line":
            self.lines += 1
            if self.lines == self.n:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self.line


def play(clock: Clock, interrupt: InterruptAt) -> list[tuple[str, float]]:
    """Two threads and the main thread, which is interrupted; then all that the threads do."""
    seen: list[tuple[str, float]] = []

    def work(name: str, length: float) -> None:
        for _ in range(2):
            time.sleep(length)
            seen.append((name, time.monotonic()))

    threads = [threading.Thread(target=work, args=(name, length)) for name, length in (("a", 1), ("b", 1.5))]
    try:
        with clock.seated():
            for thread in threads:
                thread.start()
            sys.settrace(interrupt)
            time.sleep(0)
            time.sleep(1.25)
            time.sleep(1)
            sys.settrace(None)
    finally:
        sys.settrace(None)
        for thread in threads:
            thread.join()
    return seen


async def well() -> float:
    before = time.monotonic()
    await asyncio.to_thread(time.sleep, 1)
    return time.monotonic() - before


def test_an_interrupt_at_any_line_of_a_hand_over_loses_nobody_s_turn() -> None:
    with replaced.restored():
        see_to_it()
        counted = InterruptAt(0)
        expected = play(Clock(), counted)
        assert expected == [("a", 1), ("b", 1.5), ("a", 2), ("b", 3)]
        assert counted.lines > 50
        for n in range(1, counted.lines + 1):
            clock = Clock()
            with pytest.raises(KeyboardInterrupt):
                play(clock, InterruptAt(n))
            assert not clock.crowded, n
            with asyncio.Runner(loop_factory=lambda clock=clock: VirtualLoop(clock)) as runner:  # type: ignore[misc]
                assert runner.run(well()) == 1, n


# ---------------------------------------------------------------- a real signal

HEAD = """
import asyncio, os, signal, sys, threading, time
from grader.clock import VirtualLoop
from grader.clock.surroundings import on
from grader.clock.clock import Clock
def ready():
    print("ready", flush=True)
def run(main):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())
"""

PROGRAMS = {
    "while the loop sleeps again and again": """
async def main():
    ready()
    while True:
        await asyncio.sleep(3600)
run(main)
""",
    "while the loop spins": """
async def main():
    asyncio.get_running_loop().clock.max_turns = 10**12
    ready()
    turns = 0
    while True:
        turns += 1  # no turn is as one before
        await asyncio.sleep(0)
run(main)
""",
    "while threads sleep beside the loop": """
stop = []
def work():
    while not stop:
        time.sleep(3600)
async def main():
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        ready()
        while True:
            await asyncio.sleep(1000)
    finally:
        stop.append(True)
run(main)
""",
    "while a worker thread has the turn": """
stop = []
def compute():
    ready()
    while not stop:
        pass
async def main():
    signal.signal(signal.SIGINT, interrupt)
    await asyncio.to_thread(compute)
def interrupt(*_):
    stop.append(True)
    raise KeyboardInterrupt
run(main)
""",
    "while the main thread waits for a thread": """
stop = []
def work():
    while not stop:
        time.sleep(1)
with on(Clock()):
    thread = threading.Thread(target=work)
    thread.start()
    try:
        ready()
        thread.join()
    finally:
        stop.append(True)
        thread.join()
""",
}


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to one process")
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_ctrl_c_ends_a_program_as_it_does_elsewhere(program: str) -> None:
    command = [sys.executable, "-c", HEAD + program]
    for _ in range(3):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            child.send_signal(signal.SIGINT)
            out, errors = child.communicate()
        assert (child.returncode, out) == (-signal.SIGINT, ""), errors
        assert errors.rstrip().endswith("KeyboardInterrupt")
        assert "Exception ignored" not in errors


def test_ctrl_c_while_an_end_is_explained_leaves_no_half_of_it_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: Any) -> Any:
        monkeypatch.undo()
        raise KeyboardInterrupt

    async def main() -> None:
        await asyncio.Event().wait()

    loop = VirtualLoop()
    monkeypatch.setattr(stuck, "grouped", interrupted)
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(main())
    with pytest.raises(DeadlockError) as caught:
        loop.run_until_complete(main())
    loop.close()
    assert [line.partition(": ")[2] for line in str(caught.value).splitlines()[1:]] == [
        "waits for an Event: nothing that runs can set it"
    ] * 2
