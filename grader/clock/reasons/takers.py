"""Which task took an asyncio.Lock by `acquire()`, and in which line: no frame tells that, and a deadlock's text is to.

Whoever takes one by `async with` is known by its frame. It is noted where a lock is free, at once; who has to wait notes it
when it has the lock. Checked on 3.11, 3.12 and 3.13: a free lock is taken without a turn of the loop, and `async with` comes to
`acquire` by `__aenter__`.
"""

import asyncio
import functools
import sys
import weakref
from asyncio import locks
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, NamedTuple

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.lines import Place, place_of

_AENTER = locks._ContextManagerMixin.__aenter__.__code__
_real: Any = asyncio.Lock.acquire


class Taker(NamedTuple):
    """`task` is None when it is gone; it took the lock in the code and line of a frame."""

    task: "weakref.ref[asyncio.Task[Any]]"
    name: str
    place: Place


def taker_of(lock: asyncio.Lock) -> Taker | None:
    """Who took it last, if that was by `acquire()`."""
    found: Taker | None = vars(lock).get("_taker")
    return found


def is_coroutine_function(function: Callable[..., Any]) -> Any:
    """Marks one that gives a coroutine as what it stands for is marked."""
    if sys.version_info >= (3, 12):
        import inspect

        return inspect.markcoroutinefunction(function)
    function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]
    return function


@is_coroutine_function
@functools.wraps(_real)
def _acquire(self: Any) -> Coroutine[Any, Any, bool]:
    frame = sys._getframe(1)
    clock = None if frame.f_code is _AENTER else clock_here()
    if clock is None or clock.door is not None:
        return _real(self)  # type: ignore[no-any-return]
    if self._locked or self._waiters:
        return _acquire_later(self, place_of(frame))
    _note(self, frame)
    return _real(self)  # type: ignore[no-any-return]


async def _acquire_later(lock: Any, place: Place) -> bool:
    taken: bool = await _real(lock)
    _keep(lock, place)
    return taken


_acquire_later.__qualname__, _acquire_later.__name__ = _real.__qualname__, _real.__name__


def _note(lock: Any, frame: FrameType) -> None:
    _keep(lock, (frame.f_code.co_filename, frame.f_lineno))


def _keep(lock: Any, place: Place) -> None:
    loop = asyncio._get_running_loop()
    task = None if loop is None else asyncio.current_task(loop)
    if task is not None:
        lock._taker = Taker(weakref.ref(task), task.get_name(), place)


def replacements() -> list[Replacement]:
    """What stands in asyncio's locks."""
    return [(asyncio.Lock, "acquire", _acquire)]
