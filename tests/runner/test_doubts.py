"""When virtual time does not tell what becomes of a cell: others could go on, or time could, and neither does."""

from types import SimpleNamespace
from typing import Any

import pytest

from grader.clock.over import BusyLoopError, DeadlockError, LivelockError, RunOver
from grader.runner.cells import doubts
from grader.runner.cells.doubts import Doubts


class Said(Exception):
    """That there is a doubt."""


class Clock(SimpleNamespace):
    """One whose threads and timers the test says."""

    def __init__(self) -> None:
        super().__init__(holder=None, turns=5, steps=5, now=7, roomy=True, ready=False, parked=False, timers=[])
        self.look_round = lambda at_rest=True: 1
        self.asked = lambda: 7

    def somebody_ready(self) -> bool:
        return bool(self.ready)

    def parked_for_a_time(self) -> bool:
        return bool(self.parked)

    @property
    def loops(self) -> list[Any]:
        return [SimpleNamespace(timers=SimpleNamespace(next_tick=lambda: 9)) for _ in self.timers]


class Found:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def said(code: int) -> None:
            raise Said

        monkeypatch.setattr(doubts, "_exit", said)
        self.clock, self.heard = Clock(), list[Any]()
        self.report = SimpleNamespace(refused=lambda *told: self.heard.append(told), broken_off=self.heard.append)
        clock, report = self.clock, self.report
        self.doubts = Doubts(clock, report, lambda: None)  # type: ignore[arg-type]
        self.doubts.begin()

    def looked_twice(self, **changed: int) -> bool:
        """Whether that is a doubt, where meanwhile the clock has changed so."""
        self.doubts.look()
        vars(self.clock).update(changed)
        return self.is_one(self.doubts.look)

    def is_one(self, call: Any, *args: Any, **named: Any) -> bool:
        try:
            call(*args, **named)
        except Said:
            return True
        return False


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Found:
    return Found(monkeypatch)


@pytest.mark.parametrize(
    ("there", "changed", "doubt"),
    [
        ({}, {}, False),
        ({"ready": True}, {}, True),
        ({"parked": True}, {}, True),
        ({"ready": True}, {"now": 8}, True),
        ({"parked": True}, {"now": 8}, True),
        ({}, {"now": 8}, False),
        ({"ready": True}, {"turns": 6}, False),
        ({"parked": True}, {"turns": 6}, True),
        ({"parked": True}, {"turns": 6, "now": 8}, False),
        ({"timers": [1]}, {}, False),
        ({"timers": [1]}, {"steps": 6}, True),
        ({"timers": [1]}, {"steps": 6, "now": 8}, False),
        ({"ready": True, "roomy": False}, {}, False),
    ],
)
def test_who_computes_is_one_while_others_have_no_turn_or_wait_for_a_time_that_does_not_come(
    found: Found, there: dict[str, Any], changed: dict[str, int], doubt: bool
) -> None:
    vars(found.clock).update(there)
    assert found.looked_twice(**changed) is doubt


@pytest.mark.parametrize(
    ("there", "turns", "doubt"),
    [
        ({"ready": True}, 0, True),
        ({"parked": True}, 0, False),
        ({}, 0, False),
        ({"ready": True, "roomy": False}, 0, False),
        ({"ready": True}, 1, False),
    ],
)
def test_who_asks_for_the_time_again_and_again_is_one_while_others_have_no_turn(
    found: Found, monkeypatch: pytest.MonkeyPatch, there: dict[str, Any], turns: int, doubt: bool
) -> None:
    monkeypatch.setattr(doubts, "MAX_ASKS", 5)
    vars(found.clock).update(there)
    asked: Any = found.clock.asked
    for _ in range(5):
        assert asked() == 7
        found.clock.turns += turns
    assert found.is_one(asked) is doubt


def test_the_first_look_of_each_cell_says_nothing(found: Found) -> None:
    found.clock.ready = True
    for _ in range(2):
        found.doubts.begin()
        assert not found.is_one(found.doubts.look)


HOLDER = SimpleNamespace(ident=3)


@pytest.mark.parametrize(
    ("there", "looks", "doubt"),
    [
        ({"ready": True}, [0.0] * (doubts.LOOKS + 1), True),
        ({"parked": True}, [0.0] * (doubts.LOOKS + 1), True),
        ({"ready": True}, [0.0] * doubts.LOOKS, False),
        ({"ready": True}, [*[0.0] * doubts.LOOKS, 0.01, *[0.0] * (doubts.LOOKS - 1)], False),
        ({"ready": True}, [0.01] * 20, False),
        ({}, [0.0] * 20, False),
        ({"timers": [1]}, [0.0] * 20, False),
        ({"ready": True, "roomy": False}, [0.0] * 20, False),
        ({"ready": True, "holder": None}, [0.0] * 20, False),
    ],
)
def test_who_computes_nothing_for_long_is_one_while_others_have_no_turn(
    found: Found, there: dict[str, Any], looks: list[float], doubt: bool
) -> None:
    vars(found.clock).update({"holder": HOLDER} | there)
    assert any([found.is_one(found.doubts.look_from_outside, computed) for computed in looks]) is doubt


@pytest.mark.parametrize("moves", ["turns", "steps", "now"])
def test_where_anything_moves_between_two_looks_from_outside_it_is_none(found: Found, moves: str) -> None:
    vars(found.clock).update(holder=HOLDER, ready=True)
    for number in range(20):
        vars(found.clock)[moves] = number
        assert not found.is_one(found.doubts.look_from_outside, 0.0)


@pytest.mark.parametrize("call", ["_thread.start_new_thread", "loop.add_reader", "socket.socket", "subprocess"])
def test_what_the_system_may_give_is_one(found: Found, call: str) -> None:
    assert found.is_one(found.report.refused, call, None)


@pytest.mark.parametrize("call", ["os.system", "input", "asyncio.open_connection"])
def test_what_it_gives_nobody_is_none(found: Found, call: str) -> None:
    assert not found.is_one(found.report.refused, call, None)
    assert found.heard == [(call, None)]


@pytest.mark.parametrize(
    ("reason", "doubt"), [(BusyLoopError(), True), (LivelockError(), True), (DeadlockError(), False)]
)
def test_an_end_is_one_while_others_could_go_on(found: Found, reason: RunOver, doubt: bool) -> None:
    end: Any = found.clock.on_break
    found.clock.ready = True
    assert found.is_one(end, reason) is doubt
    found.clock.ready = False
    assert not found.is_one(end, reason)


def test_a_limit_ends_what_computes_beside_others_and_not_what_waits_beside_them(found: Found) -> None:
    end: Any = found.clock.on_break
    found.clock.ready = True
    assert found.is_one(found.doubts.stops, waits=True)
    assert not found.is_one(found.doubts.stops, waits=False)
    assert not found.is_one(end, BusyLoopError())
