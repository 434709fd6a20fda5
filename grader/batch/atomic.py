"""Files written whole or not at all: a reader never sees half a file, and a failure leaves the old one."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Replace `path` by `content` in one step; the folder must be there.

    With `lasting` it is on the disk when this returns; without, only a power cut can undo it.
    """
    with replacing(path, lasting=lasting) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, lasting: bool = True) -> Iterator[BinaryIO]:
    """What is written takes the place of `path` when all of it is there; after an exception nothing has changed."""
    name = f"{path.parent}/.{path.name}.{secrets.token_hex(8)}"  # a report is read by others, as any new file is
    try:
        with open(name, "xb") as file:
            yield file
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):  # where it could not even be begun
            os.unlink(name)
        raise
