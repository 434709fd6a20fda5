"""The limit of CPU time, kept by a signal in the run's own thread.

Generous, and never the machine's load: it counts what this process computes. Where the system has no such timer (Windows) or
the run is not in the main thread, the wall limit of whoever called is all there is.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.over import BusyLoopError

if TYPE_CHECKING:
    from grader.runner.desk import Desk

AGAIN_AFTER = 0.25  # a program that catches the first one meets the next


class CpuLimit:
    """`off()` suspends it: a person is debugging."""

    def __init__(self, desk: "Desk", seconds: float):
        self.desk, self.seconds = desk, seconds
        self.possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    def off(self) -> None:
        if self.possible:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _spent(self, number: int, frame: FrameType | None) -> None:
        detail = f"computes for more than {self.seconds:g} s without waiting"
        raise self.desk.clock.break_off(BusyLoopError(detail, self.desk.line(frame)))

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        if not self.possible:
            yield
            return
        before: Any = signal.signal(signal.SIGPROF, self._spent)
        signal.setitimer(signal.ITIMER_PROF, self.seconds, AGAIN_AFTER)
        try:
            yield
        finally:
            self.off()
            signal.signal(signal.SIGPROF, before)
