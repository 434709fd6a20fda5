"""Archives, unpacked as if a stranger had made them: nothing lands outside, and none grows past its caps.

Only plain files are written, into folders that are made here; so there is no link that a later member could go through.
"""

import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.intake import tars, zips
from grader.intake.kinds import largest
from grader.intake.members import ArchiveError, Member, Parts, hidden_part, one_on_any_disk, parts_of
from grader.intake.model import Stray
from grader.intake.tree import HIDDEN
from grader.names import printable
from grader.run import folders

RATIO, RATIO_FROM = 100, 4 << 20  # programs shrink to a tenth; what is small may be as dense as it likes
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Caps:
    """How many members an archive may have, and how many bytes they may be together."""

    members: int
    total: int


DOWNLOAD = Caps(1_000_000, 8 << 30)
SUBMISSION = Caps(2_000, 64 << 20)


class _LeftOutError(Exception):
    """A member that is not kept; the text is the reason."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for what is unpacked and made, removed at the end whatever happens."""
    folder = folders.made()
    try:
        yield Path(folder).resolve()
    finally:
        folders.gone(folder)


@dataclass(slots=True)
class _Unpacking:
    """One archive on its way into `into`; it is called `called` in the records."""

    into: Path
    called: str
    caps: Caps
    packed: int
    written: int = 0
    names: dict[str, str] = field(default_factory=dict)
    strays: dict[str, str] = field(default_factory=dict)

    def count(self, size: int) -> None:
        self.written += size
        if self.written > self.caps.total:
            raise ArchiveError(f"more than {self.caps.total >> 20} MiB unpacked")
        if self.written > RATIO_FROM and self.written > RATIO * self.packed:
            raise ArchiveError(f"it would grow to more than {RATIO} times its size")

    def leave(self, name: str, reason: str) -> None:
        self.strays.setdefault(f"{self.called}/{printable(name)}", reason)


def unpack(archive: Path, called: str, into: Path, caps: Caps = SUBMISSION) -> tuple[Stray, ...]:
    """Fills the new folder `into`; gives the members that were left out.

    Raises ArchiveError, and leaves no folder, for an archive that is broken or breaks its caps.
    """
    into.mkdir()
    try:
        going = _Unpacking(into, called, caps, archive.stat().st_size)
        with _members(archive, caps) as members:
            for member in members:
                _unpack(member, going)
    except (*_DAMAGED, OSError, ArchiveError) as error:
        shutil.rmtree(into)
        raise ArchiveError(_reason(error)) from None
    return tuple(Stray(path, reason) for path, reason in going.strays.items())


def _members(archive: Path, caps: Caps) -> AbstractContextManager[Iterator[Member]]:
    if archive.name.lower().endswith(".zip"):
        return zips.members(archive, caps.members)
    return tars.members(archive, caps.members, caps.total)


def _reason(error: Exception) -> str:
    if isinstance(error, ArchiveError):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be unpacked ({error.strerror})"
    return "damaged, or not what its name says"


def _unpack(member: Member, going: _Unpacking) -> None:
    parts = parts_of(member.name)
    if isinstance(parts, str):
        going.leave(member.name, parts)
    elif above := hidden_part(parts):
        going.leave("/".join(above), HIDDEN)
    elif reason := member.refused or _twice(parts, going) or _too_large(parts, member.size):
        going.leave("/".join(parts), reason)
    else:
        _write(member, parts, going)


def _twice(parts: Parts, going: _Unpacking) -> str:
    name = "/".join(parts)
    before = going.names.setdefault(one_on_any_disk(parts), name)
    if before is name:
        return ""
    return (
        "its name comes twice; the first was taken" if before == name else f"its name differs from {before} too little"
    )


def _too_large(parts: Parts, size: int) -> str:
    most = largest(parts[-1])
    return f"larger than {most >> 20} MiB" if size > most else ""


def _write(member: Member, parts: Parts, going: _Unpacking) -> None:
    """A member that is broken, or cannot be a file here, costs itself only; the caps cost the archive."""
    path = going.into.joinpath(*parts)
    try:
        content = _content(member, parts, going)
        if len(parts) > 1:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except _LeftOutError as error:
        going.leave("/".join(parts), str(error))
    except tarfile.TarError:
        raise  # there is no way to the next one
    except OSError as error:
        going.leave("/".join(parts), f"cannot be unpacked ({error.strerror})")
    except _DAMAGED:
        going.leave("/".join(parts), "damaged")


def _content(member: Member, parts: Parts, going: _Unpacking) -> bytes:
    """Never more than may be kept, whatever size the archive claims."""
    most, read = largest(parts[-1]), bytearray()
    with member.content() as file:
        while block := file.read(min(1 << 16, most + 1 - len(read))):
            read += block
            going.count(len(block))
    if len(read) > most:
        raise _LeftOutError(f"larger than {most >> 20} MiB")
    return bytes(read)
