"""The limits that a signal keeps in the run's own thread: CPU time, and in process the wall's too, and Ctrl-C.

The CPU limit counts what this process computes, never the machine's load. Where the system has no such timer (Windows) or the
run is not in the main thread, the wall limit of whoever called is all there is.
"""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType, FunctionType
from typing import TYPE_CHECKING, Any

from grader.clock.over import BusyLoopError, RunOver
from grader.clock.threads import raise_in

if TYPE_CHECKING:
    from grader.runner.desk import Desk

AGAIN_AFTER = 0.25  # a program that catches the first one meets the next
SOON = 0.001
CLEAN_UP_SECONDS = 1.0


class InterruptedRun(RunOver):
    """Ctrl-C: no end of the program's own."""


def _ends_what_runs(handler: Any) -> bool:
    """Whether a handler of Ctrl-C raises KeyboardInterrupt: Python's own, or one that says so by its `interrupts`."""
    return handler is signal.default_int_handler or getattr(handler, "interrupts", False)


class CpuLimit:
    """`interrupted` tells that Ctrl-C was pressed. Without `wall_seconds` neither it nor the wall is looked after."""

    def __init__(self, desk: "Desk", seconds: float, wall_seconds: float | None):
        self.desk, self.seconds, self.wall_seconds = desk, seconds, wall_seconds
        self.possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self.interrupted = self.cleaning = False

    def off(self) -> None:
        """Nothing ends what runs now: the entry is over, or a person is debugging."""
        if self.possible:
            signal.setitimer(signal.ITIMER_PROF, 0)
            if self._watches_the_wall:
                signal.setitimer(signal.ITIMER_REAL, 0)

    def restart(self) -> None:
        """Cleaning up begins: it has a limit of its own."""
        self.cleaning = True
        if self.possible:
            signal.setitimer(signal.ITIMER_PROF, CLEAN_UP_SECONDS, AGAIN_AFTER)

    def _end(self, timer: int, detail: str, frame: FrameType | None) -> None:
        clock, elsewhere = self.desk.clock, self._elsewhere()
        if elsewhere is not None:
            frame = sys._current_frames().get(elsewhere)
        if self._is_speaking(frame):
            # Broken off in mid-sentence it would be understood wrongly, as tampering even.
            signal.setitimer(timer, SOON, AGAIN_AFTER)
            return
        reason: RunOver = BusyLoopError(detail, self.desk.line(frame))
        if not self.cleaning:
            reason = clock.break_off(reason)
        if elsewhere is None:
            raise reason
        raise_in(elsewhere, type(reason))  # this thread hears of it when it has the turn

    def _elsewhere(self) -> int | None:
        """The thread that has the turn, if it is another than this."""
        holder = self.desk.clock.holder
        return None if holder is None or holder.ident == threading.get_ident() else holder.ident

    def _is_speaking(self, frame: FrameType | None) -> bool:
        """Whether what runs now is a conversation with the referee."""
        methods = vars(type(self.desk.door)).values()
        speaking = {method.__code__ for method in methods if isinstance(method, FunctionType)}
        while frame is not None:
            if frame.f_code in speaking:
                return True
            frame = frame.f_back
        return False

    def _cpu_spent(self, number: int, frame: FrameType | None) -> None:
        self._end(signal.ITIMER_PROF, f"computes for more than {self.seconds:g} s without waiting", frame)

    def _wall_met(self, number: int, frame: FrameType | None) -> None:
        self._end(signal.ITIMER_REAL, f"waits in real time, for more than {self.wall_seconds:g} s", frame)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.interrupted:
            return  # the end of the run is not to be broken off; the limits bound it
        self.interrupted = True
        raise self.desk.clock.break_off(InterruptedRun("interrupted"))

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        if not self.possible:
            yield
            return
        handlers: dict[signal.Signals, Any] = {signal.SIGPROF: self._cpu_spent}
        self._watches_the_wall = self.wall_seconds is not None and not any(signal.getitimer(signal.ITIMER_REAL))
        if self._watches_the_wall:  # unless a test runner does already
            handlers[signal.SIGALRM] = self._wall_met
        if self.wall_seconds is not None and _ends_what_runs(signal.getsignal(signal.SIGINT)):
            handlers[signal.SIGINT] = self._interrupt
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        signal.setitimer(signal.ITIMER_PROF, self.seconds, AGAIN_AFTER)
        if self._watches_the_wall:
            signal.setitimer(signal.ITIMER_REAL, self.wall_seconds or 0, AGAIN_AFTER)
        try:
            yield
        finally:
            self.off()
            for number, handler in before.items():
                # None: a handler that was not set from Python, and cannot be set back from there
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

    _watches_the_wall = False

    def debugging(self) -> None:
        """A debugger was asked for: limits are off, and Ctrl-C is the debugger's."""
        self.off()
        if self.possible and signal.getsignal(signal.SIGINT) == self._interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)
