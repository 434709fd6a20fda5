"""What a learner hands in for one exercise: their file, and those beside it that it may import.

Only what counts bears on a verdict, so only that is part of what is handed in here: whatever else lies in the folder is not
looked at, and does not make the same work another.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import join
from pathlib import Path

from grader.course.model import Exercise
from grader.errors import UsageError
from grader.run.helpers import among, may_be_one, names_beside, reached, top_of, ways
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
    own = _theirs(there, exercise)
    return Submitted(
        submitted.source, _ordered(needed, reached([submitted.source, *needed.values()], own, among(there)))
    )


def _theirs(names: Iterable[str], exercise: Exercise) -> list[str]:
    """What can be imported of the files of these names that are the learner's own affair."""
    return list(dict.fromkeys(top_of(name) for name in names if may_be_one(name, exercise)))


def _ordered(*found: Mapping[str, bytes]) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted(item for each in found for item in each.items()))


def with_needs(submitted: Submitted, exercise: Exercise, *, own: bool) -> Submitted:
    """What of it lies in the run folder: without `own` the exercise provides what is needed, and their helpers are theirs."""
    counted = counting(submitted, exercise)
    if own or not counted.files:
        return counted
    there = dict(counted.files)
    return Submitted(submitted.source, _ordered(reached([submitted.source], _theirs(there, exercise), among(there))))


def read_submitted(path: str | os.PathLike[str], exercise: Exercise, earlier: Earlier = ()) -> Submitted:
    """The file at `path`, with those beside it that count for this exercise. Raises UsageError for one that cannot be read.

    What is no file of its own beside it (a link, a folder, a pipe), or is too large, is not there for who imports it. Only a
    file of the very name that it is imported by has helpers: in a folder of many learners' files what lies beside is another's.
    An earlier one that is not beside it is where `earlier` says; or, where each file lies in its exercise's folder, as these
    are handed out, in its own.
    """
    place, read = os.fspath(path), _Reading()
    source = read_program(place)
    needed, homes = _needed(place, exercise, earlier, read)
    if not exercise.is_adopted or os.path.basename(place) != f"{exercise.module}.py":
        return Submitted(source, _ordered(needed))
    return _with_helpers(source, needed, homes, exercise, read)


def as_if_at(place: str | os.PathLike[str], source: bytes, exercise: Exercise) -> Submitted:
    """The program `source`, which has beside it what the file at `place` has, whatever that is called."""
    if not exercise.is_adopted:
        return Submitted(source)
    read = _Reading()
    return _with_helpers(source, *_needed(os.fspath(place), exercise, (), read), exercise, read)


def _with_helpers(
    source: bytes, needed: Mapping[str, bytes], homes: Sequence[str], exercise: Exercise, read: "_Reading"
) -> Submitted:
    own = {
        name: home for home in reversed(homes) for name in names_beside(home or os.curdir) if may_be_one(name, exercise)
    }
    found = reached([source, *needed.values()], own, lambda name: read.all_of(own[name], name))
    return Submitted(source, _ordered(needed, found))


def of_notebook(source: bytes, path: str | os.PathLike[str], exercise: Exercise) -> Submitted:
    """The module that was made of the notebook at `path`, with the same earlier files; a notebook has no helpers."""
    needed, _ = _needed(os.fspath(Path(path).with_suffix(".py")), exercise, (), _Reading())
    return Submitted(source, _ordered(needed))


def _needed(place: str, exercise: Exercise, earlier: Earlier, read: "_Reading") -> tuple[dict[str, bytes], list[str]]:
    """The earlier files that count, and the folders in which what they import may lie."""
    needed, homes = dict[str, bytes](), [os.path.dirname(place)]
    if not exercise.counted:
        return needed, homes
    told = dict(earlier)
    laid_out = elsewhere(Path(place), exercise) if as_handed_out(Path(place), exercise) else None
    for name in sorted(exercise.counted):
        file = f"{name}.py"
        for where in _places(name, homes[0], told, laid_out):
            if (data := read(where)) is not None:
                needed[name] = data
                home, last = os.path.split(where)
                homes += [home] if last == file and home not in homes else []
                break
    return needed, homes


def _places(
    name: str, beside: str, told: Mapping[str, str], laid_out: Callable[[str], Path | None] | None
) -> Iterator[str]:
    """Where an earlier file may be; what is looked for last takes the longest."""
    yield join(beside, f"{name}.py")
    if name in told:
        yield told[name]
    found = laid_out(name) if laid_out is not None else None
    if found is not None:
        yield os.fspath(found)


class _Reading:
    """Files, as much as there is room for."""

    def __init__(self) -> None:
        self._room = LARGEST

    def __call__(self, file: str | os.PathLike[str]) -> bytes | None:
        data = None if os.path.islink(file) else _read(file)
        if data is None or len(data) > self._room:
            return None
        self._room -= len(data)
        return data

    def all_of(self, folder: str, name: str) -> dict[str, bytes]:
        """The files in `folder` for who imports `name`."""
        found = ((way, self(join(folder, f"{way}.py"))) for way in ways(folder, name))
        return {way: data for way, data in found if data is not None}


def read_work(path: str | os.PathLike[str], exercise: Exercise, earlier: Earlier = ()) -> bytes | Submitted:
    """The same; the bytes of the file alone where nothing beside it can count."""
    return read_submitted(path, exercise, earlier) if exercise.is_adopted else read_program(Path(path))


def _read(file: str | os.PathLike[str]) -> bytes | None:
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
