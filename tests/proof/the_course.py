"""The course of this repository, loaded once: what is proved here is proved of the exercises that learners get."""

from pathlib import Path

from grader.course.cases import cases_of
from grader.course.load import load_course
from grader.course.model import Case, Exercise

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "tests" / "programs"
EXERCISES = {exercise.slug: exercise for exercise in load_course(ROOT).exercises}


def every_case(exercise: Exercise) -> tuple[Case, ...]:
    """Visible and hidden, as a learner's practice draws them."""
    return cases_of(exercise, exercise.slug, hidden=True)


def reference(exercise: Exercise) -> bytes:
    return Path(exercise.solutions or "", "reference.py").read_bytes()
