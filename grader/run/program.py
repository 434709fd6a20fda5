"""A learner's file as bytes: a regular file of bounded size, read at once; anything else is refused and never waited for."""

import os
import stat

from grader.door.text import LARGEST as LARGEST
from grader.errors import UsageError

_KINDS = {
    stat.S_ISDIR: "is a folder",
    stat.S_ISFIFO: "is a pipe",
    stat.S_ISSOCK: "is a socket",
    stat.S_ISCHR: "is a device",
    stat.S_ISBLK: "is a device",
}


def read_program(path: str | os.PathLike[str], largest: int = LARGEST) -> bytes:
    """Raises UsageError for all that is no file, or larger than `largest`."""
    try:
        _insist(path, os.stat(path), largest)
        # What is there may change meanwhile; opening a pipe would wait for its writer.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            _insist(path, os.fstat(file.fileno()), largest)
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise UsageError(f"{path}: the file cannot be read ({reason})") from error
    if len(data) > largest:
        raise _too_large(path, largest)
    return data


def _insist(path: str | os.PathLike[str], found: os.stat_result, largest: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((said for is_one, said in _KINDS.items() if is_one(found.st_mode)), "is no file")
        raise UsageError(f"{path}: {kind}; name a Python file")
    if found.st_size > largest:
        raise _too_large(path, largest)


def _too_large(path: str | os.PathLike[str], largest: int) -> UsageError:
    return UsageError(f"{path}: is larger than {largest >> 20} MiB; name a Python file")
