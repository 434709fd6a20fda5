"""What a verdict was made with: format, grader, Python, and a digest of the exercise as it stood.

Two verdicts with the same stamp and seed are the same in everything else.
"""

import sys
from hashlib import sha256
from pathlib import Path

from grader import __version__
from grader.course.model import Exercise
from grader.verdict import FORMAT, Versions


def versions(exercise: Exercise) -> Versions:
    return Versions(
        format=FORMAT,
        grader=__version__,
        python=".".join(map(str, sys.version_info[:3])),
        course=digest(exercise),
    )


def digest(exercise: Exercise) -> str:
    """Of the exercise's definition, its world and its hidden cases, as far as they are at hand."""
    files = [Path(exercise.folder, "exercise.yaml")]
    if exercise.file.world.python is not None:
        files.append(Path(exercise.folder, exercise.file.world.python))
    if exercise.solutions is not None:
        files.append(Path(exercise.solutions, "hidden.yaml"))
    total = sha256()
    for file in files:
        data = file.read_bytes().replace(b"\r\n", b"\n") if file.is_file() else b""
        total.update(f"{file.name} {len(data)}\n".encode())
        total.update(data)
    return total.hexdigest()[:12]
