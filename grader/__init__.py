"""A course in asyncio and the grader that runs it.

`load_course(path)` and `grade(exercise, source, ...)` are the programming interface. Names are imported when they are
first used, because the process that runs a learner's code imports this package too and needs little of it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.course.load import load_course
    from grader.grading import grade
    from grader.verdict import Verdict

__version__ = "0.1.0"
__all__ = ["Verdict", "__version__", "grade", "load_course"]

_HOME = {"load_course": "grader.course.load", "grade": "grader.grading", "Verdict": "grader.verdict"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
