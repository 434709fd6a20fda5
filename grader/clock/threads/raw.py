"""`_thread.start_new_thread` on a clock without an outside starts a thread of `threading`, which takes its turns as any other.

A thread beneath `threading` has no seat, so nobody would wait for it. In an exercise it is refused, and beside an outside it
lives there.
"""

import _thread
import functools
import threading
from typing import Any

from grader.clock.library.replaced import Replacement
from grader.clock.threads.seats import start_really
from grader.clock.threads.selects import clock_without_outside


@functools.wraps(start_really)
def _start(*args: Any) -> int:
    if clock_without_outside() is None or not _fits(*args):
        return start_really(*args)  # with its own errors
    function, given, *named = args
    thread = threading.Thread(target=function, args=given, kwargs=named[0] if named else None, daemon=True)
    thread.start()
    return thread.ident or 0


def _fits(function: Any = None, args: Any = None, named: Any = None, *more: Any) -> bool:
    return callable(function) and isinstance(args, tuple) and isinstance(named, dict | None) and not more


BY_NAME = [(start_really, _start)]


def replacements() -> list[Replacement]:
    """What stands in `_thread`."""
    return [(_thread, name, _start) for name in ("start_new_thread", "start_new")]
