"""What a cell tried that is not there where it is played, whatever its program made of that.

An audit hook hears what is tried, and never how it went: so it is known beforehand what is refused altogether, a path is
tried before the program does, and which bounds a program has met is asked.
"""

import _socket
import errno
import mmap
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from types import FrameType
from typing import Any

from grader.runner.cells import descriptors_met
from grader.runner.cells.bounds_met import GIVES_BACK, MAKES, BoundsMet, writes
from grader.runner.cells.memory_met import MemoryMet
from grader.runner.cells.reached import LONGEST, MOST, SURE, Reached, is_outside, is_programs

try:
    import fcntl as _fcntl
except ImportError:  # on Windows, where nothing is shut in
    fcntl: Any = None
else:
    fcntl = _fcntl

_REFUSED = frozenset({errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP})
_NONE, _NOWHERE = "no such file", "no such folder/file"
# each is tried once on what is not there, which alters nothing, and says whether it is refused altogether
_TRIED: dict[str, Callable[[int], object]] = {
    "os.chmod": lambda folder: os.chmod(_NONE, 0o600),
    "os.chown": lambda folder: os.chown(_NONE, -1, -1),
    "os.link": lambda folder: os.link(_NONE, _NOWHERE),
    "os.symlink": lambda folder: os.symlink(_NONE, _NOWHERE),
    "os.truncate": lambda folder: os.truncate(_NONE, 0),
    "os.utime": lambda folder: os.utime(_NONE),
    "os.setxattr": lambda folder: os.setxattr(_NONE, "user.a", b""),
    "os.kill": lambda folder: os.kill(os.getpid(), 0),
    "signal.pthread_kill": lambda folder: signal.pthread_kill(threading.get_ident(), 0),
    "mmap.__new__": lambda folder: mmap.mmap(-1, 1).close(),
    "fcntl.flock": lambda folder: fcntl.flock(folder, fcntl.LOCK_UN),
    "fcntl.lockf": lambda folder: fcntl.lockf(folder, fcntl.LOCK_UN),
}
_PATHS = frozenset({"open", "os.listdir", "os.scandir", "os.chdir"})
_OPENS = frozenset({"sqlite3.connect", "mmap.__new__"})  # and may find no descriptor
_CHANGES = frozenset({"os.mkdir", "os.rmdir", "os.remove", "os.rename"})
# in virtual time the clock refuses these, and tells. A network's sockets are tried, and what refuses them refuses the others
_SOCKET, _FAMILIES = "socket.__new__", frozenset({_socket.AF_INET, _socket.AF_INET6})
_BESIDE_SOCKETS = frozenset(
    {
        *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
        *("subprocess.Popen", "os.system", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn"),
    }
)
# who looks for modules, and for the lines of a traceback, finds nothing in many places
_LOOKING = ("importlib", "linecache", "tokenize", "zipimport")
_IMPORTS, _OF_THE_MACHINE = "importlib._bootstrap", ("/sys/", "/proc/")
_realpath, _open, _close = os.path.realpath, os.open, os.close
_LOOKS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)  # a pipe is not waited for


