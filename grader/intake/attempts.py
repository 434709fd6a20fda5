"""Of several attempts the one that counts: a policy is a pure function of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """`points` is None where nobody knows them: not graded, or not through the learner's fault."""

    number: int
    points: float | None = None
    possible: float = 1.0
    submitted: datetime | None = None
    late: bool | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """`chosen` gives one of at least one attempts, which come in order; `needs_points` if it cannot say before grading."""

    name: str
    says: str
    chosen: Callable[[Sequence[Attempt]], Attempt]
    needs_points: bool


def first(attempts: Sequence[Attempt]) -> Attempt:
    return attempts[0]


def last(attempts: Sequence[Attempt]) -> Attempt:
    return attempts[-1]


def best(attempts: Sequence[Attempt]) -> Attempt:
    """The earliest of those with most points. One whose points nobody knows counts unless another has all: it may be better."""
    known = [attempt for attempt in attempts if attempt.points is not None]
    unknown = next((attempt for attempt in attempts if attempt.points is None), None)
    top = max(known, key=lambda attempt: attempt.points or 0.0, default=None)
    if top is None or (unknown is not None and (top.points or 0.0) < top.possible):
        return unknown or attempts[0]
    return top


POLICIES: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("last", "the last one is graded", last, needs_points=False),
        Policy("first", "the first one is graded", first, needs_points=False),
        Policy("best", "all are graded, and the one with most points counts", best, needs_points=True),
    )
}
