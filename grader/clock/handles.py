"""What a loop makes many of: handles that are made fast, and futures and tasks whose place in a set is a number.

A set of futures is ordered by memory addresses in asyncio, and `asyncio.wait`, `TaskGroup` and the end of a run go through such
sets. Here the hash is given in the order in which it is first asked for, so two runs of a program go through them alike.
"""

import asyncio
import sys
from asyncio import events
from collections.abc import Callable
from contextvars import Context
from functools import lru_cache
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.places import place
from grader.ticks import to_seconds

if TYPE_CHECKING:
    from grader.clock.loops.scheduling import Scheduling


class _Whole(events.Handle):
    """`call` is the callback with its arguments, in the one tuple that they came in."""

    __slots__ = ()
    call: tuple[Any, ...]
    _repr = None
    _source_traceback = None

    @property
    def _callback(self) -> Any:
        return self.call[0]

    @property
    def _args(self) -> Any:  # type: ignore[override]
        return self.call[1:]

    def cancel(self) -> None:
        self._cancelled = True
        self.call = _NOTHING  # type: ignore[misc]  # it is in the slots of those that have one


_NOTHING = (None,)


class FastHandle(_Whole):
    """asyncio's own, without what only its debug mode asks for.

    The loop fills it in: a call of `__init__` costs as much again.
    """

    __slots__ = ("call",)
    __init__ = object.__init__


class Timer(events.TimerHandle):
    """`tick` is when it is due; equal ticks are due in the order in which they were set."""

    __slots__ = ("number", "tick")
    _loop: "Scheduling"
    tick: int
    number: int

    def __init__(
        self,
        tick: int,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: "Scheduling",
        context: Context | None,
    ) -> None:
        super().__init__(to_seconds(tick), callback, args, loop, context)
        self.tick = tick


class FastTimer(_Whole, events.TimerHandle):
    """A timer without what only debug mode asks for; filled in by the loop, too."""

    __slots__ = ("call", "tick")
    __init__ = object.__init__
    tick: int

    @property
    def _when(self) -> float:
        return to_seconds(self.tick)

    def when(self) -> float:
        return to_seconds(self.tick)


class NumberedFuture(asyncio.Future[Any]):
    """`loop.create_future()`'s."""

    __slots__ = ("_number",)
    _number: int

    def __hash__(self) -> int:
        try:
            return self._number
        except AttributeError:
            return _give_number(self)


def check_whose(task: "asyncio.Task[Any]", frame: FrameType) -> None:
    """Raises RuntimeError where `task`, which is not done, is about to be cancelled in another thread than its loop's."""
    loop: Any = task.get_loop()
    if not (getattr(loop, "_fast", True) or task.done()):
        loop._check_whose(frame, done=False)


_being_cancelled: "set[NumberedTask]" = set()


class NumberedTask(asyncio.Task[Any]):
    """`loop.create_task()`'s."""

    __slots__ = ("_number",)
    _number: int

    def cancel(self, msg: Any | None = None) -> bool:
        """As asyncio's. Of tasks that wait for each other each is asked once, so that it comes to an end."""
        if self in _being_cancelled:
            return False
        check_whose(self, sys._getframe())
        _being_cancelled.add(self)
        try:
            return super().cancel(msg)
        finally:
            _being_cancelled.discard(self)

    def __hash__(self) -> int:
        try:
            return self._number
        except AttributeError:
            return _give_number(self)


_new: Any = asyncio.Task.__new__


def new_task(loop: "Scheduling") -> NumberedTask:
    """One whose `__init__` is still to be called, which asks for its hash: it has its number already."""
    task: NumberedTask = _new(NumberedTask)
    loop.hashed = hashed = loop.hashed + 1
    task._number = _number(hashed, loop.salt)
    return task


def _give_number(of: "NumberedFuture | NumberedTask") -> int:
    loop: Any = of.get_loop()
    loop.hashed = hashed = loop.hashed + 1
    of._number = number = _number(hashed, loop.salt)
    return number


_number = lru_cache(place)  # loops of tests have few tasks, and the same numbers


# as programs print them, and errors name them
NumberedTask.cancel.__qualname__ = "Task.cancel"
NumberedFuture.__name__ = NumberedFuture.__qualname__ = "Future"
NumberedTask.__name__ = NumberedTask.__qualname__ = "Task"
