"""Files written whole or not at all: a reader never sees half a file, and a failure leaves the old one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        # mkstemp makes files for their owner alone; a report is read by others as any new file would be.
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
