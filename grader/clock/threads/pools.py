"""Executors on the clock: a set of futures has one order, a time-out is over at its very time, and who waits for work has
failed in nothing when a run ends.

Checked on 3.11, 3.12 and 3.13: `as_completed` and `Executor.map` add a time-out to `time.monotonic()`, and later take
`time.monotonic()` from that sum; `time` is a name in `concurrent.futures._base` that serves nothing else. A worker
waits for work in `_worker` itself, and is logged as failed if anything is raised there. A `ThreadPoolExecutor` keeps its
threads in `_threads`.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, _base, thread
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.library.present import clock_here
from grader.clock.library.refusals import refusal
from grader.clock.library.replaced import Replacement
from grader.clock.library.timepatch import EITHER
from grader.clock.over import RefusedError, RunOver
from grader.clock.threads.real_locks import RealSimpleQueue
from grader.clock.threads.threads import clock_of

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_real_fork: Callable[[], int] = getattr(os, "fork", lambda: 0)
_real_counter: Callable[[], int] = ThreadPoolExecutor._counter  # type: ignore[attr-defined]
_real_hash = Future.__hash__
_MANY = 28  # processors, for which a pool has 32 workers
_WORKER = thread._worker.__code__
_GET = RealSimpleQueue.get.__code__


def _hash(self: Any) -> int:
    """A future of a run is hashed by its number, not by its place in memory: `wait` gives sets of them."""
    number: int | None = self.__dict__.get("_number")
    if number is None:
        clock = clock_here()
        number = self.__dict__.setdefault("_number", _real_hash(self) if clock is None else clock.next_future())
    return number


class _Moment(float):
    """As a float; but from a moment that is now nothing is left, so that who waits for it does not wait again for no time.

    On a clock that is set to a deadline, and not past it, it would do so for ever.
    """

    def __radd__(self, timeout: float) -> "_Moment":
        return _Moment(timeout + float(self))

    def __sub__(self, now: float) -> float:
        return float(self) - float(now) or -1e-9


class _Machine:
    """In the place of the module `os`: a pool on a clock has as many workers on every machine, the library's most."""

    @staticmethod
    def cpu_count() -> int | None:
        return os.cpu_count() if clock_here() is None else _MANY

    process_cpu_count = cpu_count


class _Time:
    """In the place of the module `time`."""

    @staticmethod
    def monotonic() -> float:
        return _Moment(EITHER["monotonic"]())


def waits_for_work(ident: int | None) -> bool:
    """Whether that thread is an executor's and idle."""
    inner, frame = None, sys._current_frames().get(ident or 0)
    while frame is not None and frame.f_code is not _WORKER:
        inner, frame = frame, frame.f_back
    return frame is not None and inner is not None and inner.f_code is _GET


def is_a_worker(frames: Iterable[FrameType]) -> bool:
    """Whether these are the frames of a thread of an executor's."""
    return any(frame.f_code is _WORKER for frame in frames)


def _failed(record: logging.LogRecord) -> bool:
    """A worker that was ended with its run has not failed."""
    return not (record.exc_info and isinstance(record.exc_info[1], RunOver))


def _counter() -> int:
    """Of names, as threads have them: `ThreadPoolExecutor-0` is the first of its clock."""
    clock = clock_here()
    return _real_counter() if clock is None else clock.next_pool()


def is_elsewhere(executor: Executor | None, clock: "Clock") -> bool:
    """Whether its workers are processes, or threads that are not on `clock`. Of a pool of another kind nobody knows."""
    processes: Any = sys.modules.get("concurrent.futures.process")
    if processes is not None and isinstance(executor, processes.ProcessPoolExecutor):
        return True
    return any(clock_of(each) is not clock for each in list(getattr(executor, "_threads", ())))


def _fork() -> int:
    """`multiprocessing` waits for its processes in C, with the turn in its hand: without an outside nobody would go on."""
    clock = clock_here()
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("grader.clock."):
        frame = frame.f_back  # of the one that keeps children in mind
    by = "" if frame is None else frame.f_globals.get("__name__", "")
    alone = clock is not None and clock.door is None and clock.lookout is None
    if alone and by.startswith("multiprocessing."):  # in an exercise any fork is refused
        raise RefusedError(refusal("multiprocessing", "a real process", alone))
    return _real_fork()


def replacements() -> list[Replacement]:
    """What stands in `concurrent.futures`."""
    logger: Any = _base.LOGGER
    forking: list[Replacement] = [(os, "fork", _fork)] if hasattr(os, "fork") else []
    return [
        *forking,
        (Future, "__hash__", _hash),
        (_base, "time", _Time),
        (thread, "os", _Machine),
        (ThreadPoolExecutor, "_counter", staticmethod(_counter)),
        (logger, "filters", [each for each in logger.filters if each is not _failed] + [_failed]),
    ]
