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
from grader.notebooks.homes import Home, exercise_called, home, names
from grader.notebooks.items import called, exercise_of
from grader.notebooks.known import Known
from grader.notebooks.said import CONFIG, course_said_in, with_course

_ABOUT = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


There = Mapping[tuple[str, str], Known]  # by unit and notebook
NOWHERE: There = {}


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


def place_of(exercise: Exercise, there: There) -> Home:
    """Its unit and its slug; those of before where learners have handed in that unit: nbgrader adds no notebook to it then."""
    now, handed_in = Home(exercise.unit, exercise.slug), [Home(*one) for one, known in there.items() if known.handed_in]
    if now in there or all(one.unit != now.unit for one in handed_in):
        return now
    return home(exercise, handed_in) or now


def files_of(course: Course, exercises: Iterable[Exercise], out: Path, there: There = NOWHERE) -> Iterator[Wanted]:
    """Everything that belongs into `out`; nbgrader's gradebook knows what is `there`. Raises CourseError, and UsageError for a
    notebook that cannot be read.
    """
    of_course = str(Path(course.path).parent)
    yield Wanted(out / CONFIG, *_config(out / CONFIG, of_course, _course_id(course.title)))
    for exercise in exercises:
        place = place_of(exercise, there)
        folder = out / "source" / place.unit
        path = folder / f"{place.name}.ipynb"
        before = next((one for one in (path, *elsewhere(out, exercise, place)) if one.is_file()), path)
        yield Wanted(path, _written(cells_of(exercise, place.name), _there(before), before.stem))
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


def elsewhere(out: Path, exercise: Exercise, place: Home) -> Iterator[Path]:
    """Notebooks of this exercise in other units than its place is in, or with another name."""
    for path in (one for each in names(exercise) for one in sorted(out.glob(f"source/*/{each}.ipynb"))):
        if Home(path.parent.name, path.stem) != place and _is_ours(path):
            yield path


def of_nobody(out: Path, course: Course) -> Iterator[Path]:
    """Notebooks of exercises that are not in the course any more."""
    for path in sorted(out.glob("source/*/*.ipynb")):
        if exercise_called(course.exercises, path.stem) is None and _is_ours(path):
            yield path


def _is_ours(path: Path) -> bool:
    return any(exercise_of(name) == path.stem for name in map(_name, _there(path)["cells"]) if name)


def without(path: Path, exercise: Exercise) -> Iterator[Path]:
    """The files of an exercise whose notebook is at `path`, in a unit that it has left or with a name that it has no more."""
    yield path
    module = exercise.module if path.stem == exercise.slug else path.stem.replace("-", "_")
    inside = [Path(name).relative_to(f"exercises/{Path(exercise.folder).name}") for name, _ in definition(exercise)]
    for folder in path.parent.glob(f"exercises/*_{path.stem.replace('-', '_')}"):
        files = dict.fromkeys([*(folder / name for name in inside), folder / f"{module}.py"])
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


def _written(ours: Sequence[Cell], before: Mapping[str, Any], name: str) -> bytes:
    about = {**before.get("metadata", {}), **_ABOUT}
    made = {"cells": merged(ours, before["cells"], name), "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def merged(ours: Sequence[Cell], before: Sequence[Cell], former: str = "") -> list[Cell]:
    """Our cells in their order, and each that somebody added behind the one that it stood behind, or at the top. `former`: the
    name of the notebook before.
    """
    slug = str(_name(ours[0])).partition("--")[0]
    names = {_name(cell) for cell in ours}
    added: dict[str | None, list[Cell]] = {None: []}
    at: str | None = None
    for cell in before:
        name = _name(cell)
        if name is not None and former and name.startswith(f"{former}--"):
            name = called(name, slug)
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
