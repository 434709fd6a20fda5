"""Warnings: exercises in which a mistake would not show where the learner's own earlier files are used."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.authoring.programs import reference_of, submitted
from grader.course.model import Exercise
from grader.course.names import EXERCISE
from grader.course.yaml_marks import read_yaml
from grader.errors import CourseError, Problem, UsageError
from grader.grading.chain import seen_in, too_little
from grader.grading.judge import source_of

_SLEEPS = (
    "'replaces: [asyncio.sleep]' lets sleeps be seen, and 'elapsed' and 'holds' look at the time and at what comes back"
)


def unnoticed(exercises: Sequence[Exercise]) -> list[Problem]:
    """One for each entry of which too little is looked at there, as the files beside the reference show."""
    return [problem for exercise in exercises for problem in _unnoticed(exercise)]


def _unnoticed(exercise: Exercise) -> Iterator[Problem]:
    path = reference_of(exercise)
    if exercise.file.dependencies == "provided" or path is None:
        return
    try:
        source = source_of(submitted(exercise, path), str(path))
        document = read_yaml(Path(exercise.folder, EXERCISE))
    except (UsageError, CourseError, OSError):
        return  # told by the proof
    for name, (points, every) in too_little(exercise, seen_in(exercise, source)).items():
        seen = (
            f"checks of {points:g} of {every:g} points are looked at" if every else "no more than its text is looked at"
        )
        message = (
            f"entry {name!r}: with the learner's own earlier files {seen}, which is too little to notice a mistake, and "
            f"nobody is told there that it is right; add checks that can be seen there: {_SLEEPS}"
        )
        yield document.problem(("entries", name), message)
