"""Plays that were begun and never ended: a program that ends the grader each time it is met must not hold up a class for ever.

Without isolation a program may reach the process that grades, so each play is written down before it begins, and crossed out
when it has ended, however it ended, unless the grader was ended itself. What has done that `MOST` times is not played again.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

FOLDER = ".begun"
MOST = 2
REFUSED = "the grader was ended twice while it played this program; grade it at isolation A or B (docs/isolation.md)"


class EndsTheGrader(Exception):
    """It is not played again."""

    def __init__(self) -> None:
        super().__init__(REFUSED)


@contextlib.contextmanager
def written_down(folder: str, learner: str, exercise: str, work: str) -> Iterator[None]:
    """While what stands inside plays this work, named by its digest; nothing where `folder` is empty. Raises EndsTheGrader."""
    if not folder:
        yield
        return
    name = hashlib.sha256(b"\0".join((learner.encode(), exercise.encode(), work.encode()))).hexdigest()
    path = Path(folder, name)
    if _times(path) >= MOST:
        raise EndsTheGrader
    os.makedirs(folder, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"x")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _times(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def forget(folder: Path) -> None:
    """All of them may be played again."""
    shutil.rmtree(folder, ignore_errors=True)


def tidy(folder: Path) -> None:
    """At the end of a run: the folder goes if no play is left in it."""
    with contextlib.suppress(OSError):
        folder.rmdir()
