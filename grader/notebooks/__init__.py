"""The course in Jupyter: notebooks for nbgrader, how they are marked, checks in a kernel. Names are imported when first used.

A learner's code is never run in the process that marks it, and at `nbgrader autograde` not in a kernel either.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.notebooks.in_kernel import check, check_async, load_ipython_extension
    from grader.notebooks.practice import earned

__all__ = ["check", "check_async", "earned", "load_ipython_extension"]

_HOME = {
    "check": "grader.notebooks.in_kernel",
    "check_async": "grader.notebooks.in_kernel",
    "earned": "grader.notebooks.practice",
    "load_ipython_extension": "grader.notebooks.in_kernel",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = import_module(_HOME[name])
    if name.startswith("check"):
        home.offer_magics()
    return getattr(home, name)
