"""The programs that prove an exercise: the stub, the reference, other right solutions, and one wrong one a misconception."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.course.model import Exercise, Misconception

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
