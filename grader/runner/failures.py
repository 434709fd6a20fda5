"""An exception of the learner's program as plain data: its first cause, its line in the learner's file, what it is about."""

import traceback
from typing import Any

from grader.clock.stuck import plain_name
from grader.runner.text import name, whole

MAX_MESSAGE = 500
MAX_BASES = 30


def _leaf(error: BaseException) -> BaseException:
    """What a group of exceptions is about: its first member."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _message(error: BaseException) -> str:
    try:
        return whole(str(error)[:MAX_MESSAGE])
    except Exception:  # a learner's own __str__
        return ""


def _about(error: BaseException) -> str | None:
    if isinstance(error, SyntaxError):
        return name((error.text or "").strip()) or None
    missed = getattr(error, "name", None)
    if isinstance(error, AttributeError) and isinstance(missed, str):
        return name(f"{type(error.obj).__name__}.{missed}")
    if isinstance(error, NameError | ImportError) and isinstance(missed, str):
        return name(missed)
    return None


def describe(error: BaseException, file: str) -> dict[str, Any]:
    """The fields of a Failure. `file`: the learner's, whose innermost line is shown."""
    error = _leaf(error)
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == file else None
    function = None
    for frame, lineno in traceback.walk_tb(error.__traceback__):
        if (frame.f_code.co_filename == file and line is None) or (frame.f_code.co_filename == file and function):
            line, function = lineno, plain_name(frame.f_code)
    return {
        "type": name(type(error).__name__),
        "message": _message(error),
        "line": line,
        "bases": [name(kind.__name__) for kind in type(error).__mro__[:MAX_BASES] if kind is not object],
        "about": _about(error),
        "function": None if function is None else name(function),
    }
