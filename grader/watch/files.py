"""Files that are looked at again and again: which of them were saved, told once each, when they have come to rest.

They are looked at, and no system is asked to tell: no news come from a network drive, or from Windows' disks within WSL, and
an editor may put another file in the place of one. What counts is the content; who saves a file as it was changes nothing.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

SETTLED = 0.1  # real seconds that a file stays as it is before it counts: an editor writes in several steps
GONE = 0.6  # and that one is not there: an editor takes it away and puts another in its place
COARSE = 3.0  # and that it is read again: where times are kept in steps of two seconds, a second save may show in nothing else
MOST = 500  # files of one folder
_LARGEST = 4 << 20

Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """The files in `path` that end with one of `endings`, and those in as many folders below one another as `deep` says."""

    path: str
    endings: tuple[str, ...]
    deep: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """Paths by what became of them: `changed` (written, new or gone), or written as they were before."""

    changed: tuple[str, ...] = ()
    as_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """As it was seen last, since when, and as it was told."""

    seen: Stamp | None
    since: float
    told: Stamp | None
    content: bytes | None

    def is_settled(self, now: float) -> bool:
        return now - self.since >= (GONE if self.seen is None else SETTLED)

    def may_differ(self, now: float) -> bool:
        return self.seen != self.told or (self.seen is not None and now - self.since < COARSE)


class Files:
    """Those that are watched; `clock` gives real seconds."""

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._each: tuple[str, ...] = ()
        self._folders: tuple[Folder, ...] = ()
        self._known: dict[str, _File] = {}
        self.restless = False  # whether something is to be told as soon as it has come to rest

    def watch(self, each: Sequence[str], folders: Sequence[Folder] = ()) -> None:
        """From now on these; what was watched before and still is has not been told anew by that."""
        self._each, self._folders = tuple(each), tuple(folders)
        now, before = self._clock(), self._known
        self._known = {
            path: before.get(path) or _File(stamp, now, stamp, _content(path)) for path, stamp in self._look().items()
        }

    def saved(self) -> Saved:
        """What was saved since it was asked last, as far as it has come to rest."""
        now, looked = self._clock(), self._look()
        changed, as_before = list[str](), list[str]()
        for path in [*looked, *(self._known.keys() - looked.keys())]:
            stamp = looked.get(path)
            file = self._known.get(path) or _File(None, now, None, None)
            if file.seen != stamp:
                file = replace(file, seen=stamp, since=now)
            elif file.is_settled(now) and file.may_differ(now):
                content = _content(path)
                if content != file.content:
                    changed.append(path)
                elif file.told != stamp:
                    as_before.append(path)
                file = replace(file, told=stamp, content=content)
            self._known[path] = file
        self.restless = any(file.seen != file.told for file in self._known.values())
        return Saved(tuple(changed), tuple(as_before))

    def _look(self) -> dict[str, Stamp | None]:
        found = {path: _stamp(path) for path in self._each}
        for folder in self._folders:
            for _, path in zip(range(MOST), _within(folder.path, folder.endings, folder.deep), strict=False):
                if path not in found:
                    found[path] = _stamp(path)
        return found


def _within(folder: str, endings: tuple[str, ...], deep: int) -> Iterator[str]:
    try:
        with os.scandir(folder) as there:
            entries = [one for one in there if not one.name.startswith((".", "__pycache__"))]
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(endings):
            yield entry.path
        elif deep and "." not in entry.name and entry.is_dir(follow_symlinks=False):
            yield from _within(entry.path, endings, deep - 1)


def _stamp(path: str) -> Stamp | None:
    """None where there is no file. Its number, too: one that is put in another's place may be as old and as long."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _content(path: str) -> bytes | None:
    """Its digest; None where it cannot be read."""
    try:
        if not os.path.isfile(path):  # a pipe would be waited for
            return None
        with open(path, "rb") as file:
            return hashlib.blake2b(file.read(_LARGEST)).digest()
    except (OSError, ValueError):
        return None
