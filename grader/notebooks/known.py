"""What nbgrader's gradebook knows of a notebook: who has handed it in, which of its cells have grades, and which are not ours.

It is read through nbgrader's own interface, and only where there is one: nbgrader would make it.
"""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from grader.errors import UsageError
from grader.notebooks.items import exercise_of

DATABASE = "gradebook.db"


class Known(NamedTuple):
    """`handed_in`: whether a learner has a submission of it; `cells`: all that it is known with; `graded`: how many learners
    have a grade on a cell, where any has.
    """

    handed_in: bool = False
    cells: frozenset[str] = frozenset()
    graded: tuple[tuple[str, int], ...] = ()


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """nbgrader's gradebook. Raises UsageError where nbgrader is not installed, or the file is no gradebook of its."""
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise UsageError("nbgrader is not installed; run pip install 'asyncio-grader[notebooks]'") from None
    from sqlalchemy.exc import DatabaseError, SAWarning

    try:
        gradebook = Gradebook(f"sqlite:///{file}")
    except DatabaseError as error:
        raise UsageError(f"{file}: cannot be read as nbgrader's gradebook ({error.orig})") from None
    with warnings.catch_warnings(), gradebook:
        warnings.simplefilter("ignore", SAWarning)  # of how nbgrader itself makes a submission
        yield gradebook


def known(folder: Path) -> dict[tuple[str, str], Known]:
    """By unit and notebook, what the gradebook of the nbgrader course in `folder` has; nothing where it has none.

    Raises UsageError where that file is no gradebook, or nbgrader is not installed.
    """
    file = folder / DATABASE
    if not file.is_file():
        return {}
    with opened(file) as gradebook:
        notebooks = [(unit.name, one) for unit in gradebook.assignments for one in unit.notebooks]
        return {(unit, one.name): _known(one) for unit, one in notebooks}


def _known(notebook: Any) -> Known:
    graded = {cell.name: sum(map(_is_graded, cell.grades)) for cell in _with_points(notebook)}
    return Known(
        bool(notebook.submissions),
        frozenset(one.name for one in notebook.source_cells),
        tuple(sorted((name, learners) for name, learners in graded.items() if learners)),
    )


def _with_points(notebook: Any) -> Iterator[Any]:
    yield from (*notebook.grade_cells, *notebook.task_cells)


def _is_graded(grade: Any) -> bool:
    return any(value is not None for value in (grade.auto_score, grade.manual_score, grade.extra_credit))


def score_of(grade: Any) -> float:
    """What counts of a grade in nbgrader: the score by hand, else that of autograde; and extra credit."""
    score = grade.auto_score if grade.manual_score is None else grade.manual_score
    return float(score or 0) + float(grade.extra_credit or 0)


def added_to(notebook: Any, slug: str) -> list[Any]:
    """The cells with points of nbgrader's notebook that are no check of the exercise's: somebody added them."""
    return [cell for cell in _with_points(notebook) if exercise_of(cell.name) != slug]


def total(submitted: Any) -> float:
    """What all cells of a learner's notebook have."""
    return sum(map(score_of, submitted.grades))


def total_of(submitted: Any, slug: str) -> float:
    """What the exercise's own cells have."""
    return sum(score_of(grade) for grade in submitted.grades if exercise_of(grade.name) == slug)


def most_of(submitted: Any, slug: str) -> float:
    """What the exercise's own cells can have."""
    return sum(float(grade.max_score or 0) for grade in submitted.grades if exercise_of(grade.name) == slug)


def scale(submitted: Any, slug: str, points: float) -> float:
    """How many of nbgrader's points is one of the `points` that the exercise has now in the course."""
    most = most_of(submitted, slug)
    return most / points if most and points else 1.0


def to_look_at(submitted: Any) -> list[str]:
    """The cells of a learner's notebook that lost points at autograde and that somebody is to look at, by their names."""
    asked = [one for one in submitted.grades if one.needs_manual_grade and one.manual_score is None]
    return sorted(str(one.name) for one in asked if one.auto_score is not None and one.auto_score < one.max_score)


def names_of(cells: Iterable[Any]) -> str:
    """As they are told, in the order of their names."""
    listed = sorted(cells, key=lambda cell: str(cell.name))
    return ", ".join(f"{cell.name} ({cell.max_score:g} point{'' if cell.max_score == 1 else 's'})" for cell in listed)
