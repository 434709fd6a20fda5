"""What the program prints, kept up to a bound; a flood costs nothing."""

import builtins
import contextlib
import errno
import io
import os
import sys
from collections.abc import Callable
from typing import IO, Any, cast

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.runner.text import whole

_system: Any = sys.modules["nt" if os.name == "nt" else "posix"]
_OUT, _ERR = 1, 2
_NAMES = {_OUT: "<stdout>", _ERR: "<stderr>"}
_WRITING = frozenset({"w", "a", "wb", "bw", "ab", "ba"})


class _Kept:
    """Takes bytes up to `bound`; `cut` tells whether any were left out."""

    def __init__(self, bound: int):
        self.bound, self.cut, self.deaf = bound, False, False
        self.data = bytearray()

    def write(self, data: Any, /) -> int:
        if self.deaf:
            return len(data)
        room = self.bound - len(self.data)
        self.cut = self.cut or len(data) > room
        self.data += bytes(data[: max(room, 0)])
        return len(data)


class _Bytes(io.BufferedIOBase):
    """What lies below one of the streams, which has the descriptor that it has in any program."""

    mode = "wb"

    def __init__(self, kept: _Kept, descriptor: int):
        super().__init__()
        self._kept, self._descriptor = kept, descriptor
        self.name = _NAMES[descriptor]

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.closed:
            raise ValueError("write to closed file")
        return self._kept.write(data)

    def fileno(self) -> int:
        # for those alone who ask for a number: to compare all builtins costs a tenth of a short run
        vars(builtins).update(open=io.open)  # which is a run's own while it lasts
        return self._descriptor


class _Text(io.TextIOWrapper):
    mode = "w"  # of the interpreter's own it is set as well

    def __init__(self, kept: _Kept, descriptor: int, *, errors: str = "replace"):
        super().__init__(_Bytes(kept, descriptor), encoding="utf-8", errors=errors, newline="\n", write_through=True)


class Output(_Text):
    """Stands for stdout during a run, and `error` for stderr: text streams like any, `buffer` and `reconfigure` too, into one
    text. `bound` in bytes."""

    def __init__(self, bound: int):
        self._kept = _Kept(bound)
        super().__init__(self._kept, _OUT)
        self.error = _Text(self._kept, _ERR, errors="backslashreplace")

    @property
    def cut(self) -> bool:
        return self._kept.cut

    def take(self, data: memoryview) -> int:
        """What goes past the text; how many bytes of it there were."""
        return self._kept.write(data)

    def hears(self, hears: bool) -> None:
        """Whether what is said from now on is the program's."""
        self._kept.deaf = not hears

    def heard(self, descriptor: int, mode: str, *args: Any) -> IO[Any]:
        """A file that is opened for writing at the number of one of the streams; `args` as of `open`."""
        below = _Bytes(self._kept, descriptor)
        if "b" in mode:
            return cast("IO[Any]", below)
        made = io.TextIOWrapper(below, *args)
        made.reconfigure(write_through=True)
        vars(made)["mode"] = mode
        return made

    def text(self) -> str:
        return whole(self._kept.data.decode("utf-8", "ignore" if self.cut else "replace"))


Lying = dict[int, tuple[int, int] | None]  # what was at a descriptor when a run began


def descriptors() -> Lying:
    """Those of stdout and stderr."""
    return {_OUT: _what_is_at(_OUT), _ERR: _what_is_at(_ERR)}


def past_python(output: Callable[[], Output | None], there: Lying) -> list[Replacement]:
    """What goes by the descriptors of stdout and stderr, past Python's streams, is printed as well.

    Whoever lays something else at their numbers writes to that; and for a thread that takes part in no run it is as ever. The
    two are no terminal, whatever the host has there.
    """
    real, real_open, real_isatty, real_size = os.write, io.open, os.isatty, os.get_terminal_size

    def is_heard(fd: object) -> bool:
        return fd in there and clock_here() is not None and there[fd] is not None and _what_is_at(fd) == there[fd]

    def write(fd: int, data: Any, /) -> int:
        if is_heard(fd):
            kept = output()
            with contextlib.suppress(TypeError), memoryview(data) as seen:
                if kept is not None:
                    return kept.take(seen.cast("B"))
        return real(fd, data)  # with its own error for what has no bytes

    def open(
        file: Any,
        mode: Any = "r",
        buffering: Any = -1,
        encoding: Any = None,
        errors: Any = None,
        newline: Any = None,
        closefd: Any = True,
        opener: Any = None,
    ) -> Any:
        if type(file) is int and opener is None and _writes(mode) and is_heard(file):
            kept = output()
            if kept is not None:
                return kept.heard(file, mode, encoding or "utf-8", errors, newline)
        return real_open(file, mode, buffering, encoding, errors, newline, closefd, opener)

    def isatty(fd: int, /) -> bool:
        return False if is_heard(fd) else real_isatty(fd)

    def get_terminal_size(fd: int = _OUT, /) -> os.terminal_size:
        if is_heard(fd):
            raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
        return real_size(fd)

    found: dict[str, tuple[Any, Any]] = {
        "write": (write, real),
        "isatty": (isatty, real_isatty),
        "get_terminal_size": (get_terminal_size, real_size),
    }
    for ours, theirs in (*found.values(), (open, real_open)):
        ours.__name__ = ours.__qualname__ = theirs.__name__
        ours.__doc__, ours.__module__ = theirs.__doc__, theirs.__module__
    return [
        *((module, name, ours) for name, (ours, _) in found.items() for module in (os, _system)),
        (io, "open", open),
    ]


def _writes(mode: object) -> bool:
    return isinstance(mode, str) and mode.replace("t", "") in _WRITING


def _what_is_at(descriptor: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino
