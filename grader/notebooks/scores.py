"""What `grader grade` found, written into nbgrader's gradebook through its own interface.

What somebody set by hand there is never touched, and what could not be written is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.exports.sheet import Row, Sheet
from grader.notebooks.items import items
from grader.notebooks.marking import score

DATABASE = "gradebook.db"


@dataclass(frozen=True, slots=True)
class Written:
    notebooks: int
    left_out: tuple[str, ...]


def write_scores(course: Course, sheet: Sheet, folder: Path) -> Written:
    """Into the gradebook of the nbgrader course in `folder`; of a late submission the penalty too.

    Raises UsageError where there is none, or where an assignment is not in it.
    """
    file = folder / DATABASE
    if not file.is_file():  # nbgrader would make one
        raise UsageError(f"{file} is not there; run 'nbgrader generate_assignment' in {folder} first")
    exercises = {exercise.slug: exercise for exercise in course.exercises}
    with _opened(file) as gradebook:
        left_out = tuple(_write(gradebook, exercises, sheet.rows))
        gradebook.db.commit()
    marked = [row for row in sheet.rows if row.verdict is not None and row.standing != "error"]
    return Written(len([row for row in marked if row.exercise in exercises]), left_out)


def _opened(file: Path) -> Any:
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise UsageError("nbgrader is not installed; run pip install 'asyncio-grader[notebooks]'") from None
    return Gradebook(f"sqlite:///{file}")


def _write(gradebook: Any, exercises: Mapping[str, Exercise], rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.exercise not in exercises:
            yield f"{row.learner}, {row.exercise}: is not in this course"
        elif row.standing == "error":
            yield f"{row.learner}, {row.exercise}: was not marked"
        elif row.verdict is not None:
            yield from _write_row(gradebook, exercises[row.exercise], row)


def _write_row(gradebook: Any, exercise: Exercise, row: Row) -> Iterator[str]:
    from nbgrader.api import MissingEntry

    where = exercise.slug, exercise.unit
    try:
        gradebook.find_notebook(*where)
    except MissingEntry:
        raise UsageError(
            f"{exercise.slug} is not in nbgrader's gradebook; run 'nbgrader generate_assignment {exercise.unit}'"
        ) from None
    gradebook.update_or_create_student(row.learner)
    gradebook.update_or_create_submission(exercise.unit, row.learner)
    for item in items(exercise):
        assert row.verdict is not None
        try:
            grade = gradebook.find_grade(item.grade_id, *where, row.learner)
        except MissingEntry:
            raise UsageError(f"{item.grade_id} is not in nbgrader's gradebook; build and generate again") from None
        grade.auto_score = score(row.verdict, item, float(grade.max_score))
        grade.needs_manual_grade = grade.manual_score is not None  # as nbgrader has it: to be looked at again
    more = (row.adjusted or 0) - (row.raw or 0)
    gradebook.find_submission_notebook(*where, row.learner).late_submission_penalty = -more if more < 0 else None
    if more > 1e-9:
        yield f"{row.learner}, {row.exercise}: {more:g} points above those of the checks; set them in nbgrader"
