"""What a platform hands over: whose work it is, and which of the files is which exercise's; nothing in it is trusted."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.model import Exercise

_MOST_FILES = 10_000


@dataclass(frozen=True, slots=True)
class Submitted:
    """`learner` is None where the platform does not say; `attempt` counts from 1."""

    learner: str | None
    attempt: int


def read_metadata(path: Path) -> Submitted:
    """Gradescope's `submission_metadata.json`. What is not there, or not as documented, is taken as not said."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        data = None
    found: dict[str, Any] = data if isinstance(data, dict) else {}
    users, previous = found.get("users"), found.get("previous_submissions")
    names = sorted(filter(None, map(_name, users if isinstance(users, list) else [])))
    return Submitted(" + ".join(names) or None, 1 + (len(previous) if isinstance(previous, list) else 0))


def _name(user: object) -> str:
    """The email, which rosters have too, else the id, else the name."""
    if not isinstance(user, dict):
        return ""
    said = (user.get(key) for key in ("email", "id", "name"))
    return next(
        (str(one) for one in said if isinstance(one, str | int) and not isinstance(one, bool) and one != ""), ""
    )


def find_file(folder: Path, exercise: Exercise, alone: bool) -> Path | None:
    """The learner's file for `exercise`: named after it, the one nearest the top. Links are never followed.

    If the exercise is `alone`, the only Python file will do, whatever its name.
    """
    files = list(_python_files(folder))
    named = [path for path in files if plain(path.stem) == exercise.module]
    if not named and alone and len(files) == 1:
        named = files
    return min(named, key=lambda path: (len(path.parts), str(path)), default=None)


def plain(name: str) -> str:
    """`05_say_after`, `say-after` and `Say_After` are all `say_after`."""
    return re.sub(r"^\d+_", "", name.lower().replace("-", "_"))


def _python_files(folder: Path) -> Iterator[Path]:
    seen = 0
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_theirs(name))
        for name in sorted(names):
            seen += 1
            if seen > _MOST_FILES:
                return
            path = Path(top, name)
            if path.suffix == ".py" and _is_theirs(name) and path.is_file() and not path.is_symlink():
                yield path


def _is_theirs(name: str) -> bool:
    """Neither hidden nor left behind by a program (`__pycache__`, and what macOS puts into archives)."""
    return not name.startswith((".", "__"))
