"""What tests of the intake say again and again: files put somewhere, taken in, and told briefly."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.course.load import load_course
from grader.course.model import Exercise
from grader.intake.model import Intake
from grader.intake.take import Asked
from grader.intake.take import take_in as take_in_with

EXERCISES = load_course(Path(__file__).parents[2]).exercises


def named(slug: str) -> Exercise:
    return next(exercise for exercise in EXERCISES if exercise.slug == slug)


def put(path: Path, content: str | bytes = "pass\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def take_in(
    paths: Sequence[Path],
    exercises: Sequence[Exercise] = EXERCISES,
    only: Exercise | None = None,
    asked: Asked | None = None,
) -> Intake:
    """What needs no file afterwards: all that was unpacked is gone again."""
    with tempfile.TemporaryDirectory() as scratch:
        return take_in_with(paths, exercises, Path(scratch), only, asked or Asked())


def taken(intake: Intake) -> list[tuple[str, str, str]]:
    return [(item.learner, item.exercise, item.file) for item in intake.handed]


def strays(intake: Intake) -> dict[str, str]:
    return {stray.path: stray.reason for stray in intake.strays}
