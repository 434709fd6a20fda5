"""A socket of the system that is to reach a server in memory, which it cannot: refused by name, before it finds somebody else.

`socket.create_connection`, and what packages have in its place, ask `getaddrinfo` first and call `connect` then.
"""

import functools
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.lines import called
from grader.clock.over import RefusedError
from grader.clock.threads.in_line import caller_of

_CREATES = socket.create_connection.__code__
_INSTEAD = "use asyncio.open_connection, from another thread by asyncio.run_coroutine_threadsafe"


def _network() -> Any:
    """That of the present thread's clock, if there is one, and nothing else could be meant."""
    clock = clock_here()
    return None if clock is None or clock.door is not None or clock.lookout is not None else vars(clock).get("network")


def _refuse(call: str, where: str, frame: FrameType) -> None:
    raise RefusedError(
        f"{called(call, frame)} goes to the real network, and {where} is in memory: {_INSTEAD}; see docs/clock.md"
    )


def _connect(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def connect(self: Any, *args: Any) -> Any:
        network = _network()
        if network is not None and len(args) == 1 and network.listens_at(args[0]):
            where = args[0] if isinstance(args[0], str) else "{}:{}".format(*args[0][:2])
            frame = caller_of(sys._getframe(1))
            if frame.f_code is _CREATES:
                self.close()  # as it does itself after an OSError
            _refuse(f"socket.{real.__name__}", where, frame)
        return real(self, *args)

    return connect


def _getaddrinfo(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        network = _network()
        if network is not None and network.has_name(host):
            _refuse("socket.getaddrinfo", str(host), sys._getframe(1))
        return real(host, *args, **options)

    return getaddrinfo


def replacements() -> list[Replacement]:
    """What stands in `socket`."""
    return _REPLACEMENTS


_REPLACEMENTS: list[Replacement] = [
    (socket, "getaddrinfo", _getaddrinfo(socket.getaddrinfo)),
    (socket.socket, "connect", _connect(socket.socket.connect)),
    (socket.socket, "connect_ex", _connect(socket.socket.connect_ex)),
]
