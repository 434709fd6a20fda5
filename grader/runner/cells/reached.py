"""What a cell reached for that is not there where it is played, by the errors that it met.

Read by where an error comes from and what it is about, not by its words. A program can make an error look so, and one that
hides one loses by it: all that comes of what stands here is that somebody looks.
"""

import errno
import os
import sys
import traceback
from collections.abc import Collection, Iterator
from types import FrameType
from typing import Any

from grader.clock.over import RefusedError
from grader.runner.cells.faults import described
from grader.runner.ipython import StdinNotImplementedError

Reached = tuple[str, str]
# kinds: what is to be asked of whoever has the whole machine, whether it is there; SURE needs nobody to be asked
SURE, MODULE, DISTRIBUTION, VARIABLE = "sure", "module", "distribution", "variable"

MOST, LONGEST = 20, 200  # of what is told of a cell
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
_LOCKED = frozenset({5, 6})  # of them BUSY and LOCKED
# of the library, what is made of processes, of the network, or of a terminal: whatever fails in there
_OUTSIDE = (
    *("multiprocessing", "subprocess", "concurrent.futures.process", "pty", "tty", "curses", "tkinter", "webbrowser"),
    *("socket", "socketserver", "ssl", "http.client", "http.server", "urllib.request", "xmlrpc"),
    *("ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "getpass", "pwd", "locale"),
)
_STAND_INS = frozenset({"grader", "IPython", "ipykernel"})
_STAND_IN = "grader.runner.ipython"
_COMPILED = (".so", ".pyd")


def reached(error: BaseException | None, folder: str) -> list[Reached]:
    """What `error`, and those behind it, say was not to be had. `folder`: where the notebook lies."""
    try:
        found = [one for each in _chain(error) for one in _of(each, os.path.realpath(folder))]
    except Exception:  # of a class of the learner's own
        return []
    return [(kind, said[:LONGEST]) for kind, said in dict.fromkeys(found)][:MOST]


def met_a_lock(error: BaseException | None) -> bool:
    """Whether SQLite gave up to wait for a lock, which it does in real time: who has it may wait in virtual time."""
    try:
        return any(_sqlite_code(each) in _LOCKED for each in _chain(error))
    except Exception:  # of a class of the learner's own
        return False


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
        case StdinNotImplementedError():  # so it is in a kernel
            return
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
        if is_programs(frame, folder):
            found.clear()
        else:
            found.append(str(frame.f_globals.get("__name__")))
    return found


def is_programs(frame: FrameType, folder: str) -> bool:
    """Whether a cell's code runs there, or that of a file in the notebook's folder."""
    file = frame.f_code.co_filename
    return file.startswith("cell ") or frame.f_globals.get("__name__") == "__main__" or not is_outside(file, folder)


def _by_the_system(error: OSError, folder: str, ours: bool) -> bool:
    number = error.errno
    if number is None:  # what the library puts together of others says them
        return any(f"[Errno {one}]" in str(error) for one in range(200) if one not in _OWN_ERRNO)
    if number not in _OWN_ERRNO:
        return True
    if number not in _MISSING:
        return False
    paths = [one for one in (error.filename, error.filename2) if isinstance(one, str | bytes)]
    return any(is_outside(os.fsdecode(path), folder) for path in paths) if paths else not ours


def is_outside(path: str, folder: str) -> bool:
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
    code = _sqlite_code(error)
    return code is not None and code not in _OWN_SQLITE


def _sqlite_code(error: BaseException) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
