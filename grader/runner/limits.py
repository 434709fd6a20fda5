"""The limits that a signal keeps in the run's own thread: CPU time, and in process the wall's too, and Ctrl-C.

The CPU limit counts what this process computes, never the machine's load. Where the system has no such timer (Windows) or the
run is not in the main thread, the wall limit of whoever called is all there is. One huge call in C hears no signal before it
is over: for that a child has a limit of the system's, and `grader.run.backstop` is there in process.
"""

import _signal  # type: ignore[import-not-found]  # `signal` seeks each handler in an enumeration, and tells at length of ours
import contextlib
import faulthandler
import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from time import process_time
from types import FrameType, FunctionType
from typing import TYPE_CHECKING, Any

from grader.clock.clock import Clock
from grader.clock.library.timepatch import REAL
from grader.clock.over import BusyLoopError, LimitError, RunOver
from grader.clock.threads.raising import raise_in, take_back
from grader.door.messages import SLEEPS

if TYPE_CHECKING:
    from grader.runner.desk import Desk

_monotonic: Callable[[], float] = REAL["monotonic"]  # whatever a run replaces
AGAIN_AFTER = 0.25  # a program that catches the first one meets the next
SOON = 0.001
_RINGS = 6  # before the limit is met, for a look at the clock
_LOOKS = 4  # the last of these: whether it moves on
CLEAN_UP_SECONDS = 1.0
_HOSTS_SHARE = 0.9
_RINGERS_SHARE = 0.25  # of the time that who rings counts; the rest may have passed before the run was heard of here
_HEARING = {method.__code__ for method in (Clock.block, Clock.ask, Clock.lease)}  # until both sides have one time
_DEBUGGERS = ("debugpy", "pydevd")


class RealWaitError(BusyLoopError):
    """Something real is waited for. It holds up everybody, as a busy loop does, and computes nothing."""

    kind = "time_out"


def is_debugged() -> bool:
    """Whether a person at a debugger may hold the program for as long as they like."""
    return any(name in sys.modules for name in _DEBUGGERS) or getattr(sys.gettrace(), "__module__", "") == "bdb"


class SleepsOnError(LimitError):
    """It computes a little, waits, and so on without end: that is no busy loop."""


class InterruptedRun(RunOver):
    """Ctrl-C: no end of the program's own."""


def _ends_what_runs(handler: Any) -> bool:
    """Whether a handler of Ctrl-C raises KeyboardInterrupt: Python's own, or one that says so by its `interrupts`."""
    return handler is signal.default_int_handler or getattr(handler, "interrupts", False)


