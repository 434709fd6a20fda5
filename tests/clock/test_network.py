"""The network of a clock: streams, names, addresses, and how long things take, all in memory and exact."""

import asyncio
import math
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, RefusedError
from tests.clock.running import here, now, run

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
CERTIFICATE, KEY = (str(Path(__file__).parent / "tls" / name) for name in ("cert.pem", "key.pem"))


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def served(handler: Callable[..., Any] = echo, host: str = "api.example", port: int = 80) -> AsyncIterator[Any]:
    server = await asyncio.start_server(handler, host, port)
    try:
        yield server
    finally:
        server.close()
        await here().settle()  # both sides of what was closed have heard of it


def ended(*writers: asyncio.StreamWriter) -> None:
    for writer in writers:
        writer.close()


async def asked(streams: Streams, data: bytes) -> bytes:
    reader, writer = streams
    writer.write(data)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


# ---------------------------------------------------------------- streams


@pytest.mark.parametrize("debug", [False, True])
def test_streams_talk_in_memory_and_take_no_time(debug: bool) -> None:
    async def main() -> None:
        async with served():
            assert await asked(await asyncio.open_connection("api.example", 80), b"hello") == b"hello"
        assert now() == 0

    run(main(), debug=debug)


def test_unix_streams_talk_in_memory_and_leave_no_file(tmp_path: Path) -> None:
    path = tmp_path / "app.sock"

    async def main() -> None:
        server = await asyncio.start_unix_server(echo, path)
        assert await asked(await asyncio.open_unix_connection(path), b"hello") == b"hello"
        with pytest.raises(OSError, match="is already in use"):
            await asyncio.start_unix_server(echo, str(path))
        server.close()
        await server.wait_closed()
        with pytest.raises(FileNotFoundError):
            await asyncio.open_unix_connection(path)

    run(main())
    assert not path.exists()


def test_both_ends_know_their_names() -> None:
    async def main() -> None:
        met: asyncio.Future[asyncio.StreamWriter] = here().create_future()
        async with served(lambda reader, writer: met.set_result(writer), "127.0.0.1", 0) as server:
            name = server.sockets[0].getsockname()
            _, writer = await asyncio.open_connection(*name)
            other = await met
            assert writer.get_extra_info("peername") == other.get_extra_info("sockname") == name
            assert writer.get_extra_info("sockname") == other.get_extra_info("peername")
            assert name == ("127.0.0.1", 32_768)
            assert writer.get_extra_info("sockname") == ("127.0.0.1", 32_769)
            assert writer.get_extra_info("socket").family == socket.AF_INET
            other.close()
            writer.close()

    run(main())


def test_a_buffered_protocol_gets_its_bytes_in_order() -> None:
    class Buffered(asyncio.BufferedProtocol):
        def __init__(self) -> None:
            self.buffer, self.got = bytearray(3), b""
            self.end: asyncio.Future[bytes] = here().create_future()

        def get_buffer(self, sizehint: int) -> bytearray:
            return self.buffer

        def buffer_updated(self, nbytes: int) -> None:
            self.got += self.buffer[:nbytes]

        def connection_lost(self, exc: Exception | None) -> None:
            self.end.set_result(self.got)

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.writelines([b"one ", b"two ", b"three"])
        writer.close()

    async def main() -> bytes:
        async with served(greet):
            _, protocol = await here().create_connection(Buffered, "api.example", 80)
            got: bytes = await protocol.end
            return got

    assert run(main()) == b"one two three"


def test_drain_waits_until_there_is_room_and_no_longer() -> None:
    async def read_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        transport: Any = writer.transport
        transport.pause_reading()
        await asyncio.sleep(7)
        transport.resume_reading()
        assert len(await reader.read()) == 3_000_000
        writer.close()

    async def main() -> None:
        async with served(read_late):
            reader, writer = await asyncio.open_connection("api.example", 80)
            writer.write(b"x" * 500_000)
            await writer.drain()
            assert now() == 0
            writer.write(b"x" * 2_500_000)
            await writer.drain()
            assert now() == 7
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()

    run(main())


def test_a_reader_whom_nobody_answers_is_a_deadlock_that_is_named() -> None:
    async def main() -> None:
        held: list[asyncio.StreamWriter] = []
        async with served(lambda reader, writer: held.append(writer)):
            reader, writer = await asyncio.open_connection("api.example", 80)
            try:
                await reader.readline()
            finally:
                ended(writer, *held)

    with pytest.raises(DeadlockError, match="waits for data from a stream: nothing that runs can send any"):
        run(main())


