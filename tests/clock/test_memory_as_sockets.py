"""Connections in memory behave as those of the system: each program is played on both, and has seen the same."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from grader.clock import VirtualLoop

Log = list[Any]


class Side(asyncio.Protocol):
    """Writes down what happens to it."""

    transport: asyncio.Transport

    def __init__(self, name: str, log: Log) -> None:
        self.name, self.log = name, log
        self.received = 0
        self.more = asyncio.Event()
        self.stays_open = False
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def note(self, *what: Any) -> None:
        self.log.append((self.name, *what))

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.note("made")

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self.more.set()

    async def has_received(self, size: int) -> None:
        while self.received < size:
            self.more.clear()
            await self.more.wait()
        self.note("has", self.received)

    def eof_received(self) -> bool:
        self.note("end of file")
        self.more.set()
        return self.stays_open

    def pause_writing(self) -> None:
        self.note("pause")

    def resume_writing(self) -> None:
        self.note("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self.note("lost", type(exc).__name__)
        self.lost.set_result(None)


async def connected(log: Log) -> tuple[asyncio.Server, Side, Side]:
    loop = asyncio.get_running_loop()
    accepted: asyncio.Future[Side] = loop.create_future()

    def accept() -> Side:
        accepted.set_result(Side("server", log))
        return accepted.result()

    server = await loop.create_server(accept, "127.0.0.1", 0)
    _, client = await loop.create_connection(lambda: Side("client", log), *server.sockets[0].getsockname())
    return server, client, await accepted


async def closing(server: asyncio.Server, *sides: Side) -> None:
    for side in sides:
        await side.lost
    server.close()
    await server.wait_closed()


async def half_close(log: Log) -> None:
    server, client, other = await connected(log)
    other.stays_open = True
    client.transport.write(b"question")
    client.transport.write_eof()
    await other.has_received(8)
    other.transport.write(b"answer")
    await client.has_received(6)
    other.transport.close()
    await closing(server, client, other)


async def abort(log: Log) -> None:
    server, client, other = await connected(log)
    client.transport.abort()
    await closing(server, client, other)


async def close_with_something_unread(log: Log) -> None:
    server, client, other = await connected(log)
    client.transport.write(b"first")
    await other.has_received(5)
    other.transport.pause_reading()
    client.transport.write(b"second")
    other.transport.close()
    await closing(server, client, other)


async def what_was_sent_before_a_reset_is_read(log: Log) -> None:
    server, client, other = await connected(log)
    client.transport.pause_reading()
    client.transport.write(b"first")
    await other.has_received(5)
    other.transport.pause_reading()
    client.transport.write(b"second")
    other.transport.write(b"hello")
    other.transport.close()
    await other.lost
    client.transport.resume_reading()
    await client.has_received(5)
    await closing(server, client)


async def write_to_one_who_is_gone(log: Log) -> None:
    server, client, other = await connected(log)
    client.stays_open = True
    other.transport.close()
    await other.lost
    while not client.lost.done():
        client.transport.write(b"anybody?")
        await asyncio.sleep(0)
    await closing(server, client, other)


async def flow_control(log: Log) -> None:
    server, client, other = await connected(log)
    client.transport.set_write_buffer_limits(high=100_000, low=1_000)
    client.transport.write(b"x" * 8)
    await other.has_received(8)
    other.transport.pause_reading()
    for _ in range(100):
        client.transport.write(b"x" * 200_000)
    client.note("left", client.transport.get_write_buffer_size() > 100_000)
    other.transport.resume_reading()
    await other.has_received(20_000_008)
    client.note("left", client.transport.get_write_buffer_size())
    client.transport.close()
    await closing(server, client, other)


async def what_was_written_is_sent_before_the_end(log: Log) -> None:
    server, client, other = await connected(log)
    client.transport.write(b"x" * 20_000_000)
    client.transport.close()
    client.note("closing", client.transport.is_closing())
    await other.has_received(20_000_000)
    await closing(server, client, other)


async def a_server_that_is_closed_keeps_its_connections(log: Log) -> None:
    server, client, other = await connected(log)
    server.close()
    client.transport.write(b"still there?")
    await other.has_received(12)
    log.append(server.is_serving())
    client.transport.close()
    await closing(server, client, other)


async def failures(log: Log) -> None:
    loop: Any = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Side("server", log), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    attempts: list[Callable[[], Awaitable[Any]]] = [
        lambda: loop.create_server(asyncio.Protocol, "127.0.0.1", port),
        lambda: loop.create_server(asyncio.Protocol, "0.0.0.0", port),
        lambda: loop.create_connection(asyncio.Protocol),
        lambda: loop.create_server(asyncio.Protocol),
        lambda: loop.create_connection(asyncio.Protocol, "127.0.0.1", port, server_hostname="name"),
        lambda: loop.create_unix_connection(asyncio.Protocol, "/nobody/listens/here"),
        lambda: loop.create_unix_connection(asyncio.Protocol, "/nobody", server_hostname="name"),
        lambda: loop.create_connection(asyncio.Protocol, "127.0.0.1", port),
    ]
    for attempt in attempts:
        if attempt is attempts[-1]:
            server.close()
        with pytest.raises((OSError, ValueError)) as failed:
            await attempt()
        said = str(failed.value).replace(str(port), "PORT").replace(": [errno 98] ", ": ")  # 3.13 says it twice
        log.append((type(failed.value).__name__, said))
    await server.wait_closed()


async def streams() -> tuple[asyncio.Server, asyncio.StreamWriter, asyncio.StreamWriter]:
    """A server, a client's writer, and the server's to it."""
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda _, writer: accepted.set_result(writer), "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    return server, writer, await accepted


async def closing_streams(server: asyncio.Server, *writers: asyncio.StreamWriter) -> None:
    for writer in writers:
        writer.close()
        await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def note_failure(log: Log, call: Callable[[], Any]) -> None:
    try:
        done = call()
        log.append(("done", await done if asyncio.iscoroutine(done) else done))
    except (OSError, RuntimeError, TypeError, AttributeError) as error:
        log.append((type(error).__name__, str(error)))


async def a_chat_goes_on_when_one_has_left(log: Log) -> None:
    writers: list[asyncio.StreamWriter] = []
    gone: list[asyncio.Task[Any]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        gone.append(asyncio.current_task())  # type: ignore[arg-type]
        while line := await reader.readline():
            for each in writers:  # also to those that have left
                each.write(line)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    (stays, one), (_, two) = [await asyncio.open_connection(*address) for _ in "12"]
    one.write(b"hello\n")
    log.append(await stays.readline())
    two.close()
    await gone[1]
    await writers[1].wait_closed()
    for number in range(4):
        one.write(b"%d\n" % number)
        log.append(await stays.readline())
    one.close()
    await gone[0]
    await closing_streams(server, *writers)


async def written_after_the_end(log: Log) -> None:
    server, writer, other = await streams()
    writer.close()
    await writer.wait_closed()
    await note_failure(log, lambda: writer.write(b"late"))
    await note_failure(log, writer.drain)
    await note_failure(log, lambda: writer.transport.write("text"))  # type: ignore[arg-type]
    await note_failure(log, lambda: writer.transport.write(b""))
    await note_failure(log, writer.write_eof)
    await note_failure(log, writer.transport.pause_reading)  # type: ignore[attr-defined]
    await note_failure(log, writer.transport.resume_reading)  # type: ignore[attr-defined]
    await closing_streams(server, other)


async def written_after_an_end_of_file(log: Log) -> None:
    server, writer, other = await streams()
    writer.write_eof()
    writer.close()
    await writer.wait_closed()
    await note_failure(log, lambda: writer.write(b"late"))
    await note_failure(log, lambda: writer.transport.write(b"late"))
    await closing_streams(server, other)


async def a_heartbeat_beside_a_writer_that_is_closed(log: Log) -> None:
    server, writer, other = await streams()

    async def beat() -> None:
        for _ in range(8):
            writer.write(b"ping\n")
            await asyncio.sleep(0)
        log.append("beaten")

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0)
    writer.close()
    await writer.wait_closed()
    await beating
    await closing_streams(server, other)


PROGRAMS = [
    a_chat_goes_on_when_one_has_left,
    written_after_the_end,
    written_after_an_end_of_file,
    a_heartbeat_beside_a_writer_that_is_closed,
    half_close,
    abort,
    close_with_something_unread,
    what_was_sent_before_a_reset_is_read,
    write_to_one_who_is_gone,
    flow_control,
    what_was_written_is_sent_before_the_end,
    a_server_that_is_closed_keeps_its_connections,
    failures,
]


@pytest.mark.parametrize("debug", [False, True], ids=["", "debug"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_sees_the_same_in_memory_as_over_sockets(
    program: Callable[[Log], Awaitable[None]], debug: bool
) -> None:
    logs: list[Log] = []
    for factory in (asyncio.SelectorEventLoop, VirtualLoop):
        logs.append([])
        with asyncio.Runner(loop_factory=factory, debug=debug) as runner:
            runner.run(program(logs[-1]))  # type: ignore[arg-type]
    over_sockets, in_memory = logs
    assert over_sockets
    assert in_memory == over_sockets


async def sockets_that_block(log: Log) -> None:
    loop = asyncio.get_running_loop()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(10))
        writer.close()

    async def note(call: Coroutine[Any, Any, Any]) -> None:
        try:
            log.append(await call)
        except ValueError as error:
            log.append(str(error))

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    for blocks in (False, True):
        with socket.socket() as sock:
            sock.setblocking(False)
            await loop.sock_connect(sock, address)
            sock.setblocking(blocks)
            await note(loop.sock_sendall(sock, b"sent"))
            await note(loop.sock_recv(sock, 4))
            await note(loop.sock_recv_into(sock, bytearray(4)))
        with socket.socket() as sock:
            sock.setblocking(blocks)
            await note(loop.sock_connect(sock, address))
    server.close()


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, VirtualLoop])
def test_in_debug_mode_a_socket_that_blocks_is_refused(factory: Callable[[], asyncio.AbstractEventLoop]) -> None:
    log: Log = []
    with asyncio.Runner(loop_factory=factory, debug=True) as runner:
        runner.run(sockets_that_block(log))
    assert log == [None, b"sent", 0, None, *["the socket must be non-blocking"] * 4]


async def sockets_of_another_kind(log: Log) -> None:
    loop: Any = asyncio.get_running_loop()

    async def note(call: Coroutine[Any, Any, Any], sock: socket.socket) -> None:
        try:
            await call
        except ValueError as error:
            log.append(str(error).replace(repr(sock), "it"))

    with socket.socket(type=socket.SOCK_DGRAM) as datagrams, socket.socket() as stream:
        datagrams.bind(("127.0.0.1", 0))
        await note(loop.create_server(asyncio.Protocol, sock=datagrams), datagrams)
        await note(loop.create_connection(asyncio.Protocol, sock=datagrams), datagrams)
        for sock in (datagrams, stream):
            await note(loop.create_unix_server(asyncio.Protocol, sock=sock), sock)
            await note(loop.create_unix_connection(asyncio.Protocol, sock=sock), sock)
        server = await loop.create_server(asyncio.Protocol, sock=stream)
        log.append(len(server.sockets))
        server.close()


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, VirtualLoop])
def test_a_socket_of_another_kind_than_is_needed_is_refused(factory: Callable[[], asyncio.AbstractEventLoop]) -> None:
    log: Log = []
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(sockets_of_another_kind(log))
    assert log == [
        *["A Stream Socket was expected, got it"] * 2,
        *["A UNIX Domain Stream Socket was expected, got it"] * 4,
        1,
    ]
