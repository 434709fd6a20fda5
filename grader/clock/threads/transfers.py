"""Who reads or writes, and waits for the other end, on a clock without an outside: `os.read`, `recv`, a file that is a pipe.

What only this process has, a pipe or sockets that no child of it has, is waited for in virtual time, as in `selects`: whoever
is at the other end is on the clock, and would never come to its turn if this thread kept its own. Everything else, and what a
thread that is on no clock may be at the other end of, is waited for really, while time stands.

Checked on 3.11, 3.12 and 3.13: `socket.socket` is a class of Python above the one in C, the readers and writers in C look up
the methods of `FileIO` by name, and a `Connection` reads and writes by functions that are defaults of its own methods.
"""

import functools
import io
import logging
import os
import select
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.library.replaced import VIRTUAL, Inside, Replacement
from grader.clock.lines import place_of, said
from grader.clock.threads.in_line import caller_of
from grader.clock.threads.inside import STANDARD, is_inside, somebody_else
from grader.clock.threads.selects import SelectLine, clock_without_outside
from grader.ticks import to_wait

if TYPE_CHECKING:
    from grader.clock.clock import Clock

# how many bytes a descriptor takes without waiting, if it is ready for any
_PIECE = getattr(select, "PIPE_BUF", 512)
_PART = 0x10000  # bytes that are read at a time of what has no known end
_AT_ONCE = getattr(socket, "MSG_DONTWAIT", 0)
# whose argument after `self` says how it is to be done
_RECEIVE = {"recv": 1, "recvfrom": 1, "recv_into": 2, "recvfrom_into": 2, "recvmsg": 2, "recvmsg_into": 2, "accept": 0}
_SIZED = ("recv", "recvfrom", "recvmsg")  # whose first says how much
PATIENCE = 5.0  # real seconds for which nothing is said of one that waits for what is outside
_INSTEAD = "if what it waits for is to come from one of them, use an OutsideLoop (docs/clock.md)"
_here = clock_without_outside

if hasattr(select, "poll"):
    _poll, _IN, _OUT = select.poll, select.POLLIN, select.POLLOUT


# ---------------------------------------------------------------- how it waits


def _is_ready(descriptor: int, event: int) -> bool:
    """Also for the end, and for an error, which the call itself says."""
    if descriptor < 0:
        return True
    poll = _poll()
    poll.register(descriptor, event)
    return bool(poll.poll(0))


def _descriptor(of: Any) -> int:
    """A descriptor that may be waited for; -1 for none, of which the call itself says what is wrong."""
    if not isinstance(of, int):
        return -1
    try:
        mode = os.fstat(of).st_mode
        waits = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or (stat.S_ISCHR(mode) and os.isatty(of))
        return of if waits and of > STANDARD else -1
    except (OSError, OverflowError):
        return -1


def _blocking(of: Any) -> int:
    """The same, unless it never waits."""
    descriptor = _descriptor(of)
    return descriptor if descriptor >= 0 and os.get_blocking(descriptor) else -1


def _of_socket(sock: socket.socket) -> int:
    return -1 if sock.gettimeout() == 0 else sock.fileno()


def _of_file(file: io.FileIO) -> int:
    return -1 if file.closed else _blocking(file.fileno())


def _comes_to(clock: "Clock", call: str, descriptor: int, event: int, seconds: float | None, caller: FrameType) -> None:
    """Waits in virtual time until that descriptor is ready; else what is called finds it at once, or waits really.

    Raises TimeoutError after so many seconds.
    """
    if descriptor < 0 or _is_ready(descriptor, event) or caller.f_globals is vars(subprocess):
        return
    if _is_inside(descriptor, clock):
        _wait(clock, call, descriptor, event, _until(clock, seconds))
    elif seconds is None and clock.crowded:
        _tell_if_it_takes_long(call, descriptor, event, caller)


def _tell_if_it_takes_long(call: str, descriptor: int, event: int, caller: FrameType) -> None:
    """Others have no turn meanwhile, and it may be that one of them would have to do something first."""
    poll = _poll()
    poll.register(descriptor, event)
    if not poll.poll(PATIENCE * 1000):
        where = said(place_of(caller))
        text = "%s has waited for %g s of real time%s, and no other thread on its clock can go on meanwhile: %s"
        logging.getLogger("asyncio").warning(text, call, PATIENCE, where and f": {where}", _INSTEAD)


