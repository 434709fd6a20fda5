"""Ctrl-C while a loop is made: what there is of it is thrown away in silence, and the next loop is as ever."""

import asyncio
import gc
import sys
from asyncio import base_events, selector_events
from types import FrameType
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, clock
from grader.clock.loops import core, light, memory, outside, scheduling, timers

FILES = {
    module.__file__
    for module in (base_events, selector_events, clock, core, light, memory, outside, scheduling, timers)
}


def made_until(n: int, loop_class: type[asyncio.AbstractEventLoop]) -> int:
    """How many lines were played of making a loop that is interrupted before its nth line; of the whole for n = 0."""
    lines = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in FILES:
            return None
        if event == "line":
            lines += 1
            if lines == n:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace

    sys.settrace(trace)
    try:
        loop = loop_class()
    finally:
        sys.settrace(None)
    loop.close()
    return lines


@pytest.mark.parametrize("loop_class", [VirtualLoop, OutsideLoop])
@pytest.mark.filterwarnings("ignore:unclosed event loop:ResourceWarning")
def test_a_loop_that_is_half_made_is_thrown_away_in_silence(
    loop_class: type[asyncio.AbstractEventLoop], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    lines = made_until(0, loop_class)
    gc.freeze()  # what was there before need not be looked through each time
    try:
        for n in range(1, lines + 1):
            with pytest.raises(KeyboardInterrupt):
                made_until(n, loop_class)
            gc.collect()
            assert [str(each.exc_value) for each in said] == [], f"before line {n}"
    finally:
        gc.unfreeze()
    with asyncio.Runner(loop_factory=loop_class) as runner:
        assert runner.run(asyncio.sleep(3600, "woken")) == "woken"
