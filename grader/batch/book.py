"""From what was handed in and graded to the gradebook: every learner has a line for every exercise, unless interrupted."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.batch.atomic import write
from grader.batch.grading import Graded
from grader.batch.intake import Intake
from grader.batch.records import grades_csv, verdicts_jsonl
from grader.course.model import Exercise
from grader.errors import UsageError
from grader.feedback.gradebook import Column, Gradebook, Line, gradebook


def book_of(course: str, exercises: Sequence[Exercise], intake: Intake, graded: Graded) -> Gradebook:
    handed = {(item.learner, item.exercise) for item in intake.handed}
    missing = [
        Line(learner, exercise.slug)
        for learner in intake.learners
        for exercise in exercises
        if (learner, exercise.slug) not in handed
    ]
    columns = [Column(exercise.slug, exercise.title, exercise.points) for exercise in exercises]
    waiting = len(intake.handed) - len(graded.lines)
    return gradebook(course, columns, intake.learners, [*graded.lines, *missing], intake.strays, waiting)


def prepare(folder: Path) -> None:
    """Make `folder` if it is not there; raises UsageError where nothing can be written in it, before any work is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have this name"
        raise UsageError(f"{folder}: nothing can be written there ({reason}); name another folder with --out") from None


def write_records(book: Gradebook, folder: Path, report: str) -> None:
    """`verdicts.jsonl`, `grades.csv` and `report.html` in `folder`, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "verdicts.jsonl", verdicts_jsonl(book))
    write(folder / "grades.csv", grades_csv(book))
    write(folder / "report.html", report.encode())
