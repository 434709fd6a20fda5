"""The members of a .zip: only what is stored or deflated is read, and never more than the archive can honestly hold."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from grader.intake.members import ArchiveError, Member

_ENTRY = b"PK\x01\x02"
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others take memory as the archive pleases
_ENCRYPTED, _UTF8 = 0x1, 0x800
_KIND, _LINK, _PLAIN = 0o170000, 0o120000, (0, 0o100000)
UNIX = 3


@contextmanager
def members(archive: Path, most: int) -> Iterator[Iterator[Member]]:
    """All but folders, in the archive's order. Raises ArchiveError for one that holds more than `most`."""
    _counted(archive, most)
    with zipfile.ZipFile(archive) as opened:
        if len(opened.filelist) > most:
            raise ArchiveError(f"more than {most} members")
        yield (_member(opened, info) for info in opened.filelist if not info.filename.endswith("/"))


def _counted(archive: Path, most: int) -> None:
    """zipfile makes an object for each entry before anybody can count them; their marks are counted first."""
    seen, kept = 0, b""
    with archive.open("rb") as file:
        while seen <= 2 * most and (read := file.read(1 << 20)):
            block = kept + read
            seen += block.count(_ENTRY)
            kept = block[-len(_ENTRY) + 1 :]
    # Archives inside, when they are stored as they are, show their own marks too: hence twice.
    if seen > 2 * most:
        raise ArchiveError(f"more than {most} members")


def _member(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    return Member(_name(info), info.file_size, _refused(info), partial(opened.open, info))


def _name(info: zipfile.ZipInfo) -> str:
    """Without the flag for UTF-8 the format's own code page stands for bytes that most programs meant as UTF-8."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8").partition("\0")[0]
    except UnicodeError:
        return info.filename


def _refused(info: zipfile.ZipInfo) -> str:
    kind = (info.external_attr >> 16) & _KIND if info.create_system == UNIX else 0
    if kind == _LINK:
        return "a link"
    if kind not in _PLAIN:
        return "neither a file nor a folder"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    return "" if info.compress_type in _READ else "compressed in a way that is not read here"
