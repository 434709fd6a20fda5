"""What a learner hands in for one exercise: their file, and those beside it that it may import.

Only what counts bears on a verdict, so only that is part of what is handed in here: whatever else lies in the folder is not
looked at, and does not make the same work another.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Exercise
from grader.errors import UsageError
from grader.run.helpers import may_be_one, names_beside, reached
from grader.run.laid_out import as_handed_out, elsewhere
from grader.run.program import LARGEST, read_program

Earlier = Iterable[tuple[str, str]]  # where files of earlier exercises are, by the names of their modules


@dataclass(frozen=True, slots=True)
class Submitted:
    """`source` is the learner's file, `files` the others by their modules' names, in their order."""

    source: bytes
    files: tuple[tuple[str, bytes], ...] = ()


def counting(submitted: Submitted, exercise: Exercise) -> Submitted:
    """What of it bears on the verdict."""
    if not submitted.files:
        return submitted
    there = dict(submitted.files)
    needed = {name: there[name] for name in exercise.counted if name in there}
    own = (name for name in there if may_be_one(name, exercise))
    return Submitted(submitted.source, _ordered(needed, reached([submitted.source, *needed.values()], own, there.get)))


def _ordered(*found: Mapping[str, bytes]) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted(item for each in found for item in each.items()))


def with_needs(submitted: Submitted, exercise: Exercise, *, own: bool) -> Submitted:
    """What of it lies in the run folder: without `own` the exercise provides what is needed, and their helpers are theirs."""
    counted = counting(submitted, exercise)
    if own or not counted.files:
        return counted
    there = dict(counted.files)
    helpers = (name for name in there if may_be_one(name, exercise))
    return Submitted(submitted.source, _ordered(reached([submitted.source], helpers, there.get)))


def read_submitted(path: str | os.PathLike[str], exercise: Exercise, earlier: Earlier = ()) -> Submitted:
    """The file at `path`, with those beside it that count for this exercise. Raises UsageError for one that cannot be read.

    What is no file of its own beside it (a link, a folder, a pipe), or is too large, is not there for who imports it. Only a
    file of the very name that it is imported by has helpers: in a folder of many learners' files what lies beside is another's.
    An earlier one that is not beside it is where `earlier` says; or, where each file lies in its exercise's folder, as these
    are handed out, in its own.
    """
    place = Path(path)
    source, read = read_program(place), _Reading()
    needed, homes = _needed(place, exercise, earlier, read)
    if not exercise.is_adopted or place.name != f"{exercise.module}.py":
        return Submitted(source, _ordered(needed))
    own = {name: home / f"{name}.py" for home in reversed(homes) for name in names_beside(str(home))}
    names = [name for name in own if may_be_one(name, exercise)]
    return Submitted(source, _ordered(needed, reached([source, *needed.values()], names, lambda name: read(own[name]))))


def of_notebook(source: bytes, path: str | os.PathLike[str], exercise: Exercise) -> Submitted:
    """The module that was made of the notebook at `path`, with the same earlier files; a notebook has no helpers."""
    needed, _ = _needed(Path(path).with_suffix(".py"), exercise, (), _Reading())
    return Submitted(source, _ordered(needed))


def _needed(place: Path, exercise: Exercise, earlier: Earlier, read: "_Reading") -> tuple[dict[str, bytes], list[Path]]:
    """The earlier files that count, and the folders in which what they import may lie."""
    needed, told, homes = dict[str, bytes](), dict(earlier), [place.parent]
    laid_out = elsewhere(place, exercise) if as_handed_out(place, exercise) else None
    for name in sorted(exercise.counted):
        beside = place.parent / f"{name}.py"
        for file in (beside, Path(told[name]) if name in told else None, laid_out and laid_out(name)):
            if file is not None and (data := read(file)) is not None:
                needed[name] = data
                homes += [file.parent] if file.parent not in homes and file.name == beside.name else []
                break
    return needed, homes


class _Reading:
    """Files, as much as there is room for."""

    def __init__(self) -> None:
        self._room = LARGEST

    def __call__(self, file: Path) -> bytes | None:
        data = None if file.is_symlink() else _read(file)
        if data is None or len(data) > self._room:
            return None
        self._room -= len(data)
        return data


def read_work(path: str | os.PathLike[str], exercise: Exercise, earlier: Earlier = ()) -> bytes | Submitted:
    """The same; the bytes of the file alone where nothing beside it can count."""
    return read_submitted(path, exercise, earlier) if exercise.is_adopted else read_program(Path(path))


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
