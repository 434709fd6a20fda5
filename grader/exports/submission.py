"""What a platform says of what it hands over: whose work it is, and which attempt; nothing in it is trusted."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
