"""Who computes without end on a clock that was asked to watch for it is ended, with the line.

Nothing that a clock can see tells a loop that looks at `Event.is_set` again and again from one that computes: neither waits. So
what is told is CPU time, of this process, and never of the machine's load: of one step of a task or thread, from where it got
its turn to where it gives it away. A thread outside the clock looks at it now and then; a loop that was not asked pays nothing.

The exception is raised in whoever computes at its next instruction of Python; a call into C hears of nothing before it is over.
"""

import _thread
import contextlib
import functools
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from grader.clock.lines import place_of, said
from grader.clock.over import BusyLoopError
from grader.clock.seconds import check_seconds
from grader.clock.threads.raising import raise_in, take_back
from grader.clock.threads.seats import start_really, take_really

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_AGAIN_AFTER = 0.25  # seconds of CPU time; a program that catches the first one meets the next
_LOOKS = 8  # in the time of the limit
_cpu = time.process_time
_INSTEAD = (
    "await what it waits for, or asyncio.sleep; if it is right to compute for so long, give it a greater cpu_limit"
)


def watch(loop: Any, seconds: float) -> None:
    """From now on this loop, and all threads on its clock while it runs, may compute for so long at a time.

    Raises ValueError for a limit that is none, TypeError for what is no number.
    """
    try:
        check_seconds("cpu_limit", seconds)
    except TypeError:
        loop.close()
        raise
    if not seconds > 0:
        loop.close()
        raise ValueError(
            f"a cpu_limit of {seconds!r} s ends everything at once; give more than 0, or None for no limit"
        )
    loop.run_forever = functools.partial(_run, loop.run_forever, Watch(loop.clock, seconds))


def _run(run_forever: Any, watch: "Watch") -> None:
    with watch.watching():
        run_forever()


class Watch:
    """`seconds` of CPU time for each step on `clock`."""

    def __init__(self, clock: "Clock", seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._told: set[int] = set()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        over, ended = _taken(), _taken()
        start_really(self._look, (over, ended))  # beneath `threading`, for which it is not there
        try:
            yield
        finally:
            over.release()
            take_really(ended)
            while self._told:  # who has not heard of it by now is not to hear of it outside
                take_back(self._told.pop())

    def _look(self, over: Any, ended: Any) -> None:
        seen, since, seconds = self._step(), _cpu(), self._seconds
        try:
            while not take_really(over, True, seconds / _LOOKS):
                step, now = self._step(), _cpu()
                if step != seen:
                    seen, since, seconds = step, now, self._seconds
                elif now - since >= seconds and step[0] is not None:
                    if self._clock.broken is None or self._told:  # else another loop's watch has just told it
                        self._end(step[0])
                    since, seconds = now, _AGAIN_AFTER
        finally:
            ended.release()

    def _step(self) -> tuple[int | None, int, int, int]:
        """Whose turn it is, and something that is another at the next step."""
        clock = self._clock
        holder = clock.holder
        return None if holder is None else holder.ident, clock.turns, clock.steps, clock.now

    def _end(self, ident: int) -> None:
        frame = sys._current_frames().get(ident)
        where = said(place_of(frame)) or "something"
        del frame
        why = f"computes for more than {self._seconds:g} s of CPU time and never waits, so that nobody else can go on"
        reason = self._clock.break_off(BusyLoopError(f"{where}: {why}; {_INSTEAD}"))
        self._told.add(ident)
        raise_in(ident, _class_of(reason))


def _taken() -> Any:
    lock = _thread.allocate_lock()
    take_really(lock)
    return lock


def _class_of(reason: Any) -> type[BaseException]:
    """One whose exceptions are as this: in another thread a class can be raised, and no exception."""

    class Told(type(reason)):  # type: ignore[misc]
        def __init__(self, detail: str = reason.detail, line: int | None = reason.line) -> None:
            super().__init__(detail, line)

    Told.__name__, Told.__qualname__, Told.__module__ = (
        type(reason).__name__,
        type(reason).__qualname__,
        type(reason).__module__,
    )
    return Told
