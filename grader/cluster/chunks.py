"""Chunks: how much goes to a worker at once, and what of its answer is believed.

A chunk is small enough that losing one costs seconds, and large enough that the way there costs little; at the end, when little
is left, they are smaller, so that all workers end together.
"""

import os
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.batch.grading import DIED
from grader.batch.worker import Answer, Job, fault, handed_in, unread
from grader.cluster.messages import File, Stamp
from grader.grading.seeds import seed_of
from grader.run.submitted import Submitted, identity
from grader.verdict import Verdict, decode, encode

FILES, BYTES = 32, 4 << 20  # of one chunk, at most


def take(left: deque[Job], threads: int) -> list[Job]:
    """The next ones of what is left, for one of so many threads."""
    count = max(1, min(FILES, len(left) // (4 * threads)))
    taken, size = list[Job](), 0
    while left and len(taken) < count and (not taken or size < BYTES):
        taken.append(left.popleft())
        size += _size(taken[-1])
    return taken


def _size(job: Job) -> int:
    try:
        return Path(job.handed.path).stat().st_size
    except OSError:
        return 0


def read(jobs: Sequence[Job], isolation: str) -> tuple[list[tuple[Job, File]], list[tuple[Job, Answer]]]:
    """Each job with what is sent of it; and the answers to those whose file cannot be read."""
    files, unreadable = list[tuple[Job, File]](), list[tuple[Job, Answer]]()
    for job in jobs:
        try:
            source = handed_in(job.handed, job.exercise)
        except Exception as error:
            unreadable.append((job, unread(job, error)))
        else:
            name = os.path.basename(job.handed.file)
            about = (job.handed.learner, job.handed.exercise, name)
            file = File(*about, source.source, job.terms.seed, isolation, source.files)
            files.append((job, file))
    return files, unreadable


def answer(job: Job, file: File, said: bytes, stamp: Stamp, course: str, worker: str) -> Answer:
    """The digest is of what was sent. What is no verdict of this file is the grader's own fault, and marks nobody."""
    digest = identity(Submitted(file.source, file.files), job.exercise)
    if not said:
        return digest, encode(fault(job, DIED))
    try:
        verdict = decode(said)
    except msgspec.DecodeError as error:
        return digest, encode(fault(job, f"{worker} sent no verdict: {error}"))
    if not _fits(verdict, job, file, stamp, course):
        return digest, encode(fault(job, f"{worker} sent the verdict of something else"))
    return digest, said


def _fits(verdict: Verdict, job: Job, file: File, stamp: Stamp, course: str) -> bool:
    if (verdict.exercise, verdict.isolation, verdict.versions.grader) != (file.exercise, file.isolation, stamp.grader):
        return False
    if verdict.status == "error":
        return True  # it may have failed before all was known
    seed = file.seed if file.seed is not None else seed_of(job.exercise, file.learner)
    return (verdict.seed, verdict.versions.course) == (seed, course)
