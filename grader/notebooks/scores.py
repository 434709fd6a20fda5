"""What `grader grade` found, written into nbgrader's gradebook through its own interface.

What somebody set by hand there is never touched, and what could not be written is told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.exports.sheet import Row, Sheet
from grader.notebooks.granted import Penalty, penalty
from grader.notebooks.homes import Home, home, homes
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
    marked = [row for row in filter(_is_marked, sheet.rows) if row.exercise in exercises]
    kept = 0 if lower else len(lowered)
    return Written(len(marked) - kept, left_out, tuple(lowered), tuple(apart))


def _write(
    gradebook: Any,
    exercises: Mapping[str, Exercise],
    rows: Sequence[Row],
    lowered: list[str],
    lower: bool,
    apart: dict[str, None],
    off: Off,
) -> Iterator[str]:
    there, lacking = homes(gradebook), dict[Home, tuple[str, ...]]()
    for row in filter(_is_marked, rows):  # nothing is written where one of them has no place
        if row.exercise in exercises:
            _home(exercises[row.exercise], there, row.file)
    for row in rows:
        if row.verdict is None:
            continue
        if row.exercise not in exercises:
            yield f"{row.learner}, {row.exercise}: is not in this course"
        elif row.standing == "error":
            yield f"{row.learner}, {row.exercise}: was not marked"
        else:
            exercise = exercises[row.exercise]
            at = _home(exercise, there, row.file)
            if at not in lacking:
                lacking[at] = tuple(_without_a_cell(gradebook, exercise, at))
            less, said = _scored(gradebook, exercise, at, row, off)
            more = (row.adjusted or 0) - (row.raw or 0)
            if less:
                lowered.append(f"{row.learner}, {row.exercise}: {'; '.join(less)}")
            if less and not lower:
                gradebook.db.rollback()
                continue
            gradebook.db.commit()
            apart.update(dict.fromkeys([*([said] if said else []), *_apart(gradebook, exercise, at, row)]))
            if more > 1e-9:
                yield f"{row.learner}, {row.exercise}: {more:g} points above those of the checks; set them in nbgrader"
    yield from chain.from_iterable(lacking.values())


def _is_marked(row: Row) -> bool:
    return row.verdict is not None and row.standing != "error"


def _scored(gradebook: Any, exercise: Exercise, at: Home, row: Row, off: Off) -> tuple[list[str], str]:
    """Sets the scores of a notebook's cells, and its penalty; what of it is less than it was, and what is to be said of the
    penalty. Nothing is committed.
    """
    less, graded, grades = list[str](), False, _grades(gradebook, at, row.learner)
    submission = gradebook.find_submission(at.unit, row.learner)
    for item in items(exercise, at.name):
        assert row.verdict is not None
        grade = grades.get(item.grade_id)
        if grade is None:
            continue
        before, grade.auto_score = grade.auto_score, score(row.verdict, item, float(grade.max_score))
        graded = graded or before is not None
        if before is not None and grade.auto_score < before - _SAME:
            less.append(f"{item.entry}, {item.check}: {grade.auto_score:g} points, and {before:g} in nbgrader")
        grade.needs_manual_grade = grade.manual_score is not None  # as nbgrader has it: to be looked at again
    notebook = gradebook.find_submission_notebook(at.name, at.unit, row.learner)
    (taken, said), there = off(row, exercise, submission), float(notebook.late_submission_penalty or 0)
    taken = round(taken * scale(notebook, at.name, exercise.points), 9)
    if graded and taken > there + _SAME:
        less.append(f"{taken:g} points taken off for lateness, and {there:g} in nbgrader")
    notebook.late_submission_penalty = taken if taken > 0 else None
    return less, said


def _grades(gradebook: Any, at: Home, learner: str) -> dict[str, Any]:
    """By their cells; who has handed nothing in there has now."""
    gradebook.update_or_create_student(learner)
    gradebook.update_or_create_submission(at.unit, learner)
    return {one.name: one for one in gradebook.find_submission_notebook(at.name, at.unit, learner).grades}


def _home(exercise: Exercise, there: Sequence[Home], file: str | None) -> Home:
    found = home(exercise, there, file)
    if found is None:
        said = f"{exercise.slug} is not in nbgrader's gradebook; run 'nbgrader generate_assignment {exercise.unit}'"
        raise UsageError(said)
    return found


def _without_a_cell(gradebook: Any, exercise: Exercise, at: Home) -> Iterator[str]:
    """Checks that the course was given since: nbgrader gives an assignment no other cells once somebody has handed it in."""
    cells = {cell.name for cell in gradebook.find_notebook(at.name, at.unit).grade_cells}
    lacking = [f"{item.entry}, {item.check}" for item in items(exercise, at.name) if item.grade_id not in cells]
    if lacking:
        remedy = (
            f"run 'nbgrader generate_assignment {at.unit}', or, where it was handed in, do without all grades of it"
        )
        said = f"{exercise.slug}: nbgrader has no cell for {'; '.join(lacking)}; {remedy}"
        yield f"{said}: nbgrader db assignment remove {at.unit} --force"


def _apart(gradebook: Any, exercise: Exercise, at: Home, row: Row) -> Iterator[str]:
    """Why nbgrader's total of a notebook is another than ours, as far as that is nbgrader's own."""
    notebook = gradebook.find_submission_notebook(at.name, at.unit, row.learner)
    added = added_to(notebook.notebook, at.name)
    if added:
        yield f"{exercise.slug}: cells that were added to it count in nbgrader alone: {names_of(added)}"
    asked = to_look_at(notebook)
    if asked:
        yield f"{row.learner}, {exercise.slug}: to be looked at in nbgrader: {', '.join(asked)}"
    by_checks = sum(float(grade.auto_score or 0) for grade in notebook.grades if exercise_of(grade.name) == at.name)
    here, theirs, there = row.raw or 0.0, total_of(notebook, at.name), total(notebook)
    parts = {
        "in cells that were added": there - theirs,
        "set there by hand": theirs - by_checks,
        "by other points of its cells": by_checks - here,
    }
    if abs(there - here) > _SAME:
        why = ", ".join(f"{points:+g} {what}" for what, points in parts.items() if abs(points) > _SAME)
        yield f"{row.learner}, {exercise.slug}: {there:g} points in nbgrader, and {here:g} here: {why}"
