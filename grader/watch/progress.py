"""Which exercises are done, as far as is known; the order is the course's."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course.model import Exercise


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A learner's file, and the exercise that it is for."""

    exercise: Exercise
    file: Path

    @property
    def slug(self) -> str:
        return self.exercise.slug

    @property
    def path(self) -> str:
        return os.path.abspath(self.file)

    def __str__(self) -> str:
        """The file as it is shortest."""
        try:
            return min(os.path.relpath(self.file), self.path, key=len)
        except ValueError:  # it is on another disk
            return self.path


@dataclass
class Progress:
    """`done` by slug, of those that were checked: whether they had full marks."""

    works: Sequence[Work] = ()
    done: dict[str, bool] = field(default_factory=dict)

    def unknown(self) -> list[Work]:
        return [work for work in self.works if work.slug not in self.done]

    def following(self, work: Work | None) -> Work | None:
        """The next one behind `work` that is not done, or the first; None if there is no other."""
        slugs = [one.slug for one in self.works]
        at = slugs.index(work.slug) + 1 if work is not None and work.slug in slugs else 0
        others = [*self.works[at:], *self.works[: max(at - 1, 0)]]
        return next((one for one in others if not self.done.get(one.slug)), None)

    def now(self, work: Work | None) -> Work | None:
        """The same exercise among those that there are now."""
        return next((one for one in self.works if work is not None and one.slug == work.slug), None)

    def is_known(self) -> bool:
        return not self.unknown()

    def forget(self, works: Iterable[Work]) -> None:
        for work in works:
            self.done.pop(work.slug, None)

    def __str__(self) -> str:
        return f"{sum(self.done.get(work.slug, False) for work in self.works)} of {len(self.works)} done"
