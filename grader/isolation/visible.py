"""What of the disk a job may read: the standard library, the interpreter, the system's libraries and locales, packages that the
course names, no more."""

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ZERO = "/dev/zero"
DEVICES = ("/dev/null", ZERO, "/dev/urandom")
_OF_OTHERS = frozenset({"site-packages", "dist-packages"})
_LIBRARIES = ("/lib", "/lib64", "/usr/lib64")
_ZONES, _LOCALES = "/usr/share/zoneinfo", "/usr/lib/locale"
_NAMES = ("python", "python3")


@dataclass(frozen=True, slots=True)
class Visible:
    """`folders` and files that may be read, all of them real paths; `hidden`: folders in them that are covered.

    `links`: paths by which they are known otherwise, and where those lead.
    """

    folders: tuple[str, ...]
    hidden: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


@cache
def _shared_objects() -> tuple[str, ...]:
    """Those that this process has loaded: libpython, the C library, what it needs."""
    found = set[str]()
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        for line in maps:
            path = line.rstrip("\n").partition("/")[2]
            if ".so" in path:
                found.add("/" + path)
    return tuple(sorted(found))


def _python() -> list[str]:
    paths = sysconfig.get_paths(vars={"base": sys.base_prefix, "platbase": sys.base_exec_prefix})
    return [paths["stdlib"], paths["platstdlib"]]


def _system() -> Iterator[str]:
    """Where the loader finds libraries that an extension module of the standard library needs when it is imported."""
    for name in _LIBRARIES:
        if os.path.isdir(name):
            yield from _multiarch(os.path.realpath(name))
    for path in _shared_objects():
        if not path.startswith(sys.prefix + os.sep) or sys.prefix == sys.base_prefix:
            yield path
    yield from (_ZONES, _LOCALES)


def _interpreter() -> list[str]:
    """It cannot be executed in a job, but programs ask whether it is there, and where."""
    beside, real = os.path.dirname(sys.executable), os.path.realpath(sys.executable)
    if not (sys.executable and os.access(real, os.R_OK)):
        return []
    named = [os.path.join(beside, name) for name in _NAMES]
    return [sys.executable, *(path for path in named if os.path.realpath(path) == real)]


def _multiarch(folder: str) -> list[str]:
    """Debian keeps libraries of one architecture in a folder of their own, and much else beside it."""
    own = [str(entry) for entry in Path(folder).glob("*-linux-gnu") if entry.is_dir()]
    return own or [folder]


def visible(packages: Iterable[str] = ()) -> Visible:
    """`packages` are folders and files of packages, beyond what every job may read."""
    python = _python()
    known = [path for path in (*python, *_interpreter(), *_LIBRARIES, *_system(), *packages) if os.path.exists(path)]
    folders = dict.fromkeys(map(os.path.realpath, (path for path in known if path not in _LIBRARIES)))
    hidden = [
        str(entry)
        for folder in folders
        if os.path.isdir(folder)
        for entry in Path(folder).iterdir()
        if entry.name in _OF_OTHERS and entry.is_dir()
    ]
    # a file whose folder is there already needs no place of its own
    kept = [path for path in folders if not any(path.startswith(other + os.sep) for other in folders)]
    links = [(path, os.path.realpath(path)) for path in known if path != os.path.realpath(path)]
    return Visible(tuple(kept), tuple(hidden), tuple(dict.fromkeys(links)))
