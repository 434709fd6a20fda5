"""The bounds on CPU time of a process that plays cases: a signal for each, and an end for good that none can put off."""

import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Callable
from itertools import repeat
from time import clock_gettime, process_time
from types import SimpleNamespace
from typing import Any

import pytest

from grader.runner import bounds
from grader.runner.bounds import SLACK, SPARE, bound_cpu, limit_cpu

NEVER = resource.RLIM_INFINITY


class System:
    """A process that has used `used` seconds, by the count that its limit goes by; its limits are kept as the system keeps
    them for who has no privilege. `ahead`: by how much that count is beyond what was really used, where there is another.
    """

    def __init__(self) -> None:
        self.used, self.ahead, self.limits = 0.0, 0.0, (NEVER, NEVER)

    def clock_gettime(self, clock: int) -> float:
        if not self.ahead:
            raise OSError("no such clock")
        return self.used

    def getrusage(self, who: int) -> Any:
        really = self.used - self.ahead
        return SimpleNamespace(ru_utime=really / 2, ru_stime=really / 2)

    def getrlimit(self, what: int) -> tuple[int, int]:
        assert what == resource.RLIMIT_CPU
        return self.limits

    def setrlimit(self, what: int, limits: tuple[int, int]) -> None:
        soft, hard = limits
        if NEVER != hard < soft or (self.limits[1] != NEVER and hard > self.limits[1]):
            raise ValueError
        self.limits = limits


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    found = System()
    for name in ("getrusage", "getrlimit", "setrlimit"):
        monkeypatch.setattr(resource, name, getattr(found, name))
    monkeypatch.setattr("grader.runner.bounds.clock_gettime", found.clock_gettime)
    return found


def test_who_ignores_the_signal_of_the_backstop_is_killed_soon_after(system: System) -> None:
    bound_cpu(2)
    assert limit_cpu(2)
    assert system.limits == (2 + SLACK, 2 + SLACK + 1 + SPARE)


def test_the_next_case_has_the_same_time_until_the_signal_and_the_kill_stays_where_it_is(system: System) -> None:
    bound_cpu(2)
    system.used = SPARE + 0.9
    assert limit_cpu(2)
    assert system.limits == (SPARE + 2 + SLACK, SPARE + 2 + SLACK + 1)


def test_a_case_for_which_too_little_is_left_is_seen(system: System) -> None:
    bound_cpu(2)
    system.used = SPARE + 1
    assert not limit_cpu(2)


def test_without_a_bound_there_is_room_for_every_case(system: System) -> None:
    system.used = 1000
    assert limit_cpu(2)
    assert system.limits == (1002 + SLACK, NEVER)


def test_a_limit_goes_by_the_count_of_the_system_where_that_runs_ahead(system: System) -> None:
    system.used, system.ahead = 50, 3
    assert limit_cpu(2)
    assert system.limits == (52 + SLACK, NEVER)


def test_a_lower_limit_that_is_in_force_already_stays(system: System) -> None:
    system.limits = (NEVER, 3)
    bound_cpu(2)
    assert system.limits == (NEVER, 3)


# ---------------------------------------------------------------- the real thing


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a clock of Linux")
def test_there_is_such_a_count() -> None:
    assert clock_gettime(bounds._BY_TICKS) == pytest.approx(process_time(), rel=0.5, abs=1)


def ended_by(prepared: Callable[[], object]) -> signal.Signals:
    """Which signal ends one huge call in C. Where no limit does, a timer of its own does so a little later."""
    process = os.fork()
    if process == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            prepared()
            signal.setitimer(signal.ITIMER_PROF, 1.2)
            deque(repeat(0), maxlen=0)
        finally:
            os._exit(0)
    return signal.Signals(os.WTERMSIG(os.waitpid(process, 0)[1]))


def deaf() -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)


def bound_for_good() -> None:
    deaf()
    bound_cpu(-1.5)  # the least that there is: one second


def deaf_to_a_limit() -> None:
    deaf()
    limit_cpu(0)


@pytest.mark.slow  # the system counts whole seconds
@pytest.mark.parametrize(
    ("prepared", "ends"),
    [
        (lambda: None, signal.SIGPROF),
        (lambda: limit_cpu(0), signal.SIGXCPU),
        (deaf_to_a_limit, signal.SIGPROF),
        (bound_for_good, signal.SIGKILL),
    ],
    ids=["no limit", "the limit of a case", "the same and deaf", "deaf and bound for good"],
)
def test_one_huge_call_ends_where_a_limit_is_that_it_cannot_ignore(
    prepared: Callable[[], object], ends: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.runner.bounds.SLACK", 1)
    monkeypatch.setattr("grader.runner.bounds.SPARE", 0)
    assert ended_by(prepared) == ends
