"""The tasks of a run: numbered, so that sets of them have one order everywhere, and watched for what a task is for.

A set of tasks is ordered by memory addresses in asyncio; `as_completed` and `asyncio.wait` then start and return in an order
that no two runs share. Here a task's hash comes from its number and the run's seed: one order for one run, and not the one in
which the tasks were made, which a learner could take for a promise.
"""

import abc
import asyncio
import sys
from asyncio import base_events
from collections.abc import Callable, Coroutine
from contextvars import Context
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.findings.cancels import CountedTask
from grader.clock.loops import scheduling
from grader.clock.over import BusyLoopError, LimitError
from grader.clock.places import place
from grader.runner.way_in import BENEATH

if TYPE_CHECKING:
    from grader.runner.desk import Desk
    from grader.runner.report import Report


_ASYNCIO = str(Path(asyncio.__file__).parent)
_WRAPS = sys.version_info < (3, 12)
_WAIT_FOR = asyncio.wait_for.__code__
_LOOPS, _SCHEDULING = vars(base_events), vars(scheduling)  # where a loop hands on that it is to make a task
_WAKE_UPS = ("task_wakeup", "__wakeup")


def _awaits_in_asyncio(task: "asyncio.Task[Any] | None") -> bool:
    """Whether what `task` awaits stands in asyncio's own code: `wait_for` awaits in the caller since 3.12, not before."""
    awaited: Any = task.get_coro() if task is not None else None
    inner = None
    while awaited is not None:
        inner, awaited = awaited, getattr(awaited, "cr_await", None)
        if not hasattr(awaited, "cr_frame"):
            break
    frame = getattr(inner, "cr_frame", None)
    return frame is not None and frame.f_code.co_filename.startswith(_ASYNCIO)


def _origin(desk: "Desk", frame: FrameType | None) -> tuple[int | None, bool]:
    """The learner's line that made a task in `frame`, and whether it was by way of `wait_for`.

    3.11 wraps what it waits for in a task of its own, which later versions do not.
    """
    by_wait_for = False
    while frame is not None:
        if frame.f_globals is _LOOPS or frame.f_globals is _SCHEDULING:
            frame = frame.f_back
            continue
        code = frame.f_code  # each time this is asked, what refuses things is asked, too
        if code.co_filename == desk.file:
            return frame.f_lineno, by_wait_for
        if code is BENEATH:
            break
        by_wait_for = by_wait_for or (code is _WAIT_FOR and _WRAPS)
        frame = frame.f_back
    return None, by_wait_for


class RunTask(CountedTask):
    """A task that the learner's code made, or asyncio for it."""

    def __init__(self, report: "Report", coro: Any, loop: asyncio.AbstractEventLoop, **options: Any):
        self.number = report.desk.clock.number()
        self.report = report
        self.line, self.asyncios_own = _origin(report.desk, sys._getframe(2))
        self.creator = asyncio.current_task(loop) if loop.is_running() else None
        # apart, so that what only one version of asyncio makes does not change the order of the others
        self.place = place(report.next_place(self.asyncios_own), getattr(loop, "salt", 0))
        self.own_context = options.get("context") is not None
        options["name"] = options.get("name") or f"Task-{report.next_name()}"  # asyncio counts over the whole process
        report.desk.deeds += 1
        self.deeds = report.desk.deeds
        super().__init__(coro, loop=loop, **options)

    def __hash__(self) -> int:
        return self.place

    def add_done_callback(self, fn: Callable[..., object], /, *, context: Context | None = None) -> None:
        """Awaiting a task arrives here, with the awaiting task's own wake-up as the callback."""
        awaited = getattr(fn, "__name__", "") in _WAKE_UPS and getattr(fn, "__self__", None) is self.creator
        if awaited and self.redundant() and not _awaits_in_asyncio(self.creator):
            self.report.redundant(self)
        super().add_done_callback(fn, context=context)

    def redundant(self) -> bool:
        """Awaited by its creator before it had a turn, with nothing else begun since it was made."""
        coro: Any = self.get_coro()
        unstarted = getattr(coro, "cr_frame", None) is not None and not (coro.cr_suspended or coro.cr_running)
        return unstarted and self.deeds == self.report.desk.deeds and not self.own_context

    def done(self) -> bool:
        """Asked again and again without a turn for anybody, it never becomes true: that is stopped."""
        if super().done():
            return True
        if self.report.polled_in_vain(sys._getframe(1)):
            line = self.report.desk.line(sys._getframe(1))
            raise self.report.desk.clock.break_off(BusyLoopError("asks task.done() again and again", line))
        return False


_TASK: Any = asyncio.Task
_stands: Any = None  # in its place: AsyncioTask, when that is there


class _AsALoopDoes(abc.ABCMeta):
    """Of `AsyncioTask`: whoever calls it has the task made as the loop makes one. A class may be abstract, too."""

    def __new__(cls, name: str, bases: tuple[type, ...], *args: Any, **options: Any) -> Any:
        """A class of the program's own is one of asyncio's; what it makes is seen at its first step."""
        theirs = tuple(_TASK if base is _stands else base for base in bases)
        return super().__new__(cls, name, theirs, *args, **options)

    def __call__(cls, *args: Any, **options: Any) -> Any:
        return _made(*args, **options) if cls is _stands else super().__call__(*args, **options)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _TASK) if cls is _stands else super().__instancecheck__(instance)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, _TASK) if cls is _stands else super().__subclasscheck__(other)


class AsyncioTask(RunTask, metaclass=_AsALoopDoes):
    """What `asyncio.Task` is while a program is played, and the type of every task of its loops.

    A task made past the loop would be ordered by where it lies in memory, named by a count of the whole process, and no check
    would see that it is at work, awaited at once, or cancelled in vain.
    """


_stands = AsyncioTask
for _name in ("__name__", "__qualname__", "__module__", "__doc__"):
    setattr(AsyncioTask, _name, getattr(_TASK, _name))  # as it is printed


def _made(coro: Any, *, loop: Any = None, eager_start: bool = False, **options: Any) -> Any:
    loop = asyncio.get_event_loop() if loop is None else loop
    if eager_start:  # since 3.12, and by no factory
        options["eager_start"] = True
    make = None if eager_start else getattr(loop, "make_task", None)
    return _TASK(coro, loop=loop, **options) if make is None else make(loop, coro, **options)


_new: Any = type.__call__


def factory(report: "Report", max_tasks: int) -> Callable[..., "asyncio.Task[Any]"]:
    """For `loop.set_task_factory`: every task of the run is an AsyncioTask, the grader's own are not counted."""

    def make(loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **options: Any) -> "asyncio.Task[Any]":
        task: RunTask = _new(AsyncioTask, report, coro, loop, **options)
        if report.counts(task):
            if report.tasks > max_tasks:
                raise report.desk.clock.break_off(LimitError("tasks", task.line))
            task.add_done_callback(report.task_done)
        return task

    return make
