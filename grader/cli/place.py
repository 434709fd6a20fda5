"""Where the course is, and an exercise in it: found by folder names, so that checking one exercise reads one exercise."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise


_UNIT = "exercises"


def home(said: str | None) -> Path:
    """The course's folder: what was said, else the nearest one upward that has a course.yaml, or is nbgrader's for one."""
    if said is not None:
        path = Path(said)
        folder = path.parent if path.name == "course.yaml" else path
        if not (folder / "course.yaml").is_file():
            raise UsageError(f"{said}: there is no course.yaml")
        return folder.resolve()
    found = _above()
    if found is None:
        raise UsageError("there is no course.yaml here or above; go to the course's folder, or say --course PATH")
    return found


def _above() -> Path | None:
    here = Path.cwd()
    return next(filter(None, map(_course_of, (here, *here.parents))), None)


def _course_of(folder: Path) -> Path | None:
    """The folder itself, if it is a course's; of a folder of nbgrader's the course that its notebooks are of."""
    if (folder / "course.yaml").is_file():
        return folder
    if not (folder / "nbgrader_config.py").is_file():
        return None
    from grader.notebooks.said import course_said_in

    said = course_said_in(folder)
    return Path(said) if said is not None and Path(said, "course.yaml").is_file() else None


def folders(said: str | None) -> tuple[Path, ...]:
    """The exercises' folders, in order. The exercises may have been handed out without a course.yaml."""
    course = home(said) if said is not None else _above()
    if course is not None:
        return _below(course / "exercises")
    here = Path.cwd()
    places = (place for folder in (here, *here.parents) for place in (folder, folder / "exercises"))
    return next(filter(None, map(_below, places)), ())


def _below(folder: Path) -> tuple[Path, ...]:
    return tuple(file.parent for file in sorted(folder.glob("*/exercise.yaml")))


def open_course(said: str | None) -> "Course":
    from grader.course.load import load_course

    return load_course(home(said))


def open_chosen(said: str | None, names: Sequence[str]) -> "tuple[Course, list[Exercise]]":
    """The course, and those of its exercises that are named; all of them if none is."""
    from grader.course.load import find_exercise

    opened = open_course(said)
    return opened, [find_exercise(opened, name) for name in names] or list(opened.exercises)


def without_a_course(said: str | None) -> bool:
    """Whether exercises were handed out alone, with no course.yaml here or above."""
    return said is None and _above() is None and bool(folders(None))


def found_course(said: str | None) -> "Course":
    """The course; where exercises were handed out without a course.yaml, those that are found."""
    return _without_a_course(folders(None)) if without_a_course(said) else open_course(said)


def _without_a_course(found: tuple[Path, ...]) -> "Course":
    """Each exercise with its goal for a title, all in one unit."""
    from msgspec.structs import replace

    from grader.course.load import load_exercise
    from grader.course.model import Course, CourseFile, Listed, Unit
    from grader.errors import CourseError, Problem

    exercises, problems = list["Exercise"](), list[Problem]()
    for folder in found:
        try:
            exercises.append(replace(load_exercise(folder), unit=_UNIT))
        except CourseError as error:
            problems += error.problems
    if problems:
        raise CourseError(problems)
    listed = [Listed(folder=Path(one.folder).name, title=one.title, points=one.points) for one in exercises]
    file = CourseFile(schema=1, title="Exercises", units=[Unit(id=_UNIT, title="", exercises=listed)])
    return Course(file.title, str(found[0].parent / "course.yaml"), file, tuple(exercises))


def open_exercise(said: str | None, name: str) -> "Exercise":
    """The exercise called `name`; where no folder is called so, the course is asked, which knows what is near."""
    from grader.course.load import load_exercise, locate_exercise

    found = [folder for folder in folders(said) if name_fits(folder.name, name)]
    return load_exercise(found[0] if len(found) == 1 else locate_exercise(home(said), name))


def name_fits(folder: str, name: str) -> bool:
    """Whether `05_say_after` is meant by `say-after`, `say_after`, `05`, `5` or its own name."""
    number, _, rest = folder.partition("_")
    asked = name.lower().replace("-", "_")
    if asked.isdecimal():
        return number.isdecimal() and int(number) == int(asked)
    return asked in (folder, rest)


def stub_of(exercise: "Exercise") -> Path:
    return Path(exercise.folder, f"{exercise.module}.py")


def exercise_name(file: Path) -> str:
    """The exercise that `file` says by its own name, or its folder's; an exercise's wrong solutions have one of their own."""
    stem = re.sub(r"^\d+_", "", file.stem)
    folder = file.absolute().parent
    parent = (folder.parent if folder.name == "wrong" else folder).name
    return parent if re.match(r"^\d+_", parent) and re.sub(r"^\d+_", "", parent) != stem else stem
