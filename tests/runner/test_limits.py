"""The limits that a signal keeps: what runs is ended, but never in the middle of a sentence to the referee."""

import signal
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from grader.clock.clock import Clock
from grader.clock.over import BusyLoopError, LimitError
from grader.runner.limits import CpuLimit


class Door:
    """Calls `while_speaking` inside of a message."""

    def __init__(self) -> None:
        self.while_speaking: Any = None

    def begin(self) -> None:
        self.while_speaking()


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> CpuLimit:
    timers: list[Any] = []
    monkeypatch.setattr("_signal.setitimer", lambda *timer: timers.append(timer))
    desk: Any = SimpleNamespace(door=Door(), clock=Clock(), line=lambda frame: 7)
    made = CpuLimit(desk, 2, None)
    vars(desk)["timers"] = timers
    return made


def test_what_computes_for_too_long_is_ended_with_its_line(limit: CpuLimit) -> None:
    limit._cpu_spent(0, sys._getframe())
    with pytest.raises(BusyLoopError) as found:
        limit._cpu_spent(0, sys._getframe())
    assert (found.value.detail, found.value.line) == ("computes for more than 2 s without waiting", 7)


def test_a_message_to_the_referee_is_finished_first(limit: CpuLimit) -> None:
    desk: Any = limit.desk
    desk.door.while_speaking = lambda: limit._cpu_spent(0, sys._getframe())
    limit._cpu_spent(0, sys._getframe())
    desk.door.begin()
    assert desk.clock.broken is None
    assert desk.timers == [(signal.ITIMER_PROF, 0.001, 0.25)]


def test_what_the_referee_has_said_is_taken_down_first(limit: CpuLimit) -> None:
    desk: Any = limit.desk
    frames: list[Any] = []

    def seen(frame: Any, event: str, arg: Any) -> None:
        if event == "return" and frame.f_code is Clock.lease.__code__:
            frames.extend((frame, frame.f_back))

    door: Any = SimpleNamespace(block=lambda at, to: None)
    clock = Clock(door)
    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        clock.block(1)
    finally:
        sys.setprofile(before)
    assert len(frames) == 2
    limit._cpu_spent(0, sys._getframe())
    for frame in frames:
        limit._cpu_spent(0, frame)
    assert desk.clock.broken is None
    assert desk.timers == [(signal.ITIMER_PROF, 0.001, 0.25)] * 2


def test_whoever_was_to_be_ended_in_the_middle_of_a_message_is_ended_for_what_was_seen_then(limit: CpuLimit) -> None:
    desk: Any = limit.desk
    for tick in (1, 2, 3, 4, 5, 6):
        rung(limit, tick)
    desk.door.while_speaking = lambda: rung(limit, 7)
    desk.door.begin()
    with pytest.raises(LimitError, match="^sleeps$"):
        rung(limit, 7)


def rung(limit: CpuLimit, *ticks: int, due: bool = False) -> None:
    """The clock stands so at each ring; it is `due` that the program is ended."""
    limit._due = 0.0 if due else float("inf")
    for tick in ticks:
        limit.desk.clock.now = tick
        limit._cpu_spent(0, sys._getframe())


def test_where_the_first_ring_is_late_it_is_not_known_yet_whether_the_program_waits(limit: CpuLimit) -> None:
    rung(limit, 1, 2, 3, 4, 5, 6, due=True)
    with pytest.raises(LimitError, match="^sleeps$"):
        rung(limit, 7, due=True)


@pytest.mark.parametrize("ticks", [(1, 2, 3, 4, 5, 6, 7), (5, 5, 5, 5, 6, 7, 8), (1, 2, 3, 4, 5, 5, 6)])
def test_what_waits_again_and_again_is_no_busy_loop(limit: CpuLimit, ticks: tuple[int, ...]) -> None:
    rung(limit, *ticks[:-1])
    with pytest.raises(LimitError, match="^sleeps$") as found:
        rung(limit, ticks[-1])
    assert found.value.line == 7


@pytest.mark.parametrize("ticks", [(4, 4, 4, 4, 4, 4, 4), (1, 2, 3, 4, 5, 6, 6), (1, 1, 1, 2, 2, 2, 3)])
def test_what_has_waited_and_computes_now_is_one(limit: CpuLimit, ticks: tuple[int, ...]) -> None:
    rung(limit, *ticks[:-1])
    with pytest.raises(BusyLoopError, match="^computes"):
        rung(limit, ticks[-1])


def test_a_long_call_that_hears_one_ring_of_many_is_ended_when_time_is_up(limit: CpuLimit) -> None:
    rung(limit, 5)
    with pytest.raises(BusyLoopError, match="^computes"):
        rung(limit, 5, due=True)


def test_a_clock_that_moves_is_looked_at_again_although_time_is_up(limit: CpuLimit) -> None:
    rung(limit, 5)
    rung(limit, 6, 7, 8, 9, 10, due=True)
    with pytest.raises(LimitError, match="^sleeps$"):
        rung(limit, 11, due=True)


def test_the_limit_rings_some_times_before_it_is_met(limit: CpuLimit) -> None:
    limit.phase(2)
    limit.phase(10)
    assert limit.desk.timers == [  # type: ignore[attr-defined]
        (signal.ITIMER_PROF, pytest.approx(0.8), pytest.approx(0.2)),
        (signal.ITIMER_PROF, 8.5, 0.25),
    ]
