"""Where the learner's earlier files lie if they keep each in the folder of its exercise, as these are handed out.

`exercises/09_how_often/3-how_often.py` then imports what lies in `exercises/06_readings/`. Only the folder that the course
itself has for that file counts, so what another folder has under the same name is not taken for it.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from glob import escape
from os.path import dirname, join
from pathlib import Path
from typing import Any

from grader.course.model import Exercise
from grader.course.yaml_marks import read_yaml
from grader.errors import CourseError

_DEFINITION = "exercise.yaml"


def as_handed_out(place: Path, exercise: Exercise) -> bool:
    """Whether the file at `place` lies where the exercise is handed out: in a folder of its name, under its own."""
    return place.name == f"{exercise.module}.py" and place.absolute().parent.name == Path(exercise.folder).name


def elsewhere(place: Path, exercise: Exercise) -> Callable[[str], Path | None]:
    """Finds an earlier file by its module's name, beside the folder in which `place` is; None for what is not there."""

    def found(name: str) -> Path | None:
        for file in sorted(place.absolute().parent.parent.glob(f"*/{escape(name)}.py")):
            folder = file.parent
            if not folder.is_symlink() and _is_of(join(dirname(exercise.folder), folder.name), name, exercise):
                return file
        return None

    return found


def _is_of(folder: str, module: str, exercise: Exercise) -> bool:
    """Whether this folder of the course has the exercise of that file, within the same folder of what is handed in."""
    definition = join(folder, _DEFINITION)
    try:
        changed = os.stat(definition).st_mtime_ns
    except OSError:
        return False
    return _told(definition, changed) == (module, exercise.file.within)


@lru_cache(maxsize=256)
def _told(definition: str, changed: int) -> tuple[Any, Any]:
    """`module` and `within`, as they are since it was `changed`; what is not right there is told where it is loaded."""
    try:
        data = read_yaml(definition).data
    except CourseError:
        return None, None
    return (data.get("module"), data.get("within")) if isinstance(data, dict) else (None, None)
