"""A course as it has to be to grade: definitions and what runs on the trusted side, and not one solution.

A stub may have been solved where it stands, and anything may lie beside it, so only files that an exercise names are taken.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from grader.course.check_model import PythonCheck
from grader.course.model import Course, Exercise

STUB = b'"""Here the stub was. It is not needed where others\' work is graded."""\n'


def pristine(course: Course, graded: Collection[str], hidden: bool) -> dict[str, bytes]:
    """Path to content. Every exercise's definition, because one may build on another; hidden cases of those `graded` only."""
    files = {"course.yaml": Path(course.path).read_bytes()}
    for exercise in course.exercises:
        files.update(_definition(exercise))
        if hidden and exercise.slug in graded and exercise.solutions is not None:
            files.update(_present(Path(exercise.solutions), "solutions", ["hidden.yaml"]))
    return files


def _definition(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    folder = Path(exercise.folder)
    yield f"exercises/{folder.name}/{exercise.module}.py", STUB
    named = ["exercise.yaml", "possible.json", *_modules(exercise)]
    yield from _present(folder, "exercises", named)
    if exercise.solutions is not None:
        # A check's function may be kept from learners; the check finds it there first.
        yield from _present(Path(exercise.solutions), "solutions", list(_check_modules(exercise)))


def _present(folder: Path, above: str, names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        if (folder / name).is_file():
            yield f"{above}/{folder.name}/{name}", (folder / name).read_bytes()


def _modules(exercise: Exercise) -> Iterator[str]:
    if exercise.file.world.python is not None:
        yield exercise.file.world.python
    yield from _check_modules(exercise)


def _check_modules(exercise: Exercise) -> Iterator[str]:
    for entry in exercise.file.entries.values():
        for check in entry.checks:
            if isinstance(check, PythonCheck):
                yield check.python.partition(":")[0]
