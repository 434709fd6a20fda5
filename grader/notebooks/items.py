"""What of an exercise gives points in a notebook: each of its checks that has some, under a name that stays.

A name hangs on the exercise, the function and the check alone, so a notebook that is built again keeps its grades.
"""

from typing import NamedTuple

from grader.course.model import Exercise

_BETWEEN = "--"
PROMPT, SOLUTION = "prompt", "solution"


class Item(NamedTuple):
    """A check with points, of one of the functions that an exercise asks for."""

    exercise: str
    entry: str
    check: str
    points: float

    @property
    def grade_id(self) -> str:
        return _BETWEEN.join(self[:3])


def items(exercise: Exercise, name: str | None = None) -> tuple[Item, ...]:
    """In the exercise's order; their points are the exercise's. `name`: of its notebook, where that is not the slug."""
    return tuple(
        Item(name or exercise.slug, entry, check.id, float(check.points))
        for entry, definition in exercise.file.entries.items()
        for check in definition.checks
        if check.points
    )


def cell_id(name: str, part: str) -> str:
    """The `grade_id` of a cell without points, in the notebook of this name."""
    return f"{name}{_BETWEEN}{part}"


def called(grade_id: str, name: str) -> str:
    """The same part of the notebook of another name."""
    return name + grade_id.removeprefix(grade_id.partition(_BETWEEN)[0])


def exercise_of(grade_id: str) -> str | None:
    """The exercise that a cell with points is of, by its `grade_id`; None for one that was written by hand."""
    parts = grade_id.split(_BETWEEN)
    return parts[0] if len(parts) == 3 and all(parts) else None


def is_solution(grade_id: str) -> bool:
    """Whether it is the cell with an exercise's stub."""
    slug, between, part = grade_id.partition(_BETWEEN)
    return bool(slug and between) and part == SOLUTION
