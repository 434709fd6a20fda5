"""What a cell reached for that is not there where it is played: by the errors that it met, and by what it tried.

Read by where an error comes from and what it is about, not by its words. A program can make an error look so, and one that
hides one loses by it: all that comes of what stands here is that somebody looks.
"""

import errno
import mmap
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator
from contextvars import ContextVar
from types import FrameType
from typing import Any

try:
    import fcntl as _fcntl
except ImportError:  # on Windows, where nothing is shut in
    fcntl: Any = None
else:
    fcntl = _fcntl

from grader.clock.over import RefusedError
from grader.runner.cells.faults import described

Reached = tuple[str, str]
# kinds: what is to be asked of whoever has the whole machine, whether it is there; SURE needs nobody to be asked
SURE, MODULE, DISTRIBUTION, VARIABLE = "sure", "module", "distribution", "variable"

_MOST, _LONGEST = 20, 200
_CHAIN = 50  # errors that stand behind one another
# what a program's own paths and files can be the reason of; any other number comes from what the system would not do
_OWN_ERRNO = frozenset(
    number
    for name in (
        *("ENOENT", "EEXIST", "ENOTDIR", "EISDIR", "ENOTEMPTY", "ENAMETOOLONG", "ELOOP", "EINVAL"),
        *("EBADF", "ESPIPE", "EPIPE", "EDOM", "ERANGE"),
        "ENOTTY",  # a kernel has no terminal either
    )
    if (number := getattr(errno, name, None)) is not None
)
_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR})
# SQLite's own numbers of the same: ERROR, BUSY, LOCKED, SCHEMA, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE, NOTADB, ...
_OWN_SQLITE = frozenset({1, 2, 4, 5, 6, 9, 11, 12, 17, 18, 19, 20, 21, 25, 26})
# of the library, what is made of processes, of the network, or of a terminal: whatever fails in there
_OUTSIDE = frozenset(
    {
        *(
            "multiprocessing",
            "subprocess",
            "socket",
            "socketserver",
            "ssl",
            "http.client",
            "http.server",
            "urllib.request",
            "ftplib",
        ),
        *("smtplib", "poplib", "imaplib", "telnetlib", "xmlrpc", "pty", "tty", "getpass", "locale", "webbrowser"),
        *("concurrent.futures.process", "curses", "tkinter", "pwd"),
    }
)
_STAND_INS = frozenset({"grader", "IPython"})
_STAND_IN = "grader.runner.ipython"
_COMPILED = (".so", ".pyd")
_REFUSED = frozenset({errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP})
_NONE, _NOWHERE = "no such file", "no such folder/file"
# What an audit hook hears that it is tried, and never how it went; each is tried once here on what is not there, which alters
# nothing, and says whether it is refused altogether.
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
# who looks for modules, and for the lines of a traceback, finds nothing in many places
_LOOKING = ("importlib", "linecache", "tokenize", "zipimport")
_realpath, _open, _close = os.path.realpath, os.open, os.close
_LOOKS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)  # a pipe is not waited for
_WRITES = os.O_CREAT | os.O_WRONLY | os.O_RDWR


class Attempts:
    """What was tried since `taken` was asked last, as far as an audit hook hears of it. There is one for a process."""

    def __init__(self) -> None:
        self._folder, self._tried, self._refused = "/", dict[str, None](), frozenset[str]()
        self._writes, self._asks = True, ContextVar("asks", default=False)

    def begin(self, folder: str) -> None:
        """`folder`: where the notebook lies, with its files; it is the present one."""
        if fcntl is None:
            return
        self._folder, self._refused = _realpath(folder), frozenset(_refused_altogether(folder))
        self._writes = _can_write(os.path.join(folder, ".written"))
        heard, hear = self._refused | _PATHS, self._hear

        def hook(event: str, args: tuple[Any, ...]) -> None:
            if event in heard:  # one question: there are hundreds of events in the shortest of notebooks
                hear(event, args)

        sys.addaudithook(hook)

    def refused(self, call: str, frame: FrameType | None = None) -> None:
        self._add(f"{call} is refused")

    def taken(self) -> list[Reached]:
        found = [(SURE, said) for said in self._tried]
        self._tried = {}
        return found

    def _add(self, said: str) -> None:
        if len(self._tried) < _MOST:
            self._tried.setdefault(said[:_LONGEST])

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in self._refused:
            self.refused(event)
        elif args and type(args[0]) is str and not self._asks.get():
            writes = event == "open" and len(args) > 2 and isinstance(args[2], int) and bool(args[2] & _WRITES)
            token = self._asks.set(True)  # trying to open it is an event of its own
            try:
                self._path(args[0], writes, sys._getframe(2))  # behind the hook
            finally:
                self._asks.reset(token)

    def _path(self, path: str, writes: bool, frame: FrameType) -> None:
        asks = str(frame.f_globals.get("__name__")).partition(".")[0]
        if asks in _LOOKING or path in sys.path or path == os.devnull:
            return
        if writes and not self._writes:
            self._add("no file can be written")
        outside = path.startswith("/") and _is_outside(path, self._folder)
        # of what is written there is nothing yet, and the folder has to do; a descriptor is needed in any case
        named = os.path.dirname(path) if outside and writes else path if outside else self._folder
        try:
            _close(_open(named, _LOOKS))
        except OSError as error:
            self._add(f"{path}: {os.strerror(error.errno or 0)}")