def test_a_writer_whom_nobody_reads_is_a_deadlock_that_is_named() -> None:
    async def main() -> None:
        held: list[Any] = []

        def never_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            held.append(writer)
            held[0].transport.pause_reading()

        async with served(never_read):
            _, writer = await asyncio.open_connection("api.example", 80)
            await here().settle()
            try:
                writer.write(b"x" * 2_000_000)
                await writer.drain()
            finally:
                writer.transport.abort()
                held[0].transport.abort()

    with pytest.raises(DeadlockError, match="waits for room in a stream: nothing that runs can read what was written"):
        run(main())


def test_sockets_of_the_system_may_be_passed_and_carry_nothing() -> None:
    async def main() -> None:
        async with served():
            with socket.socket() as sock:
                sock.setblocking(False)
                await here().sock_connect(sock, ("api.example", 80))
                await here().sock_sendall(sock, b"hello")
                assert await here().sock_recv(sock, 100) == b"hello"
                buffer = bytearray(100)
                await here().sock_sendall(sock, b"again")
                assert await here().sock_recv_into(sock, buffer) == 5
                with pytest.raises(OSError, match="not connected"):
                    sock.getpeername()
                assert await asked(await asyncio.open_connection(sock=sock), b"bye") == b"bye"
                assert sock.fileno() == -1

    run(main())


def test_a_socket_that_was_connected_elsewhere_is_refused() -> None:
    async def main() -> None:
        one, other = socket.socketpair()
        with one, other:
            with pytest.raises(RefusedError, match="^asyncio.open_connection needs a network connection"):
                await asyncio.open_connection(sock=one)
            with pytest.raises(RefusedError, match="^loop.sock_recv needs a network socket"):
                await here().sock_recv(one, 10)

    run(main())


def test_a_server_takes_a_socket_that_is_bound() -> None:
    async def main() -> None:
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        name = sock.getsockname()
        async with await asyncio.start_server(echo, sock=sock):
            assert await asked(await asyncio.open_connection(*name), b"hello") == b"hello"
        assert sock.fileno() == -1

    run(main())


def test_loops_in_several_threads_reach_each_other() -> None:
    answers: list[tuple[bytes, float]] = []

    async def ask() -> None:
        await asyncio.sleep(1)
        here().network.latency = 0.5
        answers.append((await asked(await asyncio.open_connection("api.example", 80), b"hello"), now()))

    async def main() -> None:
        async with served():
            thread = threading.Thread(target=lambda: asyncio.run(ask()))
            thread.start()
            await asyncio.to_thread(thread.join)

    run(main())
    assert answers == [(b"hello", 3.0)]


