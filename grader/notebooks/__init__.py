"""Notebooks: exercises checked in a learner's kernel, and notebooks made into files and back.

Names are imported when they are first used; the kernel's side imports the standard library only.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.notebooks.in_kernel import check, load_ipython_extension

__all__ = ["check", "load_ipython_extension"]

_HOME = {"check": "grader.notebooks.in_kernel", "load_ipython_extension": "grader.notebooks.in_kernel"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
