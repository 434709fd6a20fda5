"""That nothing moves is seen from outside of the clock: by a thread that no clock counts, and that only looks.

What waits in C lets nobody on the clock look, and hears no signal before it is over.
"""

import _thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import process_time
from typing import Any

from grader.clock.threads import children
from grader.clock.threads.seats import start_really, take_really


@contextmanager
def watched(look: Callable[[float], object], seconds: float) -> Iterator[None]:
    """`look` is called again and again, after so many real seconds, with the CPU time in seconds since the last time."""
    over: Any = _thread.allocate_lock()
    take_really(over)
    start_really(_look, (look, seconds, over))  # beneath `threading`, for which it is not there
    try:
        yield
    finally:
        over.release()


def _look(look: Callable[[float], object], seconds: float, over: Any) -> None:
    children.block()  # the limits' signals are for the main thread
    before = process_time()
    while not take_really(over, True, seconds):
        now = process_time()
        with suppress(RuntimeError):  # what it goes through was changed meanwhile, so something moves
            look(now - before)
        before = now
    children.over()
