"""Which cells have less time: those that stay in a function in which an earlier one took all of it, and no others."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from grader.clock.over import RunOver
from grader.runner import limits
from grader.runner.cells import spending
from grader.runner.cells.spending import CellLimit, Cells

SECONDS, LESS = 30.0, 3.0
PATIENCE = [10.0, 100.0]
DEFINES = """\
def spins(look):
    while True:
        look()

def calls(look):
    while True:
        spends(look)

def spends(look):
    look()

async def waits(look):
    await look()

class Some:
    def method(self, look):
        look()
        look()
"""
ASSERTS = "def until(look):\n    while True:\n        look()\n"


class _Out(Exception):
    """The test has seen enough."""


class Played:
    """Cells with a clock of processor time that the test moves; each call of `look` is one ring after `step` seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.used = self.waited = 0.0
        self.told = list[tuple[Any, ...]]()
        self.clock = SimpleNamespace(now=0, broken=None, holder=None, break_off=lambda reason: reason)
        monkeypatch.setattr(spending, "process_time", lambda: self.used)
        monkeypatch.setattr(limits, "process_time", lambda: self.used)
        monkeypatch.setattr(spending, "_monotonic", lambda: self.waited)
        monkeypatch.setattr(spending, "limit_cpu", lambda seconds: None)
        for module in (spending, limits):
            monkeypatch.setattr(module, "_signal", SimpleNamespace(setitimer=self._set, ITIMER_PROF=signal.ITIMER_PROF))
        self.rings = list[tuple[float, float]]()
        self._names = dict[str, Any]()

    def _set(self, timer: int, after: float, every: float = 0.0) -> None:
        self.rings.append((after, every))

    def begin(self, texts: Sequence[str], *, given: Sequence[int] = (), **more: Any) -> None:
        names = {f"cell {number}": text for number, text in enumerate(texts, 1)}
        learners = [f"cell {number}" for number in range(1, len(texts) + 1) if number not in given]
        start = {"less": LESS, "patience": PATIENCE, "spent": [], "in_full": [], "limits": {"cpu_seconds": SECONDS}}
        self.desk: Any = SimpleNamespace(file="", clock=self.clock, door=None, line=lambda frame: None)

        def tell(kind: str, *told: Any) -> None:
            self.told.append(told)

        desk: Any = self.desk
        self.limit = CellLimit(desk, start | more, Cells(names, learners), tell)
        for name, text in names.items():
            if text in (DEFINES, ASSERTS):
                exec(compile(text, name, "exec"), self._names)

    def cell(self, number: int, text: str, look: Callable[..., Any]) -> bool:
        """Whether it was stopped."""
        self.desk.file = f"cell {number}"
        self.limit.cell(number)
        self._names["look"] = look
        try:
            exec(compile(text, f"cell {number}", "exec"), self._names)
        except RunOver:
            return True
        except _Out:
            return False
        return False

    def ring(self, seconds: float) -> None:
        self.used += seconds
        self.limit._cpu_spent(0, sys._getframe(1))

    def to_the_tenth(self) -> Callable[[], None]:
        return self._following([LESS / 2, LESS / 2])

    def to_the_end(self) -> Callable[[], None]:
        return self._following([LESS / 2, LESS / 2, SECONDS - LESS - 1, *[0.25] * 20])

    def _following(self, steps: Sequence[float]) -> Callable[[], None]:
        left = iter(steps)

        def look() -> None:
            step = next(left, None)
            if step is None:
                raise _Out
            self.ring(step)

        return look


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    return Played(monkeypatch)


def test_what_is_told_of_a_cell_that_was_stopped_is_not_broken_off_by_what_still_computes(played: Played) -> None:
    played.begin([DEFINES, "spins(look)"])
    assert played.cell(2, "spins(look)", played.to_the_end())
    played.rings.clear()
    played.limit.over()
    assert played.rings == [(spending._TO_TELL, limits.AGAIN_AFTER)]


SPINS = ("cell 1", "spins", 1)


def test_a_cell_that_stays_where_one_took_all_its_time_has_a_tenth(played: Played) -> None:
    played.begin([DEFINES, "spins(look)", "1; spins(look)"])
    assert played.cell(2, "spins(look)", played.to_the_end())
    before = played.used
    assert played.cell(3, "1; spins(look)", played.to_the_tenth())
    assert played.used - before == LESS
    assert played.told == [(2, *SPINS), (3, *SPINS)]


@pytest.mark.parametrize(
    "text", ["calls(look)", "while True: spends(look)", "while True: look()", "Some().method(look)"]
)
def test_any_other_has_all_of_it(played: Played, text: str) -> None:
    played.begin([DEFINES, text], spent=[SPINS])
    assert not played.cell(2, text, played.to_the_tenth())
    assert played.rings[-1] == (SECONDS - LESS - 6 * 0.25, 0.25)


