"""What asyncio takes beside an address where it connects or serves: kept, passed over, or refused by name."""

import asyncio
import os
import sys
from collections.abc import Iterable
from typing import Any

from grader.clock.loops.core import LoopOnClock
from grader.clock.over import RefusedError

LIMIT = 2**16  # as asyncio.streams has it
_OF_THE_NETWORK = ("ssl", "sock", "local_addr", "server_hostname", "ssl_handshake_timeout", "ssl_shutdown_timeout")
_WITHOUT_MEANING = {  # tuning of the system's network, of which there is none here
    "open_connection": ("family", "proto", "flags", "happy_eyeballs_delay", "interleave", "all_errors"),
    "open_unix_connection": (),
    "start_server": ("family", "flags", "backlog", "reuse_address", "reuse_port", "keep_alive", "start_serving"),
    "start_unix_server": ("backlog", "start_serving", "cleanup_socket"),
}
_NOT_FOR = {
    "open_connection": (),
    "open_unix_connection": ("local_addr",),
    "start_server": ("local_addr", "server_hostname"),
    "start_unix_server": ("local_addr", "server_hostname"),
}
_BENEATH = {
    "open_connection": "BaseEventLoop.create_connection",
    "open_unix_connection": "_UnixSelectorEventLoop.create_unix_connection",
    "start_server": "BaseEventLoop.create_server",
    "start_unix_server": "_UnixSelectorEventLoop.create_unix_server",
}


def check(name: str, limit: Any, options: dict[str, Any]) -> None:
    """Raises what asyncio raises for these options, and RefusedError for those that need a real network."""
    if limit <= 0:
        raise ValueError("Limit cannot be <= 0")
    refused = [option for option in _OF_THE_NETWORK if option not in _NOT_FOR[name]]
    for option, value in options.items():
        if option not in refused and option not in _WITHOUT_MEANING[name]:
            raise TypeError(f"{_BENEATH[name]}() got an unexpected keyword argument {option!r}")
        if option in refused and value is not None and value is not False:
            _refuse(f"asyncio.{name}({option}=...)", option)


def _refuse(call: str, option: str) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LoopOnClock)
    loop.on_refusal(call, sys._getframe(1))
    raise RefusedError(
        f"{call} needs a real network, which an exercise on virtual time does not have; leave {option} out"
    )


def host_and_port(host: Any, port: Any) -> tuple[Any, Any]:
    """As the world hears them: a text and a number, where they can be that."""
    if host is None and port is None:
        raise ValueError("host and port was not specified and no sock specified")
    return name_of(host), _number(port)


def name_of(host: Any) -> str | None:
    if isinstance(host, bytes):
        return host.decode("ascii", "replace")
    if host is not None and not isinstance(host, str):
        raise TypeError("getaddrinfo() argument 1 must be string or None")
    return host


def _number(port: Any) -> Any:
    if port is None or isinstance(port, int):
        return port if port is None else int(port)
    if isinstance(port, str | bytes):
        text = port if isinstance(port, str) else port.decode("ascii", "replace")
        return int(text) if text.isdecimal() else text
    raise OSError("Int or String expected")


def hosts_and_port(host: Any, port: Any) -> tuple[Any, Any]:
    """As `host_and_port`, for a server, which may have several hosts, or all."""
    if host is None and port is None:
        raise ValueError("Neither host/port nor sock were specified")
    several = isinstance(host, Iterable) and not isinstance(host, str | bytes)
    return ([name_of(each) for each in host] if several else name_of(host)), _number(port)


def path_of(path: Any, message: str) -> str:
    if path is None:
        raise ValueError(message)
    return os.fsdecode(path)
