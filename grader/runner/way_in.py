"""The grader's own way into a coroutine and out again: what `asyncio.Runner` does, with less asked.

A Runner looks after Ctrl-C, as a run's limits do already. At its end it asks the loop for two coroutines more, each in a turn
of its own; here only a loop that has anything left is asked, so nobody can see the difference.
"""

import asyncio
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
    return bool(internals.get("_default_executor") or internals.get("_asyncgens") or asyncio.all_tasks(loop))


def _end_all(loop: VirtualLoop) -> None:
    """As `asyncio.Runner.close`."""
    runner = asyncio.Runner(loop_factory=lambda: loop)
    runner.get_loop()
    runner.close()
