"""Whether nobody but the threads of a clock has the other end of a descriptor: then to wait for it is to wait for them.

A pipe, and a pair of sockets, have no name by which anybody else could come to them; of a connection the other end is looked
for among the process's own. A socket that listens, or that takes datagrams on this machine, is taken to wait for this process:
its port was told nobody else. Whatever may be a child's is not inside (`descendants`), nor is a network's where a thread that
is not on the clock talks in it.

Checked on 3.11, 3.12 and 3.13: who serves in a thread stands in a function of `socket`, `selectors`, `ssl`, `socketserver` or
asyncio.
"""

import asyncio
import os
import socket
import stat
import struct
import sys
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.library import present
from grader.clock.lines import nearness
from grader.clock.threads.descendants import may_write

if TYPE_CHECKING:
    from grader.clock.clock import Clock

STANDARD = 2  # descriptors up to it were there before the process
_INTERNET = (socket.AF_INET, socket.AF_INET6)
_UNIX = getattr(socket, "AF_UNIX", None)
_PEER = getattr(socket, "SO_PEERCRED", None)  # Linux: the process, the user and the group at the other end
_CREDENTIALS = struct.Struct("iII")
_DESCRIPTORS = next(filter(os.path.isdir, ("/proc/self/fd", "/dev/fd")), "")
_ANY = ("0.0.0.0", "::")
_LOCAL = ("127.", "::1", "::ffff:127.")
_ASYNCIO = os.path.dirname(asyncio.__file__)
_TALKING = tuple(
    os.path.join(os.path.dirname(_ASYNCIO), name) for name in ("socket.py", "selectors.py", "socketserver.py", "ssl.py")
)


def is_inside(descriptors: Iterable[Any], clock: "Clock") -> bool:
    """Whether only threads on `clock` can come to any of them; with none, it is a sleep."""
    try:
        numbers = [each if isinstance(each, int) else each.fileno() for each in descriptors]
        if not all(map(_is_own, numbers)) or (numbers and may_write(numbers)):
            return False
        return not (any(map(_is_of_a_network, numbers)) and somebody_else(clock, _talks))
    except (OSError, TypeError, ValueError):
        return False


def somebody_else(clock: "Clock", does: Callable[[FrameType], bool] | None = None) -> bool:
    """Whether a thread that is not on `clock` runs a program's code, or what `does` so."""
    for ident, frame in sys._current_frames().items():
        if ident == threading.get_ident() or present.at(ident) is clock:
            continue
        each: FrameType | None = frame
        while each is not None:
            if nearness(each.f_code.co_filename) > 1 or (does is not None and does(each)):
                return True
            each = each.f_back
    return False


def _talks(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith((_ASYNCIO, *_TALKING))


# ---------------------------------------------------------------- whose the other end is


def _is_own(number: int) -> bool:
    mode = os.fstat(number).st_mode
    if number <= STANDARD:
        return False
    if stat.S_ISSOCK(mode):
        with _socket(number) as sock:
            return _is_of_a_pair(sock) or _listens(sock) or _is_connected_here(sock)
    return stat.S_ISFIFO(mode)


def _socket(number: int) -> socket.socket:
    return socket.socket(fileno=os.dup(number))


def _is_of_a_network(number: int) -> bool:
    if not stat.S_ISSOCK(os.fstat(number).st_mode):
        return False
    with _socket(number) as sock:
        return not _is_of_a_pair(sock)


def _is_of_a_pair(sock: socket.socket) -> bool:
    return sock.family == _UNIX and not sock.getsockname() and not _peer(sock)


def _peer(sock: socket.socket) -> Any:
    """The address of the other end; None if it is connected to nobody."""
    try:
        return sock.getpeername()
    except OSError:
        return None


def _listens(sock: socket.socket) -> bool:
    if sock.type == socket.SOCK_STREAM:
        return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    here = sock.family in _INTERNET and str(sock.getsockname()[0]).startswith(_LOCAL)
    return here and sock.type == socket.SOCK_DGRAM and _peer(sock) is None


def _is_connected_here(sock: socket.socket) -> bool:
    peer = _peer(sock)
    if sock.family == _UNIX and peer is not None and _PEER is not None:
        told = sock.getsockopt(socket.SOL_SOCKET, _PEER, _CREDENTIALS.size)
        return bool(_CREDENTIALS.unpack(told)[0] == os.getpid())
    if sock.family not in _INTERNET or peer is None or not _DESCRIPTORS:
        return False
    return any(_is_at(each, sock, peer) for each in map(int, os.listdir(_DESCRIPTORS)))


def _is_at(number: int, sock: socket.socket, address: Any) -> bool:
    """Whether that descriptor is a socket of the same kind at the address."""
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        with _socket(number) as other:
            if other.family not in _INTERNET or other.type != sock.type:
                return False
            host, port = other.getsockname()[:2]
            return port == address[1] and (host in _ANY or host == address[0])
    except OSError:
        return False  # it is closed by now
