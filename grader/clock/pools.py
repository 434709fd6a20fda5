"""Pools of workers: those that were made before a run, and those whose workers are not on the clock.

Checked on 3.11, 3.12 and 3.13: a `ThreadPoolExecutor` starts its threads in `_adjust_thread_count`, keeps them in `_threads`,
and hands them their jobs by `_work_queue`.
"""

import sys
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from grader.clock.present import clock_here
from grader.clock.replaced import Replacement
from grader.clock.threads import REAL_SIMPLE_QUEUE, clock_of, simple_queue

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_real_adjust_thread_count: list[Callable[[Any], None]] = []


def is_elsewhere(executor: Executor | None, clock: "Clock") -> bool:
    """Whether its workers are processes, or threads that are not on `clock`. Of a pool of another kind nobody knows."""
    processes: Any = sys.modules.get("concurrent.futures.process")
    if processes is not None and isinstance(executor, processes.ProcessPoolExecutor):
        return True
    return any(clock_of(thread) is not clock for thread in list(getattr(executor, "_threads", ())))


def _adjust_thread_count(self: Any) -> None:
    """A pool that was made before the run waits for jobs in C, with the turn in its hand: it gets a queue of the run's."""
    if clock_here() is not None and not self._threads and type(self._work_queue) is REAL_SIMPLE_QUEUE:
        jobs, self._work_queue = self._work_queue, simple_queue()
        while not jobs.empty():
            self._work_queue.put(jobs.get_nowait())
    _real_adjust_thread_count[0](self)


def replacements() -> list[Replacement]:
    """What stands in `concurrent.futures`, where a pool may have been made already."""
    pools: Any = sys.modules.get("concurrent.futures.thread")
    if pools is None:
        return []
    _real_adjust_thread_count[:] = _real_adjust_thread_count or [pools.ThreadPoolExecutor._adjust_thread_count]
    return [(pools.ThreadPoolExecutor, "_adjust_thread_count", _adjust_thread_count)]
