"""What a worker does: one file, graded in a process that may be interrupted at any moment and then begins nothing more.

A failure of the grader's own becomes a verdict of status `error`; no exception but KeyboardInterrupt leaves.
"""

import contextlib
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.batch.begun import EndsTheGrader, written_down
from grader.course.model import Exercise
from grader.course.same import Same
from grader.errors import GraderError
from grader.grading.workers import at_work
from grader.intake.model import Handed
from grader.run.submitted import Submitted, identity, read_submitted
from grader.verdict import FORMAT, Verdict, Versions, encode

Answer = tuple[str | None, bytes]


@dataclass(frozen=True, slots=True)
class Terms:
    """How files are graded; with `seed` None each learner has values of their own.

    `begun` is the folder in which plays are written down while they last; empty where no program can end the grader.
    """

    seed: str | None = None
    isolation: str = "child"
    begun: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One file, its exercise and the terms: all that a worker needs.

    On its way to another process the exercise is packed once for all the files that it has, and unpacked there once.
    """

    handed: Handed
    exercise: Exercise
    terms: Terms

    def __reduce__(self) -> tuple[Callable[..., "Job"], tuple[Handed, bytes, Terms]]:
        return _arrived, (self.handed, _packed(Same(self.exercise)), self.terms)


@lru_cache(maxsize=64)
def _packed(one: Same[Exercise]) -> bytes:
    return pickle.dumps(one.it)


@lru_cache(maxsize=64)
def _unpacked(exercise: bytes) -> Exercise:
    found: Exercise = pickle.loads(exercise)
    return found


def _arrived(handed: Handed, exercise: bytes, terms: Terms) -> Job:
    return Job(handed, _unpacked(exercise), terms)


def prepare(isolation: str, packages: tuple[str, ...]) -> None:
    """What a worker's first file would have to wait for: the process that forks is started, and what grades is loaded.

    What goes wrong is left for that file, which says so.
    """
    from grader.isolation import IN_PROCESS
    from grader.run.packages import located

    with contextlib.suppress(GraderError, OSError):
        if isolation != IN_PROCESS:
            from grader.run.levels import level_of

            level_of(isolation, located(packages))
    import grader.grading.judge  # noqa: F401


def grade_job(job: Job) -> Answer:
    """The digest of what was graded, and its verdict, encoded; KeyboardInterrupt if this worker is to stop."""
    with at_work():
        return _answer(job)


def _answer(job: Job) -> Answer:
    try:
        source = handed_in(job.handed, job.exercise)
    except Exception as error:
        return unread(job, error)
    return identity(source, job.exercise), graded(job, source)


def handed_in(handed: Handed, exercise: Exercise) -> Submitted:
    """The file, with those of its learner that count. Raises OSError, or UsageError."""
    if not exercise.is_adopted:
        return Submitted(Path(handed.path).read_bytes())
    return read_submitted(handed.path, exercise, handed.earlier)


def unread(job: Job, error: Exception) -> Answer:
    """For a file that could not be read."""
    return None, encode(fault(job, f"{type(error).__name__}: {error}"))


def graded(job: Job, source: Submitted) -> bytes:
    """The verdict of `source`, encoded; where the file lies does not matter."""
    known = identity(source, job.exercise)
    try:
        with written_down(job.terms.begun, job.handed.learner, job.exercise.slug, known):
            return encode(_verdict(job, source))
    except EndsTheGrader as error:
        return encode(fault(job, str(error)))
    except Exception as error:
        return encode(fault(job, f"{type(error).__name__}: {error}"))


def _verdict(job: Job, source: Submitted) -> Verdict:
    from grader.grading import grade

    return grade(
        job.exercise,
        source,
        seed=job.terms.seed,
        learner=job.handed.learner,
        isolation=job.terms.isolation,
        hidden=bool(job.exercise.hidden),
        filename=os.path.basename(job.handed.file),
        patient=False,  # who has all the files tries it once more, alone
    )


def fault(job: Job, error: str) -> Verdict:
    """A verdict that marks nobody: the grader's own fault."""
    import platform

    from grader import __version__

    return Verdict(
        exercise=job.exercise.slug,
        title=job.exercise.title,
        status="error",
        points=0.0,
        max_points=job.exercise.points,
        seed=job.terms.seed or "",
        isolation=job.terms.isolation,
        checks=(),
        misconception=None,
        explanation=None,
        cases=(),
        timeline=(),
        hints=(),
        docs=(),
        hidden_cases_left_out=0,
        versions=Versions(format=FORMAT, grader=__version__, python=platform.python_version(), course=""),
        error=error,
    )
