"""A folder as it was found: read once, links followed nowhere, and each entry a file, a folder, or refused with the reason."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader.intake.kinds import largest
from grader.intake.model import Stray
from grader.names import printable
from grader.records import GRADEBOOK, GRADES, RECORDS, REPORT

DEEPEST = 64
HIDDEN = "hidden or made by a program; not looked into"
OURS = "the records of a class that was graded"


@dataclass(frozen=True, slots=True)
class File:
    """`called` is its name in the records; `target` where it leads if it is a link, which is for its reader to judge."""

    path: Path
    called: str
    target: Path | None = None

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path
    called: str
    files: tuple[File, ...] = ()
    folders: tuple["Folder", ...] = ()
    refused: tuple[Stray, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name

    def all_files(self) -> Iterator[File]:
        yield from self.files
        for folder in self.folders:
            yield from folder.all_files()

    def all_refused(self) -> Iterator[Stray]:
        yield from self.refused
        for folder in self.folders:
            yield from folder.all_refused()

    def file(self, name: str) -> File | None:
        return next((file for file in self.files if file.name == name), None)


def scan(path: Path, called: str = "", depth: int = 0) -> Folder:
    """All below `path`, sorted by name; `called` is what its files' names begin with, without the last slash."""
    files, folders, refused = list[File](), list[Folder](), list[Stray]()
    try:
        with os.scandir(path) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        return Folder(path, called, refused=(Stray(called or printable(str(path)), _unreadable(error)),))
    for entry in entries:
        name = f"{called}/{printable(entry.name)}" if called else printable(entry.name)
        reason = _refused(entry, depth)
        if reason:
            refused.append(Stray(name, reason))
        elif entry.is_symlink():
            files.append(File(path / entry.name, name, (path / entry.name).resolve()))
        elif entry.is_dir():
            folders.append(scan(path / entry.name, name, depth + 1))
        else:
            files.append(File(path / entry.name, name))
    return Folder(path, called, tuple(files), tuple(folders), tuple(refused))


def is_ours(folder: Folder) -> bool:
    """Whether the grader wrote its records there."""
    names = {file.name for file in folder.files}
    return GRADEBOOK in names or {RECORDS, GRADES} <= names


def without_ours(folder: Folder) -> tuple[Folder, tuple[str, ...]]:
    """A folder in which the grader wrote, as if it had not; and what it wrote there, by names in the records."""
    files = [file for file in folder.files if not _is_record(file)]
    folders = [inner for inner in folder.folders if not (inner.name == REPORT and inner.file("index.html"))]
    ours = [file.called for file in folder.files if file not in files]
    ours += [inner.called for inner in folder.folders if inner not in folders]
    return replace(folder, files=tuple(files), folders=tuple(folders)), tuple(ours)


def _is_record(file: File) -> bool:
    # SQLite has files of its own beside the gradebook while that is open
    return file.name in (RECORDS, GRADES) or file.name.startswith(GRADEBOOK)


def hidden(name: str) -> bool:
    return name.startswith(".") or name in ("__pycache__", "__MACOSX")


def _unreadable(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "cannot be read (no permission)"
    return f"cannot be read ({error.strerror})"


def _refused(entry: os.DirEntry[str], depth: int) -> str:
    """Why `entry` is not even looked at; empty if it may be."""
    if hidden(entry.name):
        return HIDDEN
    try:
        if entry.is_symlink():
            return _refused_link(Path(entry.path))
        found = entry.stat(follow_symlinks=False)
    except OSError as error:
        return _unreadable(error)
    if stat.S_ISDIR(
        found.st_mode
    ):  # one that cannot be read is a learner's all the same, and says so when it is looked into
        if os.path.lexists(os.path.join(entry.path, "pyvenv.cfg")):
            return "a virtual environment; not looked into"
        return f"deeper than {DEEPEST} folders; not looked into" if depth >= DEEPEST else ""
    if not os.access(entry.path, os.R_OK):
        return "cannot be read (no permission)"
    return _refused_file(entry.name, found)


def _refused_file(name: str, found: os.stat_result) -> str:
    if not stat.S_ISREG(found.st_mode):
        return "neither a file nor a folder"
    most = largest(name)
    return f"larger than {most >> 20} MiB" if found.st_size > most else ""


def _refused_link(link: Path) -> str:
    """A link to a folder may lead above itself and be walked for ever; what it leads to is found in its own place."""
    try:
        found = link.resolve(strict=True).stat()
    except (OSError, RuntimeError):
        return "a link that leads nowhere"
    if stat.S_ISDIR(found.st_mode):
        inside = link.resolve().is_relative_to(link.parent.resolve())
        return "a link to a folder" if inside else "a link that leads outside"
    return ""
