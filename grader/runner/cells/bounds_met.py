"""Bounds of the system that a cell has met, whatever its program made of the error: how large a file may be, and how much and
how many of them a disk holds.

A signal tells of a file that is too large; Python minds it no more than without a handler. A disk that is full shows it until
something is given back: so it is asked before a program writes or removes anything, and at a cell's end.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

MAKES = frozenset({"open", "os.mkdir"})
GIVES_BACK = frozenset({"os.remove", "os.truncate"})
_WRITES = os.O_CREAT | os.O_WRONLY | os.O_RDWR
_signal, _lexists = signal.signal, os.path.lexists
_statvfs: Any = getattr(os, "statvfs", None)
_FULL = "the disk is full"
Met = Callable[[str], object]


def writes(event: str, args: tuple[Any, ...]) -> bool:
    """Whether such an `open` is for more than reading."""
    return event == "open" and len(args) > 2 and isinstance(args[2], int) and bool(args[2] & _WRITES)


class BoundsMet:
    """Tells `met` of each, in the main thread and in those that write."""

    def __init__(self, met: Met) -> None:
        self._met, self._folder = met, "/"
        self._blocks = self._files = False  # whether the disk has a number of them that can be used up
        self._full = False  # as a cell has left it

    def begin(self, folder: str, looks: Callable[[FrameType | None], bool]) -> None:
        """`folder`: on whose disk all is written. `looks`: of who writes for nobody's sake, as for compiled modules."""
        self._folder = folder
        with suppress(OSError, TypeError):
            disk = _statvfs(folder)
            self._blocks, self._files = disk.f_bavail > 0, disk.f_favail > 0

        def too_large(number: int, frame: FrameType | None) -> None:
            if not looks(frame):
                self._met("no file can be larger")

        with suppress(AttributeError):  # not on every system
            _signal(signal.SIGXFSZ, too_large)

    def before(self, event: str, args: tuple[Any, ...]) -> None:
        """Something is about to be made, or to be given back."""
        if event in GIVES_BACK or event == "os.mkdir" or writes(event, args):
            makes = event == "os.mkdir" or (event == "open" and bool(args[2] & os.O_CREAT))
            blocks, files = self._left()
            if not blocks:
                self._met(_FULL)
            if makes and not files and isinstance(args[0], str | bytes) and not _lexists(args[0]):
                self._met("the disk holds no more files")

    def over(self) -> None:
        """A cell is over. What an earlier one has filled is not this one's."""
        before, self._full = self._full, not self._left()[0]
        if self._full and not before:
            self._met(_FULL)

    def _left(self) -> tuple[bool, bool]:
        """Whether there is room for another block, and for another file."""
        if self._blocks or self._files:
            with suppress(OSError):
                disk = _statvfs(self._folder)
                return not self._blocks or disk.f_bavail > 0, not self._files or disk.f_favail > 0
        return True, True
