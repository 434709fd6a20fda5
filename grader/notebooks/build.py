"""An nbgrader course from a course: one folder a unit, one notebook an exercise. Building again updates what is there.

Cells that an instructor added to a notebook stay where they are, and cells of ours keep their names: what nbgrader's gradebook
knows of them stands.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.exports.pristine import definition
from grader.notebooks.cells import Cell, cells_of
from grader.notebooks.config import config_file
from grader.notebooks.said import CONFIG, course_said_in, with_course

_ABOUT = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Wanted(NamedTuple):
    """A file of the course, and what is to be in it; `keep` leaves one that is there as it is."""

    path: Path
    content: bytes
    keep: bool = False

    @property
    def state(self) -> Literal["new", "updated", "unchanged", "kept"]:
        if not self.path.is_file():
            return "new"
        same = self.path.read_bytes() == self.content
        return "unchanged" if same else "kept" if self.keep else "updated"


def why_not(exercise: Exercise) -> str:
    """Why there can be no notebook of it, beside which no earlier files of a learner's are; empty where there can."""
    if exercise.file.dependencies != "own":
        return ""
    files = ", ".join(f"{name}.py" for name in exercise.file.needs)
    return f"no notebook: it imports the learner's own {files}, which are not beside one; hand it in as a file"


def files_of(course: Course, exercises: Iterable[Exercise], out: Path) -> Iterator[Wanted]:
    """Everything that belongs into `out`. Raises CourseError, and UsageError for a notebook there that cannot be read."""
    home = str(Path(course.path).parent)
    yield Wanted(out / CONFIG, *_config(out / CONFIG, home, _course_id(course.title)))
    for exercise in exercises:
        folder = out / "source" / exercise.unit
        path = folder / f"{exercise.slug}.ipynb"
        before = next((one for one in (path, *elsewhere(out, exercise)) if one.is_file()), path)
        yield Wanted(path, _written(cells_of(exercise), _there(before)))
        # what a learner needs to try it: the definition, never a solution
        stub = Path(exercise.folder, f"{exercise.module}.py")
        within = f"exercises/{Path(exercise.folder).name}"
        for name, content in [*definition(exercise), (f"{within}/{stub.name}", stub.read_bytes())]:
            yield Wanted(folder / name, content)


def _config(path: Path, home: str, course_id: str) -> tuple[bytes, bool]:
    """What is to be in it, and whether one that is there stays as it is: but for the place of the course, if that has moved."""
    ours = config_file(home, course_id).encode()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ours, True
    there = course_said_in(path.parent)
    if there is None or Path(there).resolve() == Path(home).resolve():
        return ours, True
    moved = with_course(text, home)
    return (ours, True) if moved == text else (moved.encode(), False)


def elsewhere(out: Path, exercise: Exercise) -> Iterator[Path]:
    """Notebooks of this exercise in units that it is not in any more."""
    for path in sorted(out.glob(f"source/*/{exercise.slug}.ipynb")):
        if path.parent.name != exercise.unit and any(
            name.startswith(f"{exercise.slug}--") for name in map(_name, _there(path)["cells"]) if name
        ):
            yield path


def without(path: Path, exercise: Exercise) -> Iterator[Path]:
    """The files of an exercise whose notebook is at `path`, in a unit that it has left."""
    yield path
    folder = path.parent / "exercises" / Path(exercise.folder).name
    stub = folder / f"{exercise.module}.py"
    files = dict.fromkeys([*(path.parent / name for name, _ in definition(exercise)), stub])
    yield from (one for one in files if one.is_file())


def _course_id(title: str) -> str:
    """nbgrader's name of the course, which is a folder of the exchange."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in title.lower())
    return "-".join(kept.split()) or "course"


def _there(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {"cells": []}
    try:
        found = json.loads(path.read_bytes())
        assert isinstance(found["cells"], list)
    except (ValueError, TypeError, KeyError, AssertionError):
        raise UsageError(f"{path}: this is no notebook that can be updated; move it away") from None
    return dict(found)


def _written(ours: Sequence[Cell], before: Mapping[str, Any]) -> bytes:
    about = {**before.get("metadata", {}), **_ABOUT}
    made = {"cells": merged(ours, before["cells"]), "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def merged(ours: Sequence[Cell], before: Sequence[Cell]) -> list[Cell]:
    """Our cells in their order, and each that somebody added behind the one that it stood behind, or at the top."""
    slug = str(_name(ours[0])).partition("--")[0]
    names = {_name(cell) for cell in ours}
    added: dict[str | None, list[Cell]] = {None: []}
    at: str | None = None
    for cell in before:
        name = _name(cell)
        if name in names:
            at = name
        elif name is None or not name.startswith(f"{slug}--"):
            added.setdefault(at, []).append(cell)
    return [*added[None], *(one for cell in ours for one in (cell, *added.get(_name(cell), ())))]


def _name(cell: Cell) -> str | None:
    name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else None


def names_in(content: bytes) -> frozenset[str]:
    """The cells of a notebook that nbgrader keeps in its gradebook, by their names."""
    return frozenset(name for cell in json.loads(content)["cells"] if (name := _name(cell)) and _is_kept(cell))


def _is_kept(cell: Cell) -> bool:
    about = cell["metadata"]["nbgrader"]
    return any(about.get(what) for what in ("grade", "solution", "locked", "task"))


def lost_names(wanted: Wanted) -> tuple[str, ...]:
    """Cells with a name that are in the notebook now and will not be any more."""
    if wanted.path.suffix != ".ipynb" or not wanted.path.is_file():
        return ()
    return tuple(sorted(names_in(wanted.path.read_bytes()) - names_in(wanted.content)))


def configures(path: Path) -> bool:
    """Whether an nbgrader_config.py that was there before asks for what notebooks of ours need."""
    return "grader.notebooks" in path.read_text(encoding="utf-8", errors="replace")
