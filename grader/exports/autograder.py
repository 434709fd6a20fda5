"""Gradescope's autograder: the zip that is uploaded, and what its `run_autograder` does for each submission.

A results.json is written before anything is done and again after each exercise. Each one says what is true if nothing comes
after it, so whatever ends the grading, and whenever, what stands there is valid and no lie.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path, PurePosixPath

import msgspec

from grader.course.load import find_exercise, load_course
from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.exports.gradescope import Visibility, Work, results
from grader.exports.pristine import PACKAGES, packages_file, pristine
from grader.exports.submission import Submitted, read_metadata
from grader.exports.wheels import zipped
from grader.feedback.characters import visible
from grader.intake.model import Handed
from grader.intake.one import Taken, take_one
from grader.intake.unpack import scratch

ISOLATION = "child"
_NOT_FINISHED = (
    "This was not graded: the grader was started and did not come to an end. That is not your fault and costs you nothing. "
    "Submit again, or tell your instructor."
)

Write = Callable[[Path, bytes], None]
Tell = Callable[[str], None]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`settings.json` in the zip."""

    format: int = 1
    exercises: list[str]
    hidden_cases: Visibility = "hidden"


# ---------------------------------------------------------------- built


def autograder_zip(
    course: Course,
    exercises: Sequence[Exercise],
    wheels: Mapping[str, bytes],
    *,
    seconds: int,
    hidden_cases: Visibility = "hidden",
) -> bytes:
    """`setup.sh` and `run_autograder` at the root, as Gradescope wants them, and all that they need.

    Raises UsageError where a package that submissions may import is not installed here.
    """
    graded = [exercise.slug for exercise in exercises]
    nothing = [Work(exercise.slug, exercise.points) for exercise in exercises]
    scripts = {name: (files("grader.exports") / "scripts" / name).read_bytes() for name in SCRIPTS}
    content = {
        **scripts,
        "settings.json": msgspec.json.encode(Settings(exercises=graded, hidden_cases=hidden_cases)),
        "seconds": f"{seconds}\n".encode(),
        PACKAGES: packages_file(exercises),
        "not_graded.json": results(nothing, note=_NOT_FINISHED),
        **{f"course/{name}": data for name, data in pristine(course, graded, instructors=True).items()},
        **{f"wheels/{name}": data for name, data in wheels.items()},
    }
    return zipped(content, executable=SCRIPTS)


SCRIPTS = ("setup.sh", "run_autograder")


# ---------------------------------------------------------------- run


def autograde(root: Path, write: Write, tell: Tell) -> None:
    """Grades what is in `root`/submission into `root`/results/results.json, which `write` replaces at once or not at all.

    What `tell` is told is for instructors. Raises CourseError where the course cannot be read; what stood there stays.
    """
    settings = msgspec.json.decode((root / "source" / "settings.json").read_bytes(), type=Settings)
    course = load_course(root / "source" / "course")
    exercises = [find_exercise(course, slug) for slug in settings.exercises]
    submitted = read_metadata(root / "submission_metadata.json")
    with scratch() as place:
        taken = take_one(root / "submission", course, exercises, place, alone=True)
        _grade_all(exercises, taken, submitted, _to_results(root, settings, submitted, taken, write), tell)


Put = Callable[[Sequence[Work]], None]


def _to_results(root: Path, settings: Settings, submitted: Submitted, taken: Taken, write: Write) -> Put:
    extra, note = {"learner": submitted.learner, "attempt": submitted.attempt}, _note(submitted, taken)

    def put(works: Sequence[Work]) -> None:
        content = results(works, hidden_cases=settings.hidden_cases, note=note, extra=extra)
        write(root / "results" / "results.json", content)

    return put


def _grade_all(exercises: Sequence[Exercise], taken: Taken, submitted: Submitted, put: Put, tell: Tell) -> None:
    """What has been done stands after each of them."""
    works = [
        Work(
            one.slug,
            one.points,
            handed=one.slug in taken.files,
            file=f"{one.module}.py",
            refused="" if one.slug in taken.files else taken.why_not(one),
        )
        for one in exercises
    ]
    tell(f"learner {submitted.learner or 'unknown'}, attempt {submitted.attempt}")
    for stray in taken.strays:
        tell(f"not graded: {visible(stray.path)}: {stray.reason}")
    put(works)
    for at, exercise in enumerate(exercises):
        handed = taken.files.get(exercise.slug)
        if handed is not None:
            works[at] = _graded(works[at], exercise, handed, submitted)
        tell(_line(works[at]))
        put(works)


_TOLD = 10  # of the files that were left out


def _note(submitted: Submitted, taken: Taken) -> str:
    """For the learner: which attempt it is, which files count, and which do not and why."""
    lines = [f"Attempt {submitted.attempt}."] if submitted.attempt > 1 else []
    lines += [f"{visible(handed.file)} was graded as {slug}." for slug, handed in taken.files.items()]
    lines += [f"{visible(stray.path)} was not graded: {stray.reason}." for stray in taken.strays[:_TOLD]]
    more = len(taken.strays) - _TOLD
    return "\n".join([*lines, f"{more} more files were not graded." if more > 0 else ""]).rstrip("\n")


def _graded(work: Work, exercise: Exercise, handed: Handed, submitted: Submitted) -> Work:
    """With a verdict, with why the file is refused, or with what failed in the grader itself."""
    from grader.grading import grade
    from grader.run.submitted import read_work

    try:
        source = read_work(handed.path, exercise, handed.earlier)
    except UsageError as error:
        # Where it lies here is of no use to its author.
        return replace(work, handed=False, refused=str(error).replace(handed.path, handed.file))
    try:
        verdict = grade(
            exercise,
            source,
            learner=submitted.learner,
            isolation=ISOLATION,
            hidden=bool(exercise.hidden),
            filename=PurePosixPath(handed.file).name,
        )
    except Exception:
        return replace(work, error=traceback.format_exc())
    return replace(work, verdict=verdict)


def _line(work: Work) -> str:
    if work.verdict is None:
        return f"{work.exercise}: {work.error or work.refused or 'nothing was handed in'}"
    found = work.verdict
    said = (
        f"{work.exercise}: {found.status}, {found.points:g} of {found.max_points:g} points, isolation {found.isolation}"
    )
    return f"{said}\n{found.error}" if found.error else said
