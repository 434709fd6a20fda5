"""Who waits where, and for what: a deadlock explained from the tasks that are left."""

import asyncio
from collections.abc import Iterable
from types import CodeType, FrameType
from typing import Any, NamedTuple

_WAITS = {
    ("queues.py", "get"): "an item from a queue that is empty",
    ("queues.py", "put"): "room in a queue that is full",
    ("queues.py", "join"): "task_done() for every item of a queue",
    ("locks.py", "acquire"): "a lock or semaphore that is held",
    ("locks.py", "wait"): "an event, condition or barrier that nobody sets",
    ("locks.py", "_wait"): "a barrier that nobody else reaches",
    ("streams.py", "_wait_for_data"): "data from a stream",
    ("taskgroups.py", "__aexit__"): "the tasks of its group",
}


class Wait(NamedTuple):
    """A task, the function and line of the program where it stands, and what it waits for (may be empty)."""

    task: str
    function: str
    line: int | None
    waits_for: str


def plain_name(code: CodeType) -> str:
    """The function's name; a comprehension is part of the function that it stands in, as it is since 3.12."""
    name = code.co_qualname
    while name.endswith(("<listcomp>", "<setcomp>", "<dictcomp>")):
        name = name.rpartition(".")[0].removesuffix(".<locals>")
    return name


def called(call: str, frame: FrameType | None, filename: str) -> str:
    """What the program in `filename` called when it came to `call` in `frame`: `Event.wait`, not the lock beneath it."""
    while frame is not None and frame.f_code.co_filename != filename:
        call, frame = frame.f_code.co_qualname, frame.f_back
    return call


def _chain(coroutine: Any) -> Iterable[Any]:
    """The coroutine and all that it awaits, outermost first."""
    while coroutine is not None:
        yield coroutine
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)


def _frame(awaited: Any) -> Any:
    return getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)


def _known_wait(code: CodeType) -> str | None:
    return _WAITS.get((code.co_filename.replace("\\", "/").rsplit("/", 1)[-1], code.co_name))


def _describe(task: "asyncio.Task[Any]", filename: str) -> Wait:
    function, line, waits = "", None, ""
    for awaited in _chain(task.get_coro()):
        frame = _frame(awaited)
        if frame is not None and frame.f_code.co_filename == filename:
            function, line = plain_name(frame.f_code), frame.f_lineno
        elif frame is not None:
            waits = _known_wait(frame.f_code) or waits
    return Wait(task.get_name(), function, line, waits or _awaited(getattr(task, "_fut_waiter", None)))


def _awaited(future: "asyncio.Future[Any] | None") -> str:
    if isinstance(future, asyncio.Task):
        return f"the task of {getattr(future.get_coro(), '__qualname__', 'another function')}"
    return "" if future is None else "a future that nobody sets"


def waits_of(loops: Iterable[asyncio.AbstractEventLoop], filename: str) -> list[Wait]:
    """One Wait for each task that stands in the program's own file; sorted by line, so that two runs agree."""
    tasks = [task for loop in loops for task in asyncio.all_tasks(loop)]
    found = [_describe(task, filename) for task in tasks]
    return sorted((wait for wait in found if wait.line is not None), key=lambda wait: (wait.line, wait.task))
