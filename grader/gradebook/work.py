"""What the gradebook is told: work that was handed in, what its verdict hangs on, and the verdict.

Two works with the same key have the same verdict, so one of them is graded.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from grader.verdict import Verdict


class Key(NamedTuple):
    """All that a verdict hangs on. `course` is the version of the exercise, `grader` the grader's own."""

    exercise: str
    sha256: str
    seed: str
    course: str
    grader: str


@dataclass(frozen=True, slots=True)
class Work:
    """One file of a learner's on an exercise. `sha256` is empty where it cannot be read; `submitted` knows its time zone.

    `late` is the platform's own flag, None where it has none.
    """

    learner: str
    exercise: str
    file: str
    sha256: str
    submitted: datetime | None = None
    late: bool | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A verdict to be had, for `works` that share it; `submissions` are their rows. `round` is the last there is, or -1."""

    key: Key
    works: tuple[Work, ...]
    submissions: tuple[int, ...]
    round: int


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it goes into the gradebook. One that is not `final` is asked for again the next time."""

    verdict: Verdict
    encoded: bytes
    final: bool
    made: datetime