def _is_inside(descriptor: int, clock: "Clock") -> bool:
    return is_inside([descriptor], clock) and not somebody_else(clock)


def is_virtual(descriptor: int) -> bool:
    """Whether the present thread waits for it in virtual time, if it has to wait."""
    clock = _here()
    return clock is not None and bool(_REPLACEMENTS) and _is_inside(descriptor, clock)


def _wait(clock: "Clock", call: str, descriptor: int, event: int, until: int | None) -> None:
    """Raises TimeoutError."""
    if not wait(clock, _Transfer(call, descriptor, event), until):
        raise TimeoutError("timed out")  # as the socket says it


def wait(clock: "Clock", look: "_Transfer", until: int | None) -> bool:
    """Whether the other end comes to it in time."""
    return bool(SelectLine(look, told=False).wait(clock, until, look.call)) or look.now()


class _Transfer:
    """`now()` tells whether it can be done at this moment."""

    def __init__(self, call: str, descriptor: int, event: int) -> None:
        self.call, self.writes = call, event == _OUT
        self.now = self.ready = functools.partial(_is_ready, descriptor, event)


def _until(clock: "Clock", seconds: float | None) -> int | None:
    return None if seconds is None else clock.now + to_wait(seconds)


# ---------------------------------------------------------------- to read


def _reading(real: Callable[..., Any], call: str, descriptor: Callable[[Any], int]) -> Callable[..., Any]:
    @functools.wraps(real)
    def read(of: Any, *args: Any, **options: Any) -> Any:
        clock = _here()
        if clock is not None:
            number = descriptor(of) if len(args) <= 1 and not options else -1
            _comes_to(clock, call, number, _IN, None, caller_of(sys._getframe(1)))
        return real(of, *args, **options)

    setattr(read, VIRTUAL, lambda of: is_virtual(descriptor(of)))
    return read


def _receiving(real: Callable[..., Any], name: str, at: int) -> Callable[..., Any]:
    call = f"socket.{name}"

    @functools.wraps(real)
    def receive(self: Any, *args: Any, **options: Any) -> Any:
        clock = _here()
        if clock is not None:
            number = _of_socket(self) if _may_receive(name, at, *args, **options) else -1
            _comes_to(clock, call, number, _IN, self.gettimeout(), caller_of(sys._getframe(1)))
        return real(self, *args, **options)

    setattr(receive, VIRTUAL, lambda sock: is_virtual(_of_socket(sock)))
    return receive


def _may_receive(name: str, at: int, *args: Any, flags: Any = 0, **_: Any) -> bool:
    """Whether it waits with these arguments; what is wrong with them the call itself says."""
    fits = (at > 0) is bool(args) and len(args) <= at + 1 and (name not in _SIZED or isinstance(args[0], int))
    how = args[at] if 0 < at < len(args) else flags
    return fits and isinstance(how, int) and not how & _AT_ONCE


def _readall(real: Callable[..., Any], piece: Callable[..., Any]) -> Callable[..., Any]:
    """Up to the end of file, for which the real one waits in one call; `piece` reads some."""

    @functools.wraps(real)
    def readall(self: Any, *args: Any) -> Any:
        clock = _here()
        if clock is None or args:
            return real(self, *args)
        number = _of_file(self)
        if number < 0 or not _is_inside(number, clock):
            _comes_to(clock, "file.read", number, _IN, None, caller_of(sys._getframe(1)))
            return real(self)
        return b"".join(iter(functools.partial(piece, self, _PART), b""))

    return readall


def _read(readall: Callable[..., Any], piece: Callable[..., Any]) -> Callable[..., Any]:
    """Of a file: all of it, if it is not said how much."""

    @functools.wraps(piece)
    def read(self: Any, size: Any = -1, /) -> Any:
        return readall(self) if size is None or (isinstance(size, int) and size < 0) else piece(self, size)

    return read


# ---------------------------------------------------------------- to write


def _bytes(data: Any) -> memoryview | None:
    """Of what can be written in pieces."""
    if not isinstance(data, bytes | bytearray | memoryview):
        return None
    view = memoryview(data)
    return view.cast("B") if view.c_contiguous and view.nbytes else None


