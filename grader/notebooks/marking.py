"""What one cell of a notebook earns, and what is said there: read from the verdict on the whole notebook."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from grader.course.model import Exercise
from grader.errors import GraderFault
from grader.exports.checked import Checked, checked
from grader.feedback.text import render
from grader.intake.helpers import Beside
from grader.intake.notebook import NotebookError
from grader.notebooks.items import Item, items
from grader.notebooks.program import program_of
from grader.verdict import Verdict

WIDTH = 88
_CELL, _COUNTED = re.compile(r"\bcell \d+"), "Cells are counted from the top, those with text included."
Marked = Verdict | str  # in place of a verdict, why there is none


def marked(
    exercise: Exercise,
    cells: Iterable[str | None],
    *,
    learner: str | None,
    isolation: str,
    hidden: bool,
    beside: Beside | None = None,
) -> Marked:
    """The verdict on the program of these cells; a text where there is no program in them. `beside`: files they may import.

    Raises GraderFault where the grader itself failed, which costs nobody points.
    """
    from grader.grading import grade

    try:
        program = program_of(cells, None if exercise.is_adopted else beside)
    except NotebookError as error:
        return f"not yet: this is {error}"
    name = f"{exercise.slug}.ipynb"
    found = grade(exercise, program, learner=learner, isolation=isolation, hidden=hidden, filename=name)
    if found.status == "error":
        raise GraderFault(f"{exercise.slug}: not marked, the grader itself failed: {found.error}")
    return found


def has_item(exercise: Exercise, grade_id: str) -> bool:
    return any(item.grade_id == grade_id for item in items(exercise))


def item_of(exercise: Exercise, grade_id: str) -> Item:
    """Raises GraderFault for a cell of a check that is not there any more."""
    for item in items(exercise):
        if item.grade_id == grade_id:
            return item
    raise GraderFault(f"{exercise.slug}: cell {grade_id!r} is of no check; the course has none of that name any more")


def score(found: Marked, item: Item, most: float) -> float:
    """Of `most` points; what the check earns, wherever the cell's points are not those of the course any more."""
    one = _checked(found, item)
    if one is None or not one.max_points:
        return 0.0
    share = one.points / one.max_points
    return most if share >= 1 else max(most * share, 0.0)


def told(found: Marked, item: Item, most: float) -> str:
    """Points first, then what was observed and what to do."""
    one = _checked(found, item)
    points = score(found, item, most)
    lines = [f"{item.entry}: {item.check}: {points:g} of {most:g} points"]
    if isinstance(found, str):
        lines.append(found)
    elif one is None:
        lines.append("not yet: this could not be looked at; the reason stands above")
    elif one.told:
        lines.append(one.told)
    return "\n".join(lines) + "\n"


def whole(found: Marked, width: int = WIDTH) -> str:
    """All of the feedback, as in a terminal of so many columns."""
    return "" if isinstance(found, str) else render(found, width=width, colour=False, ascii_only=False) + "\n"


def whole_of_a_file(found: Marked) -> str:
    """The same where cells have no numbers beside them that a reader could find them by."""
    text = whole(found)
    return f"{text}{_COUNTED}\n\n" if _CELL.search(text) else text


def _checked(found: Marked, item: Item) -> Checked | None:
    if isinstance(found, str):
        return None
    return next((one for one in checked(found) if (one.entry, one.id) == (item.entry, item.check)), None)


def kept(before: float | None, most: float) -> Sequence[dict[str, Any]]:
    """Of a cell whose check is no more: the points that it had, and 0 where it had none."""
    said = "has not been looked at" if before is None else f"stays at {before:g} of {most:g} points"
    return _put_out(f"the course does not check this any more: it {said}\n", before or 0.0)


def outputs(found: Marked, item: Item, most: float, above: str = "") -> Sequence[dict[str, Any]]:
    """What the cell would print, and its value: nbgrader takes a number that a cell ends in for its points."""
    return _put_out(above + told(found, item, most), score(found, item, most))


def _put_out(text: str, points: float) -> Sequence[dict[str, Any]]:
    return [
        {"output_type": "stream", "name": "stdout", "text": text},
        {
            "output_type": "execute_result",
            "execution_count": None,
            "metadata": {},
            "data": {"text/plain": repr(points)},
        },
    ]
