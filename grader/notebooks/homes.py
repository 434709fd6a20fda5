"""Where an exercise's notebook is in nbgrader: in its unit, under its slug.

But what learners handed in before the course moved or renamed the exercise stays where it was, and counts for it there.
"""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, NamedTuple

from grader.course.model import Exercise


class Home(NamedTuple):
    unit: str
    name: str


def exercise_called(exercises: Iterable[Exercise], name: str) -> Exercise | None:
    """The one whose notebook has this name, or had it before the exercise was renamed."""
    return next((one for one in exercises if name in names(one)), None)


def names(exercise: Exercise) -> tuple[str, ...]:
    return (exercise.slug, exercise.was) if exercise.was else (exercise.slug,)


def homes(gradebook: Any) -> list[Home]:
    """Of every notebook that nbgrader's gradebook knows."""
    return [Home(unit.name, one.name) for unit in gradebook.assignments for one in unit.notebooks]


def home(exercise: Exercise, there: Iterable[Home], file: str | None = None) -> Home | None:
    """Which of the notebooks `there` is the exercise's; of several the one from which the graded `file` came."""
    path = PurePath(file or "")

    def further(one: Home) -> tuple[bool, ...]:
        away = one.unit != path.parent.name
        return away, away or one.name != path.stem, one.unit != exercise.unit, one.name != exercise.slug

    return min((one for one in there if one.name in names(exercise)), key=further, default=None)
