"""What a program waits for in a function of an installed package, of which nothing is known but its frames.

It is the thing whose method the program called: a lock, a stream, a client. That stands in the frame as `self`.
"""

import asyncio
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from grader.clock.lines import nearness

_ENDS = {"Event": "set it", "Condition": "notify it"}  # of these `wait` is what waits
_OTHERS = {"receive": "send anything", "send": "receive anything", "get": "put anything", "put": "take anything"}


def method_of(within: Iterable[FrameType], has_name: Callable[[Any], bool]) -> FrameType | None:
    """Of the frames below the program's line, outermost first: the innermost method of the thing that is waited for.

    That thing is the first that the program has a name for, or else the first of a public class; without any it is the
    function of the package that was called first. None where no package's function is among them.
    """
    frames = [frame for frame in within if nearness(frame.f_code.co_filename) == 1]
    things = [frame.f_locals["self"] for frame in frames if "self" in frame.f_locals]
    public = (each for each in things if not type(each).__name__.startswith("_"))
    thing = next(filter(has_name, things), next(public, None))
    if thing is None:
        return next(iter(frames), None)
    methods = [frame for frame in frames if frame.f_locals.get("self") is thing]
    return ([frame for frame in methods if "<locals>" not in frame.f_code.co_qualname] or methods)[-1]


def tasks_of(method: FrameType) -> list["asyncio.Task[Any]"]:
    """Those that the end of a group waits for, if it is one."""
    group = method.f_locals.get("self")
    inside = getattr(group, "_tasks", None) if method.f_code.co_name == "__aexit__" else None
    if not isinstance(inside, set | list | tuple | dict):
        return []
    return [task for task in inside if isinstance(task, asyncio.Task) and not task.done()]


def is_taking(method: FrameType) -> bool:
    """Whether it is to have the thing for itself."""
    return method.f_code.co_name.startswith("acquire")


def why(method: FrameType) -> str:
    """What nothing that runs can do."""
    call, kind = method.f_code.co_name, type(method.f_locals.get("self")).__name__
    if is_taking(method):
        return "release it"
    return (_ENDS.get(kind) if call == "wait" else _OTHERS.get(call)) or "end that wait"