class CpuLimit:
    """`interrupted` tells that Ctrl-C was pressed.

    Without `wall_seconds` Ctrl-C is not looked after, and the alarm is rung by whoever started this process, after
    `rings_after` seconds, or a little less, for this process has not heard of the run when it began.
    """

    def __init__(self, desk: "Desk", seconds: float, wall_seconds: float | None, rings_after: float = 0.0):
        self.desk, self.seconds, self.wall_seconds, self.rings_after = desk, seconds, wall_seconds, rings_after
        self.possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self.interrupted = self.cleaning = self.debugged = False
        self._put_off = False  # time was up in the middle of a message
        self._told: set[int] = set()  # threads in which something was raised
        self._due, self._rings, self._looks = 0.0, 0, list[int]()
        self._began = 0.0  # of the real monotonic clock

    def off(self) -> None:
        """Nothing ends what runs now: the entry is over, or a person is debugging."""
        if self.possible:
            _signal.setitimer(_signal.ITIMER_PROF, 0)
            if self._watches_the_wall or self.wall_seconds is None:
                _signal.setitimer(_signal.ITIMER_REAL, 0)

    def phase(self, seconds: float) -> None:
        """What comes now has a limit of its own."""
        self.seconds = seconds
        if self.possible and not self.debugged:
            self._begin()

    def _begin(self) -> None:
        """The limit counts from now. It rings some times before, for a look at the clock."""
        self._due, self._rings, self._looks = process_time() + self.seconds, 0, []
        self._put_off = False
        self._ring_before(self.seconds)

    def _ring_before(self, seconds: float) -> None:
        """Of what is left of the limit."""
        step = min(self.seconds / 10, AGAIN_AFTER)
        _signal.setitimer(_signal.ITIMER_PROF, max(seconds - _RINGS * step, SOON), step)

    def _only_looks(self) -> bool:
        """Whether it rings too early.

        The system counts coarsely, and a long call hears one ring of many: if time is up, and the program has not waited since
        the last look, that is enough. The first look says nothing of waiting; a program that computes has the next at once.
        """
        now, before = self.desk.clock.now, self._looks
        self._rings += 1
        self._looks = [*before, now][-_LOOKS:]
        stands = before[-1:] == [now]
        return self._rings <= _RINGS and not (stands and process_time() >= self._due)

    def _moves_on(self) -> bool:
        """Whether the program has waited between the looks; between two of them it may be the system's to be late."""
        return len({*self._looks}) >= _LOOKS - 1 and self._looks[-1] != self._looks[-2]

    def restart(self) -> None:
        """Cleaning up begins: it has a limit of its own."""
        self.cleaning = True
        if self.possible:
            _signal.setitimer(_signal.ITIMER_PROF, CLEAN_UP_SECONDS, AGAIN_AFTER)

    def _end(self, timer: int, reason: RunOver, frame: FrameType | None) -> None:
        if self._is_speaking(frame):
            # Broken off in mid-sentence it would be understood wrongly, as tampering even.
            self._put_off = True
            _signal.setitimer(timer, SOON, AGAIN_AFTER)
            return
        told = reason if self.cleaning else self.desk.clock.break_off(reason)
        elsewhere = self._elsewhere()
        if elsewhere is None:
            raise told
        self._told.add(elsewhere)
        raise_in(elsewhere, type(told))  # this thread hears of it when it has the turn

    def _elsewhere(self) -> int | None:
        """The thread that has the turn, if it is another than this."""
        holder = self.desk.clock.holder
        return None if holder is None or holder.ident == threading.get_ident() else holder.ident

    def _at_work(self, frame: FrameType | None) -> FrameType | None:
        """The frame of the thread that has the turn; a signal's handler is given that of the main thread."""
        elsewhere = self._elsewhere()
        return frame if elsewhere is None else sys._current_frames().get(elsewhere)

    def _is_speaking(self, frame: FrameType | None) -> bool:
        """Whether what runs now is a conversation with the referee, or takes down what that has said."""
        if frame is not None and frame.f_code in _HEARING:
            return True
        methods = vars(type(self.desk.door)).values()
        speaking = {method.__code__ for method in methods if isinstance(method, FunctionType)}
        while frame is not None:
            if frame.f_code in speaking:
                return True
            frame = frame.f_back
        return False

    def _cpu_spent(self, number: int, frame: FrameType | None) -> None:
        if not (self.cleaning or self._put_off) and self._only_looks():
            return
        frame = self._at_work(frame)
        line = self.desk.line(frame)
        reason: RunOver = BusyLoopError(f"computes for more than {self.seconds:g} s without waiting", line)
        if self._moves_on():
            reason = SleepsOnError(SLEEPS, line)
        self._end(signal.ITIMER_PROF, reason, frame)

    def _wall_met(self, number: int, frame: FrameType | None) -> None:
        if self._too_early():
            return
        frame = self._at_work(frame)
        line = self.desk.line(frame)
        if self.wall_seconds is None:
            reason = BusyLoopError("waits in real time", line)  # for how long is known outside
            self._end(signal.ITIMER_REAL, reason, frame)
        elif not is_debugged():
            reason = RealWaitError(f"waits in real time for more than {self._patience:g} s", line)
            self._end(signal.ITIMER_REAL, reason, frame)

    def _too_early(self) -> bool:
        """Whether this alarm is the program's own, set past what refuses it. In process it took the place of ours."""
        ran = _monotonic() - self._began
        if self.wall_seconds is None:
            return ran < self.rings_after * _RINGERS_SHARE
        left = self._patience - ran
        if left > SOON:
            _signal.setitimer(_signal.ITIMER_REAL, left, AGAIN_AFTER)
        return left > SOON

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.interrupted:
            return  # the end of the run is not to be broken off; the limits bound it
        self.interrupted = True
        raise self.desk.clock.break_off(InterruptedRun("interrupted"))

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        self.begin()
        try:
            yield
        finally:
            self.end()

    def begin(self) -> None:
        """It is kept from now on, until `end`."""
        if not self.possible:
            return
        self._left, self._began = 0.0 if self.wall_seconds is None else self._hosts_alarm(), _monotonic()
        self._heard = [(_signal.SIGPROF, _signal.signal(_signal.SIGPROF, self._cpu_spent))]
        if self._watches_the_wall or self.wall_seconds is None:
            self._heard.append((_signal.SIGALRM, _signal.signal(_signal.SIGALRM, self._wall_met)))
        if self.wall_seconds is not None and _ends_what_runs(_signal.getsignal(_signal.SIGINT)):
            self._heard.append((_signal.SIGINT, _signal.signal(_signal.SIGINT, self._interrupt)))
        self._begin()
        if self._watches_the_wall:
            _signal.setitimer(_signal.ITIMER_REAL, self._patience, AGAIN_AFTER)

    def end(self) -> None:
        """All is as it was before."""
        if not self.possible:
            return
        self.off()
        while self._told:
            take_back(self._told.pop())
        for number, handler in self._heard:
            # None: a handler that was not set from Python, and cannot be set back from there
            _signal.signal(number, _signal.SIG_DFL if handler is None else handler)
        if self._left and not self.debugged:
            _signal.setitimer(_signal.ITIMER_REAL, max(self._left - (_monotonic() - self._began), 0.001))

    _watches_the_wall = False
    _patience = _left = 0.0
    _heard: list[tuple[int, Any]] = []  # noqa: RUF012 -- never changed: another is put in its place

    def _hosts_alarm(self) -> float:
        """The seconds that a test runner's own alarm has left; 0 if there is none.

        It is held back while the run lasts, or it would speak in the middle of the program, which could catch it; so the
        run ends a little before it is due. An alarm that rings again and again is no limit: ours gives way to it.
        """
        left, again = signal.getitimer(signal.ITIMER_REAL)
        self._watches_the_wall = not again
        if not self._watches_the_wall:
            return 0.0
        wall = self.wall_seconds or 0.0
        self._patience = wall if not left or left > wall else math.floor(left * _HOSTS_SHARE * 1000) / 1000
        return left

    def debugging(self) -> None:
        """A debugger was asked for: limits are off, the host's own with them, and Ctrl-C is the debugger's."""
        self.debugged = True
        self.off()
        faulthandler.cancel_dump_traceback_later()
        if self.possible and signal.getsignal(signal.SIGINT) == self._interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)
