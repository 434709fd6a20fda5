"""Within `hygiene`: where a callback was scheduled that has no line of its own, and where a future was made or failed.

Nobody else keeps that, since it would make each handle and future dearer.
"""

import asyncio
import functools
import sys
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

from grader.clock.handles import NumberedFuture
from grader.clock.lines import NOWHERE, Place, is_the_loop_s, nearness, of_a_program, place_of

SCHEDULES = {"call_soon": 0, "call_soon_threadsafe": 0, "call_later": 1, "call_at": 1}  # where the callback stands


_WRAP = asyncio.wrap_future.__code__
_CALLBACK = next(code for code in asyncio.gather.__code__.co_consts if getattr(code, "co_name", "") == "_done_callback")


def passes_over(frame: FrameType) -> bool:
    """Whether it is a `gather` that is over, and asks for one more exception only so that nothing is said of it."""
    if frame.f_code is not _CALLBACK:
        return False
    outer = frame.f_locals.get("outer")
    return outer is None or bool(outer.done())


class WatchedFuture(NumberedFuture):
    """`made` and `failed`: where, if a program did it. `passed_over`: see `passes_over`."""

    made = failed = NOWHERE
    passed_over = False
    heard: Callable[[Any], object] = id  # when it has failed

    def exception(self) -> BaseException | None:
        if not passes_over(sys._getframe(1)):
            return super().exception()
        self.passed_over = True
        return self._exception  # and nobody has looked at it

    def set_exception(self, exception: Any, /) -> None:
        super().set_exception(exception)
        self.failed = place_of(sys._getframe(1))
        self.heard(self)


WatchedFuture.__name__ = WatchedFuture.__qualname__ = "Future"  # as it is printed


class Origins:
    """Of what is done on the loops of one watch."""

    def __init__(self, failed: Callable[[Any], object]) -> None:
        """`failed` hears of each future that did."""
        self._failed = failed
        self._scheduled: dict[int, tuple[weakref.ref[Any], Place]] = {}  # by the id of a handle, as long as that lives

    def of_handle(self, handle: Any) -> Place:
        """Where it was scheduled, if that was kept."""
        return self._scheduled.get(id(handle), (None, NOWHERE))[1]

    def of_call(self, frame: FrameType | None) -> Place:
        """Where the callback was scheduled that the loop runs in `frame`."""
        while frame is not None:
            if is_the_loop_s(frame) and "handle" in frame.f_locals:
                return self.of_handle(frame.f_locals["handle"])
            frame = frame.f_back
        return NOWHERE

    def schedules(self, at: int, real: Callable[..., Any], look: Callable[[FrameType], None]) -> Callable[..., Any]:
        """`real`, a method of a loop's, whose argument number `at` is the callback; `look` hears of the frame that calls it."""

        @functools.wraps(real)
        def schedule(*args: Any, **options: Any) -> Any:
            handle = real(*args, **options)
            trace = getattr(handle, "_source_traceback", None) if isinstance(handle, asyncio.Handle) else None
            if trace:
                del trace[-1]  # this function's frame
            frame = sys._getframe(1)
            look(frame)
            if of_a_program(frame.f_code.co_filename) and len(args) > at and _has_no_line(args[at]):
                self._note(handle, place_of(frame))
            return handle

        return schedule

    def _note(self, handle: Any, place: Place) -> None:
        key = id(handle)
        self._scheduled[key] = weakref.ref(handle, lambda _: self._scheduled.pop(key, None)), place

    def makes(self, loop: Any, real: Callable[[], Any]) -> Callable[[], Any]:
        """`real` is the loop's `create_future`."""

        @functools.wraps(real)
        def create_future() -> Any:
            frame = sys._getframe(1)
            if not (of_a_program(frame.f_code.co_filename) or frame.f_code is _WRAP):
                future = real()
                if future._source_traceback:
                    del future._source_traceback[-2]  # this function's frame
                return future
            watched = WatchedFuture(loop=loop)
            watched.made, watched.heard = place_of(frame), self._failed
            return watched

        return create_future


def _has_no_line(callback: Any) -> bool:
    """Whether it is a function of C's or of the library's."""
    while isinstance(callback, functools.partial):
        callback = callback.func
    code = getattr(callback, "__code__", None)
    return code is None or not nearness(code.co_filename)
