"""A semaphore of `multiprocessing` is waited for in virtual time, where no process has it but this one.

All its locks, events and queues are built on it. A process that was started by `multiprocessing` may have it too: then it is
waited for really, while time stands.

Checked on 3.11, 3.12 and 3.13: `_multiprocessing.SemLock` has `acquire`, and `__enter__` by which `with` takes it.
"""

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

from grader.clock.library.replaced import Inside, Replacement
from grader.clock.threads.in_line import Line
from grader.clock.threads.selects import clock_without_outside
from grader.ticks import to_wait


class SemaphoreLine(Line):
    """Whoever gives a place free tells nobody."""

    __slots__ = ("real",)

    def __init__(self, real: Callable[..., bool], thing: Any) -> None:
        Line.__init__(self, thing, told=False)
        self.real = real

    def free(self) -> int:
        return int(not self.thing._is_zero())

    def take(self, got: list[Any], seconds: float = 0) -> None:
        if self.real(self.thing, False):
            got.append(self.thing)

    def give_back(self, got: list[Any]) -> None:
        self.thing.release()


def _processes_have_it() -> bool:
    found: Any = sys.modules.get("multiprocessing.process")
    return found is not None and bool(found.active_children())


def _acquire(real: Callable[..., bool]) -> Callable[..., bool]:
    @functools.wraps(real)
    def acquire(self: Any, block: Any = True, timeout: Any = None) -> bool:
        clock = clock_without_outside()
        if clock is None or not block or not isinstance(timeout, int | float | None) or _processes_have_it():
            return real(self, block, timeout)
        if real(self, False):
            return True
        until = None if timeout is None else clock.now + to_wait(max(timeout, 0))
        return bool(SemaphoreLine(real, self).wait(clock, until, "multiprocessing's acquire"))

    return acquire


@functools.cache
def replacements() -> list[Replacement]:
    """What stands in `_multiprocessing`."""
    try:
        kind = importlib.import_module("_multiprocessing").SemLock
    except (ImportError, AttributeError):
        return []
    inside = Inside(kind)
    acquire = _acquire(inside.acquire)
    enter = functools.wraps(inside.__enter__)(lambda self: acquire(self))
    return [(inside, "acquire", acquire), (inside, "__enter__", enter)]
