"""A learner's own files of earlier exercises, wherever they handed them in: which one the file that is graded imports.

It is a matter of who handed in what and in which order, and of no verdict, so that it is known before anything is graded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.course.model import Exercise

ByModule = Mapping[tuple[str | None, str], Exercise]  # two folders of a course may have files of one name


@dataclass(frozen=True, slots=True)
class Placed:
    """A file of an exercise: in which attempt `at` it was handed in, from 0; the `number` of that for this exercise."""

    at: int
    number: int
    path: str
    called: str


class Theirs:
    """What one learner handed in, by exercise."""

    def __init__(self, every: ByModule):
        self._by_module = every
        self._placed: dict[str, list[Placed]] = defaultdict(list)

    def add(self, exercise: Exercise, placed: Placed) -> None:
        self._placed[exercise.slug].append(placed)

    def needed(self, exercise: Exercise, at: int) -> list[tuple[str, Placed]]:
        """The earlier files that count for it, by their modules' names: what came at once with it, else the last that the
        course's policy lets count. Which is the best is not known before all are graded."""
        found = list[tuple[str, Placed]]()
        for name in exercise.counted:
            earlier = self._by_module.get((exercise.file.within, name))
            placed = self._placed.get(earlier.slug, []) if earlier is not None else []
            if earlier is None or not placed:
                continue
            with_it = [one for one in placed if one.at == at]
            most = earlier.policy.attempts
            counting = [one for one in placed if most is None or one.number <= most]
            found.append((name, (with_it or counting or placed)[-1]))
        return found


def needed_by(exercises: Iterable[Exercise], every: ByModule) -> frozenset[str]:
    """The slugs of those whose files count for `exercises`."""
    found = (every.get((one.file.within, name)) for one in exercises for name in one.counted)
    return frozenset(one.slug for one in found if one is not None)


def by_module(exercises: Iterable[Exercise]) -> ByModule:
    return {(one.file.within, one.module): one for one in exercises}
