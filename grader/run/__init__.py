"""Runs: a learner's file played case by case, here or in a child process. Same checks, identical ledgers."""

import contextlib
from collections.abc import Iterator
from typing import Protocol

from grader.course.model import Case, Exercise, Limits
from grader.errors import UsageError
from grader.run.played import Played

__all__ = ["ISOLATIONS", "Played", "Submission", "open_submission"]

ISOLATIONS = ("in-process", "child")


class Submission(Protocol):
    """One learner's file, opened at one place. `play` raises GraderFault when the exercise itself fails."""

    isolation: str

    def play(self, exercise: Exercise, case: Case) -> Played: ...


@contextlib.contextmanager
def open_submission(
    source: bytes, *, filename: str, isolation: str = "in-process", limits: Limits
) -> Iterator[Submission]:
    """Play `source` (a Python file's bytes) in this process, or in a child of its own that is gone when this ends.

    `filename` is what tracebacks show. Raises UsageError for an unknown `isolation`.
    """
    from grader.run.limits import complete

    if isolation == "in-process":
        from grader.run.in_process import InProcess

        yield InProcess(source, filename, complete(limits))
    elif isolation == "child":
        from grader.run.child import Child

        with contextlib.closing(Child(source, filename, complete(limits))) as child:
            yield child
    else:
        raise UsageError(f"unknown isolation {isolation!r}; use one of {', '.join(ISOLATIONS)}")
