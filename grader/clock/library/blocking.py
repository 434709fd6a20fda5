"""Calls that block for real, made in a coroutine: told of by name, as calls are that wait in virtual time.

They take no virtual time, so that cannot tell of them. A call that always waits is told of because it is made; one that may
find what it wants at once only if it does not, which is looked at just before. What asyncio itself calls is its own affair.

Checked on 3.11, 3.12 and 3.13: all that waits for a child of `subprocess` comes to `Popen.wait`; what is read of a file comes,
if it is not there yet, to a method of `FileIO`, which the readers in C look up by name; `Popen._execute_child` reads of a pipe
whether the child has begun, as asyncio has it in its loop, too.
"""

import asyncio
import builtins
import contextlib
import functools
import io
import ipaddress
import os
import select
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from grader.clock.library import replaced
from grader.clock.library.present import clock_here
from grader.clock.library.replaced import VIRTUAL, Inside, Replacement
from grader.clock.lines import CLOCK, above, is_the_loop_s, of_a_program

Waits = Callable[..., bool]  # whether the call with these arguments waits
_MARK = "_is_told_of"
_RECEIVE = ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into", "accept")
_ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep
_BEGINS = subprocess.Popen._execute_child.__name__  # type: ignore[attr-defined]
_FILE = Inside(io.FileIO)
_SIGNALS = ("sigwait", "sigwaitinfo", "sigtimedwait")
_LOOKOUT = os.path.join(CLOCK, "threads", "lookout.py")


@contextlib.contextmanager
def told() -> Iterator[None]:
    """For this time the clock of a thread hears of such calls that a coroutine there makes; see `Clock.on_block`."""
    with replaced.on_top(_untold):  # the first loop, which is to come perhaps, replaces some of these names itself
        yield


def _untold() -> list[Replacement]:
    return [
        (owner, name, _told(getattr(owner, name), called, waits))
        for owner, name, called, waits in _found()
        if hasattr(owner, name) and not hasattr(getattr(owner, name), _MARK)
    ]


def _told(real: Callable[..., Any], called: str, waits: Waits) -> Callable[..., Any]:
    running_loop = asyncio._get_running_loop  # here, since files are read while the interpreter ends

    @functools.wraps(real)
    def call(*args: Any, **kwargs: Any) -> Any:
        if running_loop() is not None:
            _tell(called, waits, sys._getframe(1), args, kwargs, getattr(real, VIRTUAL, None))
        return real(*args, **kwargs)

    setattr(call, _MARK, True)
    return call


def _tell(called: str, waits: Waits, frame: FrameType, args: Any, kwargs: Any, virtual: Any = None) -> None:
    clock = clock_here()
    if clock is None or clock.door is not None or not _is_of_a_program(frame):
        return
    try:
        waiting = waits(*args, **kwargs)
    except TypeError:
        return  # the call itself says what is wrong with its arguments
    if waiting and not (virtual is not None and virtual(args[0])):
        clock.on_block(called, frame, clock.now, clock.now)


def _is_of_a_program(frame: FrameType) -> bool:
    """Whether a program called it, or had the loop call it, and not asyncio for it, nor the start of a child."""
    for each in above(frame):
        if each.f_code.co_filename == _LOOKOUT:
            return False  # everybody waits there
        if is_the_loop_s(each):
            return True
        if of_a_program(each.f_code.co_filename):
            return True
        if each.f_code.co_filename.startswith(_ASYNCIO) or each.f_code.co_name == _BEGINS:
            return False
    return False


# ---------------------------------------------------------------- whether a call waits


def _always(*args: Any, **kwargs: Any) -> bool:
    return True


def _unless_asked_only(pid: int, options: int = 0) -> bool:
    return not options & getattr(os, "WNOHANG", 0)


def _for_child(child: Any, timeout: float | None = None) -> bool:
    return child.returncode is None and timeout != 0


