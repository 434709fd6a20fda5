"""Who waits or is waited for, in words: `Task-2 (worker) and the thread asyncio_0, which wait themselves`."""

import asyncio
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from types import FrameType, MappingProxyType
from typing import Any, NamedTuple

from grader.clock.lines import innermost, nearness, plain_name
from grader.clock.reasons.chains import frames_of, function_of
from grader.clock.reasons.names import Frames, Owners, by_number, has_name, named
from grader.clock.reasons.packages import method_of
from grader.clock.reasons.promises import source_of, worker_of, workers_to_begin

_SHOWN = 3  # of a list of names


class Present(NamedTuple):
    """Who is on the clock: its loops, and the threads by `idents`.

    `alone`: no exercise is graded, so that threads and the clock itself may be spoken of. `hint`: what to use for threads that
    are elsewhere, after a semicolon; empty if it is used. `awaiters`: by the id of a task, who waits for it. `owners`:
    see `names`.
    """

    loops: Collection[Any] = ()
    idents: Collection[int | None] = ()
    alone: bool = False
    hint: str = ""
    awaiters: Mapping[int, Collection["asyncio.Task[Any]"]] = MappingProxyType({})
    owners: Owners = dict


class Name(NamedTuple):
    """Called with a thing: what the program with these frames calls it. `task` waits; or
    a thread does, which has that `ident`."""

    program: Frames
    present: Present
    task: "asyncio.Task[Any] | None" = None
    ident: int | None = None

    def __call__(self, thing: Any) -> str:
        return named(thing, self.program, self.present.owners)

    def has(self, thing: Any) -> bool:
        """Whether the program has a name for it."""
        return has_name(thing, self.program)

    def method_of(self, within: Frames) -> FrameType | None:
        """The method of a package's that the program waits in."""
        return method_of(within, self.has)


def names_of(tasks: Iterable[Any], name: Name, joined: str = ", and for ") -> str:
    """`Task-2 (worker), Task-3 (worker), which wait themselves`.

    A future waits for nobody: `Future 'f', which nothing that runs can set, and for Task-2 (worker), which waits itself`.
    """
    left = {id(task): task for task in _each(tasks) if not task.done()}.values()
    waiting = [task_name(task) for task in left if isinstance(task, asyncio.Task)]
    threads = {id(task): _thread_of(task, name) for task in left if not isinstance(task, asyncio.Task)}
    futures = [task for task in left if not threads.get(id(task), "a task")]
    named = filter(None, threads.values())
    waiting += set(named) if name.present.alone else named  # several jobs of one thread wait for that
    return joined.join(filter(None, [_unset(futures, name), who_wait(sorted(waiting, key=by_number))]))


def _unset(futures: list[Any], name: Name) -> str:
    """Those that nobody brings about: by their names, and how many others there are."""
    said = [_future_name(future, name) for future in futures]
    shown = sorted((each for each in said if "'" in each), key=by_number)[:_SHOWN]
    others = len(said) - len(shown)
    if others == 1:
        shown.append("another" if shown else said[0])
    elif others:
        shown.append(f"{others} others" if shown else f"{others} futures")
    *first, last = shown or [""]
    listing = f"{', '.join(first)} and {last}" if first else last
    return f"{listing}, which nothing that runs can set" if listing else ""


def _future_name(future: Any, name: Name) -> str:
    """Its own, or that of what it is to have its result from."""
    said = name(future)
    source = None if "'" in said else source_of(future)
    return said if source is None else name(source)


def _each(tasks: Iterable[Any]) -> Iterator[Any]:
    """Those of a gather in the place of what it promises, however deep."""
    for task in tasks:
        within = getattr(task, "_children", None)
        source = None if within is not None or isinstance(task, asyncio.Task) else source_of(task)
        if within is not None:
            yield from _each(within)
        elif isinstance(source, asyncio.Future):
            yield from _each([source])
        else:
            yield task


def who_wait(left: list[str]) -> str:
    if not left:
        return ""
    return f"{listed(left)}, which {'waits itself' if len(left) == 1 else 'wait themselves'}"


def listed(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _thread_of(future: Any, name: Name) -> str:
    """Who brings about what a future promises; empty if nobody does."""
    source = source_of(future)
    if not isinstance(source, Future):
        return ""
    worker = worker_of(source, name.present.idents)
    workers = [worker] if worker is not None else workers_to_begin(source, name.present.idents)
    return "" if not workers else f"the thread {workers[0]}" if name.present.alone else "a thread"


def task_name(task: "asyncio.Task[Any]") -> str:
    """With the function whose line is named where the task stands itself, so that a text has one name for it."""
    _, place = innermost(list(frames_of(task.get_coro())))
    function = (
        function_of(task) if place is None or nearness(place.f_code.co_filename) < 2 else plain_name(place.f_code)
    )
    return f"{task.get_name()} ({function or 'another function'})"


def thread_name(thread: threading.Thread) -> str:
    """As the texts call it."""
    return "the main thread" if thread is threading.main_thread() else thread.name
