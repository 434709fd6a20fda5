"""Stands for `nest_asyncio`, which many notebooks apply: a loop that runs can be run once more, until something is complete.

It relies on `asyncio.tasks._current_tasks`, and on a turn of the loop taking as many callbacks as there were; checked on 3.11,
3.12 and 3.13.
"""

import asyncio
import sys
import types
from collections.abc import Collection
from typing import Any

NAMES = ("nest_asyncio", "nest_asyncio2")


def put_in_place(installed: Collection[str]) -> None:
    """Of `NAMES` those that are `installed` where a kernel would run, and no other: there its import fails."""
    for name in NAMES:
        sys.modules.pop(name, None)
        if name in installed:
            module = sys.modules[name] = types.ModuleType(name)
            vars(module)["apply"] = apply


def apply(loop: Any = None, **_: Any) -> None:
    """Of the present loop, if none is said; and `asyncio.run` is one of it from now on."""
    here: Any = asyncio.get_event_loop() if loop is None else loop
    if "run_until_complete" in vars(here):
        return
    alone, run_alone = here.run_until_complete, asyncio.run

    def run_until_complete(future: Any) -> Any:
        return _nested(here, future) if here.is_running() else alone(future)

    def run(main: Any, **named: Any) -> Any:
        return _nested(here, main) if here.is_running() else run_alone(main, **named)

    here.run_until_complete = run_until_complete
    vars(asyncio)["run"] = run


def _nested(loop: Any, future: Any) -> Any:
    task: asyncio.Future[Any] = asyncio.ensure_future(future, loop=loop)
    current: dict[Any, Any] = asyncio.tasks._current_tasks  # type: ignore[attr-defined]
    around, expected = current.pop(loop, None), len(loop._ready)
    try:
        while not task.done():
            loop._run_once()
    finally:
        for _ in range(expected - len(loop._ready)):  # the turn around this goes on with so many
            loop.call_soon(_nothing)
        if around is not None:
            current[loop] = around
    return task.result()


def _nothing() -> None:
    """Takes the place of what was run meanwhile."""
