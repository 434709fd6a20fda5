"""Stands for `nest_asyncio`, which many notebooks apply: a loop that runs can be run once more, until something is complete.

It relies on `asyncio.tasks._current_tasks`, and on a turn of the loop taking as many callbacks as there were; checked on 3.11,
3.12 and 3.13.
"""

import asyncio
import sys
import types
from asyncio import events
from collections.abc import Collection
from typing import Any

NAMES = ("nest_asyncio", "nest_asyncio2")
_HAVE_RUN, _APPLIED = {"nest_asyncio2"}, "_nest_patched"  # by which whoever asks knows of the original, too


def put_in_place(installed: Collection[str]) -> None:
    """Of `NAMES` those that are `installed` where a kernel would run, and no other: there its import fails."""
    for name in NAMES:
        sys.modules.pop(name, None)
        if name in installed:
            module = sys.modules[name] = types.ModuleType(name)
            vars(module).update({"apply": apply} | ({"run": _run} if name in _HAVE_RUN else {}))


def apply(loop: Any = None, **_: Any) -> None:
    """Whatever `loop` is: of every loop of the present one's kind, in every thread; and `asyncio.run` knows of it then."""
    here: Any = asyncio.get_event_loop() if loop is None else loop
    kind: Any = next(one for one in type(here).__mro__ if "run_until_complete" in vars(one))
    if hasattr(asyncio, _APPLIED):
        return
    vars(asyncio)[_APPLIED] = True
    alone, run_alone = kind.run_until_complete, asyncio.run

    def run_until_complete(self: Any, future: Any) -> Any:
        around = events._get_running_loop()
        if around is self:
            return _nested(self, future)
        events._set_running_loop(None)  # which stands still meanwhile, as with the original
        try:
            return alone(self, future)
        finally:
            events._set_running_loop(around)

    def run(main: Any, **named: Any) -> Any:
        around = events._get_running_loop()
        return run_alone(main, **named) if around is None else _nested(around, main)

    kind.run_until_complete = run_until_complete
    vars(asyncio)["run"] = run
    _a_loop_for_each_thread()


def _run(main: Any, **named: Any) -> Any:
    apply()
    return asyncio.run(main, **named)


def _a_loop_for_each_thread() -> None:
    """Which `asyncio.get_event_loop` makes where there is none."""
    policy: Any = type(asyncio.get_event_loop_policy())
    found = policy.get_event_loop

    def get_event_loop(self: Any) -> Any:
        try:
            return found(self)
        except RuntimeError:
            self.set_event_loop(self.new_event_loop())
            return found(self)

    policy.get_event_loop = get_event_loop


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
