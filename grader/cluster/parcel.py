"""The exercises that are graded, in one zip: it is the same for the same course, and is not used where its digest is another.

Definitions, the author's checks, world code, hidden cases; no stub, no solution.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.course.load import load_exercise
from grader.course.model import Course, Exercise
from grader.errors import GraderFault
from grader.exports.pristine import STUB, check_modules, definition
from grader.exports.wheels import zipped
from grader.grading.stamp import digest
from grader.intake.members import ArchiveError
from grader.intake.unpack import unpack

_NOTE = "note.txt"  # a folder in an archive is there by its files


def parcel(course: Course, exercises: Iterable[Exercise]) -> bytes:
    return zipped(dict(_files(course, exercises)))


def _files(course: Course, exercises: Iterable[Exercise]) -> Iterator[tuple[str, bytes]]:
    if Path(course.path).is_file():
        yield "course.yaml", Path(course.path).read_bytes()
    for exercise in exercises:
        folder = Path(exercise.folder).name
        yield f"exercises/{folder}/{exercise.module}.py", STUB
        yield from definition(exercise)
        if exercise.solutions is not None:
            yield f"solutions/{folder}/{_NOTE}", b"The solutions are not here.\n"
            for name in dict.fromkeys(["hidden.yaml", *check_modules(exercise)]):
                path = Path(exercise.solutions, name)
                if path.is_file():
                    yield f"solutions/{folder}/{name}", path.read_bytes()


class Opened:
    """A parcel's exercises, written out below `folder`, each loaded when it is first asked for."""

    def __init__(self, folder: Path, content: bytes, sha256: str, digests: dict[str, str]):
        """Raises GraderFault where the content is not what was sent."""
        found = hashlib.sha256(content).hexdigest()
        if found != sha256:
            raise GraderFault(f"the course arrived damaged: its digest is {found[:12]}, and {sha256[:12]} was sent")
        archive = folder / "course.zip"
        archive.write_bytes(content)
        try:
            strays = unpack(archive, "the course", folder / "course")
        except ArchiveError as error:
            raise GraderFault(f"the course cannot be unpacked: {error}") from None
        if strays:
            raise GraderFault(f"the course cannot be unpacked: {strays[0].path}: {strays[0].reason}")
        self._exercises = folder / "course" / "exercises"
        self._folders = {path.name.partition("_")[2].replace("_", "-"): path for path in self._exercises.iterdir()}
        self._digests, self._loaded = digests, dict[str, Exercise]()

    def exercise(self, slug: str) -> Exercise:
        """Raises GraderFault where it is not the one that was sent."""
        if slug not in self._loaded:
            exercise = load_exercise(self._folders[slug])
            found, sent = digest(exercise), self._digests[slug]
            if found != sent:
                raise GraderFault(f"{slug} is version {found} of the exercise, and {sent} was sent")
            self._loaded[slug] = exercise
        return self._loaded[slug]
