"""What the program prints, kept up to a bound; a flood costs nothing."""

import contextlib
import io
import os
import sys
from collections.abc import Callable
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.runner.text import whole

_system: Any = sys.modules["nt" if os.name == "nt" else "posix"]
_OUT, _ERR = 1, 2


class _Kept(io.BufferedIOBase):
    """Takes bytes up to `bound`; `cut` tells whether any were left out."""

    name = "<stdout>"

    def __init__(self, bound: int):
        super().__init__()
        self.bound, self.cut, self.deaf = bound, False, False
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.deaf:
            return len(data)
        room = self.bound - len(self.data)
        self.cut = self.cut or len(data) > room
        self.data += bytes(data[: max(room, 0)])
        return len(data)


class Output(io.TextIOWrapper):
    """Stands for stdout and stderr during a run: a text stream like any, `buffer` and `reconfigure` too. `bound` in bytes."""

    def __init__(self, bound: int):
        self._kept = _Kept(bound)
        super().__init__(self._kept, encoding="utf-8", errors="replace", newline="\n", write_through=True)

    @property
    def cut(self) -> bool:
        return self._kept.cut

    def take(self, data: memoryview) -> int:
        """What goes past the text; how many bytes of it there were."""
        return self._kept.write(data)

    def hears(self, hears: bool) -> None:
        """Whether what is said from now on is the program's."""
        self._kept.deaf = not hears

    def text(self) -> str:
        return whole(self._kept.data.decode("utf-8", "ignore" if self.cut else "replace"))


Lying = dict[int, tuple[int, int] | None]  # what was at a descriptor when a run began


def descriptors() -> Lying:
    """Those of stdout and stderr."""
    return {_OUT: _what_is_at(_OUT), _ERR: _what_is_at(_ERR)}


def past_python(output: Callable[[], Output | None], there: Lying) -> list[Replacement]:
    """What goes by the descriptors of stdout and stderr, past Python's streams, is printed as well.

    Whoever lays something else at their numbers writes to that; and for a thread that takes part in no run it is as ever.
    """
    real = os.write

    def write(fd: int, data: Any, /) -> int:
        if fd in there and clock_here() is not None and there[fd] is not None and _what_is_at(fd) == there[fd]:
            kept = output()
            with contextlib.suppress(TypeError), memoryview(data) as seen:
                if kept is not None:
                    return kept.take(seen.cast("B"))
        return real(fd, data)  # with its own error for what has no bytes

    write.__name__ = write.__qualname__ = "write"
    write.__doc__, write.__module__ = real.__doc__, real.__module__
    return [(module, "write", write) for module in (os, _system)]


def _what_is_at(descriptor: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino
