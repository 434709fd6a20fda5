"""The programs that prove an exercise: the stub, the reference, other right solutions, and one wrong one a misconception."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.course.model import Exercise, Misconception
from grader.course.nearest import did_you_mean
from grader.course.yaml_marks import shown
from grader.errors import Problem
from grader.run.program import read_program
from grader.run.submitted import Submitted, as_if_at

Role = Literal["stub", "right", "wrong"]
MOST_OF_THE_POINTS = 0.6


@dataclass(frozen=True, slots=True)
class Program:
    """`path` to its file; `misconception` is what a wrong one shows."""

    path: Path
    role: Role
    misconception: Misconception | None = None


def programs_of(exercise: Exercise) -> tuple[Program, ...]:
    """All of them; wrong ones only where a misconception names them."""
    found = [Program(Path(exercise.folder, f"{exercise.module}.py"), "stub")]
    if exercise.solutions is not None:
        solutions = Path(exercise.solutions)
        right = [solutions / "reference.py", *sorted(solutions.glob("accepted_*.py"))]
        found += [Program(path, "right") for path in right]
        found += [Program(solutions / "wrong" / one.example, "wrong", one) for one in exercise.file.misconceptions]
    return tuple(program for program in found if os.path.isfile(program.path))


def reference_of(exercise: Exercise) -> Path | None:
    path = Path(exercise.solutions or "", "reference.py")
    return path if exercise.solutions is not None and path.is_file() else None


def submitted(exercise: Exercise, path: Path) -> Submitted:
    """The program at `path`, with those of an own chain, and what else it imports of what lies beside the reference. Raises
    what a path's reader raises."""
    source, reference = read_program(path), reference_of(exercise)
    return Submitted(source) if reference is None else as_if_at(reference, source, exercise)


# ---------------------------------------------------------------- where they are


def solutions_beside(exercise: Exercise) -> Path:
    """Where the solutions of all exercises are; the folder need not be there, as where exercises were handed out alone."""
    return Path(exercise.folder).parent.parent / "solutions"


def unproved(exercises: Sequence[Exercise]) -> list[Problem]:
    """Exercises that have no solutions though others have; nothing can be proved of them."""
    return [
        Problem(
            shown(solutions_beside(one) / Path(one.folder).name),
            0,
            f"there is no such folder, so {one.slug!r} cannot be proved; put its solutions there",
        )
        for one in exercises
        if one.solutions is None and solutions_beside(one).is_dir()
    ]


def stray_solutions(exercises: Sequence[Exercise]) -> list[Problem]:
    """Folders of solutions that belong to none of `exercises`, which are all that the course has."""
    named = {Path(one.folder).name for one in exercises}
    lonely = {Path(one.folder).name for one in exercises if one.solutions is None}
    homes = {solutions_beside(one) for one in exercises}
    found = (folder for home in sorted(homes) if home.is_dir() for folder in sorted(home.iterdir()) if folder.is_dir())
    return [
        Problem(
            shown(folder),
            0,
            f"no exercise has the folder {folder.name!r}"
            + (did_you_mean(folder.name, lonely) or "; rename it, or remove it"),
        )
        for folder in found
        if folder.name not in named and not folder.name.startswith((".", "__"))
    ]
