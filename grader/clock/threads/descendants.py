"""Whether a process that came from this one has the other end of a pipe or a pair of sockets: then who writes is outside.

Read from `/proc` on Linux: a pipe has one inode in all processes that have it. The ends of a pair of sockets have one each,
and no process tells which is whose; so who has any socket may have the other end. What cannot be read may have it, too.
"""

import os
import stat
from collections.abc import Collection
from typing import NamedTuple

_PROC = "/proc"


class _Process(NamedTuple):
    pid: int
    parent: int
    session: int
    is_over: bool


def may_write(descriptors: Collection[int]) -> bool:
    """Whether a child of this process, or whatever came from it, may write to one of these; False if there is none."""
    if not _has_children():
        return False
    try:
        found = _came_from_here()
        return not found or any(_has(process, descriptors) for process in found if not process.is_over)
    except OSError:
        return True


def _has_children() -> bool:
    if not hasattr(os, "waitid"):
        return True
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _came_from_here() -> list[_Process]:
    """Descendants, and the orphans in our session, since one whose parent is over is told to be the child of another."""
    here, all_of_them = os.getpid(), _processes()
    ours = {here}
    for _ in all_of_them:
        more = {each.pid for each in all_of_them if each.parent in ours} | ours
        if more == ours:
            break
        ours = more
    if len(ours) == 1:
        return []  # there are children: this is not the place to find them
    session = os.getsid(0)
    orphans = {each.pid for each in all_of_them if each.session == session and each.parent == 1}
    return [each for each in all_of_them if each.pid in (ours | orphans) - {here}]


def _processes() -> list[_Process]:
    found = []
    for name in filter(str.isdigit, os.listdir(_PROC)):
        try:
            with open(f"{_PROC}/{name}/stat", "rb") as file:
                state, parent, _, session = file.read().rpartition(b")")[2].split()[:4]
        except (OSError, ValueError):
            continue  # it is over by now
        found.append(_Process(int(name), int(parent), int(session), state in b"ZX"))
    return found


def _has(process: _Process, descriptors: Collection[int]) -> bool:
    ours = [os.fstat(each) for each in descriptors]
    sockets = any(stat.S_ISSOCK(each.st_mode) for each in ours)
    inodes = {(each.st_dev, each.st_ino) for each in ours}
    place = f"{_PROC}/{process.pid}/fd"
    try:
        names = os.listdir(place)
    except FileNotFoundError:
        return False  # it is over by now
    for name in names:
        try:
            theirs = os.stat(f"{place}/{name}")
        except FileNotFoundError:
            continue  # closed by now
        if (theirs.st_dev, theirs.st_ino) in inodes or (sockets and stat.S_ISSOCK(theirs.st_mode)):
            return True
    return False
