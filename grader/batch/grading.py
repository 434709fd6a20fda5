"""Grading many files on all cores: each file is graded once, and what was done stands whenever it is stopped.

Processes, not threads: half of the work (the world, the checks) is Python on the trusted side, and threads would take
turns at it.
"""

import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from grader.batch.intake import Handed
from grader.course.model import Exercise
from grader.feedback.gradebook import Line
from grader.verdict import FORMAT, Verdict, Versions, decode, encode

Answer = tuple[str | None, bytes]
Done = Callable[[Line], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """How files are graded; with `seed` None each learner has values of their own."""

    seed: str | None = None
    isolation: str = "child"


@dataclass(frozen=True, slots=True)
class Graded:
    """`interrupted`: the lines are those that were done until then."""

    lines: tuple[Line, ...]
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Job:
    """One file, its exercise and the terms: all that a worker needs."""

    handed: Handed
    exercise: Exercise
    terms: Terms


def cores() -> int:
    """How many cores this process may use, which in a container may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int) -> Executor:
    """Fresh interpreters: this process has threads (the progress bar's), and forking those is unsafe."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin)


def grade_all(
    handed: Sequence[Handed],
    exercises: Mapping[str, Exercise],
    terms: Terms,
    *,
    done: Done,
    workers: int,
    pool: Callable[[int], Executor] = processes,
) -> Graded:
    """A line for each of `handed`, in no order; `done` is called in this process after each.

    What met the limit on real time is graded once more, alone, when the machine has nothing else to do.
    """
    jobs = [Job(item, exercises[item.exercise], terms) for item in handed]
    lines: dict[Handed, Line] = {}
    try:
        for job, line in _graded(jobs, workers, pool):
            lines[job.handed] = line
            done(line)
        late = [job for job in jobs if timed_out(lines[job.handed])]
        lines.update((job.handed, line) for job, line in _graded(late, 1, pool))
    except KeyboardInterrupt:
        return Graded(tuple(lines.values()), interrupted=True)
    return Graded(tuple(lines.values()), interrupted=False)


def timed_out(line: Line) -> bool:
    return line.verdict is not None and any(case.outcome == "time_out" for case in line.verdict.cases)


def _graded(jobs: Sequence[Job], workers: int, pool: Callable[[int], Executor]) -> Iterator[tuple[Job, Line]]:
    """A worker that dies takes all that wait with it; those are graded one by one, so that each answers for itself."""
    left = {job.handed: job for job in jobs}
    try:
        for job, line in _pooled(jobs, workers, pool):
            del left[job.handed]
            yield job, line
    except BrokenProcessPool:
        for job in left.values():
            yield job, _alone(job, pool)


def _alone(job: Job, pool: Callable[[int], Executor]) -> Line:
    try:
        [(_, line)] = _pooled([job], 1, pool)
    except BrokenProcessPool:
        return _line(job, (None, encode(_fault(job, "the process that graded this file died"))))
    return line


def _pooled(jobs: Sequence[Job], workers: int, pool: Callable[[int], Executor]) -> Iterator[tuple[Job, Line]]:
    if not jobs:
        return
    executor = pool(min(workers, len(jobs)))
    try:
        yield from _results(executor, jobs, 2 * workers)
    except (KeyboardInterrupt, GeneratorExit):
        executor.shutdown(wait=False, cancel_futures=True)
        _interrupt_workers()
        raise
    finally:
        # Workers are waited for, never killed: each ends the learner's process that it runs.
        executor.shutdown(wait=True, cancel_futures=True)


def _interrupt_workers() -> None:
    """Ctrl-C reaches the whole group at once, but `kill` reaches this process alone."""
    for child in multiprocessing.active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGINT)


def _results(executor: Executor, jobs: Sequence[Job], ahead: int) -> Iterator[tuple[Job, Line]]:
    """Few are handed over ahead, so that little is thrown away when it is stopped."""
    waiting = list(reversed(jobs))
    running: dict[Future[Answer], Job] = {}
    while waiting or running:
        while waiting and len(running) < ahead:
            job = waiting.pop()
            running[executor.submit(_grade, job)] = job
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            job = running.pop(future)
            yield job, _line(job, future.result())


def _line(job: Job, answer: Answer) -> Line:
    digest, encoded = answer
    return Line(job.handed.learner, job.handed.exercise, job.handed.file, digest, decode(encoded))


def _fault(job: Job, error: str) -> Verdict:
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


# ---------------------------------------------------------------- in a worker


def _begin() -> None:
    signal.signal(signal.SIGINT, _stop_idle)


# What a worker does about an interrupt stands in the handler itself. None of them is SIG_IGN, because that would be
# inherited by the programs that are graded.


def _stop_idle(*_: object) -> None:
    signal.signal(signal.SIGINT, _stopped)


def _stop_busy(*_: object) -> None:
    signal.signal(signal.SIGINT, _stopped)
    raise KeyboardInterrupt


def _stopped(*_: object) -> None:
    """Once is enough: a second interrupt must not break off the cleaning up after the first."""


def _grade(job: Job) -> Answer:
    """The digest of what was graded, and its verdict, encoded; KeyboardInterrupt if this worker is to stop."""
    before = signal.getsignal(signal.SIGINT)
    if before is _stopped:
        raise KeyboardInterrupt
    signal.signal(signal.SIGINT, _stop_busy)
    try:
        return _answer(job)
    finally:
        if signal.getsignal(signal.SIGINT) is _stop_busy:
            signal.signal(signal.SIGINT, before)


def _answer(job: Job) -> Answer:
    digest = None
    try:
        source = Path(job.handed.path).read_bytes()
        digest = hashlib.sha256(source).hexdigest()
        verdict = _verdict(job, source)
    except Exception as error:
        verdict = _fault(job, f"{type(error).__name__}: {error}")
    return digest, encode(verdict)


def _verdict(job: Job, source: bytes) -> Verdict:
    from grader.grading import grade

    return grade(
        job.exercise,
        source,
        seed=job.terms.seed,
        learner=job.handed.learner,
        isolation=job.terms.isolation,
        hidden=bool(job.exercise.hidden),
        filename=os.path.basename(job.handed.file),
    )