class Attempts:
    """What was tried since `taken` was asked last, as far as an audit hook hears of it. There is one for a process."""

    def __init__(self) -> None:
        self._folder, self._tried, self._refused = "/", dict[str, None](), frozenset[str]()
        self._writes, self._asks = True, ContextVar("asks", default=False)
        self._bounds, self._memory = BoundsMet(self._add), MemoryMet(self._add)

    def begin(self, folder: str, *, really: bool) -> None:
        """`folder`: where the notebook lies, with its files; it is the present one. `really`: on no clock."""
        if fcntl is None:
            return
        self._folder, self._refused = _realpath(folder), frozenset(_refused_altogether(folder))
        if really and not _has_sockets():
            self._refused |= _BESIDE_SOCKETS | {_SOCKET}
        self._writes = _can_write(os.path.join(folder, ".written"))
        self._bounds.begin(self._folder, _looks_only)
        descriptors_met.listen(self._add)
        self._memory.begin()
        heard, hear = self._refused | _PATHS | _OPENS | _CHANGES | MAKES | GIVES_BACK, self._hear

        def hook(event: str, args: tuple[Any, ...]) -> None:
            if event in heard:  # one question: there are hundreds of events in the shortest of notebooks
                hear(event, args)

        sys.addaudithook(hook)

    def refused(self, call: str, frame: FrameType | None = None) -> None:
        if not self._is_a_packages_own(sys._getframe(1)):
            self._add(f"{call} is refused")

    def tells(self, said: str) -> None:
        self._add(said)

    def taken(self) -> list[Reached]:
        self._bounds.over()
        self._memory.over()
        found = [(SURE, said) for said in self._tried]
        self._tried = {}
        return found

    def _add(self, said: str) -> None:
        if len(self._tried) < MOST:
            self._tried.setdefault(said[:LONGEST])

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in self._refused and (event != _SOCKET or args[1] in _FAMILIES):
            self.refused(event.removesuffix(".__new__"))
        if event in _CHANGES and not self._writes:
            self._add("no file can be written")
        if not args or self._asks.get():
            return
        token = self._asks.set(True)  # trying to open it is an event of its own
        try:
            frame = sys._getframe(2)  # behind the hook
            if not _looks_only(frame):
                self._bounds.before(event, args)
                if event in _PATHS and type(args[0]) is str and args[0] not in sys.path:
                    if writes(event, args) or not (
                        _looks_for_a_line(args[0], self._folder)
                        or self._asks_the_machine(args[0], frame)
                        or self._is_a_packages_own(frame)
                    ):
                        self._path(args[0], writes(event, args))
                elif event in _OPENS:
                    self._path(".", False)
        finally:
            self._asks.reset(token)

    def _is_a_packages_own(self, frame: FrameType | None) -> bool:
        """What a package tries while it is imported (to ask a program which fonts there are) is none of the learner's ideas: it
        is written to go without, or its import fails, which is told.
        """
        while frame is not None and not is_programs(frame, self._folder):
            if frame.f_globals.get("__name__") == _IMPORTS:
                return True
            frame = frame.f_back
        return False

    def _asks_the_machine(self, path: str, frame: FrameType) -> bool:
        """Of a package that looks by itself how many processors it may have, and so on."""
        top = str(frame.f_globals.get("__name__")).partition(".")[0]
        packages = top not in sys.stdlib_module_names and not is_programs(frame, self._folder)
        return packages and path.startswith(_OF_THE_MACHINE)

    def _path(self, path: str, writes: bool) -> None:
        if writes and not self._writes and path != os.devnull:
            self._add("no file can be written")
        outside = path.startswith("/") and path != os.devnull and is_outside(path, self._folder)
        # of what is written there is nothing yet, and the folder has to do; a descriptor is needed in any case
        named = os.path.dirname(path) if outside and writes else path if outside else self._folder
        try:
            _close(_open(named, _LOOKS))
        except OSError as error:
            self._add(f"{path}: {os.strerror(error.errno or 0)}")


def _looks_only(frame: FrameType | None) -> bool:
    """Whether it looks for modules, or for lines."""
    name = "" if frame is None else str(frame.f_globals.get("__name__"))
    return name.partition(".")[0] in _LOOKING


def _looks_for_a_line(path: str, folder: str) -> bool:
    """Up to 3.12 what an error in a thread or a finaliser prints is made in C, which looks for the lines of a file that is not
    there in each folder of modules: nothing that the program has asked for.
    """
    where = os.path.dirname(path)
    return where not in ("", folder) and where in sys.path


def _can_write(path: str) -> bool:
    try:
        _close(_open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.unlink(path)
    except OSError:
        return False
    return True


def _has_sockets() -> bool:
    try:
        _socket.socket(_socket.AF_INET).close()
    except OSError:
        return False
    return True


def _refused_altogether(folder: str) -> Iterator[str]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        for event, tries in _TRIED.items():
            try:
                tries(descriptor)
            except OSError as error:
                if error.errno in _REFUSED:
                    yield event
            except AttributeError:  # not on every system
                continue
    finally:
        os.close(descriptor)
