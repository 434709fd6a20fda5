"""A cell that takes all its time, and the function in which it stays: whoever is found there again has a tenth of the time.

A function is found by its code, for a call that lasts: one that was there at an earlier look, and is there still. So what a
function without end calls again and again is not taken for it, and a slow cell that is right has all its time.
"""

import _signal  # type: ignore[import-not-found]
import signal
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from time import process_time
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.clock.library.timepatch import REAL
from grader.clock.over import BusyLoopError, RunOver
from grader.door.messages import SLEEPS
from grader.runner.bounds import limit_cpu
from grader.runner.limits import AGAIN_AFTER, CpuLimit, SleepsOnError

if TYPE_CHECKING:
    from grader.runner.cells.doubts import Doubts
    from grader.runner.desk import Desk

_monotonic: Callable[[], float] = REAL["monotonic"]  # whatever a run replaces
_NEARLY = 0.75  # of a time: two clocks do not count it alike, and an alarm that comes before that is the program's own
_LITTLE = 0.1  # of a time to compute, for what is not waited for alone
_MOSTLY = 0.1  # of the real time, for what computes in it; on a busy machine it gets less than all
_TO_TELL = 5.0  # seconds of CPU time; a thread that computes takes nearly all of it
_TOP, _LONGEST = "<module>", 200
Place = tuple[
    str, str, int
]  # the cell as a file, the function with what it is in, its first line; of no function: "" and 0


class Cells(NamedTuple):
    """Of all cells: their texts by their names as files; and the names of those that are the learner's."""

    texts: Mapping[str, str]
    learners: Collection[str]


