"""The intake: which file is whose work on what; every file and folder met is either taken or listed with the reason.

Nothing outside the folders that were named is ever read: links that lead out are refused.
"""

import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.course.model import Exercise
from grader.errors import UsageError
from grader.feedback.characters import visible
from grader.feedback.grades import Stray, sorting

LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Handed:
    """One file to be graded. `path` is where it is, `file` how it is called in the records.

    `submitted` knows its time zone; None where nobody knows when it was handed in.
    """

    learner: str
    exercise: str
    path: str
    file: str
    submitted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """`learners` has those too who handed in nothing."""

    learners: tuple[str, ...]
    handed: tuple[Handed, ...]
    strays: tuple[Stray, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """`loose`: it stood beside the learners' folders, so the file itself is named after its learner."""

    learner: str
    path: Path
    file: str
    loose: bool


def printable(name: str) -> str:
    """A file's name as text that can be written anywhere; bytes that are no UTF-8 are spelled out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def take_in(paths: Sequence[Path], exercises: Sequence[Exercise], only: Exercise | None = None) -> Intake:
    """The work below `paths`: each a learner's own folder, or has a folder per learner, or, with `only`, a file per learner.

    A folder in which exercises' files lie is a learner's. Raises UsageError where a path is not there, or is a file though
    no exercise was named, and where there is no learner at all.
    """
    learners: set[str] = set()
    found: list[_Found] = []
    strays: list[Stray] = []
    modules = frozenset(exercise.module for exercise in exercises)
    for path in paths:
        own = _is_a_learners(path, modules)
        # Of several folders each file is called with its folder's name, or two could be called the same.
        base = path.parent if len(paths) > 1 or own or path.is_file() else path
        _look_into(path, own, _Visit(base, only, learners, found, strays))
    if not learners:
        raise UsageError(
            _without(strays, paths, "no learner's work found; give a folder that has a folder per learner")
        )
    handed = _chosen(found, exercises, only, strays)
    order = sorted(handed, key=lambda item: (sorting(item.learner), item.exercise))
    return Intake(tuple(sorted(learners, key=sorting)), tuple(order), tuple(strays))


def insist(intake: Intake, paths: Sequence[Path]) -> None:
    """Raises UsageError, with all that was left out, where there is nothing to grade."""
    if not intake.handed:
        said = "no file was recognised; name the files as the stubs are, or the exercise with --exercise"
        raise UsageError(_without(intake.strays, paths, said))


def _without(strays: Iterable[Stray], paths: Sequence[Path], said: str) -> str:
    lines = (visible(f"not graded: {stray.path}: {stray.reason}") for stray in strays)
    return "\n".join([f"{', '.join(map(str, paths))}: {said}", *lines])


def _is_a_learners(path: Path, modules: frozenset[str]) -> bool:
    """Whether what lies in this folder are exercises' files, or folders of exercises that hold them."""
    try:
        entries = list(path.iterdir())
        return any(
            _is_named(entry, modules)
            or (
                _module(entry.name) in modules
                and entry.is_dir()
                and any(_is_named(e, modules) for e in entry.iterdir())
            )
            for entry in entries
        )
    except OSError:
        return False  # what is wrong with it is told when it is looked into


def _is_named(entry: Path, modules: frozenset[str]) -> bool:
    return entry.suffix == ".py" and _module(entry.stem) in modules and entry.is_file()


def _is_ours(folder: Path) -> bool:
    """Whether the grader wrote its records there, or began to."""
    if (folder / "gradebook.sqlite").is_file():
        return True
    return (folder / "verdicts.jsonl").is_file() and (folder / "grades.csv").is_file()


@dataclass(frozen=True, slots=True)
class _Visit:
    """What is filled while one path is looked into; files are called by their way from `base`."""

    base: Path
    only: Exercise | None
    learners: set[str]
    found: list[_Found]
    strays: list[Stray]

    def called(self, path: Path) -> str:
        return printable(path.relative_to(self.base).as_posix())

    def leave(self, path: Path, reason: str) -> None:
        self.strays.append(Stray(self.called(path), reason))

    def take(self, learner: str, path: Path, loose: bool) -> None:
        self.learners.add(learner)
        self.found.append(_Found(learner, path, self.called(path), loose))


def _look_into(path: Path, own: bool, visit: _Visit) -> None:
    if path.is_file() and visit.only is not None:
        visit.take(printable(path.stem), path, loose=True)
        return
    if not path.is_dir():
        said = "is a file; name its exercise with --exercise" if path.is_file() else "there is no such folder"
        raise UsageError(f"{path}: {said}")
    if own or _is_ours(path):
        _look_into_folder(path, visit)
        return
    for entry in _entries(path, visit):
        reason = _refused(entry, path)
        if reason:
            visit.leave(entry, reason)
        elif entry.is_dir():
            _look_into_folder(entry, visit)
        elif visit.only is not None and entry.suffix == ".py":
            visit.take(printable(entry.stem), entry, loose=True)
        else:
            visit.leave(entry, "not a learner's folder")


def _look_into_folder(path: Path, visit: _Visit) -> None:
    """A learner's, unless it is where the grader wrote."""
    if _is_ours(path):
        visit.leave(path, "the records of a class that was graded")
        return
    learner = printable(path.resolve().name)
    visit.learners.add(learner)
    _look_into_learner(learner, path, path, visit)


def _look_into_learner(learner: str, folder: Path, own: Path, visit: _Visit) -> None:
    for entry in _entries(folder, visit):
        reason = _refused(entry, own)
        if reason:
            visit.leave(entry, reason)
        elif entry.is_dir():
            _look_into_learner(learner, entry, own, visit)
        else:
            visit.take(learner, entry, loose=False)


def _entries(folder: Path, visit: _Visit) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        visit.leave(folder, f"cannot be read ({error.strerror})")
        return []


def _refused(entry: Path, within: Path) -> str:
    """Why `entry` is not even looked at; empty if it may be."""
    if entry.name.startswith(".") or entry.name == "__pycache__":
        return "hidden or made by a program; not looked into"
    if entry.is_symlink():
        return _refused_link(entry, within)
    mode = entry.stat().st_mode
    if not os.access(entry, os.R_OK):
        return "cannot be read (no permission)"
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
    if only is not None and item.loose:
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
