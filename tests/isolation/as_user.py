"""Run a command as an ordinary user: `python -m tests.isolation.as_user UID COMMAND...`, for tests that root starts.

Python may lie in a folder that is root's alone, which no ordinary user would have: then a view of the disk is made for the
command in which that folder can be passed through.
"""

import os
import sys
from pathlib import Path

from grader.isolation import system


def _closed(path: str) -> list[Path]:
    """Folders above `path` that others may not pass."""
    return [folder for folder in reversed(Path(path).parents) if not folder.stat().st_mode & 0o001]


def _open(path: str) -> None:
    """Others see `path`, and nothing beside it, in the first folder on the way there that is closed to them."""
    closed = _closed(path)
    if not closed:
        return
    there = os.open(path, os.O_PATH | os.O_DIRECTORY)
    system.mount("none", str(closed[0]), "tmpfs", 0, "mode=755")
    os.makedirs(path)
    system.mount(f"/proc/self/fd/{there}", path, None, system.MS_BIND | system.MS_REC)
    os.close(there)


def main() -> None:
    user, *command = sys.argv[1:]
    system.unshare(system.CLONE_NEWNS)
    system.mount(None, "/", None, system.MS_REC | system.MS_PRIVATE)
    _open(sys.base_prefix)
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
