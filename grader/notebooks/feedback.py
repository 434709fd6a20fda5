"""Feedback on what `grader grade` graded, into nbgrader's `feedback` folder, from which it is released and fetched.

A page of nbgrader's own is never written over unasked, and nothing goes to anybody but the one who handed the work in.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from grader.batch.atomic import write
from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.exports.sheet import Row, Sheet
from grader.feedback.markup import Content, tag
from grader.feedback.message import compose
from grader.notebooks.homes import Home, home
from grader.notebooks.scores import Written
from grader.report.feedback import feedback
from grader.report.figures import number
from grader.report.shell import SIGN, of_a_learner

_BESIDE = ("timestamp.txt", "submission_secret.txt")  # by which nbgrader knows whose it is when it releases it
_NEAR = 1000  # bytes from the beginning of a page, in which its sign stands


def write_feedback(course: Course, sheet: Sheet, folder: Path, *, overwrite: bool = False) -> Written:
    """Into the nbgrader course in `folder`: a page for each notebook that was handed in there.

    Raises UsageError where there is no such course, or a page cannot be written.
    """
    submitted = folder / "submitted"
    if not submitted.is_dir():
        raise UsageError(f"{submitted} is not there; name the nbgrader course with --to")
    exercises = {exercise.slug: exercise for exercise in course.exercises}
    students = set(os.listdir(submitted))
    pages = nbgraders = 0
    left_out = dict[tuple[str, str], list[str]]()
    for row in sheet.rows:
        if row.verdict is None:
            continue
        reason = _why_not(row, exercises, students, folder)
        if not reason and not overwrite and _is_nbgraders(_place(folder, "feedback", row, exercises[row.exercise])):
            nbgraders += 1
        elif reason:
            left_out.setdefault((row.exercise, reason), []).append(row.learner)
        else:
            _write(course, exercises[row.exercise], row, folder)
            pages += 1
    told = tuple(f"{slug}: {reason}: {', '.join(learners)}" for (slug, reason), learners in left_out.items())
    return Written(pages, told, nbgraders=nbgraders)


def _why_not(row: Row, exercises: Mapping[str, Exercise], students: set[str], folder: Path) -> str | None:
    exercise = exercises.get(row.exercise)
    if exercise is None:
        return "is not in this course"
    if row.standing == "error":
        return "was not marked"
    if row.learner not in students or not _place(folder, "submitted", row, exercise).parent.is_dir():
        return f"nobody of this name handed in {exercise.unit} in nbgrader"
    return None


def _is_nbgraders(page: Path) -> bool:
    return page.is_file() and SIGN not in page.read_bytes()[:_NEAR]


def _place(folder: Path, part: str, row: Row, exercise: Exercise) -> Path:
    """Where it was handed in, which may have been before the exercise had its unit and its slug of now."""
    handed_in = folder / "submitted" / row.learner
    there = [Home(path.parent.name, path.stem) for path in handed_in.glob("*/*.ipynb")]
    of_a_copy = PurePath(row.file or "").parent.name
    unit = of_a_copy if of_a_copy and (handed_in / of_a_copy).is_dir() else exercise.unit
    at = home(exercise, there, row.file) or Home(unit, exercise.slug)
    return folder / part / row.learner / at.unit / f"{at.name}.html"


def _write(course: Course, exercise: Exercise, row: Row, folder: Path) -> None:
    path = _place(folder, "feedback", row, exercise)
    handed_in = _place(folder, "submitted", row, exercise).parent
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for name in _BESIDE:
            if (handed_in / name).is_file():
                shutil.copyfile(handed_in / name, path.parent / name)
        write(path, page(course.title, exercise, row))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from None


def page(course: str, exercise: Exercise, row: Row) -> bytes:
    """One file that needs no other, with nothing of hidden cases' values."""
    assert row.verdict is not None
    points = f" of {number(row.max_points)} points"
    header = tag(
        "header",
        tag("p", course, class_="kicker"),
        tag("h1", exercise.title),
        tag("p", tag("strong", number(row.adjusted or 0)), points, class_="sum"),
    )
    about: list[Content] = [*_score(row), *feedback(compose(row.verdict))]
    return of_a_learner(f"{exercise.title}: {course}", header, [tag("section", *about, class_="work")])


def _score(row: Row) -> Iterator[Content]:
    """Why other points count than were earned."""
    if row.comment and row.adjusted is not None:
        earned = f" The program itself earned {number(row.raw or 0)}." if row.raw != row.adjusted else ""
        counts = tag("strong", f"{number(row.adjusted)} points count: ")
        yield tag("p", counts, f"{row.comment}.{earned}", class_="score")
