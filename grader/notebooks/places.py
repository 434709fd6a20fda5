"""Where the course is for a notebook: from the kernel's folder upward; and which of its exercises asks for a function."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from grader.course.load import load_exercise
from grader.course.model import Exercise
from grader.course.nearest import nearest
from grader.errors import UsageError


def exercise_for(name: str | None, function: str | None, course: str | None) -> Exercise:
    """The exercise that is called `name`, or else the one that asks for `function`. Raises UsageError, CourseError."""
    folders = _folders(course)
    if name is not None:
        return _asks_for(_called(name, folders), function)
    assert function is not None
    found = [load_exercise(folder) for folder in folders if _mentions(folder, function)]
    found = [one for one in found if function in one.file.entries]
    if len(found) > 1:
        found = [one for one in found if one.module == _notebook()] or found
    if len(found) > 1:
        slugs = ", ".join(one.slug for one in found)
        raise UsageError(f'{slugs} all ask for a function {function}; say which: check({function}, "{found[0].slug}")')
    return found[0] if found else _nobody_asks(function, folders)


def _asks_for(exercise: Exercise, function: str | None) -> Exercise:
    entries = list(exercise.file.entries)
    if function is not None and function not in entries:
        near = nearest(function, entries)
        what = f"did you mean {near!r}?" if near else f"it asks for {', '.join(entries)}"
        raise UsageError(f"{exercise.slug} asks for no function {function!r}; {what}")
    return exercise


def _nobody_asks(function: str, folders: list[Path]) -> Exercise:
    known = {entry: one.slug for one in map(load_exercise, folders) for entry in one.file.entries}
    near = nearest(function, known)
    what = f"did you mean {near!r} ({known[near]})?" if near else 'name the exercise: check("say-after")'
    raise UsageError(f"no exercise asks for a function {function!r}; {what}")


def _mentions(folder: Path, function: str) -> bool:
    """Most exercises need not be read further than that."""
    try:
        return function.encode() in (folder / "exercise.yaml").read_bytes()
    except OSError:
        return True


def _called(name: str, folders: list[Path]) -> Exercise:
    wanted = name.lower().replace("-", "_")
    for folder in folders:
        number, _, module = folder.name.partition("_")
        if wanted in (folder.name, module) or (
            wanted.isdecimal() and number.isdecimal() and int(wanted) == int(number)
        ):
            return load_exercise(folder)
    slugs = [folder.name.partition("_")[2].replace("_", "-") for folder in folders]
    near = nearest(name.replace("_", "-"), slugs)
    what = f"did you mean {near!r}?" if near else f"there are {', '.join(slugs)}"
    raise UsageError(f"there is no exercise {name!r}; {what}")


def _folders(said: str | None) -> list[Path]:
    """The exercises', in their order, with a course.yaml above or without."""
    said = said or os.environ.get("GRADER_COURSE") or None
    if said is not None:
        course = Path(said).parent if Path(said).name == "course.yaml" else Path(said)
        found = _below(course / "exercises") or _below(course)
        if not found:
            raise UsageError(f"{said}: there is no course here; name the folder that has its course.yaml")
        return found
    found = next(filter(None, map(_below, _upward(Path.cwd()))), [])
    if not found:
        raise UsageError(
            f"no course was found in {Path.cwd()} or above it; open the notebook in the course's folder, "
            'or say where that is: check(..., course="PATH")'
        )
    return found


def _upward(here: Path) -> Iterator[Path]:
    for folder in (here, *here.parents):
        yield folder / "exercises"
        yield folder


def _below(folder: Path) -> list[Path]:
    return [file.parent.absolute() for file in sorted(folder.glob("*/exercise.yaml"))]


def _notebook() -> str:
    """The exercise's module that the notebook's own name says, where the frontend tells it."""
    stem = Path(os.environ.get("JPY_SESSION_NAME", "")).stem
    return re.sub(r"^\d+_", "", stem).replace("-", "_")
