"""Any program of timers runs as it does in the plain model of them: order, times, cancelling, timers set in timers."""

import asyncio
import math
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.clock import VirtualLoop
from grader.clock.over import DeadlockError
from tests.clock.timer_model import ModelLoop

STARTS = [0.0, 0.1, -5.0, 1e7, 1.9e9, 4e9]
SECONDS = st.one_of(
    st.sampled_from([0, 0.0, 1, 0.1, 0.2, 0.3, 1e-9, 5e-17, 3600, 1e6, -1, -0.1, math.inf, -math.inf]),
    st.integers(-3, 30).map(lambda tenths: tenths / 10),
)


class Action(NamedTuple):
    """`how` is soon, later, at or cancel; `seconds`: the delay, or when counted from the start; `which` one is cancelled.

    `then` is what its callback does.
    """

    how: str
    seconds: float = 0
    which: int = 0
    then: "tuple[Action, ...]" = ()


def _actions(inner: "st.SearchStrategy[tuple[Action, ...]]") -> "st.SearchStrategy[tuple[Action, ...]]":
    one = st.builds(Action, st.sampled_from(["soon", "later", "at", "cancel"]), SECONDS, st.integers(0, 9), inner)
    return st.lists(one, max_size=5).map(tuple)


PROGRAMS = st.recursive(st.just(()), _actions, max_leaves=30)


def trace(loop: Any, program: tuple[Action, ...], start: float) -> list[tuple[int, float]]:
    """Which timer was called when; timers are numbered as they are set."""
    seen: list[tuple[int, float]] = []
    handles: list[Any] = []

    def do(actions: tuple[Action, ...]) -> None:
        for action in actions:
            if action.how == "cancel":
                if handles:
                    handles[action.which % len(handles)].cancel()
                continue
            number = len(handles)

            def called(number: int = number, then: tuple[Action, ...] = action.then) -> None:
                seen.append((number, loop.time()))
                do(then)

            if action.how == "soon":
                handles.append(loop.call_soon(called))
            elif action.how == "later":
                handles.append(loop.call_later(action.seconds, called))
            else:
                handles.append(loop.call_at(start + action.seconds, called))

    loop.call_soon(lambda: do(program))
    return seen


def on_the_model(program: tuple[Action, ...], start: float) -> list[tuple[int, float]]:
    model = ModelLoop(start)
    seen = trace(model, program, start)
    model.run()
    return seen


def on_the_loop(program: tuple[Action, ...], start: float, debug: bool, general: bool) -> list[tuple[int, float]]:
    loop = VirtualLoop(start=start)
    loop.set_debug(debug)
    if general:
        loop.on_callback = lambda tick, handle: None
    failures: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda loop, context: failures.append(context))
    seen = trace(loop, program, start)
    with pytest.raises(DeadlockError):
        loop.run_forever()
    assert len(loop.timers) <= len(seen) + 120  # cancelled ones do not pile up
    loop.close()
    assert failures == []
    return seen


@given(PROGRAMS, st.sampled_from(STARTS))
@example((Action("later", 1), Action("later", 1), Action("cancel", which=0), Action("later", 1)), 0.0)
@example((Action("at", 1, then=(Action("later", -1), Action("soon"), Action("at", 1))), Action("later", 1)), 1.9e9)
@example((Action("later", 1, then=(Action("cancel", which=1),)), Action("later", 1)), 0.1)
@example((Action("later", -math.inf), Action("at", -math.inf)), 0.1)
def test_timers_come_as_in_the_model(program: tuple[Action, ...], start: float) -> None:
    expected = on_the_model(program, start)
    for debug in (False, True):
        for general in (False, True):
            assert on_the_loop(program, start, debug, general) == expected, (debug, general)


@given(st.lists(st.integers(0, 2000), max_size=60))
def test_sleeps_add_up_exactly(milliseconds: list[int]) -> None:
    async def main() -> float:
        for length in milliseconds:
            await asyncio.sleep(length / 1000)
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == sum(milliseconds) / 1000
