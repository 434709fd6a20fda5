"""A real socket does not reach what is in memory, and is refused before it finds somebody else."""

import asyncio
import socket
import urllib.request
from typing import Any

import pytest

from grader.clock import OutsideLoop
from grader.clock.over import RefusedError
from tests.clock.running import run


def connect_ex(port: int) -> int:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port))


def connect_by_path(port: int) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("/in/memory")


@pytest.mark.parametrize(
    ("connect", "said"),
    [
        (lambda port: socket.create_connection(("api.example", 80)), "socket.create_connection .* api.example is in"),
        (lambda port: urllib.request.urlopen("http://api.example/"), "urllib.request.urlopen .* api.example is in"),
        (
            lambda port: socket.create_connection(("127.0.0.1", port)),
            "socket.create_connection .* 127.0.0.1:32768 is in",
        ),
        (connect_ex, "socket.connect_ex .* 127.0.0.1:32768 is in"),
        (connect_by_path, "socket.connect .* /in/memory is in"),
    ],
    ids=["by name", "urllib", "by address", "connect_ex", "a path"],
)
def test_a_real_socket_that_is_to_reach_a_server_in_memory_is_refused(connect: Any, said: str) -> None:
    async def main() -> None:
        first = await asyncio.start_server(lambda reader, writer: None, "api.example", 80)
        second = await asyncio.start_server(lambda reader, writer: None, "localhost", 0)
        third = await asyncio.start_unix_server(lambda reader, writer: None, "/in/memory")
        port = second.sockets[0].getsockname()[1]
        for call in (connect, lambda port: asyncio.to_thread(connect, port)):
            with pytest.raises(
                RefusedError, match=f"^{said} memory: use asyncio.open_connection, from another thread by"
            ):
                await asyncio.ensure_future(call(port))
        for server in (first, second, third):
            server.close()

    with asyncio.Runner(loop_factory=OutsideLoop) as runner:
        runner.run(asyncio.sleep(0))  # from then on other functions stand over these
    run(main())


def test_a_real_socket_reaches_a_real_server_as_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        async def main() -> None:
            server = await asyncio.start_server(lambda reader, writer: None, "localhost", 0)
            socket.create_connection(listener.getsockname()).close()
            assert socket.getaddrinfo("localhost", 80)
            with socket.socket() as sock, pytest.raises(TypeError):
                sock.connect(1)  # type: ignore[arg-type]
            server.close()

        run(main())

    async def outside() -> None:
        with socket.create_server(("127.0.0.1", 0)) as real:
            socket.create_connection(real.getsockname()).close()

    with asyncio.Runner(loop_factory=OutsideLoop) as runner:
        runner.run(outside())
