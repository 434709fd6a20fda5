"""What a learner hands in for one exercise: their file, and those beside it that it may import.

Only what counts bears on a verdict, so only that is part of what is handed in here: whatever else lies in the folder is not
looked at, and does not make the same work another.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Exercise
from grader.errors import UsageError
from grader.run.program import LARGEST, read_program


@dataclass(frozen=True, slots=True)
class Submitted:
    """`source` is the learner's file, `files` the others by their modules' names, in their order."""

    source: bytes
    files: tuple[tuple[str, bytes], ...] = ()


def counting(submitted: Submitted, exercise: Exercise) -> Submitted:
    """What of it bears on the verdict."""
    kept = sorted((name, data) for name, data in submitted.files if name in exercise.counted)
    return Submitted(submitted.source, tuple(kept))


def read_submitted(path: str | os.PathLike[str], exercise: Exercise) -> Submitted:
    """The file at `path`, with those beside it that count for this exercise. Raises UsageError for one that cannot be read.

    What is no file of its own beside it (a link, a folder, a pipe), or is too large, is not there for who imports it.
    """
    place = Path(path)
    found = [(name, place.parent / f"{name}.py") for name in sorted(exercise.counted)]
    files: list[tuple[str, bytes]] = []
    room = LARGEST
    for name, file in found:
        data = None if file.is_symlink() else _read(file)
        if data is not None and len(data) <= room:
            files.append((name, data))
            room -= len(data)
    return Submitted(read_program(place), tuple(files))


def read_work(path: str | os.PathLike[str], exercise: Exercise) -> bytes | Submitted:
    """The same; the bytes of the file alone where nothing beside it counts."""
    return read_submitted(path, exercise) if exercise.counted else read_program(Path(path))


def _read(file: Path) -> bytes | None:
    try:
        return read_program(file)
    except UsageError:
        return None


def identity(submitted: Submitted, exercise: Exercise) -> str:
    """The digest of all that counts (hex); of a file that is alone it is that of the file."""
    counted = counting(submitted, exercise)
    own = hashlib.sha256(counted.source).hexdigest()
    if not counted.files:
        return own
    parts = [own, *(f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in counted.files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
