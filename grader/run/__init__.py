"""Runs: a learner's file played case by case, here or in a child process. Same checks, identical ledgers."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from grader.course.model import Case, Exercise, Limits
from grader.errors import UsageError
from grader.isolation import IN_PROCESS, ISOLATIONS
from grader.run.played import Played

if TYPE_CHECKING:
    from grader.run.succession import Succession

__all__ = ["Played", "Submission", "open_submission", "resolved"]


class Submission(Protocol):
    """One learner's file, opened at one place. `play` raises GraderFault when the exercise itself fails."""

    isolation: str

    def play(self, exercise: Exercise, case: Case, *, then: Iterable[Case] = ()) -> Played: ...


class Chained(Submission, Protocol):
    """The same; with `own` its file imports the learner's own earlier files."""

    def play(self, exercise: Exercise, case: Case, *, own: bool = False, then: Iterable[Case] = ()) -> Played: ...


def resolved(isolation: str) -> str:
    """What will stand in the verdict: `in-process`, or the level that is meant, which for `child` is the best one here.

    Raises UsageError for one that is unknown, or cannot be had here.
    """
    if isolation not in ISOLATIONS:
        raise UsageError(f"unknown isolation {isolation!r}; use one of {', '.join(ISOLATIONS)}")
    if isolation == IN_PROCESS:
        return isolation
    from grader.run import levels

    return levels.resolved(isolation)


@contextlib.contextmanager
def open_submission(
    source: bytes,
    *,
    filename: str,
    isolation: str = IN_PROCESS,
    limits: Limits,
    packages: Sequence[str] = (),
    files: Sequence[tuple[str, bytes]] = (),
    succession: "Succession | None" = None,
) -> Iterator[Chained]:
    """Play `source` (a Python file's bytes) in this process, or in a child of its own that is gone when this ends.

    `filename` is what tracebacks show, `files` lie beside it, by their modules' names; `packages` are those that it may import
    beyond the standard library. `succession`: of a plain file, which may be played where the one before it was. Raises
    UsageError for one of them that is not installed, and for an `isolation` that is unknown, or cannot be had here.
    """
    from grader.run.limits import complete

    isolation = resolved(isolation)
    if isolation == IN_PROCESS:
        from grader.run.in_process import InProcess

        yield InProcess(source, filename, complete(limits), files)
    else:
        from grader.run.child import Child
        from grader.run.levels import level_of
        from grader.run.packages import located

        level = level_of(isolation, located(tuple(packages)))
        with contextlib.closing(Child(source, filename, complete(limits), level, files, succession)) as child:
            yield child
            child.leave()
