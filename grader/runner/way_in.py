"""The grader's own way into a coroutine and out again: what `asyncio.Runner` does, with less asked.

A Runner looks after Ctrl-C, as a run's limits do already. At its end it asks the loop for two coroutines more, each in a turn
of its own; here only a loop that has anything left is asked, so nobody can see the difference.
"""

import asyncio
import sys
from collections.abc import Coroutine
from contextvars import copy_context
from typing import Any

from grader.clock.loops.loop import VirtualLoop


def run(loop: VirtualLoop, coroutine: Coroutine[Any, Any, None]) -> None:
    """Until the coroutine is over, in a context of its own."""
    loop.run_until_complete(loop.create_task(coroutine, context=copy_context()))


BENEATH = run.__code__  # no line of the learner's is below its frame, where there may be much of a test runner's


def close(loop: VirtualLoop) -> None:
    """What the coroutine left behind is ended in asyncio's order: tasks, generators, the loop's own threads."""
    try:
        if _has_work(loop):
            _end_all(loop)
    finally:
        loop.close()


def _has_work(loop: VirtualLoop) -> bool:
    """Whether in one more turn anything would happen, here or with the referee."""
    clock, internals = loop.clock, vars(loop)
    if clock.owes or clock.crowded or loop._ready or loop._arrived or loop.timers.next_tick() is not None:
        return True
    if internals.get("_default_executor") or internals.get("_asyncgens"):
        return True
    return not _nobody_left() and bool(asyncio.all_tasks(loop))


# in which asyncio keeps all tasks, of whatever loop; since 3.14 they are elsewhere
_TASKS: list[Any] = [getattr(asyncio.tasks, name, ()) for name in ("_all_tasks", "_scheduled_tasks", "_eager_tasks")]
_TELL = sys.version_info < (3, 14)


def _nobody_left() -> bool:
    """Whether there is no task at all, which is told sooner than which there are."""
    return _TELL and not any(map(len, _TASKS))


def _end_all(loop: VirtualLoop) -> None:
    """As `asyncio.Runner.close`."""
    runner = asyncio.Runner(loop_factory=lambda: loop)
    runner.get_loop()
    runner.close()
