"""The members of a .tar, compressed or not: read once from front to end, and never further than its cap."""

import bz2
import gzip
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from grader.intake.members import ArchiveError, Member

_LONGEST_HEADER = 8 << 10
_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


@contextmanager
def members(archive: Path, most: int, largest: int) -> Iterator[Iterator[Member]]:
    """All but folders, in the archive's order. Raises ArchiveError, also later, past `most` or `largest` bytes of .tar."""
    with _opened(archive) as file, tarfile.open(fileobj=_Capped(file, largest), mode="r|", tarinfo=_sober(most)) as tar:
        yield _members(tar, most)


def _members(tar: tarfile.TarFile, most: int) -> Iterator[Member]:
    for at, info in enumerate(iter(tar.next, None)):
        if at >= most:
            raise ArchiveError(f"more than {most} members")
        tar.members = []  # type: ignore[attr-defined]  # it would keep them all
        if not info.isdir():
            yield Member(info.name, info.size, _refused(info), partial(_content, tar, info))


def _content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    found = tar.extractfile(info)
    if found is None:
        raise ArchiveError("damaged")
    return found


def _refused(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "a link"
    return "" if info.isreg() else "neither a file nor a folder"


def _opened(archive: Path) -> gzip.GzipFile | IO[bytes]:
    name = archive.name.lower()
    if name.endswith((".gz", ".tgz")):
        return gzip.open(archive)
    return bz2.open(archive) if name.endswith((".bz2", ".tbz2")) else archive.open("rb")


class _Capped(io.RawIOBase):
    """What is read from `file`, up to `largest` bytes; past them ArchiveError."""

    def __init__(self, file: gzip.GzipFile | IO[bytes], largest: int) -> None:
        self._file, self._left, self._largest = file, largest, largest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size if size >= 0 else 1 << 16, 1 << 16))
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveError(f"more than {self._largest >> 20} MiB unpacked")
        return data


def _sober(most: int) -> type[tarfile.TarInfo]:
    """Long headers are searched by tarfile in quadratic time before Python 3.11.10 and 3.12.6 (CVE-2024-6232)."""
    left = most * 512

    class Sober(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, *args: Any, **named: Any) -> tarfile.TarInfo:  # type: ignore[override]
            nonlocal left
            info = super().frombuf(*args, **named)
            if info.type in _HEADERS:
                left -= info.size
            if info.size < 0 or left < 0 or (info.type in _HEADERS and info.size > _LONGEST_HEADER):
                raise ArchiveError("headers longer than any file needs")
            return info

    return Sober
