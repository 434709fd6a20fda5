"""Plays one file of examples/adopted in real time, in a process of its own: prints its outcome as the last line.

python -m bench.adopted_child EXERCISE SLOWER SECONDS, in a folder that holds the file and those that it may import.
"""

import ast
import asyncio
import importlib
import inspect
import os
import selectors
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.adopted_own import ALL
from bench.adopted_scenarios import NOT_YET, RIGHT, WRONG_KIND, Missed, Scenario, World

EMPTY, NO_IMPORT, LOOP, NO_NAME = "empty file", "does not import", "runs the loop at import", "name missing"
CRASH, TIME_OUT, DEADLOCK = "crash", "time-out", "deadlock"
LATE = "late"  # whether that is the file's own doing, real time cannot tell
IDLE = 0.02  # seconds of CPU in half a second
MOST = 2.0  # seconds of CPU: those that come to an end take a tenth of it
_lookout = time.sleep


def replace(place: Any, name: str, stand_in: Callable[..., Any]) -> None:
    setattr(place, name, stand_in)


class Ran(BaseException):
    """The file runs an event loop while it is imported."""


class Watched:
    """The event loops that were made, and whether the file is still being imported."""

    def __init__(self) -> None:
        self.loops: list[Any] = []
        self.importing = self.ran = False
        make, forever = asyncio.BaseEventLoop.__init__, asyncio.BaseEventLoop.run_forever

        def made(loop: Any) -> None:
            self.loops.append(loop)
            make(loop)

        def run(loop: Any) -> None:
            if self.importing:
                self.ran = True
                raise Ran
            forever(loop)

        replace(asyncio.BaseEventLoop, "__init__", made)
        replace(asyncio.BaseEventLoop, "run_forever", run)

    def waits_for_nothing(self) -> bool:
        """A loop is running, each that runs is in its selector, and none has anything to do, now or later."""
        timers = [timer for loop in self.loops for timer in loop._scheduled if not timer.cancelled()]
        running, frames = [loop for loop in self.loops if loop.is_running()], sys._current_frames()
        places = [frames[loop._thread_id].f_code.co_filename for loop in running if loop._thread_id in frames]
        selecting = bool(places) and all(place == selectors.__file__ for place in places)
        return selecting and not timers and not any(loop._ready for loop in self.loops)


def told(outcome: str) -> None:
    sys.__stdout__.write(f"\n{outcome}\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]
    os._exit(0)


def watch(watched: Watched, seconds: float) -> None:
    """Ends the process: when nothing can happen any more, or when its time is over."""
    until = time.monotonic() + seconds
    quiet, before = 0, time.process_time()
    while time.monotonic() < until:
        _lookout(0.5)
        spent, before = time.process_time() - before, time.process_time()
        quiet = quiet + 1 if watched.waits_for_nothing() and spent < IDLE else 0
        if quiet == 3:
            told(DEADLOCK)
        if before > MOST:
            told(TIME_OUT)
    told(LATE)


def is_empty(path: Path) -> bool:
    try:
        body = ast.parse(path.read_bytes()).body
    except (SyntaxError, ValueError):
        return False
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)


def imported(name: str, watched: Watched) -> ModuleType | str:
    watched.importing = True
    try:
        module = importlib.import_module(name)
    except BaseException:
        return LOOP if watched.ran else NO_IMPORT
    finally:
        watched.importing = False
    return LOOP if watched.ran else module


def note(world: World, watched: Watched, name: str, function: str) -> None:
    """Calls of a function in an earlier file are noted from now on."""
    module = imported(name, watched)
    if isinstance(module, str):
        told(module)
    else:
        replace(module, function, world.noting(getattr(module, function)))


def fits(entry: Any, kind: str) -> bool:
    if kind == "coroutine":
        return inspect.iscoroutinefunction(entry)
    if kind == "async generator":
        return inspect.isasyncgenfunction(entry)
    others = (inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction, inspect.isclass)
    return callable(entry) and not any(is_other(entry) for is_other in others)


def played(scenario: Scenario, entry: Callable[..., Any], world: World) -> str:
    async def in_loop() -> Missed | str:
        found = scenario.judge(world, entry)
        return found if isinstance(found, dict) else await found

    try:
        given = scenario.judge(world, entry) if scenario.kind == "function" else asyncio.run(in_loop())
    except BaseException:
        return CRASH
    assert isinstance(given, dict | str)
    return given if isinstance(given, str) else in_words(given)


def in_words(missed: Missed) -> str:
    """`right`, or `not yet: ` and the names of all that is not met, in their order."""
    names = sorted(name for name, is_missed in missed.items() if is_missed)
    return f"{NOT_YET}: {' '.join(names)}" if names else RIGHT


def main(exercise: str, slower: float, seconds: float) -> None:
    scenario, watched = ALL[exercise], Watched()
    world = World(scenario.unit * slower, scenario.second * slower)
    if is_empty(Path(scenario.file)):
        told(EMPTY)
    given = ModuleType("judged")
    vars(given).update(scenario.given(world))
    sys.modules["judged"] = given
    replace(asyncio, "sleep", world.sleep)
    replace(asyncio.tasks, "sleep", world.sleep)
    replace(time, "sleep", world.block)
    sys.path.insert(0, os.getcwd())
    threading.Thread(target=watch, args=(watched, seconds), daemon=True).start()
    if scenario.noted is not None:
        note(world, watched, *scenario.noted)
    module = imported(scenario.file.removesuffix(".py"), watched)
    if isinstance(module, str):
        told(module)
    entry = getattr(module, scenario.entry, None)
    if entry is None:
        told(NO_NAME)
    else:
        told(played(scenario, entry, world) if fits(entry, scenario.kind) else WRONG_KIND)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
