"""What a suspended task is in: its coroutine, what that awaits, what this awaits, and so on; and the locks that they hold.

Checked on 3.11, 3.12 and 3.13: an `asend()` or `athrow()` tells of its asynchronous generator, and the `__await__()` of a
coroutine of that, to the garbage collector alone; and so does a coroutine of the `__aexit__` of each `async with` it is in.
What is no coroutine of Python's own but stands for one (`session.get()` of aiohttp) is asked in the same way.
"""

import asyncio
import gc
from asyncio import taskgroups, tasks
from collections.abc import Coroutine, Iterable, Iterator
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType, MethodType
from typing import Any

from grader.clock.lines import nearness
from grader.clock.reasons.promises import source_of

_WAIT = tasks._wait.__code__  # type: ignore[attr-defined]
_END_OF_GROUP = taskgroups.TaskGroup.__aexit__.__code__
_BETWEEN = {"async_generator_asend", "async_generator_athrow", "coroutine_wrapper"}


def chain(coroutine: Any) -> Iterator[Any]:
    """The coroutine and all that it awaits, outermost first."""
    while coroutine is not None:
        yield coroutine
        coroutine = (
            getattr(coroutine, "cr_await", None)
            or getattr(coroutine, "gi_yieldfrom", None)
            or getattr(coroutine, "ag_await", None)
            or _behind(coroutine)
        )


def _behind(between: Any) -> Any:
    native = isinstance(between, CoroutineType | GeneratorType | AsyncGeneratorType)
    if native or not (type(between).__name__ in _BETWEEN or isinstance(between, Coroutine)):
        return None
    parts = gc.get_referents(between)
    return next((part for part in parts if isinstance(part, AsyncGeneratorType | CoroutineType)), None)


def frames_of(coroutine: Any) -> Iterator[FrameType]:
    """The frames of all these."""
    for each in chain(coroutine):
        frame = getattr(each, "cr_frame", None) or getattr(each, "gi_frame", None) or getattr(each, "ag_frame", None)
        if frame is not None:
            yield frame


def function_of(task: "asyncio.Task[Any]") -> str:
    """The name of the coroutine that it runs, or of the user's within it if that is a package's; empty if it is not known."""
    known = [(name, nearness(_file_of(each))) for each in chain(task.get_coro()) if (name := _name_of(each))]
    users = (name for name, near in known if near > 1)
    name, near = known[0] if known else ("", 0)
    return next(users, name) if near == 1 else name


def _name_of(coroutine: Any) -> str:
    return getattr(coroutine, "__qualname__", "")


def _file_of(coroutine: Any) -> str:
    codes = (getattr(coroutine, name, None) for name in ("cr_code", "gi_code", "ag_code"))
    return next((code.co_filename for code in codes if code is not None), "")


def awaiters(tasks: Iterable["asyncio.Task[Any]"]) -> "dict[int, list[asyncio.Task[Any]]]":
    """By the id of a task: which of `tasks` wait for it, by themselves, or by gather, wait, shield or a group."""
    found: dict[int, list[asyncio.Task[Any]]] = {}
    for task in tasks:
        for awaited in _awaited_by(task):
            found.setdefault(id(awaited), []).append(task)
    return found


def _awaited_by(task: "asyncio.Task[Any]") -> Iterator[Any]:
    yield from _promised_by(getattr(task, "_fut_waiter", None))
    for frame in frames_of(task.get_coro()):
        if frame.f_code is _WAIT:
            yield from frame.f_locals.get("fs", ())
        elif frame.f_code is _END_OF_GROUP:
            yield from frame.f_locals["self"]._tasks


def _promised_by(future: Any) -> Iterator[Any]:
    """`future`, and those whose results become its own."""
    while future is not None:
        yield future
        for child in getattr(future, "_children", None) or ():
            yield from _promised_by(child)
        future = source_of(future)


def holders_of(lock: Any, loops: Iterable[Any]) -> "list[asyncio.Task[Any]]":
    """The tasks that are in an `async with` of that lock, or of whatever is like one; not those that got it in another way."""
    return [task for loop in loops for task in asyncio.all_tasks(loop) if _holds(task, lock)]


def _holds(task: "asyncio.Task[Any]", lock: Any) -> bool:
    parts = (part for each in chain(task.get_coro()) for part in gc.get_referents(each))
    ends = (part for part in parts if isinstance(part, MethodType) and part.__name__ == "__aexit__")
    inside = sum(end.__self__ is lock or getattr(end.__self__, "_lock", None) is lock for end in ends)
    # who is on the way into one has its end in mind already
    frames = frames_of(task.get_coro())
    return inside > any(frame.f_code.co_name == "__aenter__" and frame.f_locals.get("self") is lock for frame in frames)
