"""The intake: which file is whose work on what; every file and folder met is either taken or listed with the reason.

Nothing outside the folders that were named is ever read: links that lead out are refused.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Exercise
from grader.errors import UsageError
from grader.feedback.gradebook import Stray, sorting

LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Handed:
    """One file to be graded. `path` is where it is, `file` how it is called in the records."""

    learner: str
    exercise: str
    path: str
    file: str


@dataclass(frozen=True, slots=True)
class Intake:
    """`learners` has those too who handed in nothing."""

    learners: tuple[str, ...]
    handed: tuple[Handed, ...]
    strays: tuple[Stray, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    learner: str
    path: Path
    root: Path

    @property
    def file(self) -> str:
        return printable(self.path.relative_to(self.root).as_posix())


def printable(name: str) -> str:
    """A file's name as text that can be written anywhere; bytes that are no UTF-8 are spelled out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def take_in(paths: Sequence[Path], exercises: Sequence[Exercise], only: Exercise | None = None) -> Intake:
    """The work below `paths`: a folder per learner in each, or, with `only`, a file per learner.

    Raises UsageError where a path is not there, or is a file though no exercise was named.
    """
    learners: set[str] = set()
    found: list[_Found] = []
    strays: list[Stray] = []
    for path in paths:
        _look_into(path, only, learners, found, strays)
    if not learners:
        raise UsageError(
            f"{', '.join(map(str, paths))}: no learner's work found; give a folder that has a folder per learner"
        )
    handed = _chosen(found, exercises, only, strays)
    order = sorted(handed, key=lambda item: (sorting(item.learner), item.exercise))
    return Intake(tuple(sorted(learners, key=sorting)), tuple(order), tuple(strays))


def _look_into(path: Path, only: Exercise | None, learners: set[str], found: list[_Found], strays: list[Stray]) -> None:
    if path.is_file() and only is not None:
        learners.add(printable(path.stem))
        found.append(_Found(printable(path.stem), path, path.parent))
        return
    if not path.is_dir():
        said = "is a file; name its exercise with --exercise" if path.is_file() else "there is no such folder"
        raise UsageError(f"{path}: {said}")
    for entry in sorted(path.iterdir(), key=lambda entry: entry.name):
        name = printable(entry.name)
        reason = _refused(entry, path)
        if reason:
            strays.append(Stray(name, reason))
        elif entry.is_dir():
            learners.add(name)
            found += _files(name, entry, path, strays)
        elif only is not None and entry.suffix == ".py":
            learners.add(printable(entry.stem))
            found.append(_Found(printable(entry.stem), entry, path))
        else:
            strays.append(Stray(name, "not a learner's folder"))


def _files(learner: str, folder: Path, root: Path, strays: list[Stray]) -> Iterator[_Found]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        reason = _refused(entry, root / folder.relative_to(root).parts[0])
        if reason:
            strays.append(Stray(printable(entry.relative_to(root).as_posix()), reason))
        elif entry.is_dir():
            yield from _files(learner, entry, root, strays)
        else:
            yield _Found(learner, entry, root)


def _refused(entry: Path, within: Path) -> str:
    """Why `entry` is not even looked at; empty if it may be."""
    if entry.name.startswith(".") or entry.name == "__pycache__":
        return "hidden or made by a program; not looked into"
    if entry.is_symlink():
        return _refused_link(entry, within)
    mode = entry.stat().st_mode
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        return "neither a file nor a folder"
    if stat.S_ISREG(mode) and entry.stat().st_size > LARGEST:
        return f"larger than {LARGEST >> 20} MiB"
    return ""


def _refused_link(entry: Path, within: Path) -> str:
    try:
        target = entry.resolve(strict=True)
    except (OSError, RuntimeError):
        return "a link that leads nowhere"
    if not target.is_relative_to(within.resolve()):
        return "a link that leads outside"
    # A link to a folder above itself would be walked for ever; what it leads to is found in its own place.
    if target.is_dir():
        return "a link to a folder"
    return "a link to a file larger than allowed" if target.stat().st_size > LARGEST else ""


def _chosen(
    found: Iterable[_Found], exercises: Sequence[Exercise], only: Exercise | None, strays: list[Stray]
) -> list[Handed]:
    """One file for each learner and exercise: the one in the folder of the exercise's name, else the one nearest the top."""
    modules = {exercise.module: exercise for exercise in exercises}
    offers: dict[tuple[str, str], list[_Found]] = {}
    for item in found:
        exercise = _exercise_of(item, modules, only)
        if exercise is None:
            strays.append(Stray(item.file, "not named after an exercise"))
        elif only is not None and exercise.slug != only.slug:
            strays.append(Stray(item.file, f"belongs to {exercise.slug}, which is not graded now"))
        else:
            offers.setdefault((item.learner, exercise.slug), []).append(item)
    return [_best(learner, slug, items, strays) for (learner, slug), items in offers.items()]


def _exercise_of(item: _Found, modules: dict[str, Exercise], only: Exercise | None) -> Exercise | None:
    if only is not None and len(item.path.relative_to(item.root).parts) == 1:
        return only
    return modules.get(_module(item.path.stem)) if item.path.suffix == ".py" else None


def _module(name: str) -> str:
    """`05_say_after`, `say-after` and `Say_After` are all `say_after`."""
    return re.sub(r"^\d+_", "", name.lower().replace("-", "_"))


def _best(learner: str, slug: str, items: list[_Found], strays: list[Stray]) -> Handed:
    module = slug.replace("-", "_")
    best, *others = sorted(
        items,
        key=lambda item: (_module(item.path.parent.name) != module, len(item.path.parts), item.file),
    )
    strays += [Stray(other.file, f"another file for {slug}; {best.file} was graded") for other in others]
    return Handed(learner, slug, str(best.path), best.file)