def test_loops_in_several_threads_have_one_trace_every_time() -> None:
    def play() -> list[tuple[int, str]]:
        trace: list[tuple[int, str]] = []

        async def ask(name: str) -> None:
            for _ in range(3):
                answer = await asked(await asyncio.open_connection("api.example", 80), name.encode())
                trace.append((here().clock.now, answer.decode()))

        async def main() -> None:
            here().network.latency, here().network.bandwidth = 0.01, 1_000
            async with served():
                threads = [threading.Thread(target=asyncio.run, args=(ask("x" * size),)) for size in (3, 1, 2)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    await asyncio.to_thread(thread.join)

        run(main())
        return trace

    traces = [play() for _ in range(20)]
    assert len(traces[0]) == 9
    assert all(trace == traces[0] for trace in traces)


def test_clocks_have_networks_of_their_own() -> None:
    clocks = [Clock(), Clock()]
    assert clocks[0].network is clocks[0].network is not clocks[1].network
    with closing(VirtualLoop(clocks[0])) as loop:
        assert loop.network is clocks[0].network


# ---------------------------------------------------------------- names


def test_a_name_belongs_to_who_listens_at_it_and_others_are_unknown() -> None:
    async def main() -> None:
        async with served(host="API.example"):
            (info,) = await here().getaddrinfo("api.example.", 80, type=socket.SOCK_STREAM)
            assert info == (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("10.0.0.1", 80))
            assert await here().getnameinfo(("10.0.0.1", 80)) == ("10.0.0.1", "80")
            for unknown in ("other.example", "10.0.0.1.example"):
                with pytest.raises(socket.gaierror, match="Name or service not known"):
                    await asyncio.open_connection(unknown, 80)
            with pytest.raises(socket.gaierror):
                await here().getaddrinfo("api.example", 80, family=socket.AF_INET6)

    run(main())


def test_a_test_gives_names_and_addresses() -> None:
    async def main() -> None:
        network = here().network
        assert network.name("first.example") == "10.0.0.1"
        assert network.name("second.example", "10.1.2.3", "fd00::1") == "10.1.2.3"
        found = await here().getaddrinfo("second.example", "https")
        assert [info[4] for info in found] == [("10.1.2.3", 443), ("fd00::1", 443, 0, 0)]
        with pytest.raises(socket.gaierror):
            await here().getaddrinfo("second.example", "gopher")
        async with served(host="fd00::1"):
            _, writer = await asyncio.open_connection("second.example", 80)
            assert writer.get_extra_info("peername") == ("fd00::1", 80, 0, 0)
            writer.close()

    run(main())


def test_who_listens_everywhere_is_found_on_this_machine_and_nowhere_else() -> None:
    async def main() -> None:
        here().network.name("far.example")
        async with served(host=""):
            for host in ("localhost", "127.0.0.1", "127.1.2.3"):
                assert await asked(await asyncio.open_connection(host, 80), b"hello") == b"hello"
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("far.example", 80)

    run(main())


def test_ports_are_given_out_in_one_order_and_may_be_used_again() -> None:
    async def main() -> list[int]:
        ports = []
        for _ in range(3):
            async with served(host="127.0.0.1", port=0) as server:
                ports.append(server.sockets[0].getsockname()[1])
        for _ in range(2):
            async with served(port=80):
                pass
        return ports

    assert run(main()) == [32_768, 32_769, 32_770]


def test_an_option_that_does_not_exist_is_an_error() -> None:
    async def main() -> None:
        with pytest.raises(TypeError, match="got an unexpected keyword argument 'backlogs'"):
            await asyncio.start_server(echo, "api.example", 80, backlogs=3)
        with pytest.raises(TypeError, match="ssl argument must be an SSLContext or None"):
            await asyncio.start_server(echo, "api.example", 80, ssl=True)
        with pytest.raises(ValueError, match="ssl_handshake_timeout is only meaningful with ssl"):
            await asyncio.start_server(echo, "api.example", 80, ssl_handshake_timeout=3)

    run(main())


# ---------------------------------------------------------------- time


def test_a_connection_takes_there_and_back_and_bytes_take_one_way() -> None:
    times: dict[str, float] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        times["accepted"] = now()
        await reader.readline()
        times["asked"] = now()
        writer.write(b"answer\n")
        writer.close()

    async def main() -> None:
        here().network.latency = 0.1
        async with served(answer):
            reader, writer = await asyncio.open_connection("api.example", 80)
            times["connected"] = now()
            writer.write(b"question\n")
            await reader.readline()
            times["answered"] = now()
            writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("api.example", 80)
        times["refused"] = now()

    run(main())
    assert times == {"accepted": 0.1, "connected": 0.2, "asked": 0.3, "answered": 0.4, "refused": 0.6}


async def sink(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers when it has heard everything."""
    await reader.read()
    writer.close()


async def sending(sizes: list[int], latency: float, bandwidth: float) -> int:
    """The ticks until all has arrived and the answer is back."""
    here().network.latency, here().network.bandwidth = latency, bandwidth
    async with served(sink):
        reader, writer = await asyncio.open_connection("api.example", 80)
        start = here().clock.now
        for size in sizes:
            writer.write(b"x" * size)
        writer.write_eof()
        await reader.read()
        writer.close()
        return here().clock.now - start


@pytest.mark.parametrize("sizes", [[900_000], [1] * 3 + [7] * 11 + [899_920], [90_000] * 10])
def test_bandwidth_is_exact_however_the_bytes_are_cut(sizes: list[int]) -> None:
    assert run(sending(sizes, 0.25, 3_000_000)) == 800_000_000


def test_ten_thousand_bytes_at_three_a_second_take_what_they_take_to_the_nanosecond() -> None:
    assert run(sending([1] * 10_000, 0, 3)) == 3_333_333_333_333


def test_bytes_are_read_as_they_come() -> None:
    async def main() -> list[tuple[float, int]]:
        here().network.bandwidth = 16_384
        got: list[tuple[float, int]] = []

        async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(65_536):
                got.append((now(), len(data)))
            writer.close()

        async with served(read):
            reader, writer = await asyncio.open_connection("api.example", 80)
            writer.write(b"x" * 40_960)
            writer.write_eof()
            await reader.read()
            writer.close()
        return got

    assert run(main()) == [(1.0, 16_384), (2.0, 16_384), (2.5, 8_192)]


def test_one_address_or_one_port_may_be_slower_than_others() -> None:
    async def main() -> None:
        network = here().network
        network.latency = 0.1
        network.link("slow.example").latency = 2
        network.link("slow.example", 8080).latency = 3
        network.link("/run/app.sock").latency = 4
        async with (
            served(),
            served(host="slow.example"),
            served(host="slow.example", port=8080),
            await asyncio.start_unix_server(echo, "/run/app.sock"),
            await asyncio.start_unix_server(echo, "/run/other.sock"),
        ):
            for host, port, takes in (("api.example", 80, 0.4), ("slow.example", 80, 8), ("slow.example", 8080, 12)):
                start = here().clock.now
                await asked(await asyncio.open_connection(host, port), b"hello")
                assert here().clock.now - start == round(takes * 10**9)
            for path, takes in (("/run/app.sock", 16), ("/run/other.sock", 0)):
                start = here().clock.now
                await asked(await asyncio.open_unix_connection(path), b"hello")
                assert here().clock.now - start == takes * 10**9

    run(main())


def test_an_address_that_nothing_reaches_never_answers() -> None:
    async def main() -> None:
        here().network.link("lost.example").latency = math.inf
        async with served(host="lost.example"):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.open_connection("lost.example", 80), 30)
            assert now() == 30
            await asyncio.open_connection("lost.example", 80)

    with pytest.raises(DeadlockError, match=r"waits for a connection to \('10.0.0.1', 80\): nothing answers there"):
        run(main())


def test_a_connection_that_is_cut_breaks_on_both_sides() -> None:
    broken: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        except ConnectionResetError:
            broken.append("server")
        writer.close()

    async def main() -> None:
        async with served(serve), served(serve, "other.example"):
            reader, writer = await asyncio.open_connection("api.example", 80)
            _, other = await asyncio.open_connection("other.example", 80)
            here().call_later(3, here().network.cut, "api.example")
            with pytest.raises(ConnectionResetError):
                await reader.read()
            assert now() == 3
            assert here().network.cut("api.example") == 0
            writer.write(b"still there?")  # as over sockets, it is the wait for room that fails
            with pytest.raises(ConnectionResetError):
                await writer.drain()
            ended(writer, other)
            await other.wait_closed()

    run(main())
    assert broken == ["server"]


def test_a_link_that_makes_no_sense_is_an_error() -> None:
    network = Clock().network
    with pytest.raises(ValueError, match=r"^latency is -1: give seconds, 0 or more$"):
        network.latency = -1
    with pytest.raises(ValueError, match=r"^bandwidth is 0: give bytes a second, more than 0$"):
        network.link("api.example").bandwidth = 0


def test_an_epoch_sized_start_is_as_exact() -> None:
    async def main() -> None:
        here().network.latency = 1e-9
        async with served():
            start = here().clock.now
            assert await asked(await asyncio.open_connection("api.example", 80), b"hello") == b"hello"
            assert here().clock.now - start == 4

    run(main(), VirtualLoop(start=1_900_000_000.0))


# ---------------------------------------------------------------- TLS


def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(CERTIFICATE, KEY)
    return server, ssl.create_default_context(cafile=CERTIFICATE)


def test_tls_works_by_asyncios_own_protocol() -> None:
    async def main() -> None:
        server, client = contexts()
        here().network.latency = 0.1
        async with await asyncio.start_server(echo, "api.example", 443, ssl=server):
            reader, writer = await asyncio.open_connection("api.example", 443, ssl=client)
            assert writer.get_extra_info("cipher") is not None
            writer.write(b"hello\n")
            assert await reader.readline() == b"hello\n"
            writer.close()
            await writer.wait_closed()
            with pytest.raises(ssl.SSLCertVerificationError):
                await asyncio.open_connection("api.example", 443, ssl=client, server_hostname="other.example")

    run(main())


def test_a_connection_is_upgraded_to_tls() -> None:
    async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readline() == b"STARTTLS\n"
        writer.write(b"go\n")
        await writer.start_tls(contexts()[0])
        writer.write((await reader.readline()).upper())
        writer.close()

    async def main() -> bytes:
        async with served(upgrade):
            reader, writer = await asyncio.open_connection("api.example", 80)
            writer.write(b"STARTTLS\n")
            assert await reader.readline() == b"go\n"
            await writer.start_tls(contexts()[1], server_hostname="api.example")
            writer.write(b"secret\n")
            answer = await reader.readline()
            writer.close()
            return answer

    assert run(main()) == b"SECRET\n"


def test_a_handshake_that_nobody_answers_times_out_at_its_virtual_time() -> None:
    async def main() -> None:
        held: list[asyncio.StreamWriter] = []
        async with served(lambda reader, writer: held.append(writer)):
            with pytest.raises(ConnectionAbortedError, match="SSL handshake is taking longer than 60.0 seconds"):
                await asyncio.open_connection("api.example", 80, ssl=contexts()[1])
            ended(*held)
        assert now() == 60

    run(main())


def test_a_file_is_sent_in_memory(tmp_path: Path) -> None:
    async def main() -> None:
        (tmp_path / "page").write_bytes(b"x" * 300_000)

        async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with (tmp_path / "page").open("rb") as page:
                assert await here().sendfile(writer.transport, page) == 300_000
            writer.close()

        async with served(send):
            reader, writer = await asyncio.open_connection("api.example", 80)
            assert await reader.read() == b"x" * 300_000
            writer.close()

    run(main())
