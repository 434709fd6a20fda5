"""Proofreading of `course.yaml`, and of what exercises say about each other.

What a single exercise cannot know: its place, its points there, and what comes before it.
"""

import os
import re
from collections.abc import Iterator, Sequence

from grader.course.model import CourseFile, Exercise, ExerciseFile, Listed
from grader.course.nearest import did_you_mean
from grader.course.yaml_marks import Document, Path, shown
from grader.errors import Problem

FOLDER = re.compile(r"[0-9]+_[a-z][a-z0-9]*(_[a-z0-9]+)*")


def listed(file: CourseFile) -> Iterator[tuple[Path, str, Listed]]:
    """Every exercise of the course in its order, with its path and its unit's id."""
    for at, unit in enumerate(file.units):
        for place, exercise in enumerate(unit.exercises):
            yield ("units", at, "exercises", place), unit.id, exercise


def proofread_places(document: Document, file: CourseFile, exercises: str) -> list[Problem]:
    """The folders that the course names are there, each once; and those that are there are named."""
    found: list[Problem] = []
    folders = _folders(exercises)
    first: dict[str, Path] = {}
    for path, _, one in listed(file):
        place = (*path, "folder")
        if one.folder in first:
            line = document.line(first[one.folder])
            found.append(document.problem(place, f"{one.folder!r} is listed twice (first on line {line}); keep one"))
        elif one.folder not in folders:
            why = did_you_mean(one.folder, folders)
            found.append(document.problem(place, f"there is no exercise {one.folder!r} in {shown(exercises)}{why}"))
        first.setdefault(one.folder, place)
    for folder in sorted(folders - first.keys()):
        message = f"the exercise {folder!r} is there, and not in the course; list it under a unit, or move it away"
        found.append(document.problem(("units",), message))
    return found + _units(document, file)


def _folders(exercises: str) -> set[str]:
    if not os.path.isdir(exercises):
        return set()
    return {name for name in os.listdir(exercises) if os.path.isfile(os.path.join(exercises, name, "exercise.yaml"))}


def _units(document: Document, file: CourseFile) -> list[Problem]:
    found: list[Problem] = []
    ids: dict[str, int] = {}
    for at, unit in enumerate(file.units):
        path: Path = ("units", at, "id")
        if unit.id in ids:
            found.append(document.problem(path, f"unit {unit.id!r} stands here twice (first on line {ids[unit.id]})"))
        ids.setdefault(unit.id, document.line(path))
    return found


def proofread_folder(document: Document, file: ExerciseFile, folder: str) -> list[Problem]:
    """The folder is number and slug, and holds the stub."""
    name, module = os.path.basename(folder), file.slug.replace("-", "_")
    found: list[Problem] = []
    if file.slug and FOLDER.fullmatch(name) is None:
        message = f"the folder {name!r} is not a number and the slug; name it such as '05_{module}'"
        found.append(document.problem(("slug",), message))
    elif file.slug and name.partition("_")[2] != module:
        message = f"slug {file.slug!r} does not match the folder {name!r}; rename one of them"
        found.append(document.problem(("slug",), message))
    if file.slug and not os.path.isfile(os.path.join(folder, f"{module}.py")):
        found.append(document.problem(("slug",), f"there is no stub '{module}.py' beside the exercise; write it"))
    return found


def proofread_order(exercises: Sequence[tuple[Document, Exercise]]) -> list[Problem]:
    """Slugs are unique, and every exercise comes after those that it needs."""
    found: list[Problem] = []
    every = {exercise.slug for _, exercise in exercises}
    before: set[str] = set()
    for document, exercise in exercises:
        if exercise.slug in before:
            message = f"slug {exercise.slug!r} belongs to an exercise above as well; choose another"
            found.append(document.problem(("slug",), message))
        for at, slug in enumerate(exercise.file.prerequisites):
            if slug in before:
                continue
            why = "comes later; change the order" if slug in every else f"is no exercise{did_you_mean(slug, every)}"
            found.append(document.problem(("prerequisites", at), f"the prerequisite {slug!r} {why}"))
        before.add(exercise.slug)
    return found
