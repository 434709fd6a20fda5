"""Proofreading of `course.yaml`, and of what exercises say about each other.

What a single exercise cannot know: its place, its points there, and what comes before it.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.course.document import Document, Path
from grader.course.model import CourseFile, Exercise, Listed
from grader.course.nearest import did_you_mean, nearest
from grader.course.salvage import Salvaged
from grader.course.shapes import seen
from grader.course.yaml_marks import shown
from grader.errors import Problem

FOLDER = re.compile(r"[0-9]+_[a-z][a-z0-9]*(_[a-z0-9]+)*")


def listed(file: CourseFile) -> Iterator[tuple[Path, str, Listed]]:
    """Every exercise of the course in its order, with its path and its unit's id."""
    for at, unit in enumerate(file.units):
        for place, exercise in enumerate(unit.exercises):
            yield ("units", at, "exercises", place), unit.id, exercise


def is_complete(course: Salvaged[CourseFile]) -> bool:
    """Whether the list of exercises is all that was written: no part of it is lost."""
    folders = all(course.sure(*path, "folder") for path, _, _ in listed(course.value))
    units = [hole for hole in course.holes if hole[:1] in ((), ("units",)) and len(hole) < 5]
    return folders and not units and (course.sure("?") or bool(course.value.units))


def proofread_places(course: Salvaged[CourseFile], exercises: str) -> list[Problem]:
    """The folders that the course names are there, each once; and those that are there are named."""
    found: list[Problem] = []
    document, folders = course.document, folders_in(exercises)
    first: dict[str, Path] = {}
    meant: set[str] = set()
    for path, _, one in listed(course.value):
        place = (*path, "folder")
        if not course.sure(*place) or not one.folder:
            continue
        if one.folder in first:
            line = document.line(first[one.folder])
            found.append(document.problem(place, f"{one.folder!r} is listed twice (first on line {line}); keep one"))
        elif one.folder not in folders:
            found.append(document.problem(place, _no_folder(one.folder, folders, exercises)))
            meant.add(nearest(one.folder, folders) or "")
        first.setdefault(one.folder, place)
    if is_complete(course):
        for folder in sorted(folders - first.keys() - meant):
            message = f"the exercise {folder!r} is there, and not in the course; list it under a unit, or move it away"
            found.append(document.problem(("units",), message))
    return found + _units(course) + _was(course)


def _was(course: Salvaged[CourseFile]) -> list[Problem]:
    """What exercises were called before is what no exercise is called now, and no two were."""
    found, first = list[Problem](), dict[str, int]()
    now = {slug_of(one.folder): one.folder for _, _, one in listed(course.value)}
    for path, _, one in listed(course.value):
        place = (*path, "was")
        if not one.was or not course.sure(*place):
            continue
        line = course.document.line(place)
        if one.was in now:
            why = f"which is what {now[one.was]!r} is called; take 'was' out, or give the slug that the exercise had"
            found.append(course.document.problem(place, f"'was' is {one.was!r}, {why}"))
        elif one.was in first:
            why = f"as that of another exercise is (on line {first[one.was]}); marks can go to one only, keep one"
            found.append(course.document.problem(place, f"'was' is {one.was!r}, {why}"))
        first.setdefault(one.was, line)
    return found


def folders_in(exercises: str) -> set[str]:
    """The names of the folders that hold an exercise."""
    if not os.path.isdir(exercises):
        return set()
    return {name for name in os.listdir(exercises) if os.path.isfile(os.path.join(exercises, name, "exercise.yaml"))}


def _no_folder(folder: str, folders: set[str], exercises: str) -> str:
    if os.path.basename(folder) != folder:
        return f"'folder' is {seen(folder)}; it must be the name of a folder in {shown(exercises)}, without '/'"
    why = did_you_mean(folder, folders) or "; there is none at all"
    if os.path.isdir(os.path.join(exercises, folder)):
        why = "; write its exercise.yaml"
    return f"there is no exercise {folder!r} in {shown(exercises)}{why}"


def slug_of(folder: str) -> str:
    """The slug that a folder's name stands for; empty where it stands for none."""
    name = os.path.basename(folder)
    return name.partition("_")[2].replace("_", "-") if FOLDER.fullmatch(name) else ""


def _units(course: Salvaged[CourseFile]) -> list[Problem]:
    found: list[Problem] = []
    ids: dict[str, int] = {}
    for at, unit in enumerate(course.value.units):
        path: Path = ("units", at, "id")
        if unit.id in ids:
            message = f"unit {unit.id!r} stands here twice (first on line {ids[unit.id]}); choose another"
            found.append(course.document.problem(path, message))
        if unit.id:
            ids.setdefault(unit.id, course.document.line(path))
    return found


def proofread_folder(document: Document, slug: str, folder: str, own: str | None = None) -> list[Problem]:
    """The folder is number and slug, and holds the stub. `slug` is empty where it could not be read.

    `own`: the stub's name without its ending, where it is not that of the slug.
    """
    name = os.path.basename(folder)
    module = slug.replace("-", "_") or name.partition("_")[2]
    found: list[str] = []
    if FOLDER.fullmatch(name) is None:
        example = f"such as '05_{module}'" if slug else "such as '05_say_after'"
        found.append(f"the folder {name!r} is not a number and the slug; name it {example}")
    elif slug and name.partition("_")[2] != module:
        found.append(f"slug {slug!r} does not match the folder {name!r}; rename one of them")
        module = name.partition("_")[2]  # one of the two is right, and so is a stub of either name
    stubs = ({module, slug.replace("-", "_")} if own is None else {own}) - {""}
    if stubs and not any(os.path.isfile(os.path.join(folder, f"{stub}.py")) for stub in stubs):
        found.append(f"there is no stub '{own or module}.py' beside the exercise; write it")
    return [document.problem(("slug",), message) for message in found]


@dataclass(frozen=True)
class Ordered:
    """An exercise in the order of the course; `slug` is its folder's, if that has one, `placed` if it is listed."""

    document: Document
    exercise: Exercise
    slug: str
    placed: bool


def proofread_order(exercises: Sequence[Ordered]) -> list[Problem]:
    """Slugs are unique, and every exercise comes after those that it needs."""
    found: list[Problem] = []
    placed = {one.slug: one.placed for one in exercises}
    every = {*placed, *(one.exercise.slug for one in exercises)} - {""}
    before: set[str] = set()
    taken: set[str] = set()  # not by one whose folder says otherwise: that is told already
    for one in exercises:
        document, slug = one.document, one.slug
        if slug == one.exercise.slug and slug in taken:
            message = f"slug {slug!r} belongs to an exercise above as well; choose another"
            found.append(document.problem(("slug",), message))
        for at, needed in enumerate(one.exercise.file.prerequisites):
            why = _why_not(needed, one, before, every, placed)
            if needed and why:
                found.append(document.problem(("prerequisites", at), f"the prerequisite {needed!r} {why}"))
        before |= {slug, one.exercise.slug} - {""}
        taken |= {slug} & {one.exercise.slug}
    return found


def _why_not(needed: str, one: Ordered, before: set[str], every: set[str], placed: dict[str, bool]) -> str:
    if needed in before:
        return ""
    if needed == one.slug:
        return "is the exercise itself; remove it"
    if needed not in every:
        near = nearest(needed, every)  # where there is none, the course is likely a part of another one
        return f"is no exercise; did you mean {near!r}?" if near else "is no exercise of this course; take it out"
    # Where one of the two has no place, that is the mistake.
    return "comes later; change the order" if one.placed and placed.get(needed, False) else ""
