"""Which line is named, of all that are on the way to something: the innermost of the reader's own.

A file is the user's, or an installed package's, or neither: the standard library's or ours. Where no line of the user's is on
the way, that of a package is better than none. Below a loop that runs is whoever runs it, and nobody that it runs.
"""

import linecache
import os
import re
import threading
from asyncio import events
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType

Whose = Callable[[str], int]  # how near a file is to who reads of it: 0 is nothing to him
Place = tuple[str, int]  # a file, and a line in it; line 0 is unknown
NOWHERE: Place = ("", 0)

_LIBRARY = os.path.dirname(threading.__file__) + os.sep
CLOCK = os.path.dirname(__file__) + os.sep  # where the clock's own code is, and that of all of us
OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep
_INSTALLED = ("site-packages", "dist-packages")
_USER, _PACKAGE = 2, 1
_CORE = os.path.join(CLOCK, "loops", "core.py")
_RUN = events.Handle._run.__code__
_PLAIN_NAME = re.compile(r"[^\W\d]\w*(\.\w+|\[[\w'\"]+\])*")


@lru_cache(1000)
def nearness(filename: str) -> int:
    """2 for a file of the user's, 1 for one of an installed package, 0 for the standard library's and ours."""
    if not filename or filename.startswith((OURS, "<frozen")):
        return 0
    if package_of(filename):
        return _PACKAGE
    return 0 if filename.startswith(_LIBRARY) else _USER


def of_a_program(filename: str) -> bool:
    """Whether a file is neither the standard library's nor ours."""
    return nearness(filename) > 0


def package_of(filename: str) -> str:
    """The installed package that a file belongs to; empty if it belongs to none."""
    parts = filename.replace("\\", "/").split("/")
    at = max((number for number, part in enumerate(parts) if part in _INSTALLED), default=None)
    return "" if at is None or at + 1 == len(parts) else parts[at + 1].removesuffix(".py")


def innermost(frames: Sequence[FrameType], whose: Whose = nearness) -> tuple[int, FrameType | None]:
    """Of `frames`, outermost first, the one to be named; and the number of those up to it."""
    near = [(whose(frame.f_code.co_filename), number) for number, frame in enumerate(frames, 1)]
    best, at = max(near, default=(0, 0))
    return (at, frames[at - 1]) if best else (0, None)


def choose(places: Iterable[Place]) -> Place:
    """Of `places`, outermost first, the one to be named."""
    near = [(nearness(place[0]), number, place) for number, place in enumerate(places)]
    best, _, place = max(near, default=(0, 0, NOWHERE))
    return place if best else NOWHERE


def above(frame: FrameType | None) -> Iterator[FrameType]:
    """`frame` and what led to it, innermost first, up to the loop that runs it."""
    while frame is not None and not _is_the_loop(frame.f_code.co_name, frame.f_code.co_filename):
        yield frame
        frame = frame.f_back


def _is_the_loop(function: str, filename: str) -> bool:
    return function == "run_forever" and not nearness(filename)


def frame_of(frame: FrameType | None, whose: Whose = nearness) -> FrameType | None:
    """The one to be named of those that led to `frame`."""
    best, named = 0, None
    for each in above(frame):
        near = whose(each.f_code.co_filename)
        if near > best:
            best, named = near, each
            if near == _USER:
                break
    return named


def place_of(frame: FrameType | None) -> Place:
    """Where it is."""
    named = frame_of(frame)
    return NOWHERE if named is None else (named.f_code.co_filename, named.f_lineno)


def said(place: Place) -> str:
    """`program.py, line 3`, or `streams.py of aiohttp, line 3`; empty if it is not known."""
    package = package_of(place[0])
    return f"{Path(place[0]).name}{package and f' of {package}'}, line {place[1]}" if place[1] else ""


def plain_name(code: CodeType) -> str:
    """The function's name; a comprehension is part of the function that it stands in, as it is since 3.12."""
    name = code.co_qualname
    while name.endswith(("<listcomp>", "<setcomp>", "<dictcomp>")):
        name = name.rpartition(".")[0].removesuffix(".<locals>")
    return name


def called(call: str, frame: FrameType | None, whose: Whose = nearness) -> str:
    """What the line that is named called when it came to `call` in `frame`: `Event.wait`, not the lock beneath it."""
    seen, named = call, frame_of(frame, whose)
    for each in above(frame):
        if each is named or (named is None and is_the_loop_s(each)):
            return seen
        if not _is_in_place_of_another(each.f_code):
            seen = _full_name(each)
    return call


def is_the_loop_s(frame: FrameType) -> bool:
    """Whether what it calls is called by the loop, as that was told to."""
    return frame.f_code is _RUN or frame.f_code.co_filename == _CORE


def _is_in_place_of_another(code: CodeType) -> bool:
    """Whether it is a function of ours that stands where one of the library's was, and no method of a loop of ours."""
    method = "." in code.co_qualname and "<locals>" not in code.co_qualname
    return code.co_filename.startswith(OURS) and not method


def _full_name(frame: FrameType) -> str:
    """`Thread.join`, `subprocess.run`: a function that is no method is named with its module."""
    name = frame.f_code.co_qualname
    module = [part for part in str(frame.f_globals.get("__name__", "")).split(".") if not part.startswith("_")]
    if module[:1] == ["asyncio"]:
        del module[1:]
    return name.lstrip("_") if "." in name else ".".join([*module, name])


def call_in(frame: FrameType | None) -> str:
    """What `frame` calls just now, as it is written there: `future.set_result`; empty if it is not known or no plain name.

    For functions of C, which have no frame.
    """
    import ast  # which only a mistake needs

    if frame is None:
        return ""
    line, last, start, end = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    if line is None or last is None:
        return ""
    text = [linecache.getline(frame.f_code.co_filename, number).encode() for number in range(line, last + 1)]
    text[-1], text[0] = text[-1][:end], text[0][start:] if len(text) > 1 else text[0][start:end]
    try:
        call = ast.parse(b"".join(text).strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    return name if _PLAIN_NAME.fullmatch(name) else ""


def path(frames: Iterable[tuple[str, str, int]]) -> list[Place]:
    """The places of (file, function, line), outermost first, that lie above the loop that runs them."""
    places: list[Place] = []
    for file, function, line in frames:
        if _is_the_loop(function, file):
            places.clear()
        else:
            places.append((file, line))
    return places