class CellLimit(CpuLimit):
    """Each cell has the seconds of the limits, or `less` of them where it stays in one of the places that are `spent`; what is
    waited for in real time has those of `patience`, the second or the first. `tell` hears where a cell is stopped. `doubts`: of
    what is to be stopped, unless all time is real.
    """

    def __init__(
        self,
        desk: "Desk",
        start: Mapping[str, Any],
        cells: Cells,
        tell: Callable[..., None],
        doubts: "Doubts | None" = None,
    ):
        super().__init__(desk, start["limits"]["cpu_seconds"], None)
        self._doubts, self._really = doubts, bool(start.get("really"))
        self._whole, self._less = float(start["limits"]["cpu_seconds"]), float(start["less"])
        self._patience_of = tuple(start["patience"])
        self._spent: set[Place] = {(file, name, line) for file, name, line in start["spent"]}
        self._in_full, self._cells, self._tell = frozenset(start["in_full"]), cells, tell
        self.awaited: Any = None  # what the present cell awaits itself
        self._number, self._early, self._said = 0, False, False  # `_said`: where it was stopped
        self._from, self._seen, self._mark = 0.0, 0, None

    def cell(self, number: int) -> None:
        """It begins now."""
        self._number, self._said, self._began = number, False, _monotonic()
        if self._doubts is not None:
            self._doubts.begin()
        limit_cpu(self._whole)
        self.phase(self._whole)

    def over(self) -> None:
        """The cell was stopped. What is told of it now is not broken off, though a thread of the cell's may go on computing."""
        if self.possible:
            self._early = False
            limit_cpu(_TO_TELL)
            _signal.setitimer(signal.ITIMER_PROF, _TO_TELL, AGAIN_AFTER)

    def _begin(self) -> None:
        """Two looks come before all others: at the half of the lesser time, and at its end."""
        super()._begin()
        self._mark, self._early = None, self._less < self.seconds
        self._from, self._seen = process_time(), self.desk.clock.now
        if self._early:
            _signal.setitimer(signal.ITIMER_PROF, self._less / 2, self._less / 2)

    def _cpu_spent(self, number: int, frame: FrameType | None) -> None:
        if self.cleaning:
            return super()._cpu_spent(number, frame)
        if self._doubts is not None and not self._is_speaking(frame):
            self._doubts.look()
        first = self._mark is None
        stays = self._stays(frame)
        if not self._early:
            return super()._cpu_spent(number, frame)
        if self._said:  # it was told, and goes on
            return self._stop(frame)
        if first or process_time() - self._from < _NEARLY * self._less:
            return None
        if self._is_known(stays):
            return self._stop(frame)
        self._early, self._mark = False, None
        self._stays(frame)
        return self._ring_before(self._due - process_time())

    def _stop(self, frame: FrameType | None) -> None:
        limit_cpu(0)  # whatever it makes of what is raised
        _signal.setitimer(signal.ITIMER_PROF, AGAIN_AFTER, AGAIN_AFTER)
        line = self.desk.line(self._at_work(frame))
        reason: RunOver = BusyLoopError(f"computes for more than {self._less:g} s without waiting", line)
        if self.desk.clock.now != self._seen:
            reason = SleepsOnError(SLEEPS, line)
        self._end(signal.ITIMER_PROF, reason, frame)

    def _wall_met(self, number: int, frame: FrameType | None) -> None:
        less, whole = self._patience_of
        early = _NEARLY * less <= _monotonic() - self._began < (less + whole) / 2
        if not early or less == whole or self._said or self._waits(frame):
            super()._wall_met(number, frame)

    def _waits(self, frame: FrameType | None) -> bool:
        """Whether it waits in vain. On a busy machine one that computes takes as long."""
        computed = process_time() - self._from
        if self._really:
            return computed < _MOSTLY * (_monotonic() - self._began)
        return computed < _LITTLE * self._less and self._is_known(self._stays(frame))

    def _end(self, timer: int, reason: RunOver, frame: FrameType | None) -> None:
        speaks = self._is_speaking(frame)
        if self._doubts is not None and not speaks:
            self._doubts.stops(waits=timer == signal.ITIMER_REAL)
        if not (self._said or self.cleaning or speaks):
            self._said = True
            place = self._place(self._stays(frame))
            self._spent.add(place)
            self._tell("spent", self._number, *place)
        super()._end(timer, reason, frame)

    def _is_speaking(self, frame: FrameType | None) -> bool:
        code, at = self._tell.__code__, frame
        while at is not None:
            if at.f_code is code:
                return True
            at = at.f_back
        return super()._is_speaking(frame)

    # ------------------------------------------------------------ where it is

    def _stays(self, frame: FrameType | None) -> list[FrameType]:
        """What has been running, or waited for, since the first look, from the outside inwards; this may be the first."""
        here = self._here(frame)
        if self._mark is None:
            self._mark = _marker()
            for one in here:
                if one.f_trace is None or getattr(one.f_trace, "marks", False):
                    one.f_trace = self._mark
            return here
        return [one for one in here if one.f_trace is self._mark]

    def _here(self, frame: FrameType | None) -> list[FrameType]:
        running = [*_frames(self._at_work(frame), self._cells.texts)][::-1]
        return running or [*_awaiting(self.awaited, self._cells.texts)]

    def _is_known(self, stays: Sequence[FrameType]) -> bool:
        """Whether it stays where one took all its time."""
        if self._number in self._in_full:
            return False
        return self._top() in self._spent or any(_function(frame) in self._spent for frame in stays)

    def _top(self) -> Place:
        """Of what is in no function: the first cell that has the same text as the present one."""
        texts, file = self._cells.texts, self.desk.file
        return next((name for name, text in texts.items() if text == texts.get(file)), file), "", 0

    def _place(self, frames: Sequence[FrameType]) -> Place:
        """The innermost function of the learner's."""
        for frame in reversed(frames):
            if frame.f_code.co_filename in self._cells.learners and frame.f_code.co_name != _TOP:
                return _function(frame)
        return self._top()


def _function(frame: FrameType) -> Place:
    code = frame.f_code
    return code.co_filename, code.co_qualname[:_LONGEST], code.co_firstlineno


def _frames(frame: FrameType | None, files: Collection[str]) -> Iterator[FrameType]:
    while frame is not None:
        if frame.f_code.co_filename in files:
            yield frame
        frame = frame.f_back


def _awaiting(coroutine: Any, files: Collection[str]) -> Iterator[FrameType]:
    while (frame := getattr(coroutine, "cr_frame", None)) is not None:
        if frame.f_code.co_filename in files:
            yield frame
        coroutine = coroutine.cr_await


def _marker() -> Any:
    """A trace that traces nothing: it marks a call for as long as that lasts, and keeps nothing of it alive."""

    def mark(frame: FrameType, event: str, argument: Any) -> Any:
        return mark

    mark.marks = True  # type: ignore[attr-defined]
    return mark
