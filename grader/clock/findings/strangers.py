"""Within `hygiene`: what belongs to a loop and is used in another thread at a moment when nobody waits for it. Then no loop has
to be woken, nothing is refused, and the mistake shows another time.

A queue, an event, a lock belongs to the loop in which it was made or first waited for. Checked on 3.11, 3.12 and 3.13: that one
is its `_loop`; these methods wake whoever waits, and none of them waits itself.
"""

import asyncio
import contextlib
import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from grader.clock.findings.deliveries import DeliveredTask
from grader.clock.findings.origins import WatchedFuture
from grader.clock.library import replaced
from grader.clock.lines import Place, place_of

Found = Callable[[Place, str], object]  # hears of a place, and what is said of it

_KINDS: tuple[Any, ...] = (asyncio.Queue, asyncio.Event, asyncio.Lock, asyncio.Semaphore, asyncio.Condition)
_USES: dict[Any, tuple[str, ...]] = {
    asyncio.Queue: ("put_nowait", "get_nowait", "task_done"),
    asyncio.Event: ("set", "clear"),
    asyncio.Lock: ("release",),
    asyncio.Semaphore: ("release",),
    asyncio.BoundedSemaphore: ("release",),
    asyncio.Condition: ("notify",),
    WatchedFuture: ("set_result", "set_exception", "cancel", "add_done_callback", "remove_done_callback"),
    DeliveredTask: ("add_done_callback", "remove_done_callback"),
}
_ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep
_MADE_ON = "_made_on"


@contextlib.contextmanager
def told(found: Found) -> Iterator[None]:
    """For this time `found` hears of each such use."""
    mine = [(kind, "__init__", _made(kind.__init__)) for kind in _KINDS]
    mine += [(kind, name, _used(getattr(kind, name), found)) for kind, names in _USES.items() for name in names]
    replaced.add(mine)
    try:
        yield
    finally:
        replaced.withdraw(mine)


def looks(loop: Any, name: str, found: Found) -> Callable[[FrameType], None]:
    """Is told of each call of the method `name` of `loop`, which is refused in another thread only if that is on the clock."""
    if name == "call_soon_threadsafe":
        return lambda frame: None
    return lambda frame: _look(loop, f"loop.{name}", frame, found)


def _made(real: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(real)
    def __init__(self: Any, *args: Any, **options: Any) -> None:
        real(self, *args, **options)
        vars(self).setdefault(_MADE_ON, asyncio._get_running_loop())

    return __init__


def _used(real: Callable[..., Any], found: Found) -> Callable[..., Any]:
    @functools.wraps(real)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        result = real(self, *args, **options)  # who is refused has been told
        loop = self.get_loop() if isinstance(self, asyncio.Future) else self._loop or vars(self).get(_MADE_ON)
        _look(loop, f"{type(self).__name__}.{real.__name__}", sys._getframe(1), found)
        return result

    return call


def _look(loop: Any, call: str, frame: FrameType, found: Found) -> None:
    if frame.f_code.co_filename.startswith(_ASYNCIO):
        return  # it is part of what the program called
    ident = getattr(loop, "_thread_id", None)
    if ident in (None, threading.get_ident()) or not hasattr(loop, "clock"):
        return
    home = next((thread.name for thread in threading.enumerate() if thread.ident == ident), "another thread")
    found(
        place_of(frame),
        f"{call} was called in the thread {threading.current_thread().name}, but its loop runs in {home}, and only by luck did "
        "nobody wait for it: use loop.call_soon_threadsafe",
    )
