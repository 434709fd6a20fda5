"""The repository that a GitHub Classroom assignment begins with: stubs, and a workflow that grades them.

Learners read and may change all of it, so no hidden case and nothing else from `solutions/` is in it; and what grades is a
copy of its own under `.github`, which the assignment has to protect.
"""

from collections.abc import Collection, Iterator, Sequence
from importlib.resources import files
from pathlib import Path, PurePosixPath

import yaml

from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.exports.classroom import encoded, unmarked, variable
from grader.exports.pristine import PACKAGES, check_modules, definition, packages_file, pristine

HOME = ".github/classroom"
WORKFLOW = ".github/workflows/classroom.yml"
REPORTER = "classroom-resources/autograding-grading-reporter@v1"
_MINUTES = 10
_NOT_FINISHED = (
    "not graded: the grader did not come to an end. This is not your fault; push again, or tell your instructor"
)


def kit(course: Course, exercises: Sequence[Exercise], wheel: tuple[str, bytes], python: str) -> dict[str, bytes]:
    """Path to content. Raises UsageError for a stub that is solved, for checks that are kept from learners, and for a package
    that is not installed here."""
    for exercise in exercises:
        _insist_on_checks(exercise)
        _insist_on_the_stub(exercise)
    graded = [exercise.slug for exercise in exercises]
    name, content = wheel
    return {
        WORKFLOW: workflow(exercises, python).encode(),
        f"{HOME}/grade.sh": (files("grader.exports") / "scripts" / "grade.sh").read_bytes(),
        f"{HOME}/wheels/{name}": content,
        f"{HOME}/{PACKAGES}": packages_file(exercises),
        **{f"{HOME}/course/{path}": data for path, data in pristine(course, graded, instructors=False).items()},
        **{f"{HOME}/not_graded/{exercise.slug}": _unmarked(exercise) for exercise in exercises},
        **{path: data for exercise in exercises for path, data in _handout(exercise)},
    }


def left_over(course: Course, files: Collection[str], folder: Path) -> list[str]:
    """What an earlier build left in `folder` that is not among `files`: other exercises, and other versions of the grader."""
    kept = {path for file in files for path in (file, *map(str, PurePosixPath(file).parents))}
    names = (Path(one.folder).name for one in course.exercises)
    written = [f"{HOME}/not_graded/{one.slug}" for one in course.exercises]
    for name in names:
        written += [f"exercises/{name}", f"{HOME}/course/exercises/{name}"]
    written += [f"{HOME}/wheels/{path.name}" for path in Path(folder, HOME, "wheels").glob("*.whl")]
    return sorted(path for path in written if path not in kept and Path(folder, path).exists())


def _unmarked(exercise: Exercise) -> bytes:
    return encoded(unmarked(exercise.slug, exercise.points, _NOT_FINISHED)).encode("ascii")


def _insist_on_checks(exercise: Exercise) -> None:
    for name in check_modules(exercise):
        if not Path(exercise.folder, name).is_file():
            raise UsageError(
                f"{exercise.slug}: its checks stand in solutions/{Path(exercise.folder).name}/{name}, which learners would "
                "see there; move the file beside the exercise, or grade it elsewhere"
            )


def _insist_on_the_stub(exercise: Exercise) -> None:
    """A stub that earns points is somebody's solution."""
    from grader.grading import grade

    stub = Path(exercise.folder, f"{exercise.module}.py")
    points = grade(exercise, stub, isolation="child").points
    if points > 0:
        raise UsageError(
            f"{stub}: earns {points:g} points, so it is no stub any more; put the stub back, and build again"
        )


def _handout(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    """What `grader check` and pytest need, the stub and the README."""
    folder = Path(exercise.folder)
    yield from definition(exercise)
    for name in (f"{exercise.module}.py", "README.md"):
        if (folder / name).is_file():
            yield f"exercises/{folder.name}/{name}", (folder / name).read_bytes()


# ---------------------------------------------------------------- the workflow


def workflow(exercises: Sequence[Exercise], python: str) -> str:
    """A step for each exercise, whose result the reporter finds by the step's id.

    The job is called as GitHub Classroom calls its own, because the reporter looks for a check run of that name.
    """
    document = {
        "name": "Autograding Tests",
        "on": ["push", "workflow_dispatch"],
        "permissions": {"checks": "write", "actions": "read", "contents": "read"},
        "jobs": {
            "run-autograding-tests": {
                "runs-on": "ubuntu-latest",
                "if": "github.actor != 'github-classroom[bot]'",
                "steps": [*_before(python), *map(_step, exercises), _report(exercises)],
            }
        },
    }
    return _HEAD + yaml.safe_dump(document, sort_keys=False, width=120)


_HEAD = """\
# Written by `grader classroom build`. Protect .github/**/* in the assignment, or learners can change how they are graded.
"""

Step = dict[str, object]


def _before(python: str) -> list[Step]:
    return [
        {"name": "Check out the code", "uses": "actions/checkout@v4"},
        {"name": "Set up Python", "uses": "actions/setup-python@v5", "with": {"python-version": python}},
        # Where this fails the steps below still give a result, one that says that nothing was graded.
        {
            "name": "Install the grader",
            # -I: the present folder is the learner's, and -m would look there first
            "run": f"python -I -m pip install --quiet {HOME}/wheels/*.whl --requirement {HOME}/{PACKAGES}",
            "continue-on-error": True,
        },
    ]


def _step(exercise: Exercise) -> Step:
    return {
        "name": exercise.title.replace("${{", "$ {{"),  # which GitHub would compute
        "id": exercise.slug,
        "run": f"bash {HOME}/grade.sh {exercise.slug}",
        "timeout-minutes": _MINUTES,
    }


def _report(exercises: Sequence[Exercise]) -> Step:
    results = {variable(one.slug): "${{ steps." + one.slug + ".outputs.result }}" for one in exercises}
    return {
        "name": "Report the results",
        # a step that failed must not keep the results of the others back
        "if": "${{ !cancelled() }}",
        "uses": REPORTER,
        "env": results,
        "with": {"runners": ",".join(one.slug for one in exercises)},
    }
