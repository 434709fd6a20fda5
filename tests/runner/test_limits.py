"""The limits that a signal keeps: what runs is ended, but never in the middle of a sentence to the referee."""

import signal
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from grader.clock.clock import Clock
from grader.clock.over import BusyLoopError
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
    monkeypatch.setattr(signal, "setitimer", lambda *timer: timers.append(timer))
    desk: Any = SimpleNamespace(door=Door(), clock=Clock(), line=lambda frame: 7)
    made = CpuLimit(desk, 2, None)
    vars(desk)["timers"] = timers
    return made


def test_what_computes_for_too_long_is_ended_with_its_line(limit: CpuLimit) -> None:
    with pytest.raises(BusyLoopError) as found:
        limit._cpu_spent(0, sys._getframe())
    assert (found.value.detail, found.value.line) == ("computes for more than 2 s without waiting", 7)


def test_a_message_to_the_referee_is_finished_first(limit: CpuLimit) -> None:
    desk: Any = limit.desk
    desk.door.while_speaking = lambda: limit._cpu_spent(0, sys._getframe())
    desk.door.begin()
    assert desk.clock.broken is None
    assert desk.timers == [(signal.ITIMER_PROF, 0.001, 0.25)]
