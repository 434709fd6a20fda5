"""A course as it has to be to grade: definitions and what runs on the trusted side, and not one solution.

A stub may have been solved where it stands, and anything may lie beside it, so only files that an exercise names are taken.
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from grader.course.check_model import PythonCheck
from grader.course.model import Course, Exercise
from grader.run.packages import pinned

PACKAGES = "packages.txt"
STUB = b'"""Here the stub was. It is not needed where others\' work is graded."""\n'


def pristine(course: Course, graded: Collection[str], instructors: bool) -> dict[str, bytes]:
    """Path to content. Every exercise's definition, because one may build on another.

    With `instructors`, for where learners cannot look, the hidden cases of those `graded` too, and checks that are kept from
    learners.
    """
    files = {"course.yaml": Path(course.path).read_bytes()}
    for exercise in course.exercises:
        folder = Path(exercise.folder).name
        files[f"exercises/{folder}/{exercise.module}.py"] = STUB
        files.update(definition(exercise))
        if instructors and exercise.solutions is not None:
            hidden = ["hidden.yaml"] if exercise.slug in graded else []
            # A check's function is looked for there first.
            files.update(_present(Path(exercise.solutions), "solutions", [*hidden, *check_modules(exercise)]))
    return files


def packages_file(exercises: Iterable[Exercise]) -> bytes:
    """What pip installs beside the grader: packages that submissions may import, as they are here. Raises UsageError."""
    named = pinned(name for exercise in exercises for name in exercise.packages)
    return "".join(f"{one}\n" for one in named).encode()


def definition(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    """What an exercise is, without its stub."""
    world = exercise.file.world.python
    named = ["exercise.yaml", "possible.json", *([world] if world is not None else []), *check_modules(exercise)]
    yield from _present(Path(exercise.folder), "exercises", named)


def _present(folder: Path, above: str, names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        if (folder / name).is_file():
            yield f"{above}/{folder.name}/{name}", (folder / name).read_bytes()


def check_modules(exercise: Exercise) -> Iterator[str]:
    """The files of the author's own checks, wherever they stand."""
    for entry in exercise.file.entries.values():
        for check in entry.checks:
            if isinstance(check, PythonCheck):
                yield check.python.partition(":")[0]
