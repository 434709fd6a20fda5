"""Grading many files on all cores: each file is graded once, and what was done stands whenever it is stopped.

Processes, not threads: half of the work (the world, the checks) is Python on the trusted side, and threads would take
turns at it.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from grader.batch.intake import Handed
from grader.batch.worker import Answer, Job, Terms, begin, fault, grade_job
from grader.course.model import Exercise
from grader.feedback.gradebook import Line
from grader.verdict import decode, encode

Done = Callable[[Line], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """`interrupted`: the lines are those that were done until then."""

    lines: tuple[Line, ...]
    interrupted: bool


def cores() -> int:
    """How many cores this process may use, which in a container may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int) -> Executor:
    """Fresh interpreters: this process has threads (the progress bar's), and forking those is unsafe."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=begin)


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
        return _line(job, (None, encode(fault(job, "the process that graded this file died"))))
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
            running[executor.submit(grade_job, job)] = job
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            job = running.pop(future)
            yield job, _line(job, future.result())


def _line(job: Job, answer: Answer) -> Line:
    digest, encoded = answer
    return Line(job.handed.learner, job.handed.exercise, job.handed.file, digest, decode(encoded))
