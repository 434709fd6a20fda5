"""What `grader grade` found, written into nbgrader's gradebook through its own interface.

What somebody set by hand there is never touched, and what could not be written is told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.exports.sheet import Row, Sheet
from grader.notebooks.granted import Penalty, penalty
from grader.notebooks.items import exercise_of, items
from grader.notebooks.known import DATABASE, added_to, names_of, opened, scale, to_look_at, total, total_of
from grader.notebooks.marking import score

_SAME = 1e-6
Off = Callable[[Row, Exercise, Any], Penalty]


@dataclass(frozen=True, slots=True)
class Written:
    """`lowered`: what was, or would be, less than it is in nbgrader. `apart`: what counts there and not here.
    `nbgraders`: how many pages of nbgrader's own are left as they are.
    """

    notebooks: int
    left_out: tuple[str, ...]
    lowered: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    nbgraders: int = 0


def write_scores(course: Course, sheet: Sheet, folder: Path, *, lower: bool = False) -> Written:
    """Into the gradebook of the nbgrader course in `folder`; of a late submission the penalty too.

    A notebook of which anything would be less than it is there keeps all, unless `lower` is said; either way it is told. Raises
    UsageError where there is none, or where an assignment is not in it.
    """
    file = folder / DATABASE
    if not file.is_file():  # nbgrader would make one
        raise UsageError(f"{file} is not there; run 'nbgrader generate_assignment' in {folder} first")
    exercises = {exercise.slug: exercise for exercise in course.exercises}
    lowered, apart = list[str](), dict[str, None]()
    with opened(file) as gradebook:
        from grader.notebooks.late import more_time  # which nbgrader's own plugin is made of

        off = partial(penalty, extensions=more_time(course, gradebook).extensions, folder=folder)
        left_out = tuple(_write(gradebook, exercises, sheet.rows, lowered, lower, apart, off))
        gradebook.db.commit()
    marked = [row for row in sheet.rows if row.verdict is not None and row.standing != "error"]
    kept = 0 if lower else len(lowered)
    return Written(
        len([row for row in marked if row.exercise in exercises]) - kept, left_out, tuple(lowered), tuple(apart)
    )


def _write(
    gradebook: Any,
    exercises: Mapping[str, Exercise],
    rows: Sequence[Row],
    lowered: list[str],
    lower: bool,
    apart: dict[str, None],
    off: Off,
) -> Iterator[str]:
    for row in rows:
        if row.verdict is None:
            continue
        if row.exercise not in exercises:
            yield f"{row.learner}, {row.exercise}: is not in this course"
        elif row.standing == "error":
            yield f"{row.learner}, {row.exercise}: was not marked"
        else:
            less, said = _scored(gradebook, exercises[row.exercise], row, off)
            more = (row.adjusted or 0) - (row.raw or 0)
            if less:
                lowered.append(f"{row.learner}, {row.exercise}: {'; '.join(less)}")
            if less and not lower:
                gradebook.db.rollback()
                continue
            gradebook.db.commit()
            apart.update(dict.fromkeys([*([said] if said else []), *_apart(gradebook, exercises[row.exercise], row)]))
            if more > 1e-9:
                yield f"{row.learner}, {row.exercise}: {more:g} points above those of the checks; set them in nbgrader"


def _scored(gradebook: Any, exercise: Exercise, row: Row, off: Off) -> tuple[list[str], str]:
    """Sets the scores of a notebook's cells, and its penalty; what of it is less than it was, and what is to be said of the
    penalty. Nothing is committed.
    """
    from nbgrader.api import MissingEntry

    where, less = (exercise.slug, exercise.unit), list[str]()
    try:
        gradebook.find_notebook(*where)
    except MissingEntry:
        raise UsageError(
            f"{exercise.slug} is not in nbgrader's gradebook; run 'nbgrader generate_assignment {exercise.unit}'"
        ) from None
    gradebook.update_or_create_student(row.learner)
    submission = gradebook.update_or_create_submission(exercise.unit, row.learner)
    graded = False
    for item in items(exercise):
        assert row.verdict is not None
        try:
            grade = gradebook.find_grade(item.grade_id, *where, row.learner)
        except MissingEntry:
            raise UsageError(f"{item.grade_id} is not in nbgrader's gradebook; build and generate again") from None
        before, grade.auto_score = grade.auto_score, score(row.verdict, item, float(grade.max_score))
        graded = graded or before is not None
        if before is not None and grade.auto_score < before - _SAME:
            less.append(f"{item.entry}, {item.check}: {grade.auto_score:g} points, and {before:g} in nbgrader")
        grade.needs_manual_grade = grade.manual_score is not None  # as nbgrader has it: to be looked at again
    notebook = gradebook.find_submission_notebook(*where, row.learner)
    (taken, said), there = off(row, exercise, submission), float(notebook.late_submission_penalty or 0)
    taken = round(taken * scale(notebook, exercise.slug, exercise.points), 9)
    if graded and taken > there + _SAME:
        less.append(f"{taken:g} points taken off for lateness, and {there:g} in nbgrader")
    notebook.late_submission_penalty = taken if taken > 0 else None
    return less, said


def _apart(gradebook: Any, exercise: Exercise, row: Row) -> Iterator[str]:
    """Why nbgrader's total of a notebook is another than ours, as far as that is nbgrader's own."""
    notebook = gradebook.find_submission_notebook(exercise.slug, exercise.unit, row.learner)
    added = added_to(notebook.notebook, exercise.slug)
    if added:
        yield f"{exercise.slug}: cells that were added to it count in nbgrader alone: {names_of(added)}"
    asked = to_look_at(notebook)
    if asked:
        yield f"{row.learner}, {exercise.slug}: to be looked at in nbgrader: {', '.join(asked)}"
    by_checks = sum(
        float(grade.auto_score or 0) for grade in notebook.grades if exercise_of(grade.name) == exercise.slug
    )
    here, theirs, there = row.raw or 0.0, total_of(notebook, exercise.slug), total(notebook)
    parts = {
        "in cells that were added": there - theirs,
        "set there by hand": theirs - by_checks,
        "by other points of its cells": by_checks - here,
    }
    if abs(there - here) > _SAME:
        why = ", ".join(f"{points:+g} {what}" for what, points in parts.items() if abs(points) > _SAME)
        yield f"{row.learner}, {exercise.slug}: {there:g} points in nbgrader, and {here:g} here: {why}"
