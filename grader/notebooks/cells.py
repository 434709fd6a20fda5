"""The cells of an exercise's notebook as nbgrader wants them: the prompt, the stub as a solution cell, a test cell a check.

What is between nbgrader's markers is taken out when an assignment is generated, so nothing else may hold such a marker.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.course.model import Exercise
from grader.errors import CourseError, Problem
from grader.notebooks.examples import examples
from grader.notebooks.items import PROMPT, SOLUTION, Item, cell_id, items
from grader.notebooks.practice import CALLS

Cell = dict[str, Any]

_MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME", "AUTOTEST")
_SCHEMA = 3


def cells_of(exercise: Exercise, name: str | None = None) -> list[Cell]:
    """`name`: of the notebook, where that is not the slug. Raises CourseError where a text of the exercise's could be taken for
    one of nbgrader's markers.
    """
    called = name or exercise.slug
    tests = (_test(exercise, item) for item in items(exercise, called))
    return [_prompt(exercise, called), _solution(exercise, called), *tests]


def _prompt(exercise: Exercise, name: str) -> Cell:
    file = exercise.file
    links = "\n".join(f"- <{link}>" for link in file.docs)
    text = f"# {exercise.title}\n\n**Goal.** {file.goal}\n\n{file.prompt.strip()}\n\nRead:\n\n{links}"
    _refuse_markers(text, Path(exercise.folder, "exercise.yaml"))
    return _cell("markdown", text, cell_id(name, PROMPT), locked=True)


def _solution(exercise: Exercise, name: str) -> Cell:
    """The stub, and below it the reference, which takes its names over; the markers are there where nothing is between them,
    because nbgrader empties a solution cell that has none."""
    stub = _read(Path(exercise.folder, f"{exercise.module}.py"))
    reference = Path(exercise.solutions, "reference.py") if exercise.solutions else None
    solved = _read(reference) if reference is not None and reference.is_file() else ""
    lines = [stub, "### BEGIN SOLUTION", *([solved] if solved else []), "### END SOLUTION"]
    return _cell("code", "\n".join(lines), cell_id(name, SOLUTION), solution=True)


def _test(exercise: Exercise, item: Item) -> Cell:
    call = f"earned({exercise.slug!r}, {item.entry!r}, {item.check!r}"
    shown = [f"#   {line}" for line in examples(exercise, item.entry)]
    lines = [
        f"# {item.check}: {item.points:g} point{'' if item.points == 1 else 's'}. Run the cell of your solution first.",
        *(["# It is called like this:", *shown] if shown else []),
        CALLS,
        "",
        f"{call})",
        "### BEGIN HIDDEN TESTS",
        f"{call}, hidden=True)",
        "### END HIDDEN TESTS",
    ]
    return _cell("code", "\n".join(lines), item.grade_id, points=item.points, locked=True)


def _cell(kind: str, text: str, name: str, *, solution: bool = False, locked: bool = False, points: float = 0) -> Cell:
    about: dict[str, Any] = {
        "schema_version": _SCHEMA,
        "grade_id": name,
        "grade": bool(points),
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    if points:
        about["points"] = points
    code: Cell = {"execution_count": None, "outputs": []} if kind == "code" else {}
    unique = hashlib.sha256(name.encode()).hexdigest()[:16]
    return {"cell_type": kind, "id": unique, "metadata": {"nbgrader": about}, "source": _split(text), **code}


def _split(text: str) -> list[str]:
    """As Jupyter writes it: a line of the file for each line of the cell."""
    return text.splitlines(keepends=True)


def _read(path: Path) -> str:
    text = path.read_text(encoding="utf-8").rstrip("\n")
    _refuse_markers(text, path)
    return text


def _refuse_markers(text: str, path: Path) -> None:
    problems = list(_markers(text, str(path), numbered=path.suffix == ".py"))
    if problems:
        raise CourseError(problems)


def _markers(text: str, path: str, *, numbered: bool) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        for marker in _MARKERS:
            if marker in line:
                message = (
                    f"{line.strip()!r} holds {marker!r}, which nbgrader takes for its own; write it in another way"
                )
                yield Problem(path, number if numbered else 0, message)
