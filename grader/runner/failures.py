"""An exception of the learner's program as plain data: its first cause, its line in the learner's file, what it is about."""

import asyncio
import os
import traceback
from collections.abc import Callable, Collection, Mapping
from typing import Any

from grader.clock.library.refusals import refusal
from grader.clock.lines import plain_name
from grader.clock.over import RefusedError
from grader.runner import proxies
from grader.runner.text import name, whole

MAX_MESSAGE = 500
MAX_BASES = 30
MAX_PRINTED = 20
MAX_LINE = 2**31 - 1  # the last that code can have
_OPERATION = proxies.operation_of.__code__


def _leaf(error: BaseException) -> BaseException:
    """What a group of exceptions is about: its first member."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


_OF_PROCESSES = os.path.join("multiprocessing", "synchronize.py")


def _refused_by_the_system(error: BaseException) -> BaseException:
    """What is shared between processes cannot be made where a job is shut in, and the system's own word for it is no help."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)] if isinstance(error, OSError) else []
    if not frames or not frames[-1].f_code.co_filename.endswith(_OF_PROCESSES):
        return error
    return RefusedError(refusal("multiprocessing", "a real process")).with_traceback(error.__traceback__)


def _message(error: BaseException) -> str:
    try:
        return whole(str(error)[:MAX_MESSAGE])
    except Exception:  # a learner's own __str__
        return ""


def _plain_type(value: object) -> str:
    """The name of its type, or that of asyncio's own where it is a kind of future of the run's, or of gather's."""
    kind = type(value)
    return next((base.__name__ for base in (asyncio.Task, asyncio.Future) if issubclass(kind, base)), kind.__name__)


def _about(error: BaseException) -> str | None:
    if isinstance(error, SyntaxError):
        return name((error.text or "").strip()) or None
    missed = getattr(error, "name", None)
    if isinstance(error, AttributeError) and isinstance(missed, str):
        return name(f"{_plain_type(error.obj)}.{missed}")
    if isinstance(error, NameError | ImportError) and isinstance(missed, str):
        return name(missed)
    if isinstance(error, FileNotFoundError) and isinstance(error.filename, str):
        return name(os.path.basename(error.filename)) or None  # a path of the machine's is nobody's business
    return None


def _innermost(error: BaseException, file: str, earlier: Mapping[str, str]) -> tuple[int | None, str | None, str]:
    """The last place of the learner's files that `error` came through, the function that it stands in, and its file."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        found = frame.f_code.co_filename
        if found == file or found in earlier:
            return line, plain_name(frame.f_code), found
    return None, None, file


def printed(error: BaseException, ours: Callable[[str], bool]) -> str:
    """As a traceback stands in print, of the learner's lines alone: the same on every Python, and wherever their file is.

    `ours(file)`: whether a file is the learner's.
    """
    error = _leaf(error)
    places: list[str] = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        place = f'  File "{file}", line {line}, in {plain_name(frame.f_code).rpartition(".")[2]}\n'
        if ours(file) and place not in places[-1:]:  # a comprehension has no frame of its own since 3.12
            places.append(place)
    message = _message(error)
    ends = f"{type(error).__name__}: {message}\n" if message else f"{type(error).__name__}\n"
    return "".join(["Traceback (most recent call last):\n"] * bool(places) + places[-MAX_PRINTED:] + [ends])


def _told(error: SyntaxError) -> int | None:
    """The line that it names, which a program may have set to anything; None for one that no file has."""
    line: object = error.lineno
    return line if type(line) is int and 0 <= line <= MAX_LINE else None


def _called(error: BaseException) -> int | None:
    """The line that called the operation in which `error` came up: such a coroutine may be a task by itself."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_code is _OPERATION)
    return next((frame.f_locals["line"] for frame in frames), None)


_NO_OTHERS: Mapping[str, str] = {}


def _of_exercise(error: BaseException, home: str | None, theirs: Collection[str]) -> dict[str, Any]:
    """Where a file of the exercise's cannot be imported, or imports what is not there: its name and line."""
    if home is None or isinstance(error, RecursionError | MemoryError):  # met anywhere
        return {}
    places = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    inside = [(code, line) for code, line in places if code.co_filename.startswith(home)]
    found, line, is_import = ("", None, False)
    if isinstance(error, SyntaxError) and str(error.filename).startswith(home):
        found, line, is_import = str(error.filename), _told(error), True
    elif inside:
        code, line = inside[-1]
        found, is_import = code.co_filename, code.co_name == "<module>" or isinstance(error, ModuleNotFoundError)
    return {"provided": [name(os.path.basename(found)), line]} if is_import and found not in theirs else {}


def describe(
    error: BaseException,
    file: str,
    made: int | None = None,
    earlier: Mapping[str, str] = _NO_OTHERS,
    home: str | None = None,
) -> dict[str, Any]:
    """The fields of a Failure. `file`: the learner's, whose innermost line is shown; or that of one of their `earlier` files.

    Where none of its lines was on the way, it is the line that called the operation which failed, or the one that waited
    for its group; or else `made`, where the task was made that failed. `home`: the folder in which they lie, whose other files
    are the exercise's.
    """
    group, error = error, _refused_by_the_system(_leaf(error))
    function: str | None
    if isinstance(error, SyntaxError) and (error.filename == file or error.filename in earlier):
        line, function, found = _told(error), None, str(error.filename)
    else:
        line, function, found = _innermost(error, file, earlier)
    if line is None:
        # Python makes a RuntimeError of a StopIteration where no frame sees it.
        cause = error.__cause__ if isinstance(error.__cause__, StopIteration | StopAsyncIteration) else group
        line = _called(error) or _innermost(cause, file, {})[0] or made
    return {
        "type": name(type(error).__name__),
        "message": _message(error),
        "line": line,
        "bases": [name(kind.__name__) for kind in type(error).__mro__[:MAX_BASES] if kind is not object],
        "about": _about(error),
        "function": None if function is None else name(function),
        **({"file": name(earlier[found])} if found in earlier else {}),
        **_of_exercise(error, home, {file, *earlier}),
    }
