"""A connection to the world: asyncio's own reader and writer over a transport that carries bytes to the world's connection.

What is written is there at the virtual time of the write. A writer that is thrown away says nothing: it is closed by `close()`
alone, on every Python.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.over import LimitError
from grader.runner.options import LIMIT, check, host_and_port, path_of
from grader.runner.proxies import looking_async, operation_of
from grader.runner.streams import FedStream

if TYPE_CHECKING:
    from grader.runner.desk import Desk

MAX_WRITTEN = 512 * 1024  # bytes in a run, to all connections: more would not fit through the door


class Transport(asyncio.Transport):
    """`thing`: the world's connection. `on_lost()` is called when it is over."""

    def __init__(self, desk: "Desk", thing: Any, extra: dict[str, Any]):
        super().__init__(extra)
        self._desk, self._thing = desk, thing
        self._ref, self.kinds = desk.reference(thing)
        self.loop: asyncio.AbstractEventLoop = thing.reader.loop_of_run
        self._closing = self._lost = self._eof = False
        self.protocol: asyncio.StreamReaderProtocol
        self.on_lost: Callable[[], object] = lambda: None

    def __repr__(self) -> str:
        state = " closing" if self._closing else ""
        return f"<Transport{state} to {self._extra.get('peername')!r}>"  # type: ignore[attr-defined]

    # ------------------------------------------------------------ writing

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data argument must be a bytes-like object, not {type(data).__name__!r}")
        if self._eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if data and not self._closing:  # what is written to a closed one goes nowhere, as asyncio has it
            sent = bytes(data)
            self._count(len(sent))
            self._tell(lambda: self._thing.write(sent))

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def _count(self, size: int) -> None:
        desk = self._desk
        desk.written += size
        if desk.written > MAX_WRITTEN:
            reason = LimitError(f"more than {MAX_WRITTEN} bytes written", desk.line(sys._getframe(1)))
            raise desk.clock.break_off(reason)

    def _tell(self, call: Callable[[], object]) -> None:
        """An error of the system's is no error of who writes: it ends the connection, and is met by who reads or drains."""
        try:
            call()
        except OSError as error:
            self.fail(error)

    def write_eof(self) -> None:
        if self._eof or self._closing:
            return
        self._eof = True
        if "write_eof" in self.kinds:
            self._tell(self._thing.write_eof)

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return 0

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return LIMIT // 4, LIMIT

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """It is the world that says when there is room."""

    async def drain(self, line: int | None) -> None:
        """Waits until the world has room again; where it does not say, it always has."""
        if not self._closing and "drain" in self.kinds:
            await operation_of(self._desk, self._ref, "drain", (), line)

    def line(self, frame: FrameType) -> int | None:
        """The learner's line from which `frame` was reached."""
        return self._desk.line(frame)

    # ------------------------------------------------------------ the end

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if self._closing:
            return
        self._closing = self._thing.reader.deaf = True
        if self.kinds.get("close") != "async":
            if "close" in self.kinds:
                self._tell(self._thing.close)
            self._lose(None)
            return
        number = self._desk.begin(self._ref, "close", (), self._desk.line(sys._getframe(1)))
        self._desk.future(number, self.loop).add_done_callback(self._closed)

    def _closed(self, over: "asyncio.Future[Any]") -> None:
        failed = not over.cancelled() and over.result()[0] == "error"
        self._lose(self._desk.error(over.result()) if failed else None)

    def abort(self) -> None:
        self.close()
        self._lose(None)

    def fail(self, error: Exception) -> None:
        """The connection has broken."""
        self._closing = True
        self._lose(error)

    def _lose(self, error: Exception | None) -> None:
        if not self._lost:
            self._lost = True
            self.loop.call_soon(self._is_lost, error)

    def _is_lost(self, error: Exception | None) -> None:
        protocol = self.protocol
        protocol.connection_lost(error)
        closed = protocol._get_close_waiter(None)  # type: ignore[attr-defined]
        if closed.done() and not closed.cancelled():
            closed.exception()  # that nobody waits for the end is no exception that was lost
        self.on_lost()

    # ------------------------------------------------------------ the rest

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.protocol

    def is_reading(self) -> bool:
        return not self._closing


class StreamWriter(asyncio.StreamWriter):
    """asyncio's own, which also waits for the world's room."""

    def __del__(self, *args: Any) -> None:
        """Nothing is said from a finaliser."""

    def drain(self) -> Coroutine[Any, Any, None]:
        line = self.transport.line(sys._getframe(1))  # type: ignore[attr-defined]
        coroutine: Coroutine[Any, Any, None] = named(_drain(self, line), "drain")
        return coroutine


async def _drain(writer: StreamWriter, line: int | None) -> None:
    await asyncio.StreamWriter.drain(writer)
    await writer.transport.drain(line)  # type: ignore[attr-defined]


def joined(desk: "Desk", thing: Any, limit: int, peername: Any) -> tuple[FedStream, StreamWriter, Transport]:
    """The reader and the writer of the world's connection `thing`, in the loop that runs."""
    reader: FedStream = thing.reader
    reader._limit = limit  # type: ignore[attr-defined]
    shown = {name: value for name, value in vars(thing).items() if name != "reader"}
    transport = Transport(desk, thing, {"peername": peername} | shown)
    transport.protocol = asyncio.StreamReaderProtocol(reader, loop=transport.loop)
    transport.protocol.connection_made(transport)
    reader.on_failure = transport.fail
    return reader, StreamWriter(transport, transport.protocol, reader, transport.loop), transport


Address = Callable[[], tuple[Any, ...]]


async def _connect(
    desk: "Desk", ref: int, name: str, address: Address, limit: Any, options: dict[str, Any], line: int | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    check(name, limit, options)
    to = address()
    thing = await operation_of(desk, ref, "__call__", to, line)
    return joined(desk, thing, limit, to if len(to) > 1 else to[0])[:2]


def named(coroutine: Any, name: str) -> Any:
    """As the learner knows it."""
    coroutine.__name__ = coroutine.__qualname__ = name
    return coroutine


def open_connection(desk: "Desk", ref: int) -> Callable[..., Any]:
    """asyncio's, where `ref` is the world's function (host, port) -> connection."""
    name = "open_connection"

    def open_connection(host: Any = None, port: Any = None, *, limit: Any = LIMIT, **options: Any) -> Any:
        line = desk.line(sys._getframe(1))
        return named(_connect(desk, ref, name, lambda: host_and_port(host, port), limit, options, line), name)

    return looking_async(open_connection)


def open_unix_connection(desk: "Desk", ref: int) -> Callable[..., Any]:
    """asyncio's, where `ref` is the world's function (path) -> connection."""
    name = "open_unix_connection"

    def address(path: Any) -> tuple[str]:
        return (path_of(path, "no path and sock were specified"),)

    def open_unix_connection(path: Any = None, *, limit: Any = LIMIT, **options: Any) -> Any:
        line = desk.line(sys._getframe(1))
        return named(_connect(desk, ref, name, lambda: address(path), limit, options, line), name)

    return looking_async(open_unix_connection)
