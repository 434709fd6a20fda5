import asyncio
import functools
import threading
import time
from collections.abc import Callable

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, LivelockError
from grader.clock.surroundings import on


def played(clock: Clock, *functions: Callable[[], object]) -> None:
    """Each in a thread of its own, together."""
    with on(clock):
        threads = [threading.Thread(target=function) for function in functions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def in_threads(clock: Clock, *programs: list[float]) -> list[tuple[int, float]]:
    """Each program is a list of sleeps in a thread of its own; the trace of (program, time) as they wake."""
    trace: list[tuple[int, float]] = []

    def play(number: int) -> None:
        for seconds in programs[number]:
            time.sleep(seconds)
            trace.append((number, clock.now / 1e9))

    played(clock, *(functools.partial(play, number) for number in range(len(programs))))
    return trace


def test_threads_sleep_beside_each_other_in_virtual_time() -> None:
    trace = in_threads(Clock(), [0.5, 0.5], [0.7, 0.1])
    assert trace == [(0, 0.5), (1, 0.7), (1, 0.8), (0, 1.0)]


def test_equal_times_come_in_the_order_in_which_they_were_set() -> None:
    assert in_threads(Clock(), [1], [1], [1]) == [(0, 1), (1, 1), (2, 1)]


def test_threads_have_one_trace() -> None:
    programs = [[0.3, 0.2, 0.5], [0.5, 0.5], [0.1] * 10]
    traces = {str(in_threads(Clock(), *programs)) for _ in range(50)}
    assert len(traces) == 1


def test_a_thread_that_parks_for_ever_with_no_other_is_a_deadlock() -> None:
    with pytest.raises(DeadlockError):
        Clock().park(None)


def test_time_moves_alone_up_to_the_lease_and_not_past_it() -> None:
    asked: list[tuple[int, int | None]] = []

    class Door:
        def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[object]]:
            asked.append((at, timer))
            return 50, 200, []

    clock = Clock(Door())  # type: ignore[arg-type]
    clock.until = 100
    clock.park(99)
    assert (clock.now, asked) == (99, [])
    clock.park(100)
    assert (clock.now, asked) == (50, [(99, 100)])
    clock.park(199)
    assert (clock.now, asked) == (199, [(99, 100)])


def test_a_thread_that_runs_a_loop_on_another_clock_is_on_its_own_again_afterwards() -> None:
    def work() -> float:
        with asyncio.Runner(loop_factory=lambda: VirtualLoop(Clock(start=100))) as runner:
            runner.run(asyncio.sleep(1))
        time.sleep(1)
        return time.monotonic()

    async def main() -> list[float]:
        return [*await asyncio.gather(asyncio.to_thread(work), asyncio.to_thread(work))]

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == [1.0, 1.0]
        assert runner.get_loop().time() == 1.0


def test_a_sleep_of_nothing_gives_the_turn_away() -> None:
    flags: list[str] = []

    def poll() -> None:
        while not flags:
            time.sleep(0)

    clock = Clock()
    played(clock, poll, lambda: flags.append("set"))
    assert clock.now == 0


def test_a_thread_that_polls_for_ever_with_sleeps_of_nothing_is_a_livelock() -> None:
    def poll() -> None:
        while threading.active_count():
            time.sleep(0)

    with pytest.raises(LivelockError, match="100 turns"):
        played(Clock(max_turns=100), poll)