def _can_write(path: str) -> bool:
    try:
        _close(_open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.unlink(path)
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


def reached(error: BaseException | None, folder: str) -> list[Reached]:
    """What `error`, and those behind it, say was not to be had. `folder`: where the notebook lies."""
    try:
        found = [one for each in _chain(error) for one in _of(each, _realpath(folder))]
    except Exception:  # of a class of the learner's own
        return []
    return [(kind, said[:_LONGEST]) for kind, said in dict.fromkeys(found)][:_MOST]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Those in it, those of which it was made, and those that were there when it was raised."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < _CHAIN:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        members = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [*members, one.__cause__, one.__context__]


def _of(error: BaseException, folder: str) -> Iterator[Reached]:
    name, text = described(error)[1:3]
    if isinstance(error, RefusedError):
        text = text.partition(", which ")[0]  # the rest is for who solves an exercise
    sure = SURE, f"{name}: {text}".removesuffix(": ")
    modules = _behind(error, folder)
    ours, module = not modules, modules[-1] if modules else ""
    match error:
        case RefusedError() | MemoryError():
            yield sure
        case OSError() if _by_the_system(error, folder, ours):
            yield sure
        case ModuleNotFoundError() if module.startswith("importlib.metadata"):
            yield DISTRIBUTION, str(error.name)
        case ModuleNotFoundError():
            yield MODULE, str(error.name)
        case ImportError() if _is_one_of(str(error.name), _STAND_INS) or str(error.path).endswith(_COMPILED):
            yield sure
        case KeyError() if module == "os":
            yield VARIABLE, str(error.args[0] if error.args else "")
        case AttributeError() if _is_a_stand_in(error.obj):
            yield sure
        case NotImplementedError() if not ours:
            yield sure
        case RuntimeError() if module == "threading" and text == "can't start new thread":
            yield sure
        case _ if any(_is_one_of(one, _OUTSIDE) for one in (*modules, type(error).__module__)):
            yield sure
        case _ if _by_sqlite(error):
            yield sure


def _behind(error: BaseException, folder: str) -> list[str]:
    """The modules that it came through before any place of the program's own, the innermost last."""
    found = list[str]()
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if _is_programs(frame, folder):
            found.clear()
        else:
            found.append(str(frame.f_globals.get("__name__")))
    return found


def _is_programs(frame: FrameType, folder: str) -> bool:
    file = frame.f_code.co_filename
    return file.startswith("cell ") or frame.f_globals.get("__name__") == "__main__" or not _is_outside(file, folder)


def _by_the_system(error: OSError, folder: str, ours: bool) -> bool:
    number = error.errno
    if number is None:  # what the library puts together of others says them
        return any(f"[Errno {one}]" in str(error) for one in range(200) if one not in _OWN_ERRNO)
    if number not in _OWN_ERRNO:
        return True
    if number not in _MISSING:
        return False
    paths = [one for one in (error.filename, error.filename2) if isinstance(one, str | bytes)]
    return any(_is_outside(os.fsdecode(path), folder) for path in paths) if paths else not ours


def _is_outside(path: str, folder: str) -> bool:
    """Of a path, and of what is none, as `<frozen os>` is: that it is not in the folder."""
    if path.startswith("<"):
        return True
    return os.path.commonpath([os.path.normpath(os.path.join(folder, path)), folder]) != folder


def _is_one_of(module: str, those: Collection[str]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in those)


def _is_a_stand_in(value: Any) -> bool:
    if type(value) is type(sys):
        return _is_one_of(str(value.__name__), _STAND_INS)
    return _STAND_IN in (type(value).__module__, getattr(value, "__module__", None))


def _by_sqlite(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF not in _OWN_SQLITE
