"""What is written to the descriptors of standard output and error themselves, past Python: a kernel hears that, too."""

import contextlib
import os
from collections.abc import Callable, Iterator

_SIZE, _ROOM = 65_536, 1 << 20
# as they are before a run puts others in their places
_read, _pipe, _dup, _dup2, _close, _set_blocking = os.read, os.pipe, os.dup, os.dup2, os.close, os.set_blocking

Written = Callable[[str], str]


@contextlib.contextmanager
def descriptors() -> Iterator[Written]:
    """Gives what tells what was written to `stdout` or `stderr` since it was asked last; what has no room is lost."""
    before, ours = [_dup(1), _dup(2)], [_pipe(), _pipe()]
    try:
        for number, (reads, writes) in enumerate(ours, 1):
            _set_blocking(reads, False)
            _set_blocking(writes, False)
            _make_room(writes)
            _dup2(writes, number)
            _close(writes)
        yield lambda name: _taken(ours[name == "stderr"][0])
    finally:
        for number, descriptor in enumerate(before, 1):
            _dup2(descriptor, number)
            _close(descriptor)
        for reads, _ in ours:
            with contextlib.suppress(OSError):
                _close(reads)


def _make_room(descriptor: int) -> None:
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _ROOM)


def _taken(descriptor: int) -> str:
    found = bytearray()
    with contextlib.suppress(OSError):  # nothing is there, or the program has closed it
        while some := _read(descriptor, _SIZE):
            found += some
    return found.decode("utf-8", "replace")
