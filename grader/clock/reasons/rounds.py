"""Turns of a loop while its clock stands still: who goes round, and whether that can ever end.

After some turns at one tick, and again after several times as many, it is looked whether all is as it was some turns before
(`states`): then it is as it will ever be, and nobody has to wait for the limit. Whoever counts, or fills or empties anything,
is never the same; where not all can be seen, or anybody else may come, nothing is said before the limit.
"""

import signal
import sys
import threading
from asyncio import events
from typing import TYPE_CHECKING, Any

from grader.clock.lines import nearness
from grader.clock.reasons.states import State, state
from grader.clock.reasons.stuck import Wait, by_itself, of_handle

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_TIMES = 4  # as many turns are taken before it is looked again
WINDOW = 32  # turns in which it is looked whether it comes again
_SHOWN = 50  # of those that are ready in one turn


class Rounds:
    """What is seen of the loop that runs in the present thread, which has taken `turns` at this tick by now."""

    def __init__(self, clock: "Clock", turns: int) -> None:
        self._clock, self._loop, self.turns, self.tick = clock, events._get_running_loop(), turns, clock.now
        self._begun = self._next = turns
        self._before: State | None = None
        self._came: list[tuple[bool, Wait]] = []

    def look(self, at_rest: bool) -> tuple[int, int]:
        """In how many turns to look again, and how many turns ago all was as it is; 0 if that is not known."""
        left = self._clock.max_turns - self.turns
        if left <= WINDOW:
            self._note()
            return 1, 0
        if self.turns == self._begun:
            self._came.clear()
            self._before = state(self._loop) if at_rest and _nobody_else(self._clock) else None
        elif self._before is not None and state(self._loop) == self._before:
            return 0, self.turns - self._begun
        self._note()
        if self._before is not None and self.turns < self._begun + WINDOW:
            return 1, 0
        self._next *= _TIMES
        last, self._begun = self.turns, min(self._next, self._clock.max_turns - WINDOW)
        return max(self._begun - last, 1), 0

    def _note(self) -> None:
        for handle in [handle for loop in self._clock.loops for handle in list(loop._ready)[:_SHOWN]]:
            wait = of_handle(handle, nearness)
            if wait is not None and (by_itself(handle), wait) not in self._came:
                self._came.append((by_itself(handle), wait))

    def who(self) -> list[Wait]:
        """Those that go round by themselves; if nobody does, those that wake each other."""
        turning = [wait for itself, wait in self._came if itself] or [wait for _, wait in self._came]
        near = max((nearness(wait.file) for wait in turning), default=0)
        return [wait for wait in turning if nearness(wait.file) == near]


def _nobody_else(clock: "Clock") -> bool:
    return clock.door is None and alone(clock)


def alone(clock: "Clock") -> bool:
    """Whether nothing but the loop's own thread can change anything: no other thread, no handler of the program's."""
    if clock.crowded or clock.lookout is not None:
        return False
    handlers = (signal.getsignal(each) for each in signal.valid_signals())
    return not any(map(_is_a_program_s, handlers)) and not any(map(_runs_a_program, sys._current_frames().items()))


def _is_a_program_s(handler: Any) -> bool:
    code = getattr(getattr(handler, "__func__", handler), "__code__", None)
    return code is not None and nearness(code.co_filename) > 1


def _runs_a_program(thread: tuple[int, Any]) -> bool:
    ident, frame = thread
    if ident == threading.get_ident():
        return False
    while frame is not None and nearness(frame.f_code.co_filename) <= 1:
        frame = frame.f_back
    return frame is not None
