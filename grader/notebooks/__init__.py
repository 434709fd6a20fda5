"""The course in Jupyter: notebooks for nbgrader, and how they are marked. Names are imported when they are first used.

A learner's code is never run in the process that marks it, and at `nbgrader autograde` not in a kernel either.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.notebooks.practice import earned

__all__ = ["earned"]

_HOME = {"earned": "grader.notebooks.practice"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
