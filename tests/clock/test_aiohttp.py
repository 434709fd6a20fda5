"""A real `aiohttp.ClientSession` and a real `aiohttp.web.Application`, in memory and in virtual time.

Nothing of aiohttp is replaced. Times are compared in ticks, so that they are exact.
"""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import test_utils, web

from grader.clock import VirtualLoop
from tests.clock.running import here, now, run

TLS = Path(__file__).parent / "tls"


def at(seconds: float) -> bool:
    """Whether it is that many seconds exactly."""
    return here().clock.now == round(seconds * 10**9)


async def hello(request: web.Request) -> web.Response:
    return web.Response(text=f"hello {request.match_info['name']}")


async def double(request: web.Request) -> web.Response:
    numbers = await request.json()
    return web.json_response([2 * number for number in numbers])


async def port(request: web.Request) -> web.Response:
    """From which port it was asked: another connection has another."""
    assert request.transport is not None
    return web.Response(text=str(request.transport.get_extra_info("peername")[1]))


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(30)
    return web.Response(text="at last")


async def never(request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


async def counting(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for number in range(3):
        await asyncio.sleep(1.5)
        await response.write(b"%d" % number)
    await response.write_eof()
    return response


async def shouting(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await asyncio.sleep(0.25)
        await socket.send_str(message.data.upper())
    return socket


def application() -> web.Application:
    app = web.Application()
    app.add_routes(
        [
            web.get("/hello/{name}", hello),
            web.post("/double", double),
            web.get("/slow", slow),
            web.post("/slow", slow),
            web.get("/port", port),
            web.get("/never", never),
            web.get("/counting", counting),
            web.get("/shouting", shouting),
            web.static("/files", TLS),
        ]
    )
    return app


@asynccontextmanager
async def served(latency: float = 0, **options: Any) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the application at http://api.example."""
    runner = web.AppRunner(application(), shutdown_timeout=1, **options)
    await runner.setup()
    await web.TCPSite(runner, "api.example", 80).start()
    here().network.latency = latency
    async with aiohttp.ClientSession("http://api.example") as session:
        yield session
    await runner.cleanup()
    await here().settle()


@pytest.mark.parametrize("debug", [False, True])
def test_a_get_and_a_post_take_what_the_way_takes(debug: bool) -> None:
    async def main() -> None:
        async with served(latency=0.1) as session:
            async with session.get("/hello/Ada") as response:
                assert await response.text() == "hello Ada"
                assert response.headers["Date"] == "Tue, 01 Jan 2030 00:00:00 GMT"
            assert at(0.4)  # there and back to connect, there and back to ask
            async with session.post("/double", json=[1, 2]) as response:
                assert await response.json() == [2, 4]
            assert at(0.6)  # the connection was kept

    run(main(), debug=debug)


def test_a_response_that_streams_comes_piece_by_piece() -> None:
    async def main() -> list[tuple[float, bytes]]:
        async with served() as session, session.get("/counting") as response:
            return [(now(), piece) async for piece in response.content.iter_any()]

    assert run(main()) == [(1.5, b"0"), (3.0, b"1"), (4.5, b"2")]


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        (aiohttp.ClientTimeout(total=2.5), 2.5),
        (aiohttp.ClientTimeout(total=300), 300),
        (aiohttp.ClientTimeout(total=None, sock_read=20), 20),
    ],
)
def test_a_server_that_never_answers_is_given_up_at_exactly_that_time(
    timeout: aiohttp.ClientTimeout, seconds: float
) -> None:
    async def main() -> None:
        async with served() as session:
            with pytest.raises(TimeoutError):
                await session.get("/never", timeout=timeout)
            assert at(seconds)

    run(main())


def test_an_answer_within_the_time_is_none_too_late() -> None:
    async def main() -> None:
        async with served() as session:
            async with session.get("/slow", timeout=aiohttp.ClientTimeout(total=31)) as response:
                assert await response.text() == "at last"
            assert at(30)

    run(main())


def test_a_server_that_cannot_be_reached_is_given_up_at_exactly_that_time() -> None:
    async def main() -> None:
        async with served() as session:
            here().network.latency = float("inf")
            with pytest.raises(aiohttp.ConnectionTimeoutError):
                await session.get("/hello/Ada", timeout=aiohttp.ClientTimeout(total=None, sock_connect=4.5))
            assert at(4.5)

    run(main())


def test_the_server_closes_a_connection_that_was_kept_long_enough() -> None:
    async def main() -> None:
        async with served(keepalive_timeout=10) as session:
            ports = []
            for pause in (9, 11, 0):
                async with session.get("/port") as response:
                    ports.append(await response.text())
                await asyncio.sleep(pause)
            assert ports[0] == ports[1] != ports[2]

    run(main())


def test_a_hundred_requests_at_once_take_as_long_as_one() -> None:
    async def main() -> None:
        async with served() as session:

            async def ask() -> str:
                async with session.get("/slow") as response:
                    return await response.text()

            assert await asyncio.gather(*(ask() for _ in range(100))) == ["at last"] * 100
            assert at(30)

    run(main())


def test_websockets_talk_both_ways() -> None:
    async def main() -> None:
        async with served(latency=0.1) as session, session.ws_connect("/shouting") as socket:
            start = here().clock.now
            for text in ("one", "two"):
                await socket.send_str(text)
                assert await socket.receive_str() == text.upper()
            assert here().clock.now - start == 900_000_000

    run(main())


def test_files_are_served() -> None:
    async def main() -> None:
        async with served() as session, session.get("/files/cert.pem") as response:
            assert await response.read() == (TLS / "cert.pem").read_bytes()

    run(main())


def test_nobody_there_and_nobody_of_that_name_are_aiohttps_own_errors() -> None:
    async def main() -> None:
        async with served(latency=0.5) as session:
            with pytest.raises(aiohttp.ClientConnectorDNSError):
                await session.get("http://nobody.example/")
            assert at(0)
            with pytest.raises(aiohttp.ClientConnectorError, match="Connect call failed"):
                await session.get("http://api.example:81/")
            assert at(1)

    run(main())


def test_a_connection_that_is_cut_is_aiohttps_own_error() -> None:
    async def main() -> None:
        async with served() as session:
            here().call_later(2, here().network.cut, "api.example")
            with pytest.raises(aiohttp.ClientOSError, match="Connection reset by peer"):
                await session.post("/slow")
            assert at(2)
            here().call_later(2, here().network.cut, "api.example")
            async with session.get("/slow") as response:  # which aiohttp tries once more
                assert await response.text() == "at last"
            assert at(2 + 2 + 30)

    run(main())


def test_https_and_unix_sockets_work_too() -> None:
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(TLS / "cert.pem", TLS / "key.pem")
    client = ssl.create_default_context(cafile=str(TLS / "cert.pem"))

    async def main() -> None:
        runner = web.AppRunner(application())
        await runner.setup()
        await web.TCPSite(runner, "api.example", 443, ssl_context=server).start()
        await web.UnixSite(runner, "/run/app.sock").start()
        async with aiohttp.ClientSession() as session, session.get("https://api.example/hello/Ada", ssl=client) as got:
            assert await got.text() == "hello Ada"
        connector = aiohttp.UnixConnector("/run/app.sock")
        async with aiohttp.ClientSession(connector=connector) as session, session.get("http://app/hello/Bo") as got:
            assert await got.text() == "hello Bo"
        await here().settle()
        await runner.cleanup()
        await here().settle()

    run(main())


def test_aiohttps_own_test_client_and_server_work() -> None:
    async def main() -> None:
        async with test_utils.TestClient(test_utils.TestServer(application())) as client:
            response = await client.get("/hello/Ada")
            assert await response.text() == "hello Ada"
            assert client.port
        await here().settle()

    run(main())


def test_the_same_requests_take_the_same_times_every_time() -> None:
    async def main(trace: list[Any]) -> None:
        async with served(latency=0.01) as session:
            here().network.bandwidth = 10_000

            async def ask(name: str) -> None:
                async with session.get(f"/hello/{name}") as response:
                    trace.append((here().clock.now, await response.text()))

            await asyncio.gather(*(ask("x" * number) for number in range(1, 20)))

    traces: list[list[Any]] = [[], [], []]
    for trace, debug in zip(traces, (False, False, True), strict=True):
        run(main(trace), VirtualLoop(), debug)
    assert len(traces[0]) == 19
    assert traces[0] == traces[1] == traces[2]


def test_a_client_keeps_connections_for_virtual_time_where_aiohttp_was_imported_on_a_clock() -> None:
    """aiohttp takes `monotonic` by name when it is imported; see docs/clock.md."""
    program = """
from grader.clock.surroundings import see_to_it
see_to_it()
import asyncio, aiohttp
from grader.clock import VirtualLoop
from aiohttp import web

async def port(request):
    return web.Response(text=str(request.transport.get_extra_info("peername")[1]))

async def main():
    app = web.Application()
    app.router.add_get("/", port)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "api.example", 80).start()
    ports = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=15)) as session:
        for pause in (14, 16, 0):
            async with session.get("http://api.example/") as response:
                ports.append(await response.text())
            await asyncio.sleep(pause)
    await runner.cleanup()
    print(ports[0] == ports[1], ports[1] == ports[2])

with asyncio.Runner(loop_factory=VirtualLoop) as runner:
    runner.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True False\n"
