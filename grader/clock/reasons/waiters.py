"""Who waits or is waited for, in words: `Task-2 (worker) and the thread asyncio_0, which wait themselves`."""

import asyncio
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import FrameType, MappingProxyType
from typing import Any, NamedTuple

from grader.clock.reasons.chains import function_of
from grader.clock.reasons.names import Frames, Owners, by_number, has_name, named
from grader.clock.reasons.packages import method_of
from grader.clock.reasons.promises import source_of, worker_of


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


def names_of(tasks: Iterable[Any], name: Name) -> str:
    """`Task-2 (worker) and Task-3 (worker), which wait themselves`."""
    left = {id(task): task_name(task, name) for task in _each(tasks) if not task.done()}
    return who_wait(sorted(left.values(), key=by_number))


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
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def task_name(task: Any, name: Name) -> str:
    if isinstance(task, asyncio.Task):
        return f"{task.get_name()} ({function_of(task) or 'another function'})"
    source = source_of(task)
    if isinstance(source, asyncio.Future):
        return task_name(source, name)
    worker = worker_of(source, name.present.idents) if source is not None and name.present.alone else None
    return "a future that nothing which runs can set" if worker is None else f"the thread {worker}"


def thread_name(thread: threading.Thread) -> str:
    """As the texts call it."""
    return "the main thread" if thread is threading.main_thread() else thread.name
