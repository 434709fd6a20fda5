"""Who has the places of a semaphore: no frame tells that of a thread, nor of a task that took one by `acquire()`.

What `async with` takes is told by its frame (`chains`), and is not noted here. Whoever releases gives back a place of its own,
or else the one that was taken first. Checked on 3.11, 3.12 and 3.13: `with` of a thread's semaphore calls `__enter__`,
which is `acquire`, and its `__exit__`, which calls `release`; `async with` calls `acquire` and `release` itself.
"""

import asyncio
import functools
import sys
import threading
import weakref
from asyncio import locks
from collections.abc import Coroutine
from typing import Any, NamedTuple

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.lines import Place
from grader.clock.reasons.takers import is_coroutine_function

_WITH = {locks._ContextManagerMixin.__aenter__.__code__, locks._ContextManagerMixin.__aexit__.__code__}
_SLOTS = "_slots_of"
_of_tasks: Any = asyncio.Semaphore
_of_threads: Any = threading.Semaphore
_acquire, _release = _of_tasks.acquire, _of_tasks.release
_acquire_in_thread, _release_in_thread = _of_threads.acquire, _of_threads.release


class Slot(NamedTuple):
    """`who` has it, a task or a thread; the program took it in that file and line."""

    who: "weakref.ref[Any]"
    name: str
    place: Place


def slots_of(semaphore: Any) -> list[Slot]:
    """Those that were noted, in the order in which they were taken."""
    return list(vars(semaphore).get(_SLOTS, ()))


def _is_noted() -> bool:
    clock = clock_here()
    return clock is not None and clock.door is None


def _note(semaphore: Any, who: Any, name: str, place: Place) -> None:
    vars(semaphore).setdefault(_SLOTS, []).append(Slot(weakref.ref(who), name, place))


def _give_back(semaphore: Any, who: Any) -> None:
    slots = vars(semaphore).get(_SLOTS)
    if slots:
        own = (at for at, slot in enumerate(slots) if slot.who() is who)
        del slots[next(own, 0)]


# ---------------------------------------------------------------- of tasks


@is_coroutine_function
@functools.wraps(_acquire)
def _acquire_slot(self: Any) -> Coroutine[Any, Any, bool]:
    frame = sys._getframe(1)
    if frame.f_code in _WITH or not _is_noted():
        return _acquire(self)  # type: ignore[no-any-return]
    place = frame.f_code.co_filename, frame.f_lineno
    if self.locked():
        return _acquire_and_note(self, place)
    _note_task(self, place)
    return _acquire(self)  # type: ignore[no-any-return]


async def _acquire_and_note(semaphore: Any, place: Place) -> bool:
    taken: bool = await _acquire(semaphore)
    _note_task(semaphore, place)
    return taken


def _note_task(semaphore: Any, place: Place) -> None:
    task = asyncio.current_task() if asyncio._get_running_loop() is not None else None
    if task is not None:
        _note(semaphore, task, task.get_name(), place)


_acquire_and_note.__qualname__, _acquire_and_note.__name__ = _acquire.__qualname__, _acquire.__name__


@functools.wraps(_release)
def _release_slot(self: Any) -> None:
    _release(self)
    if sys._getframe(1).f_code not in _WITH and _is_noted():
        _give_back(self, asyncio.current_task() if asyncio._get_running_loop() is not None else None)


# ---------------------------------------------------------------- of threads


@functools.wraps(_acquire_in_thread)
def _acquire_slot_in_thread(self: Any, *args: Any, **options: Any) -> bool:
    taken: bool = _acquire_in_thread(self, *args, **options)
    if taken and _is_noted():
        thread = threading.current_thread()
        frame = sys._getframe(1)
        _note(self, thread, thread.name, (frame.f_code.co_filename, frame.f_lineno))
    return taken


@functools.wraps(_release_in_thread)
def _release_slot_in_thread(self: Any, *args: Any, **options: Any) -> None:
    _release_in_thread(self, *args, **options)
    number = options.get("n", args[0] if args else 1)
    for _ in range(number if vars(self).get(_SLOTS) else 0):
        _give_back(self, threading.current_thread())


def replacements() -> list[Replacement]:
    """What stands in the semaphores of asyncio and `threading`."""
    return [
        (asyncio.Semaphore, "acquire", _acquire_slot),
        (asyncio.Semaphore, "release", _release_slot),
        (threading.Semaphore, "acquire", _acquire_slot_in_thread),
        (threading.Semaphore, "__enter__", _acquire_slot_in_thread),
        (threading.Semaphore, "release", _release_slot_in_thread),
    ]
