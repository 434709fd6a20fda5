"""Within `hygiene`: what failed in a thread, of which only a `concurrent.futures.Future` tells, and nobody looked at that.

asyncio says so of its futures when they go; of these nobody does. Checked on 3.11, 3.12 and 3.13: who asks one how it ended
reads `_exception`, and `set_exception` writes it; a worker of a pool calls that in `_WorkItem.run`, whose `fn` is
the job. One whose outcome asyncio takes over has `_call_set_state` among its callbacks by then, so its exception is asyncio's;
one that has `_call_check_cancel` there is `run_coroutine_threadsafe`'s.
"""

import contextlib
import functools
import sys
import traceback
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, thread
from types import FrameType
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.lines import Place, choose, place_of
from grader.clock.over import RunOver

_RUN = thread._WorkItem.run.__code__
_NAME = "_exception"

Found = Callable[[Place, str], object]  # hears of a place, and what is said of it


@contextlib.contextmanager
def told(found: Found) -> Iterator[None]:
    """For this time whoever fails on a clock is kept in mind; `found` hears of those that nobody has looked at by its end."""
    kind: Any = Future
    before, mine = vars(kind).get(_NAME), _Outcome(found)
    setattr(kind, _NAME, mine)
    try:
        yield
    finally:
        if before is None:
            delattr(kind, _NAME)
        else:
            setattr(kind, _NAME, before)
        mine.end()


class _Outcome:
    """In the class of futures: their own `_exception`, which tells who reads it."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._failed: dict[
            int, tuple[weakref.ref[Any], Place, str]
        ] = {}  # by the id of a future that nobody has looked at

    def __get__(self, future: Any, owner: type) -> Any:
        if future is None:
            return self
        error = future.__dict__.get(_NAME)
        if error is not None:
            self._failed.pop(id(future), None)
        return error

    def __set__(self, future: Any, error: BaseException | None) -> None:
        future.__dict__[_NAME] = error
        clock = clock_here()
        if error is None or isinstance(error, RunOver) or clock is None or clock.door is not None:
            return
        callbacks = {getattr(each, "__name__", "") for each in future._done_callbacks}
        if "_call_set_state" not in callbacks:
            self._note(future, error, "_call_check_cancel" in callbacks, sys._getframe(1))

    def _note(self, future: Any, error: BaseException, from_a_loop: bool, frame: FrameType) -> None:
        came = choose((each.f_code.co_filename, line) for each, line in traceback.walk_tb(error.__traceback__))
        what = "a coroutine that run_coroutine_threadsafe ran" if from_a_loop else _job(frame)
        said = f"{what} failed with {error!r}, and nobody looked at its future: ask for its result()"
        key = id(future)
        self._failed[key] = weakref.ref(future, lambda _: self._gone(key)), came if came[1] else place_of(frame), said

    def _gone(self, key: int) -> None:
        _, place, said = self._failed.pop(key, (None, None, ""))
        if place is not None:
            self._found(place, said)

    def end(self) -> None:
        """Nobody looks any more."""
        for key in list(self._failed):
            self._gone(key)


def _job(frame: FrameType) -> str:
    """`frame` is that of `set_exception`."""
    caller = frame.f_back
    if caller is None or caller.f_code is not _RUN:
        return "what a future promised"
    function = getattr(caller.f_locals["self"], "fn", None)
    while isinstance(function, functools.partial):
        function = function.func
    return f"the job of {getattr(function, '__qualname__', 'a pool')}"
