"""Grading many files on all cores: each file is graded once, and what was done stands whenever it is stopped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from grader.batch.worker import Answer, Job, OneByOne, Terms, fault, grade_job, learner_of
from grader.course.model import Exercise
from grader.errors import GraderError
from grader.feedback.grades import Line, Standing
from grader.grading.ends import TIME_OUTS
from grader.grading.workers import Pool, pieces, pooled, processes
from grader.intake.model import Handed
from grader.verdict import decode, encode

Done = Callable[[Line], None]
Keep = Callable[[Handed, Line, bool], None]
Together = Callable[[], AbstractContextManager[object]]
DIED = "the process that graded this file died"


class Elsewhere(Protocol):
    """Where files are graded, if not by workers of this process."""

    def graded(self, jobs: Sequence[Job], *, alone: bool) -> Iterator[tuple[Job, Answer]]:
        """Each job with its answer, in no order; with `alone` none beside another on one machine. Raises GoneError."""


class GoneError(GraderError):
    """There is nothing any more that grades; the text says why, and what to do."""


def _silent(count: int) -> Done:
    return lambda line: None


def _nowhere(handed: Handed, line: Line, final: bool) -> None:
    """For a caller to whom `done` is enough."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of each file; `interrupted`: of those that were done until then. `gone` says so of what graded elsewhere."""

    standings: Mapping[Handed, Standing]
    interrupted: bool
    gone: str = ""


def grade_all(
    handed: Sequence[Handed],
    exercises: Mapping[str, Exercise],
    terms: Terms,
    *,
    done: Done,
    workers: int,
    alone: Callable[[int], Done] = _silent,
    keep: Keep = _nowhere,
    together: Together = nullcontext,
    pool: Pool = processes,
    elsewhere: Elsewhere | None = None,
) -> Graded:
    """Each of `handed`, in no order; `keep`, then `done` are called in this process with its line, which is then let go.

    Those that come back together are kept `together`, and done when that is over.

    What met the limit on real time, and may have met it because the machine was busy, is graded once more, alone, when that has
    nothing else to do: `alone` is told how many those are, and gives what is called instead of `done`. Until then it is not
    final, and neither is an error of the grader's own, ever: that is the last of what `keep` is told.
    """
    jobs = [Job(item, exercises[item.exercise], terms) for item in handed]
    standings: dict[Handed, Standing] = {}
    late: set[Handed] = set()
    try:
        for piece in _graded(jobs, workers, pool, elsewhere):
            again = {job.handed for job, line in piece if may_be_the_machine(line)}
            with together():
                for job, line in piece:
                    keep(job.handed, line, line.marked and job.handed not in again)
            late |= again
            standings.update((job.handed, line.standing) for job, line in piece)
            for _, line in piece:
                done(line)
        once_more = [job for job in jobs if job.handed in late]
        done_again = alone(len(once_more)) if once_more else done
        for job, line in chain.from_iterable(_graded(once_more, 1, pool, elsewhere, alone=True)):
            keep(job.handed, line, line.marked)
            standings[job.handed] = line.standing
            done_again(line)
    except KeyboardInterrupt:
        return Graded(standings, interrupted=True)
    except GoneError as error:
        return Graded(standings, interrupted=False, gone=str(error))
    return Graded(standings, interrupted=False)


def may_be_the_machine(line: Line) -> bool:
    """Whether it met the limit on real time, and for all that is known because the machine was busy."""
    cases = line.verdict.cases if line.verdict is not None else ()
    return any(case.outcome in TIME_OUTS and case.at_rest is not True for case in cases)


def _graded(
    jobs: Sequence[Job], workers: int, pool: Pool, elsewhere: Elsewhere | None, *, alone: bool = False
) -> Iterator[list[tuple[Job, Line]]]:
    """A worker that dies takes all that wait with it; those are graded one by one, so that each answers for itself."""
    if elsewhere is not None:
        for job, answer in elsewhere.graded(jobs, alone=alone):
            yield [(job, _line(job, answer))]
        return
    left = {job.handed: job for job in jobs}
    try:
        for piece in pieces(grade_job if alone else OneByOne(), jobs, workers, pool, learner_of):
            for job, _ in piece:
                del left[job.handed]
            yield [(job, _line(job, answer)) for job, answer in piece]
    except BrokenProcessPool:
        for job in left.values():
            yield [(job, _alone(job, pool))]


def _alone(job: Job, pool: Pool) -> Line:
    try:
        [(_, answer)] = pooled(grade_job, [job], 1, pool)
    except BrokenProcessPool:
        answer = None, encode(fault(job, DIED))
    return _line(job, answer)


def _line(job: Job, answer: Answer) -> Line:
    digest, encoded = answer
    return Line(job.handed.learner, job.handed.exercise, job.handed.file, digest, decode(encoded))
