"""An alarm that is rung from outside: heard with its line, and after a sentence to the referee if one is being said."""

import signal
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from grader.clock.clock import Clock
from grader.clock.over import BusyLoopError
from grader.runner.limits import CpuLimit, RealWaitError


class Door:
    """Calls `while_speaking` inside of a message."""

    while_speaking: Any = None

    def begin(self) -> None:
        self.while_speaking()


def limit_of(wall_seconds: float | None) -> CpuLimit:
    desk: Any = SimpleNamespace(door=Door(), clock=Clock(), line=lambda frame: 7)
    return CpuLimit(desk, 2, wall_seconds)


@pytest.mark.parametrize(("wall_seconds", "kind"), [(None, BusyLoopError), (20, RealWaitError)])
def test_a_wait_is_ended_with_its_line(wall_seconds: float | None, kind: type[BusyLoopError]) -> None:
    with pytest.raises(BusyLoopError, match="^waits in real time") as found:
        limit_of(wall_seconds)._wall_met(0, sys._getframe())
    assert (type(found.value), found.value.line) == (kind, 7)


def test_an_alarm_in_the_middle_of_a_message_rings_again_and_is_silent_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timers: list[Any] = []
    monkeypatch.setattr("_signal.setitimer", lambda *timer: timers.append(timer))
    limit = limit_of(None)
    desk: Any = limit.desk
    desk.door.while_speaking = lambda: limit._wall_met(0, sys._getframe())
    desk.door.begin()
    assert desk.clock.broken is None
    assert timers == [(signal.ITIMER_REAL, 0.001, 0.25)]
    limit.off()
    assert timers[1:] == [(signal.ITIMER_PROF, 0), (signal.ITIMER_REAL, 0)]


def running(monkeypatch: pytest.MonkeyPatch, wall_seconds: float | None, seconds: float) -> tuple[CpuLimit, list[Any]]:
    """A run that may take 20 s and has taken so many; and the timers that are set from now on."""
    timers: list[Any] = []
    monkeypatch.setattr("_signal.setitimer", lambda *timer: timers.append(timer))
    monkeypatch.setattr("grader.runner.limits._monotonic", lambda: 1000.0 + seconds)
    desk: Any = SimpleNamespace(door=Door(), clock=Clock(), line=lambda frame: 7)
    limit = CpuLimit(desk, 2, wall_seconds, rings_after=20)
    limit._began, limit._patience = 1000.0, wall_seconds or 0.0
    return limit, timers


@pytest.mark.parametrize("seconds", [0.0, 4.9])
def test_an_alarm_that_nobody_can_have_rung_yet_is_not_believed(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit, timers = running(monkeypatch, None, seconds)
    limit._wall_met(0, sys._getframe())
    assert (limit.desk.clock.broken, timers) == (None, [])


def test_who_rings_may_have_begun_to_count_before(monkeypatch: pytest.MonkeyPatch) -> None:
    limit, _ = running(monkeypatch, None, 5)
    with pytest.raises(BusyLoopError, match="^waits in real time$"):
        limit._wall_met(0, sys._getframe())


def test_an_alarm_that_took_the_place_of_ours_is_not_believed_and_ours_is_set_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit, timers = running(monkeypatch, 20, 0.5)
    limit._wall_met(0, sys._getframe())
    assert (limit.desk.clock.broken, timers) == (None, [(signal.ITIMER_REAL, 19.5, 0.25)])


def test_an_alarm_of_the_programs_is_silent_when_the_run_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    limit, timers = running(monkeypatch, None, 0.5)
    limit.off()
    assert (signal.ITIMER_REAL, 0) in timers
