"""A program of threads, loops and pools has one trace: however often it is played, on every Python, in every process.

And no play leaves a thread behind, or waits for anything real.
"""

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.clock.clock import Clock
from grader.clock.library.timepatch import REAL
from grader.clock.threads import seats
from tests.clock.rich_program import rich
from tests.clock.test_turns import in_threads
from tests.clock.thread_programs import Steps, Trace, digest, play, random_program
from tests.proof.the_course import ROOT

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # where a deadlock ends a call

# of the traces of the first programs, on any Python that is supported; a change of the programs changes it
PROGRAMS, DIGEST = range(50), "1f21fddfb572cab9"


@pytest.fixture
def _switching() -> Iterator[None]:
    """The interpreter changes threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def played(program: list[Steps], debug: bool = False) -> Trace:
    """Its trace; afterwards all is as it was."""
    before = threading.active_count()
    trace, clock = play(program, debug)
    assert threading.active_count() == before
    assert not clock.crowded
    assert clock.loops == []
    return trace


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_a_program_of_threads_has_one_trace(random: Random) -> None:
    program = random_program(random)
    expected = played(program)
    assert played(program) == expected
    assert played(program, debug=True) == expected


@pytest.mark.usefixtures("_switching")
@pytest.mark.parametrize("seeds", [range(25), pytest.param(range(25, 100), marks=pytest.mark.slow)], ids=str)
def test_a_hundred_programs_have_one_trace_each_however_threads_are_switched(seeds: range) -> None:
    for seed in seeds:
        program = random_program(Random(seed))
        expected = played(program)
        assert [played(program), played(program, debug=True)] == [expected, expected], seed


def test_the_traces_are_the_same_on_every_python() -> None:
    assert digest(PROGRAMS) == DIGEST


@pytest.mark.parametrize("seed", ["0", pytest.param("1", marks=pytest.mark.slow)])
def test_the_traces_are_the_same_in_every_process(seed: str) -> None:
    script = ["-m", "tests.clock.thread_programs", str(PROGRAMS.start), str(PROGRAMS.stop)]
    environ = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *script], cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == f"{DIGEST}\n"


def test_the_programs_do_what_they_are_to_do() -> None:
    done: Counter[str] = Counter()
    for seed in range(150):
        done.update({re.sub(r"\d[.\w]*", "#", what) for _, _, what in play(random_program(Random(seed)))[0]})
    kinds = {said.removeprefix("after ").partition(":")[0] for said in done if said.startswith("after ")}
    assert len(kinds) == 24
    assert {kind for kind in kinds if done[kind] < 5} == set()
    ends = {said.partition(": ")[2] for said in done if done[said] >= 5}
    assert ends >= {"TimeoutError", "BrokenBarrierError", "Empty", "Full", "ValueError", "True", "False", "# cancelled"}
    assert done["nothing can ever run again:"] >= 5


# ---------------------------------------------------------------- a rich one, again and again


@pytest.fixture
def _loaded() -> Iterator[None]:
    """The other cores are busy."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        yield
        busy.kill()


@pytest.mark.usefixtures("_switching", "_loaded")
@pytest.mark.parametrize("times", [30, pytest.param(300, marks=[pytest.mark.slow, pytest.mark.ends])])
def test_a_rich_program_has_one_trace_beside_a_busy_core(times: int) -> None:
    expected = rich()
    assert len(expected) == 35
    assert {who.partition(" ")[0] for _, who, _ in expected} == {
        *("customer", "clerk", "clerks", "supplier", "courier", "asyncio", "all")
    }
    before = threading.active_count()
    assert [number for number in range(times) if rich() != expected] == []
    assert threading.active_count() == before


# ---------------------------------------------------------------- no polling


class Counted:
    """Counts what is asked of all locks of turns, and how often somebody waited in vain."""

    asked = in_vain = 0

    @staticmethod
    def take(
        lock: Any, blocking: bool = True, timeout: float = -1, real: Callable[..., bool] = seats.take_really
    ) -> bool:
        got = real(lock, blocking, timeout)
        Counted.asked += 1
        Counted.in_vain += blocking and not got
        return got


def efforts(monkeypatch: pytest.MonkeyPatch, seconds: float) -> tuple[int, int, int]:
    """What it takes to sleep that long in three threads, ten times: turns, locks asked for, and waits in vain."""

    def real_sleep(seconds: float) -> None:
        raise AssertionError(f"slept really for {seconds} s")

    with monkeypatch.context() as patched:
        patched.setattr(seats, "take_really", Counted.take)
        patched.setattr(seats, "HEARS_SIGNALS", 1000)
        patched.setitem(REAL, "sleep", real_sleep)
        Counted.asked = Counted.in_vain = 0
        clock = Clock()
        trace = in_threads(clock, *[[seconds] * 10] * 3)
    assert trace[-1][1] == 10 * seconds
    return clock.turns, Counted.asked, Counted.in_vain


def test_a_thousand_virtual_hours_take_as_few_turns_as_a_second_and_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = efforts(monkeypatch, 1)
    assert expected[0] < 50
    assert expected[2] == 0
    assert efforts(monkeypatch, 3600) == expected
    assert efforts(monkeypatch, 3600_000) == expected