def test_it_is_the_function_that_does_not_end_and_not_what_it_calls(played: Played) -> None:
    played.begin([DEFINES, "calls(look)", "while True: spends(look)", "1; calls(look)"])
    assert played.cell(2, "calls(look)", played.to_the_end())
    assert played.told == [(2, "cell 1", "calls", 5)]
    assert not played.cell(3, "while True: spends(look)", played.to_the_tenth())
    assert played.cell(4, "1; calls(look)", played.to_the_tenth())


def test_a_call_that_began_after_the_first_look_is_not_one_that_stays(played: Played) -> None:
    text = "look()\nspins(look)"
    played.begin([DEFINES, text], spent=[SPINS])
    assert not played.cell(2, text, played.to_the_tenth())


def test_outside_of_functions_the_text_of_the_cell_counts(played: Played) -> None:
    text = "while True: look()"
    played.begin([text, text, f"{text} # other"])
    assert played.cell(1, text, played.to_the_end())
    assert played.cell(2, text, played.to_the_tenth())
    assert not played.cell(3, f"{text} # other", played.to_the_tenth())
    assert played.told == [(1, "cell 1", "", 0), (2, "cell 1", "", 0)]


def test_a_function_of_the_authors_is_nobodys_fault(played: Played) -> None:
    played.begin([ASSERTS, "until(look)", "1; until(look)"], given=[1, 2, 3])
    assert played.cell(2, "until(look)", played.to_the_end())
    assert played.told == [(2, "cell 2", "", 0)]
    assert not played.cell(3, "1; until(look)", played.to_the_tenth())


def test_what_came_to_its_end_before_has_all_the_time_again(played: Played) -> None:
    played.begin([DEFINES, "spins(look)"], spent=[SPINS], in_full=[2])
    assert not played.cell(2, "spins(look)", played.to_the_tenth())


def test_a_method_is_told_by_its_class(played: Played) -> None:
    text = "Some().method(look)"
    played.begin([DEFINES, text], spent=[("cell 1", "Some.method", 16)])
    assert played.cell(2, text, played.to_the_tenth())
    assert played.told == [(2, "cell 1", "Some.method", 16)]


def test_one_long_call_in_c_is_looked_at_twice_too(played: Played) -> None:
    played.begin([DEFINES, "spins(look)"], spent=[SPINS])
    assert not played.cell(2, "spins(look)", played._following([LESS + 1]))
    assert played.cell(2, "spins(look)", played._following([LESS + 1, LESS / 2]))


def test_who_catches_what_stops_it_is_stopped_again(played: Played) -> None:
    text = "try:\n    spins(look)\nexcept BaseException:\n    pass\nwhile True: look()"
    played.begin([DEFINES, text], spent=[SPINS])
    assert played.cell(2, text, played._following([LESS / 2, LESS / 2, 0.25]))
    assert played.told == [(2, *SPINS)]


def test_what_waits_is_found_by_what_the_cell_awaits(played: Played) -> None:
    played.begin([DEFINES, "waits"], spent=[("cell 1", "waits", 12)])

    async def sleeps() -> None:
        await asyncio.sleep(0)
        played.used, played.clock.now = LESS, 1
        await asyncio.sleep(0)

    def below() -> None:  # as a loop has it between two turns: no line of the program's is on the stack
        played.limit._cpu_spent(0, sys._getframe())

    played.desk.file = "cell 2"
    played.limit.cell(2)
    played.limit.awaited = coroutine = played._names["waits"](sleeps)
    coroutine.send(None)
    below()
    coroutine.send(None)
    with pytest.raises(RunOver) as stopped:
        below()
    coroutine.close()
    assert (stopped.value.detail, played.told) == ("sleeps", [(2, "cell 1", "waits", 12)])


@pytest.mark.parametrize(
    ("waited", "used", "text", "stopped"),
    [
        (10.0, 0.1, "spins(look)", True),  # who started this rings early
        (10.0, 1.0, "spins(look)", False),  # it computes, on a busy machine
        (10.0, 0.1, "1; spends(look)", False),
        (100.0, 0.1, "1; spends(look)", True),
        (1.0, 0.1, "1; spends(look)", True),  # its own alarm
    ],
)
def test_a_real_wait_is_ended_early_only_where_one_took_all_its_time(
    played: Played, waited: float, used: float, text: str, stopped: bool
) -> None:
    played.begin([DEFINES, text], spent=[SPINS])

    def look() -> None:
        played.waited, played.used = waited, used
        played.limit._wall_met(0, sys._getframe())
        raise _Out

    assert played.cell(2, text, look) == stopped


def test_a_program_that_traces_itself_goes_on_where_its_calls_are_marked(played: Played) -> None:
    played.begin([DEFINES, "spins(look)"])

    def look() -> None:
        played.limit._stays(sys._getframe(1))
        marked = sys._getframe(1).f_trace
        assert marked is not None
        assert marked(sys._getframe(1), "line", None) is marked
        raise _Out

    assert not played.cell(2, "spins(look)", look)
