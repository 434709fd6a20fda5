"""Calls of the system that block: a thread that is on a clock with an outside gives its turn away for them, so that the loop
that it waits for can go on. Any other blocking call, into a library in C say, holds the turn, and everybody waits for its end.

Their time-outs are in real seconds; one that has passed has taken that much virtual time too, so that a program which counts
what is left of its time comes to an end.

Checked on 3.11, 3.12 and 3.13: `socket.socket` is a class of Python above the one in C, `ssl.SSLSocket` does all its talking in
the methods named here, `subprocess` and `asyncio` wait for children by `os.waitpid`, and `selectors` by `select`.
"""

import functools
import os
import select
import selectors
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.ticks import to_tick

if TYPE_CHECKING:
    from grader.clock.clock import Clock

Limit = Callable[..., float | None]  # how many seconds a call may block; None: no end
_MARK = "_gives_its_turn_away"
_RECEIVE = tuple(f"recv{kind}" for kind in ("", "_into", "from", "from_into", "msg", "msg_into"))
_SOCKET = ("accept", "connect", "connect_ex", "send", "sendall", "sendto", "sendmsg", *_RECEIVE)
_SSL = ("read", "write", "send", "do_handshake", "unwrap")
_NOTHING: tuple[object, ...] = ([], ([], [], []))  # what a select that timed out gives
_SELECTORS = ("SelectSelector", "PollSelector", "EpollSelector", "DevpollSelector", "KqueueSelector")


def stands() -> bool:
    """Whether the replacements are in place."""
    return hasattr(socket.socket.accept, _MARK)


# ---------------------------------------------------------------- how long a call may block


def _no_limit(*args: Any, **kwargs: Any) -> None:
    return None


def _of_socket(sock: socket.socket, *args: Any, **kwargs: Any) -> float | None:
    return sock.gettimeout()


def _of_select(selector: Any, timeout: float | None = None) -> float | None:
    return None if timeout is None else max(timeout, 0)


def _of_select_function(reading: Any, writing: Any, other: Any, timeout: float | None = None) -> float | None:
    return _of_select(None, timeout)


def _of_descriptor(descriptor: int, *args: Any) -> float | None:
    try:
        return None if os.get_blocking(descriptor) else 0
    except OSError:
        return 0  # it says so itself


def _of_waitpid(pid: int, options: int) -> float | None:
    return 0 if options & getattr(os, "WNOHANG", 0) else None


# ---------------------------------------------------------------- the calls


def _aside(real: Callable[..., Any], limit: Limit) -> Callable[..., Any]:
    """`real`; a thread that is not alone on its clock gives its turn away for it where it may block."""

    @functools.wraps(real)
    def call(*args: Any, **kwargs: Any) -> Any:
        clock = clock_here()
        if clock is None or clock.lookout is None or not clock.has_turn():
            return real(*args, **kwargs)
        seconds, start = limit(*args, **kwargs), clock.now
        try:
            found = _call(clock, seconds, real, args, kwargs)
        except TimeoutError:
            _has_passed(clock, start, seconds)
            raise
        if found in _NOTHING:
            _has_passed(clock, start, seconds)
        return found

    setattr(call, _MARK, True)
    return call


def _call(clock: "Clock", seconds: float | None, real: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    if seconds == 0 or not clock.crowded or clock.lookout is None:
        return real(*args, **kwargs)
    with clock.lookout.aside():
        return real(*args, **kwargs)


def _has_passed(clock: "Clock", start: int, seconds: float | None) -> None:
    """A time-out, in real time; looking without waiting takes a nanosecond."""
    if seconds is not None:
        end = start + max(to_tick(seconds), 1)
        if clock.lookout is not None:
            clock.lookout.has_waited(end)
        clock.block(max(end - clock.now, 0))


def _noted(real: Callable[..., Any], pid_of: Callable[..., int]) -> Callable[..., Any]:
    """`real` starts a child; the lookout knows of it from then on."""

    @functools.wraps(real)
    def call(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        clock = clock_here()
        if clock is not None and clock.lookout is not None and pid_of(found, *args):
            clock.lookout.has_child(pid_of(found, *args))
        return found

    return call


def unreplaced(call: Callable[..., Any]) -> Callable[..., Any]:
    """`call` as it was before anything was replaced."""
    real: Callable[..., Any] | None = getattr(call, "__wrapped__", None) if hasattr(call, _MARK) else None
    return call if real is None else functools.partial(real, call.__self__)  # type: ignore[attr-defined]


def _found() -> list[tuple[Any, str, Limit]]:
    found: list[tuple[Any, str, Limit]] = [(socket, "getaddrinfo", _no_limit)]
    found += [(socket.socket, name, _of_socket) for name in _SOCKET]
    ssl: Any = sys.modules.get("ssl")
    if ssl is not None:
        found += [(ssl.SSLSocket, name, _of_socket) for name in _SSL]
    found += [(getattr(selectors, name, None), "select", _of_select) for name in _SELECTORS]
    found += [(select, "select", _of_select_function), (os, "waitpid", _of_waitpid)]
    found += [(os, name, _of_descriptor) for name in ("read", "write") if hasattr(os, "get_blocking")]
    return [(owner, name, limit) for owner, name, limit in found if hasattr(owner, name)]


def replacements() -> list[Replacement]:
    """What stands in `socket`, `ssl`, `selectors`, `select` and `os` while there is a clock with an outside."""
    calls = [(owner, name, _aside(getattr(owner, name), limit)) for owner, name, limit in _found()]
    return [*calls, *_starters()]


def _starters() -> list[Replacement]:
    found: list[Replacement] = []
    if hasattr(os, "fork"):
        found.append((os, "fork", _noted(os.fork, lambda pid, *args: pid)))
    processes: Any = sys.modules.get("subprocess")
    if processes is not None:
        popen = processes.Popen
        found.append(
            (popen, "_execute_child", _noted(popen._execute_child, lambda _, process, *args: process.pid or 0))
        )
    return found
