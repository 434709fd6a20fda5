"""The streams of a program in memory: pipes to its parent, and where everything goes that is not the parent's to read."""

import asyncio
import os
import sys
from asyncio import constants
from collections.abc import Callable
from subprocess import DEVNULL, PIPE
from typing import Any

from grader.clock.over import RefusedError
from grader.clock.world.sockets import MemorySocket, pair
from grader.clock.world.transports import OfItsLoop


class WritePipe(OfItsLoop):
    """A pipe to write to, as asyncio's: nothing is read there, and it is closed by its end of file, and by the reader's end."""

    _sendfile_compatible = constants._SendfileMode.UNSUPPORTED

    def _read_ready(self) -> None:
        if not self._conn_lost:
            self._force_close(BrokenPipeError() if self._buffer else None)

    def write_eof(self) -> None:
        self._check_whose(sys._getframe(1))
        self.close()


def _stream(loop: Any, sock: MemorySocket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader = asyncio.StreamReader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    return reader, asyncio.StreamWriter(loop._make_socket_transport(sock, protocol), protocol, reader, loop)


def reading(loop: Any, wanted: Any) -> tuple[MemorySocket | None, asyncio.StreamReader, asyncio.StreamWriter | None]:
    """The parent's end, what the program reads from, and what closes that."""
    if wanted == PIPE:
        parent, child = pair(loop.network)
        reader, writer = _stream(loop, child)
        return parent, reader, writer
    if wanted not in (None, DEVNULL):
        raise RefusedError(f"stdin={wanted!r} needs a real process; use PIPE or DEVNULL")
    reader = asyncio.StreamReader(loop=loop)
    reader.feed_eof()
    return None, reader, None


def writing(loop: Any, wanted: Any, name: str) -> tuple[MemorySocket | None, asyncio.StreamWriter]:
    if wanted == PIPE:
        parent, child = pair(loop.network)
        return parent, _stream(loop, child)[1]
    reader = asyncio.StreamReader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    return None, asyncio.StreamWriter(Sink(loop, protocol, _sink(wanted, name)), protocol, None, loop)


def _sink(wanted: Any, name: str) -> Callable[[bytes], object]:
    """Where bytes go that are not the parent's to read."""
    if wanted is None:
        return lambda data: getattr(sys, name).write(data.decode(errors="replace"))
    if wanted == DEVNULL:
        return lambda data: None
    fd = wanted if isinstance(wanted, int) else wanted.fileno()
    return lambda data: os.write(fd, data)


class Sink(asyncio.WriteTransport):
    """Takes everything at once."""

    def __init__(self, loop: Any, protocol: asyncio.BaseProtocol, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._loop, self._protocol, self._write = loop, protocol, write
        self._closing = False
        protocol.connection_made(self)

    def write(self, data: Any) -> None:
        if not self._closing:
            self._write(bytes(data))

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._loop.call_soon(self._protocol.connection_lost, None)

    abort = write_eof = close

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return 0
