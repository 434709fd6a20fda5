"""How a loop on a clock is made: as asyncio makes it, with less done each time, for a test makes one for itself alone.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13: `__init__`, whose values that are no containers are
taken from a loop that asyncio itself has made, and stand in the class, and which looks into the `_data` of `os.environ`;
`_asyncgens`, made when it is first asked for.
"""

import asyncio
import functools
import os
import sys
import weakref
from asyncio import base_events, coroutines
from collections import deque
from typing import Any

# asyncio's question whether it is set pays for an exception if it is not, which is a tenth of all that a loop costs
_DEBUG = os.environ.encodekey("PYTHONASYNCIODEBUG")

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

    @functools.cached_property
    def _asyncgens(self) -> "weakref.WeakSet[Any]":
        return weakref.WeakSet()


for _name, _value in as_made().items():
    if _name not in CONTAINERS:
        setattr(LightLoop, _name, _value)
