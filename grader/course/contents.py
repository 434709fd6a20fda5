"""What stands in the course's own files, read again only where they may have changed.

Every verdict hangs on them, so for each they are looked at; and a class of thousands has one course.
"""

import os
import stat
import time
from functools import lru_cache

SETTLED = 2_000_000_000  # nanoseconds of rest after which a file's times tell the next change from the last


def contents(path: str) -> bytes | None:
    """The bytes of a file as it is now; None where there is none, or something else of that name. Raises OSError."""
    try:
        now = os.stat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(now.st_mode):
        return None
    if time.time_ns() - max(now.st_mtime_ns, now.st_ctime_ns) < SETTLED:
        return _read(path)
    return _kept(path, now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)


@lru_cache(maxsize=256)
def _kept(path: str, *state: int) -> bytes:
    """Whatever changes a file changes its state, and so asks for another one."""
    return _read(path)


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()
