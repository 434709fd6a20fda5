"""How a loop on a clock is made and entered: as asyncio does it, with less done each time, for a test has one for itself alone.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13: `__init__`, whose values that are no containers are
taken from a loop that asyncio itself has made, and stand in the class, and which looks into the `_data` of `os.environ`;
`run_until_complete`, which is asyncio's for all but a coroutine.
"""

import asyncio
import os
import sys
from asyncio import base_events, coroutines
from collections import deque
from collections.abc import Awaitable, Generator
from types import CoroutineType
from typing import Any, TypeVar

# asyncio's question whether it is set pays for an exception if it is not, which is a tenth of all that a loop costs
_DEBUG = os.environ.encodekey("PYTHONASYNCIODEBUG")

_T = TypeVar("_T")
_stop: Any = base_events._run_until_complete_cb  # type: ignore[attr-defined]

CONTAINERS = {"_ready", "_scheduled", "_asyncgens"}  # each loop has its own


def as_made() -> dict[str, Any]:
    """What a loop of asyncio's has from the beginning."""
    loop = base_events.BaseEventLoop()
    try:
        return dict(vars(loop))
    finally:
        loop.close()


class LightLoop(asyncio.BaseEventLoop):
    """asyncio's own; what it has from the beginning and is no container is the class's until it is set."""

    def __init__(self) -> None:
        self._ready: deque[asyncio.Handle] = deque()
        self._scheduled: list[asyncio.TimerHandle] = []
        self._closed = self._stopping = self._debug = False
        if sys.flags.dev_mode or _DEBUG in os.environ._data:  # type: ignore[attr-defined]
            self.set_debug(coroutines._is_debug_mode())  # type: ignore[attr-defined]

    def run_until_complete(self, future: "Generator[Any, None, _T] | Awaitable[_T]") -> _T:
        if type(future) is not CoroutineType:
            return super().run_until_complete(future)
        self._check_closed()  # type: ignore[attr-defined]
        self._check_running()  # type: ignore[attr-defined]
        task = self.create_task(future)
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        task.add_done_callback(_stop)
        try:
            self.run_forever()
        except BaseException:
            if task.done() and not task.cancelled():
                task.exception()  # it is heard, in what is raised
            raise
        finally:
            task.remove_done_callback(_stop)
        if not task.done():
            raise RuntimeError("Event loop stopped before Future completed.")
        return task.result()  # type: ignore[no-any-return]


for _name, _value in as_made().items():
    if _name not in CONTAINERS:
        setattr(LightLoop, _name, _value)
