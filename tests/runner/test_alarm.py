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
    monkeypatch.setattr(signal, "setitimer", lambda *timer: timers.append(timer))
    limit = limit_of(None)
    desk: Any = limit.desk
    desk.door.while_speaking = lambda: limit._wall_met(0, sys._getframe())
    desk.door.begin()
    assert desk.clock.broken is None
    assert timers == [(signal.ITIMER_REAL, 0.001, 0.25)]
    limit.off()
    assert timers[1:] == [(signal.ITIMER_PROF, 0), (signal.ITIMER_REAL, 0)]