def _writing(real: Callable[..., Any], call: str, descriptor: Callable[[Any], int]) -> Callable[..., Any]:
    """Gives how many bytes it has written: all of them, as the real one does where it may wait."""

    @functools.wraps(real)
    def write(of: Any, data: Any, *args: Any) -> Any:
        clock = _here()
        number = -1 if clock is None or args else descriptor(of)
        view = _bytes(data) if number >= 0 else None
        if clock is None or view is None or (len(view) <= _PIECE and _is_ready(number, _OUT)):
            return real(of, data, *args)
        if caller_of(sys._getframe(1)).f_globals is vars(subprocess) or not _is_inside(number, clock):
            return real(of, data)
        for start in range(0, len(view), _PIECE):
            if not _is_ready(number, _OUT):
                _wait(clock, call, number, _OUT, None)
            real(of, view[start : start + _PIECE])
        return len(view)

    return write


def _sending(real: Callable[..., Any], name: str, everything: bool) -> Callable[..., Any]:
    """`everything`: also where a time-out is set, up to which the real one does it all in one call."""
    call, some = f"socket.{name}", socket.socket.send

    @functools.wraps(real)
    def send(self: Any, data: Any, *flags: Any) -> Any:
        clock = _here()
        view = None if clock is None else _bytes(data)
        if clock is None or view is None or not _may_wait(self, *flags):
            return real(self, data, *flags)
        number, limit, sent = self.fileno(), self.gettimeout(), 0
        until = _until(clock, limit)
        while sent < len(view):
            if not _is_ready(number, _OUT):
                if not _is_inside(number, clock):
                    break
                _wait(clock, call, number, _OUT, until)
            try:
                sent += some(self, view[sent:], (flags[0] if flags else 0) | _AT_ONCE)
            except BlockingIOError:
                break
            if limit is not None and not everything:
                return sent
        if sent < len(view):
            real(self, view[sent:], *flags)
        return None if everything else len(view)

    return send


def _may_wait(sock: socket.socket, flags: Any = 0) -> bool:
    return isinstance(flags, int) and not flags & _AT_ONCE and _of_socket(sock) >= 0 and sock.type == socket.SOCK_STREAM


# ---------------------------------------------------------------- the calls


def replacements() -> list[Replacement]:
    """What stands in `os`, `socket`, `io` and `multiprocessing.connection`."""
    return [*_REPLACEMENTS, *_of_connections()] if _REPLACEMENTS else []


def _of_connections() -> list[Replacement]:
    """One that is imported later has them by itself."""
    found: Any = sys.modules.get("multiprocessing.connection")
    kind: Any = getattr(found, "Connection", None)
    return [(kind, name, _given(getattr(kind, name), ours)) for name, ours in _BY_NAME.items() if kind is not None]


def _given(real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """A method that is told last by which function it does it."""

    @functools.wraps(real)
    def call(self: Any, what: Any, *by: Any) -> Any:
        return real(self, what, *(by or (ours,)))

    return call


_REPLACEMENTS: list[Replacement] = []
_BY_NAME: dict[str, Callable[..., Any]] = {}
if hasattr(select, "poll") and _AT_ONCE:
    _file = Inside(io.FileIO)
    _some: Callable[..., Any] = _reading(_file.read, "file.read", _of_file)
    _all = _readall(_file.readall, _some)
    _BY_NAME |= {"_recv": _reading(os.read, "os.read", _blocking), "_send": _writing(os.write, "os.write", _blocking)}
    _REPLACEMENTS += [
        (os, "read", _BY_NAME["_recv"]),
        (os, "readv", _reading(os.readv, "os.readv", _blocking)),
        (os, "write", _BY_NAME["_send"]),
        (_file, "read", _read(_all, _some)),
        (_file, "readall", _all),
        (_file, "readinto", _reading(_file.readinto, "file.read", _of_file)),
        (_file, "write", _writing(_file.write, "file.write", _of_file)),
        (socket.socket, "send", _sending(socket.socket.send, "send", everything=False)),
        (socket.socket, "sendall", _sending(socket.socket.sendall, "sendall", everything=True)),
    ]
    _REPLACEMENTS += [
        (socket.socket, name, _receiving(getattr(socket.socket, name), name, at))
        for name, at in _RECEIVE.items()
        if hasattr(socket.socket, name)
    ]
BY_NAME = [(ours.__wrapped__, ours) for owner, _, ours in _REPLACEMENTS if owner is os]
