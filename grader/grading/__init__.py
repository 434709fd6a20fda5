"""Grading: an exercise and a submission give a verdict, and nothing else is kept.

Names are imported when they are first used: who keeps workers busy, or the gradebook, does not grade itself.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.grading.judge import grade, grade_with

__all__ = ["grade", "grade_with"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.grading import judge

    return getattr(judge, name)
