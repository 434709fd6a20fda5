"""Within `hygiene`: what nobody has looked at and something still refers to, so that neither asyncio nor the interpreter tells
of it.

A task or future that failed is known from then on, as long as it lives; so one that is let go of is told of by asyncio alone.
Coroutines that have not begun are looked for at the end, by the collector of garbage, which knows all objects; so are those
that were there before.

Checked on 3.11, 3.12 and 3.13: `_log_traceback` says whether anybody has yet to look at an exception.
"""

import asyncio
import contextlib
import gc
import weakref
from collections.abc import Iterator
from itertools import count
from types import CoroutineType
from typing import Any

from grader.clock.lines import NOWHERE, Place, nearness
from grader.clock.reasons.chains import function_of


@contextlib.contextmanager
def set_aside() -> Iterator[None]:
    """What was left before is not this program's: nobody looks through it, at the beginning or at the end, however much."""
    frozen = gc.get_freeze_count()
    (gc.collect if frozen else gc.freeze)()
    try:
        yield
    finally:
        if not frozen:
            gc.unfreeze()


class Kept:
    """Of one watch."""

    def __init__(self) -> None:
        self._failed: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()  # in the order of its keys
        self._number = count().__next__
        self._there = weakref.WeakSet(_waiting())

    def failed(self, future: Any) -> None:
        """`future`, or a task, has an exception."""
        self._failed[self._number()] = future

    def lost(self) -> list[Any]:
        """Those at whose exception nobody has looked; of futures those that a program has made or failed itself."""
        failed = [future for _, future in sorted(self._failed.items())]
        return [each for each in failed if each._log_traceback and _is_own(each)]

    def unawaited(self) -> list[Any]:
        """Coroutines of the program's own that were made meanwhile, have not begun, and are no task's."""
        return [each for each in _waiting() if each not in self._there and _is_of_a_program(each)]


def _is_own(future: Any) -> bool:
    return isinstance(future, asyncio.Task) or any(nearness(file) > 1 for file, _ in begun(future))


def _is_of_a_program(coroutine: Any) -> bool:
    return nearness(coroutine.cr_code.co_filename) > 1


def _waiting() -> list[Any]:
    """Coroutines that have not begun, and are no task's."""
    found = [each for each in gc.get_objects() if type(each) is CoroutineType]
    found = [each for each in found if not (each.cr_running or each.cr_suspended or each.cr_frame is None)]
    if not found:
        return []  # mostly, and of all objects this was to be asked only once
    of_tasks = {id(each.get_coro()) for each in gc.get_objects() if issubclass(type(each), asyncio.Task)}
    return [each for each in found if id(each) not in of_tasks]


# ---------------------------------------------------------------- how it is called


def called(future: Any) -> str:
    return f"the task of {name(future)}" if isinstance(future, asyncio.Task) else "a future"


def begun(future: Any) -> list[Place]:
    """Where it was made, and where it was told that it has failed, as far as anybody kept that."""
    from grader.clock.reasons import stuck  # which nobody needs who leaves nothing lying about

    return [getattr(future, "made", NOWHERE), stuck.made_at(future), getattr(future, "failed", NOWHERE)]


def callback(handle: Any) -> str:
    known = getattr(getattr(handle, "_callback", None), "__qualname__", None)
    return "a callback" if known is None else f"the callback {known}"


def name(task: "asyncio.Task[Any]") -> str:
    return getattr(task, "function", "") or function_of(task) or "something"
