"""How a loop on a clock is made and entered: as asyncio does it, with less done each time, for a test has one for itself alone.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13: `__init__`, whose values that are no containers are
taken from a loop that asyncio itself has made, and stand in the class, and which looks into the `_data` of `os.environ`;
`close`, which is asyncio's unless there is nothing to be closed; `run_until_complete`, which is asyncio's for all but
coroutines and tasks: it adds the callback that stops the loop after the first turn only, in which most that a short test runs
comes to its end, and takes no turn for what an `asyncio.Runner` asks for in the end, if there is nothing to be shut down.
"""

import asyncio
import gc
import os
import sys
from asyncio import base_events, coroutines
from collections import deque
from collections.abc import Awaitable, Generator
from types import CodeType, CoroutineType
from typing import Any, TypeVar

from grader.clock.handles import NumberedTask

_DEV_MODE = sys.flags.dev_mode
# asyncio's question whether it is set pays for an exception if it is not, which is a tenth of all that a loop costs
_DEBUG = os.environ.encodekey("PYTHONASYNCIODEBUG")

_T = TypeVar("_T")
_Task = asyncio.Task
_running_loop = asyncio._get_running_loop
_stop: Any = base_events._run_until_complete_cb  # type: ignore[attr-defined]

# of what a Runner asks for in the end
_GENERATORS = asyncio.BaseEventLoop.shutdown_asyncgens.__code__
_EXECUTOR = asyncio.BaseEventLoop.shutdown_default_executor.__code__

CONTAINERS = {"_ready", "_scheduled", "_asyncgens"}  # each loop has its own
# Each loop is asked for them, some at each turn; Python 3.12 is five times slower at what stands in a class, too.
OFTEN = {
    "_closed",
    "_stopping",
    "_debug",
    "_thread_id",
    "_task_factory",
    "_default_executor",
    "_executor_shutdown_called",
    "_coroutine_origin_tracking_enabled",
}


def as_made() -> dict[str, Any]:
    """What a loop of asyncio's has from the beginning."""
    loop = base_events.BaseEventLoop()
    try:
        return dict(vars(loop))
    finally:
        loop.close()


class LightLoop(asyncio.BaseEventLoop):
    """asyncio's own; what it has from the beginning, and hardly anybody asks for, is the class's until it is set."""

    clock: Any
    _watched: bool
    _thread_id: int | None
    _holds_more: bool  # than a loop has from the beginning, which is to be closed

    def __init__(self) -> None:
        self._ready: deque[asyncio.Handle] = deque()
        self._scheduled: list[asyncio.TimerHandle] = []
        self._stopping = self._debug = self._holds_more = False
        self._thread_id = self._task_factory = self._default_executor = None
        self._executor_shutdown_called = self._coroutine_origin_tracking_enabled = False
        self._closed = False  # the last one: what is not made to here has nothing to be closed
        if _DEV_MODE or _DEBUG in os.environ._data:  # type: ignore[attr-defined]
            self.set_debug(coroutines._is_debug_mode())  # type: ignore[attr-defined]

    def run_until_complete(self, future: "Generator[Any, None, _T] | Awaitable[_T]") -> _T:
        kind: Any = type(future)
        if kind is CoroutineType:
            if self._closed or self._thread_id is not None or _running_loop() is not None:
                self._check_closed()  # type: ignore[attr-defined]
                self._check_running()  # type: ignore[attr-defined]
            code = future.cr_code  # type: ignore[union-attr]
            if (code is _GENERATORS or code is _EXECUTOR) and self._ends_at_once(future, code):
                return None  # type: ignore[return-value]
            task: Any = self.create_task(future)  # type: ignore[arg-type]
            done = self._task_factory is not None and task.done()
        elif (kind is NumberedTask or issubclass(kind, _Task)) and future._loop is self:  # type: ignore[union-attr]
            task = future
            done = task.done()
        else:
            return super().run_until_complete(future)
        clock = self.clock
        if done or self._watched or self._stopping or clock.door is not None or clock.lookout is not None:
            task.add_done_callback(_stop)
        else:  # the loop looks after its first turn
            self._ending, self._stopping = task, True
        try:
            self.run_forever()
        except BaseException:
            if task is not future and task.done() and not task.cancelled():
                task.exception()  # it is heard, in what is raised
            raise
        finally:
            done = task.done()
            if not done:
                if self._ending is not None:  # it was not even run
                    self._ending, self._stopping = None, False
                task.remove_done_callback(_stop)
                if task is not future:
                    task._log_destroy_pending = False  # it is heard, in what is raised
        if not done:
            raise RuntimeError("Event loop stopped before Future completed.")
        return task.result()  # type: ignore[no-any-return]

    def close(self) -> None:
        if self._holds_more or self._default_executor is not None:
            self._close_all()
        elif self._thread_id is not None or self._closed or self._debug:
            base_events.BaseEventLoop.close(self)  # which has something to say, or nothing to do
        else:
            self._closed = self._executor_shutdown_called = True
            self._ready.clear()

    def _close_all(self) -> None:
        base_events.BaseEventLoop.close(self)

    def _ends_at_once(self, shutdown: Any, code: CodeType) -> bool:
        """What a Runner asks for in the end is done without a turn, if there is nothing to shut down, nor to do."""
        if shutdown.cr_await is not None or not self._has_nothing_to_do():
            return False
        # the locals of its frame would say whose it is, too, at several times the cost
        if shutdown.cr_frame is None or self not in gc.get_referents(shutdown):
            return False
        if code is _EXECUTOR:
            if self._default_executor is not None:
                return False
            self._executor_shutdown_called = True
        else:
            if self._begun:  # type: ignore[attr-defined]
                return False
            self._asyncgens_shutdown_called = True
        shutdown.close()
        return True

    def _has_nothing_to_do(self) -> bool:
        """A turn would do nothing, and nobody would see it."""
        return False


for _name, _value in as_made().items():
    if _name not in CONTAINERS | OFTEN:
        setattr(LightLoop, _name, _value)
