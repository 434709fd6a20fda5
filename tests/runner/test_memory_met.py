"""That memory was not to be had is heard where Python tells of it, and else seen by how much there was."""

import resource
from types import SimpleNamespace
from typing import Any

import pytest

from grader.runner.cells import memory_met
from grader.runner.cells.memory_met import MemoryMet

MUCH = "it took more than half of the memory that there is"


@pytest.fixture
def nobody_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_met, "_monitoring", None)


def _peaks(monkeypatch: pytest.MonkeyPatch, bound: int, *peaks: int) -> list[int]:
    """How often it was told, behind each of so many cells."""
    there = iter([10, *peaks])
    monkeypatch.setattr(memory_met, "_peak", lambda: next(there))
    monkeypatch.setattr(resource, "getrlimit", lambda what: (bound, bound))
    told = list[str]()
    memory = MemoryMet(told.append)
    memory.begin()
    found = list[int]()
    for _ in peaks:
        memory.over()
        found.append(len(told))
    assert {*told} <= {MUCH}
    return found


@pytest.mark.usefixtures("nobody_tells")
def test_the_cell_that_filled_more_than_half_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _peaks(monkeypatch, 100, 20, 50, 51, 51, 90) == [0, 0, 1, 1, 2]


@pytest.mark.usefixtures("nobody_tells")
def test_without_a_bound_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _peaks(monkeypatch, resource.RLIM_INFINITY, 2**50) == [0]


@pytest.mark.usefixtures("nobody_tells")
def test_what_was_in_use_at_once_is_bytes() -> None:
    assert memory_met._peak() > 5_000_000


class _Monitoring:
    """As `sys` has it, of a process in which the tools in `there` are somebody's."""

    events = SimpleNamespace(RAISE=64)

    def __init__(self, *there: int) -> None:
        self.tools, self.heard, self.raised = {*there}, dict[int, int](), dict[int, Any]()

    def get_tool(self, tool: int) -> str | None:
        return "somebody's" if tool in self.tools else None

    def use_tool_id(self, tool: int, name: str) -> None:
        self.tools.add(tool)

    def register_callback(self, tool: int, event: int, call: Any) -> None:
        self.raised[tool] = call

    def set_events(self, tool: int, events: int) -> None:
        self.heard[tool] = events


class _OfAPackage(MemoryError):
    pass


@pytest.mark.parametrize(("error", "times"), [(MemoryError(), 1), (_OfAPackage(), 1), (ValueError(), 0)])
@pytest.mark.parametrize(("there", "tool"), [((), 4), ((4,), 3)])
def test_an_error_that_nobody_minds_is_heard_of(
    error: Exception, times: int, there: tuple[int, ...], tool: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    python, told = _Monitoring(*there), list[str]()
    monkeypatch.setattr(memory_met, "_monitoring", python)
    memory = MemoryMet(told.append)
    memory.begin()
    assert python.heard == {tool: 64}
    python.raised[tool](None, 0, error)
    memory.over()
    assert told == ["MemoryError"] * times


def test_where_all_tools_are_somebodys_it_is_seen_by_how_much_there_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_met, "_monitoring", _Monitoring(*memory_met._TOOLS))
    assert _peaks(monkeypatch, 100, 51) == [1]


def test_nothing_is_asked_for_that_is_not_there_on_another_system(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[Any]()
    monkeypatch.setattr(memory_met, "resource", None)
    monkeypatch.setattr(memory_met, "_monitoring", None)
    memory = MemoryMet(told.append)
    memory.begin()
    memory.over()
    assert told == []
