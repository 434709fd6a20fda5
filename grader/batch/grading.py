"""Grading many files on all cores: each file is graded once, and what was done stands whenever it is stopped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Protocol

from grader.batch.worker import Answer, Job, Terms, fault, grade_job
from grader.course.model import Exercise
from grader.errors import GraderError
from grader.feedback.grades import Line
from grader.grading.workers import Pool, pooled, processes
from grader.intake.model import Handed
from grader.verdict import decode, encode

Done = Callable[[Line], None]
Keep = Callable[[Handed, Line, bool], None]
DIED = "the process that graded this file died"


class Elsewhere(Protocol):
    """Where files are graded, if not by workers of this process."""

    def graded(self, jobs: Sequence[Job], *, alone: bool) -> Iterator[tuple[Job, Answer]]:
        """Each job with its answer, in no order; with `alone` none beside another on one machine. Raises GoneError."""


class GoneError(GraderError):
    """There is nothing any more that grades; the text says why, and what to do."""


def _nowhere(handed: Handed, line: Line, final: bool) -> None:
    """For a caller who takes the lines from what is returned."""


@dataclass(frozen=True, slots=True)
class Graded:
    """`interrupted`: the lines are those that were done until then. `gone` says so of what graded elsewhere."""

    lines: tuple[Line, ...]
    interrupted: bool
    gone: str = ""


def grade_all(
    handed: Sequence[Handed],
    exercises: Mapping[str, Exercise],
    terms: Terms,
    *,
    done: Done,
    workers: int,
    keep: Keep = _nowhere,
    pool: Pool = processes,
    elsewhere: Elsewhere | None = None,
) -> Graded:
    """A line for each of `handed`, in no order; `keep`, then `done` are called in this process after each.

    What met the limit on real time is graded once more, alone, when the machine has nothing else to do; until then it is not
    final, and neither is an error of the grader's own, ever: that is the last of what `keep` is told.
    """
    jobs = [Job(item, exercises[item.exercise], terms) for item in handed]
    lines: dict[Handed, Line] = {}
    try:
        for job, line in _graded(jobs, workers, pool, elsewhere):
            keep(job.handed, line, line.marked and not timed_out(line))
            lines[job.handed] = line
            done(line)
        late = [job for job in jobs if timed_out(lines[job.handed])]
        for job, line in _graded(late, 1, pool, elsewhere, alone=True):
            keep(job.handed, line, line.marked)
            lines[job.handed] = line
    except KeyboardInterrupt:
        return Graded(tuple(lines.values()), interrupted=True)
    except GoneError as error:
        return Graded(tuple(lines.values()), interrupted=False, gone=str(error))
    return Graded(tuple(lines.values()), interrupted=False)


def timed_out(line: Line) -> bool:
    return line.verdict is not None and any(case.outcome == "time_out" for case in line.verdict.cases)


def _graded(
    jobs: Sequence[Job], workers: int, pool: Pool, elsewhere: Elsewhere | None, *, alone: bool = False
) -> Iterator[tuple[Job, Line]]:
    """A worker that dies takes all that wait with it; those are graded one by one, so that each answers for itself."""
    if elsewhere is not None:
        for job, answer in elsewhere.graded(jobs, alone=alone):
            yield job, _line(job, answer)
        return
    left = {job.handed: job for job in jobs}
    try:
        for job, answer in pooled(grade_job, jobs, workers, pool):
            del left[job.handed]
            yield job, _line(job, answer)
    except BrokenProcessPool:
        for job in left.values():
            yield job, _alone(job, pool)


def _alone(job: Job, pool: Pool) -> Line:
    try:
        [(_, answer)] = pooled(grade_job, [job], 1, pool)
    except BrokenProcessPool:
        answer = None, encode(fault(job, DIED))
    return _line(job, answer)


def _line(job: Job, answer: Answer) -> Line:
    digest, encoded = answer
    return Line(job.handed.learner, job.handed.exercise, job.handed.file, digest, decode(encoded))
