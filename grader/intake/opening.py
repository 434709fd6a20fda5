"""What was named on the command line, opened: a folder, an archive that is a download, or one learner's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.intake.kinds import is_archive, is_program, stem
from grader.intake.layouts.base import Setting
from grader.intake.layouts.folders import is_own
from grader.intake.members import ArchiveError
from grader.intake.model import Stray
from grader.intake.tree import File, Folder, scan
from grader.intake.unpack import DOWNLOAD, unpack
from grader.names import printable


@dataclass(frozen=True, slots=True)
class Opened:
    """`single`: one learner's file was named, and `top` holds nothing else."""

    top: Folder
    strays: tuple[Stray, ...] = ()
    single: bool = False


class Scratch:
    """A folder that hands out new folders."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0

    def new(self, name: str = "") -> Path:
        """A path that is not there, named `name` if it has to be, below a folder that is."""
        self._count += 1
        place = self._folder / f"{self._count:06}"
        if not name:
            return place
        place.mkdir()
        return place / name


def opened(path: Path, called: str, several: bool, setting: Setting, scratch: Scratch) -> Opened:
    """`called` begins the names of its files where there are `several`, and where it is one learner's own.

    Raises UsageError where it is not there, or cannot be told whose or what it is.
    """
    if path.is_file() and is_archive(path.name):
        return _unpacked(path, called, several, setting, scratch)
    if path.is_file() and setting.one_exercise:
        return Opened(Folder(path.parent, "", (File(path, called),)), single=True)
    if not path.is_dir():
        raise UsageError(f"{path}: {_why_not(path)}")
    return Opened(_scanned(path, called, several, setting))


def labels(paths: Sequence[Path]) -> list[str]:
    """What each path is called: its last name, or all of it where two end alike."""
    names = [path.name for path in paths]
    return [
        printable(name if names.count(name) == 1 else path.as_posix()) for name, path in zip(names, paths, strict=True)
    ]


def _why_not(path: Path) -> str:
    if not path.is_file():
        return "is neither a folder nor a file" if path.exists() else "there is no such folder"
    if is_program(path.name):
        return "is a file; name its exercise with --exercise"
    return "is a file; give a folder or an archive, or name the exercise with --exercise"


def _scanned(path: Path, called: str, several: bool, setting: Setting) -> Folder:
    """A learner's own folder gives its name to its files."""
    top = scan(path, called if several else "")
    return scan(path, called) if not several and is_own(top, setting) else top


def _unpacked(path: Path, called: str, several: bool, setting: Setting, scratch: Scratch) -> Opened:
    into = scratch.new(stem(path.name) or "download")
    try:
        strays = unpack(path, called, into, DOWNLOAD)
    except ArchiveError as error:
        raise UsageError(f"{path}: the archive is not unpacked: {error}") from None
    # what a course itself names, `exercises` or `night_bus`, is no learner's name
    is_whole = setting.places is not None and is_own(scan(into), setting)
    inner = into if is_whole else _innermost(into)
    way = inner.relative_to(into).as_posix()
    below = called if way == "." else f"{called}/{printable(way)}"
    return Opened(_scanned(inner, below, several, setting), strays)


def _innermost(folder: Path) -> Path:
    """Many archives hold one folder that holds all; a learner's own one, whose name tells whose it is, is opened as such."""
    inner = list(folder.iterdir())
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else folder
