"""Semaphores of pools of processes: each is a file whose name says whose it is, and goes when a killed grader left it.

`multiprocessing` takes them away itself, by a process that is killed with the grader where all of its group is.
"""

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from grader.run.folders import lives, owner_of

PLACE = "/dev/shm"  # where glibc has them
_OURS, _BETWEEN = "grader", "+"
_BEFORE = f"sem.{_OURS}{_BETWEEN}"


@contextlib.contextmanager
def named() -> Iterator[None]:
    """Semaphores that `multiprocessing` makes meanwhile have such names, on Linux; the first of a process sweeps before."""
    config = getattr(multiprocessing.current_process(), "_config", None)
    if not sys.platform.startswith("linux") or not isinstance(config, dict) or "semprefix" not in config:
        yield
        return
    sweep(PLACE)
    before = config["semprefix"]
    with contextlib.suppress(OSError):  # where there is no /proc they are nobody's
        config["semprefix"] = "/" + _BETWEEN.join([_OURS, *owner_of(os.getpid()).split(), ""])
    try:
        yield
    finally:
        config["semprefix"] = before


@cache
def sweep(place: str) -> None:
    """Once in a process: take away what dead owners left in `place`."""
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        here = owner_of(os.getpid()).split()[2:]
        for entry in entries:
            if entry.name.startswith(_BEFORE) and _is_left(entry, here):
                with contextlib.suppress(OSError):  # another one sweeps as well
                    Path(entry.path).unlink()


def _is_left(entry: "os.DirEntry[str]", here: list[str]) -> bool:
    """Whether it is our user's, was made in this boot and namespace, and by a process that has ended."""
    words = entry.name.removeprefix(_BEFORE).split(_BETWEEN)[:-1]
    ours = entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
    return ours and words[2:] == here and words[0].isdecimal() and not lives(int(words[0]), " ".join(words))
