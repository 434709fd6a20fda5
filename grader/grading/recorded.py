"""What is known of an exercise from its own proof: a timeline of what is possible for each visible case, and how many cases
are hidden.

Nothing here is needed for a mark; where there is no record, feedback simply says less.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.course.model import Exercise
from grader.verdict import Timeline


@dataclass(frozen=True, slots=True)
class Recorded:
    """`timelines` by `entry/case`. `hidden_cases` is the number of runs that hidden cases add."""

    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    hidden_cases: int = 0


def recorded_of(exercise: Exercise) -> Recorded:
    return Recorded(hidden_cases=sum(spec.draws * len(spec.only or exercise.file.entries) for spec in exercise.hidden))
