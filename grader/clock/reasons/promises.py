"""Who would bring about what a future promises: another future, a loop that has not come to it, a thread of a pool.

Read from callbacks and frames, checked on 3.11, 3.12 and 3.13: `_chain_future` leaves `_call_check_cancel` with the future that
is asked, `shield` `_outer_done_callback` with the one within; a worker of a pool runs `_WorkItem.run`, or has jobs in the
`work_queue` of `_worker`.
"""

import gc
import sys
import threading
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, thread
from types import FrameType
from typing import Any

from grader.clock.reasons.names import by_number

_WITHIN = {"_chain_future.<locals>._call_check_cancel": "source", "shield.<locals>._outer_done_callback": "inner"}
_RUN = thread._WorkItem.run.__code__
_WORKER = thread._worker.__code__


def source_of(future: Any) -> Any:
    """The future whose result this one is to have; None if it is its own.

    What a coroutine on another loop promises to threads is that of its task.
    """
    callbacks = getattr(future, "_callbacks", None) or getattr(future, "_done_callbacks", None) or ()
    for each in callbacks:
        callback = each[0] if isinstance(each, tuple) else each
        variable = _WITHIN.get(getattr(callback, "__qualname__", ""))
        if variable is not None:
            source = closed_over(callback).get(variable)
            further = source_of(source) if isinstance(source, Future) else None
            return source if further is None else further
    return None


def closed_over(function: Any) -> dict[str, Any]:
    """The variables of the functions around it that a function uses, if it is a function."""
    cells = getattr(function, "__closure__", None) or ()
    code = getattr(function, "__code__", None)
    return {} if code is None else dict(zip(code.co_freevars, (cell.cell_contents for cell in cells), strict=True))


def loop_to_begin(future: Any, loops: Iterable[Any]) -> Any:
    """The loop that was asked, by `run_coroutine_threadsafe`, to bring it about, and has not come to it."""
    for loop in loops:
        for handle in list(loop._ready):
            if any(value is future for value in closed_over(handle._callback).values()):
                return loop
    return None


def worker_of(future: Any, idents: Collection[int | None]) -> str | None:
    """The name of the thread, one of `idents`, that runs the job of a future."""
    for name, frame in _frames(idents):
        if frame.f_code is _RUN and getattr(frame.f_locals.get("self"), "future", None) is future:
            return name
    return None


def is_over(job: str, ident: int | None) -> bool:
    """Whether that thread, which ran a job of this name for a pool, runs none now, or another."""
    names = [
        getattr(frame.f_locals["self"].fn, "__qualname__", "") for _, frame in _frames([ident]) if frame.f_code is _RUN
    ]
    return job != "" and job not in names


def workers_to_begin(future: Any, idents: Collection[int | None]) -> list[str]:
    """The names of the threads of the pool in which the job of a future waits for its turn."""
    found = []
    for name, frame in _frames(idents):
        jobs = _items(frame.f_locals.get("work_queue")) if frame.f_code is _WORKER else ()
        if any(getattr(job, "future", None) is future for job in jobs):
            found.append(name)
    return sorted(found, key=by_number)


def _items(queue: Any) -> Iterator[Any]:
    """Of a simple queue, which tells of them to the garbage collector alone: one by one, or since before 3.13 in a list."""
    for part in gc.get_referents(queue):
        if type(part) is list:
            yield from part
        else:
            yield part


def _frames(idents: Collection[int | None]) -> Iterator[tuple[str, FrameType]]:
    frames = sys._current_frames()
    for each in threading.enumerate():
        frame = frames.get(each.ident or 0) if each.ident in idents else None
        while frame is not None:
            yield each.name, frame
            frame = frame.f_back
