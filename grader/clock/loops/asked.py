"""What a loop in memory is asked to connect to, or to serve at, is looked at as asyncio does, and refused in its words."""

import socket
import ssl as tls
from collections.abc import Iterable
from typing import Any

from grader.clock.world.sockets import MemorySocket


def bind(sock: MemorySocket, address: Any) -> None:
    try:
        sock.bind(address)
    except OSError as error:
        said = (error.strerror or "").lower()
        raise OSError(error.errno, f"error while attempting to bind on address {address!r}: {said}") from None


def hosts_of(host: Any) -> list[Any]:
    if host == "":
        return [None]
    return [host] if isinstance(host, str | bytes) or not isinstance(host, Iterable) else list(host)


def check_tls(ssl: Any, timeouts: dict[str, Any], server_hostname: str | None = None) -> None:
    if ssl is not None and not isinstance(ssl, tls.SSLContext) and not (ssl is True and server_hostname is not None):
        raise TypeError("ssl argument must be an SSLContext or None")
    for name, value in [*timeouts.items(), ("server_hostname", server_hostname)]:
        if value is not None and not ssl:
            raise ValueError(f"{name} is only meaningful with ssl")


def refuse_unknown(name: str, given: dict[str, Any], known: tuple[str, ...]) -> None:
    for each in given:
        if each not in known:
            raise TypeError(f"{name}() got an unexpected keyword argument {each!r}")


def check_stream(sock: Any, of_unix: bool = False) -> None:
    """As asyncio does."""
    if sock.type != socket.SOCK_STREAM or (of_unix and sock.family != socket.AF_UNIX):
        raise ValueError(f"A {'UNIX Domain ' if of_unix else ''}Stream Socket was expected, got {sock!r}")
