"""Descriptors of a host in whose process a program runs: the program may close them, and they are there when it is over.

The standard ones are compared. Others belong to the host's threads as well, who may close and open them meanwhile: put back is
what the program itself has closed or overlaid, by `os.close`, `os.closerange` or `os.dup2`.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.runner.belongings import STANDARD, place_of, standing

with contextlib.suppress(ImportError):  # where there is none the system does not tell what is open either
    import fcntl

_system: Any = sys.modules["nt" if os.name == "nt" else "posix"]
# as they are before a run puts others in their places
_dup, _dup2, _close, _closerange = os.dup, os.dup2, os.close, os.closerange
_LISTS = ("/proc/self/fd", "/dev/fd")


class Standard:
    """The standard descriptors as they are when this is made, held until `put_back`."""

    def __init__(self) -> None:
        self._there = standing()
        self._held = [None if place is None else _dup(each) for each, place in zip(STANDARD, self._there, strict=True)]

    @property
    def held(self) -> set[int]:
        return {held for held in self._held if held is not None}

    def put_back(self) -> None:
        for descriptor, place, held in zip(STANDARD, self._there, self._held, strict=True):
            with contextlib.suppress(OSError):  # the program has closed what was held
                if place_of(descriptor) != place:
                    _dup2(held, descriptor) if held is not None else _close(descriptor)
            with contextlib.suppress(OSError):
                if held is not None:
                    _close(held)
        self._held = [None] * len(STANDARD)


class Hosts:
    """All that are open when this is made. To the program what it closes is closed."""

    def __init__(self) -> None:
        self._open = _open_now() - set(STANDARD)
        self._standard = Standard()
        self._held: dict[int, int] = {}  # by those that the program closed
        self._inheritable: set[int] = set()

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        try:
            yield
        finally:
            for descriptor, held in self._held.items():
                with contextlib.suppress(OSError):
                    _dup2(held, descriptor, descriptor in self._inheritable)
                    _close(held)
            self._held.clear()
            self._standard.put_back()

    def replacements(self) -> list[Replacement]:
        """What stands for the calls by which a program closes a descriptor."""

        def close(fd: int) -> None:
            self._hold(fd)
            _close(fd)

        def closerange(fd_low: int, fd_high: int, /) -> None:
            there = _open_now() if clock_here() is not None else set()
            if not there:
                _closerange(fd_low, fd_high)
            for fd in sorted(there - self._kept()):
                if fd_low <= fd < fd_high:
                    close(fd)

        def dup2(fd: int, fd2: int, inheritable: bool = True) -> int:
            self._hold(fd2)
            return _dup2(fd, fd2, inheritable)

        found = [(close, _close), (closerange, _closerange), (dup2, _dup2)]
        for ours, theirs in found:
            ours.__name__ = ours.__qualname__ = theirs.__name__
            ours.__doc__, ours.__module__ = theirs.__doc__, theirs.__module__
        return [(module, theirs.__name__, ours) for ours, theirs in found for module in (os, _system)]

    def _kept(self) -> set[int]:
        return {*self._held.values(), *self._standard.held}

    def _hold(self, descriptor: int) -> None:
        if clock_here() is None:
            return
        if descriptor in self._kept():  # there is no such thing, as far as the program knows
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if descriptor in self._open and descriptor not in self._held:
            with contextlib.suppress(OSError):
                # above all of theirs: below it would lie where another is to be put back
                self._held[descriptor] = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, max(self._open) + 1)
                self._inheritable |= {descriptor} if os.get_inheritable(descriptor) else set()


def _open_now() -> set[int]:
    """Nothing where the system does not tell."""
    for path in _LISTS:
        with contextlib.suppress(OSError):
            return {each for each in map(int, os.listdir(path)) if place_of(each)}  # not that of the listing itself
    return set()
