"""What a verdict was made with: format, grader, Python, and a digest of the exercise as it stood.

Two verdicts with the same stamp and seed are the same in everything else.
"""

import os
import sys
from functools import lru_cache
from hashlib import sha256

import msgspec

from grader import __version__
from grader.course.check_model import PythonCheck
from grader.course.contents import contents
from grader.course.model import Exercise
from grader.course.possible import FILE as POSSIBLE
from grader.course.same import Same
from grader.verdict import FORMAT, Versions


def versions(exercise: Exercise) -> Versions:
    return Versions(
        format=FORMAT,
        grader=__version__,
        python=".".join(map(str, sys.version_info[:3])),
        course=digest(exercise),
    )


def digest(exercise: Exercise) -> str:
    """Of all that bears on a verdict, as far as it is at hand: the exercise's own files, its title and its limits."""
    texts = tuple((os.path.basename(path), contents(path) or b"") for path in _files(Same(exercise)))
    # from course.yaml, as much of it as concerns this exercise
    return _digest(texts, msgspec.json.encode((exercise.title, exercise.limits)))


@lru_cache(maxsize=64)
def _digest(texts: tuple[tuple[str, bytes], ...], rest: bytes) -> str:
    total = sha256()
    for name, text in texts:
        data = text.replace(b"\r\n", b"\n")
        total.update(f"{name} {len(data)}\n".encode())
        total.update(data)
    total.update(rest)
    return total.hexdigest()[:12]


@lru_cache(maxsize=64)
def _files(one: Same[Exercise]) -> list[str]:
    """The definition, what it names, what is possible, and the hidden cases."""
    exercise = one.it
    entries = exercise.file.entries.values()
    checks = {one.python.partition(":")[0] for entry in entries for one in entry.checks if isinstance(one, PythonCheck)}
    world = exercise.file.world.python
    names = ["exercise.yaml", *([world] if world is not None else []), *sorted(checks), POSSIBLE]
    hidden = [os.path.join(exercise.solutions, "hidden.yaml")] if exercise.solutions is not None else []
    return [*(os.path.join(exercise.folder, name) for name in names), *hidden]
