"""Folders of the grader's below the system's temporary one: each says whose it is, and goes when its owner lets it go.

A grader that was killed lets nothing go. So the next one sweeps: only folders of the same user whose owner, told by the number
and the start of its process, has ended. What does not say whose it is stays, and so does what another boot, another namespace
of processes or another machine that shares the disk may have made.
"""

import contextlib
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

PREFIX = "grader-"
_OWNER, _INNER = "owner", "here"
_LONGEST = 200
_START = 19  # of the fields of /proc/PID/stat behind the name


def made(prefix: str = "") -> str:
    """A new, empty folder, for its owner alone. The first of a process sweeps before."""
    sweep(tempfile.gettempdir())
    outer = tempfile.mkdtemp(prefix=f"{PREFIX}{prefix}")
    inner = os.path.join(outer, _INNER)
    os.mkdir(inner, 0o700)
    os.chmod(outer, 0o755)  # whoever stands in it has to come there
    with contextlib.suppress(OSError):  # where there is no /proc it is nobody's, and stays if nobody lets it go
        Path(outer, _OWNER).write_text(owner_of(os.getpid()), encoding="ascii")
    return inner


def gone(folder: str) -> None:
    """Let go of one that was `made`, with all that is in it."""
    shutil.rmtree(os.path.dirname(folder), ignore_errors=True)


@cache
def sweep(place: str) -> None:
    """Once in a process: take away what dead owners left in `place`."""
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _is_left(entry.path):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_left(path: str) -> bool:
    """Whether it is ours, and whoever made it has ended."""
    try:
        found = os.lstat(path)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return False
        said = _read(os.path.join(path, _OWNER))
        process, _, where = said.partition(" ")
        _, _, here = owner_of(os.getpid()).partition(" ")
        if where.split()[1:] != here.split()[1:]:
            return False  # it was made elsewhere, where we see no processes
        return not lives(int(process), said)
    except (OSError, ValueError):
        return False


def _read(path: str) -> str:
    """What our own user wrote there. Raises OSError."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(opened)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError(path)
        return os.read(opened, _LONGEST).decode("ascii", "replace")
    finally:
        os.close(opened)


def lives(process: int, said: str) -> bool:
    """Whether `process` is the one that was told so; where it was seen in another boot or namespace, nobody knows."""
    try:
        return owner_of(process) == said
    except OSError:
        return False


def owner_of(process: int) -> str:
    """In four words: the process, when it started, in which boot and which namespace.

    Raises OSError where there is no /proc, or no such process.
    """
    start = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[_START]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{process} {start} {boot} {os.stat('/proc/self/ns/pid').st_ino}"