def _for_name(host: Any, *args: Any, **kwargs: Any) -> bool:
    """An address, and the name of this machine itself, are known at once."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return False
    try:
        ipaddress.ip_address(os.fsdecode(host).partition("%")[0])
    except ValueError:
        return True
    return False


def _for_answer(sock: socket.socket, *args: Any) -> bool:
    network = sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM
    return network and sock.gettimeout() != 0


def _for_handshake(sock: socket.socket, *args: Any, **kwargs: Any) -> bool:
    return sock.gettimeout() != 0


def _for_bytes(sock: Any, *args: Any, **kwargs: Any) -> bool:
    pending = sock.pending() if hasattr(sock, "pending") else 0  # of TLS, already deciphered
    return not pending and sock.gettimeout() != 0 and not _is_ready(sock.fileno())


def _of_descriptor(descriptor: int, *args: Any) -> bool:
    """A pipe, a terminal or a socket may have nothing to read; a file on a disk always has, or is at its end."""
    try:
        mode = os.fstat(descriptor).st_mode
        slow = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)
        return slow and os.get_blocking(descriptor) and not _is_ready(descriptor)
    except OSError:
        return False  # it says so itself


def _of_file(file: Any, *args: Any) -> bool:
    return not file.closed and _of_descriptor(file.fileno())


def _unless_numeric(address: Any, flags: int) -> bool:
    return not flags & socket.NI_NUMERICHOST


def _for_signal(signals: Any, timeout: float | None = None) -> bool:
    return timeout != 0 and not signal.sigpending() & set(signals)


def _for_events(poll: Any, timeout: float | None = None) -> bool:
    return timeout != 0 and not poll.poll(0)


def _of_epoll(poll: Any, timeout: float | None = None, *args: Any, **options: Any) -> bool:
    """It is asked from outside, for whoever asks it itself may take an event."""
    return timeout != 0 and not _is_ready(poll.fileno())


def _is_ready(descriptor: int) -> bool:
    """Whether there is something to read, or the end; where nobody can know, it is taken to be so."""
    if descriptor < 0 or not hasattr(select, "poll"):
        return True
    poll = _poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


_POLLS: list[tuple[Any, str, Waits]] = []
if hasattr(select, "poll"):
    _poll = getattr(select.poll, "__wrapped__", select.poll)  # the real one, if another stands there already
    _POLLS.append((Inside(type(_poll())), "poll.poll", _for_events))
if hasattr(select, "epoll"):
    _POLLS.append((Inside(select.epoll), "epoll.poll", _of_epoll))


def _found() -> list[tuple[Any, str, str, Waits]]:
    """Whose attribute, its name, how it is called, and whether it waits."""
    found: list[tuple[Any, str, str, Waits]] = [
        (builtins, "input", "input", _always),
        (subprocess.Popen, "wait", "Popen.wait", _for_child),
        (os, "system", "os.system", _always),
        (os, "wait", "os.wait", _always),
        (os, "waitpid", "os.waitpid", _unless_asked_only),
        (socket, "getaddrinfo", "socket.getaddrinfo", _for_name),
        (socket, "gethostbyname", "socket.gethostbyname", _for_name),
        (socket.socket, "connect", "socket.connect", _for_answer),
    ]
    found += [(socket.socket, name, f"socket.{name}", _for_bytes) for name in _RECEIVE]
    found.append((socket, "gethostbyaddr", "socket.gethostbyaddr", _always))
    found.append((socket, "gethostbyname_ex", "socket.gethostbyname_ex", _for_name))
    found.append((socket, "getnameinfo", "socket.getnameinfo", _unless_numeric))
    found += [(signal, name, f"signal.{name}", _for_signal) for name in _SIGNALS]
    found += [(owner, "poll", called, waits) for owner, called, waits in _POLLS]
    ssl: Any = sys.modules.get("ssl")
    if ssl is not None:
        found.append((ssl.SSLSocket, "read", "SSLSocket.read", _for_bytes))
        found.append((ssl.SSLSocket, "do_handshake", "SSLSocket.do_handshake", _for_handshake))
    if hasattr(os, "get_blocking"):
        found.append((os, "read", "os.read", _of_descriptor))
        found += [(_FILE, name, "file.read", _of_file) for name in ("read", "readall", "readinto")]
    return found
