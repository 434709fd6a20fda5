"""Who a program is at level `none`: where root grades, an ordinary user, if that user can read all that a program needs."""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from grader.isolation.users import NOBODY, is_root

_HOME = str(Path(__file__).parent.parent.parent)
_PROBE = """
import os, sys
sys.path.append({home!r})
import grader.isolation.unisolated
for path in sys.argv[1:]:
    os.listdir(path) if os.path.isdir(path) else open(path).close()
"""
_SECONDS = 60


def user_of_programs(packages: Mapping[str, str]) -> int | None:
    """The number of the user that root becomes for a program; None where it stays who grades."""
    if not is_root():
        return None
    user = _nobody()
    return user if _can_play(user, tuple(packages.values())) else None


def why_root(packages: Mapping[str, str]) -> str:
    """Why programs would be root at level `none`; empty where they are not."""
    if not is_root() or user_of_programs(packages) is not None:
        return ""
    closed = next((folder for path in _needed(packages) for folder in _closed(path)), None)
    where = f"{closed} is closed to other users" if closed else "no other user could run it"
    return f"programs run as root, because Python or the grader lies where {where}; grade as an ordinary user"


def _nobody() -> int:
    import pwd  # which not every system has

    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return NOBODY  # where no user is called so


@cache
def _can_play(user: int, paths: tuple[str, ...]) -> bool:
    """Tried, not guessed: links, lists of access and what a container forbids count too."""
    command = [sys.executable, "-S", "-s", "-P", "-c", _PROBE.format(home=_HOME), *paths]
    try:
        done = subprocess.run(
            command,
            user=user,
            group=user,
            extra_groups=[],
            cwd="/",
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _needed(packages: Mapping[str, str]) -> list[str]:
    return [sys.executable, os.path.realpath(sys.executable), os.__file__, _HOME, *packages.values()]


def _closed(path: str) -> list[Path]:
    """Folders on the way to `path` that others may not pass, the outermost first."""
    return [folder for folder in reversed(Path(path).parents) if not folder.stat().st_mode & 0o001]
