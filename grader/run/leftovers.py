"""What a program leaves running, found and killed: its group, whatever carries its mark, and orphans that fell to us.

The mark is in the environment that a child was started with, so it survives a fork. What is executed anew with another
environment has lost it: such an orphan is found only where this process adopts orphans, which it should do only if all its
children are its own (a worker's are; those of somebody's notebook are not).
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

MARK = "GRADER_RUN"
_PR_SET_CHILD_SUBREAPER = 36
_ROUNDS = 100  # to kill what starts more of itself
_adopts: list[bool] = []
_kept: set[int] = set()


def adopt_orphans() -> bool:
    """From now on orphans of this process's children become its own, and `clear` kills those; False where that cannot be."""
    if not sys.platform.startswith("linux"):
        return False
    with contextlib.suppress(OSError, AttributeError):
        if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0:
            _adopts[:] = [True]
    return bool(_adopts)


def keep(process: int) -> None:
    """This child of ours is none of them, although its session is its own."""
    _kept.add(process)


def forget(process: int) -> None:
    """It has ended."""
    _kept.discard(process)


def clear(token: str, group: int) -> None:
    """Kill the process group, what carries `token`, and, where orphans are adopted, those of other sessions."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    for _ in range(_ROUNDS):
        found = [*_marked(token), *_orphans()]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _marked(token: str) -> list[int]:
    """Living processes that were started with `token` in their environment; none where there is no /proc."""
    mark, found = f"{MARK}={token}".encode(), []
    for entry in _processes():
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes() and _stat(entry)[0] not in ("Z", "X"):
                found.append(int(entry.name))
    return found


def _orphans() -> list[int]:
    """Our children that were started by nobody here: they are in sessions of their own, as all that is graded is."""
    if not _adopts:
        return []
    found = []
    for entry in _processes():
        with contextlib.suppress(OSError, IndexError):
            _, parent, _, session = _stat(entry)[:4]
            ours = int(parent) == os.getpid() and int(entry.name) not in _kept
            if ours and int(session) != os.getsid(0):
                found.append(int(entry.name))
    return found


def _processes() -> list[Path]:
    return list(Path("/proc").glob("[0-9]*"))


def _stat(entry: Path) -> list[str]:
    """State, parent, group and session first."""
    return (entry / "stat").read_text().rpartition(")")[2].split()
