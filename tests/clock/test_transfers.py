"""Threads of a run that wait for the other end of a pipe, a socket or a queue of `multiprocessing`."""

import asyncio
import contextlib
import functools
import http.server
import logging
import multiprocessing
import os
import queue
import select
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

import pytest

from grader.clock import clock, hygiene
from grader.clock.over import BusyLoopError, DeadlockError
from grader.clock.threads import inside, transfers
from grader.clock.threads.inside import somebody_else
from tests.clock.running import now, run

MANY = 300_000  # bytes: more than a pipe or a pair of sockets holds


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever tests before have left running in this process has nothing to do with these."""
    monkeypatch.setattr(inside, "may_write", lambda descriptors: False)
    for module in (inside, transfers):
        monkeypatch.setattr(module, "somebody_else", lambda *_: False)


def beside(*works: Callable[[], Any]) -> list[Any]:
    """What these give, each in a thread beside the others."""

    async def main() -> list[Any]:
        return await asyncio.gather(*map(asyncio.to_thread, works))

    return list(run(main()))


def later(seconds: float, work: Callable[[], Any]) -> Callable[[], None]:
    def wait() -> None:
        time.sleep(seconds)
        work()

    return wait


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        with contextlib.suppress(OSError):
            os.close(end)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def timed(call: Callable[[], Any]) -> Callable[[], tuple[Any, float]]:
    return lambda: (call(), time.monotonic())


def into(call: Callable[[Any], Any]) -> bytes:
    """What is read into a buffer."""
    buffer = bytearray(9)
    count = call(buffer)
    return bytes(buffer[: count if isinstance(count, int) else count[0]])


# ---------------------------------------------------------------- to read


def opened(number: int, mode: str, use: Callable[[Any], Any], size: int = -1) -> Any:
    with open(number, mode, size, closefd=False) as file:
        return use(file)


def connected(number: int) -> bytes:
    """As a queue of `multiprocessing` reads it."""
    with Connection(os.dup(number), writable=False) as connection:
        received: Any = connection._recv(3)  # type: ignore[attr-defined]
        return bytes(received.getvalue())


READS: dict[str, Callable[[int], Any]] = {
    "os.read": lambda number: os.read(number, 9),
    "os.readv": lambda number: into(lambda buffer: os.readv(number, [buffer])),
    "line": lambda number: opened(number, "rb", lambda file: file.readline()),
    "raw": lambda number: opened(number, "rb", lambda file: file.read(9), 0),
    "text": lambda number: opened(number, "r", lambda file: file.readline()).encode(),
    "connection": connected,
}


@pytest.mark.parametrize("how", READS)
def test_a_pipe_is_read_in_virtual_time(how: str, pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    read = timed(lambda: READS[how](reading))
    assert beside(read, later(3600, lambda: os.write(writing, b"hi\n"))) == [(b"hi\n", 3600), None]


@pytest.mark.parametrize("size", [-1, 0])
def test_a_file_is_read_to_its_end(size: int, pipe: tuple[int, int]) -> None:
    reading, writing = pipe

    def write() -> None:
        for _ in range(3):
            time.sleep(10)
            os.write(writing, b"hello ")
        os.close(writing)

    read = timed(lambda: opened(reading, "rb", lambda file: file.read(), size))
    assert beside(read, write) == [(b"hello " * 3, 30), None]


RECEIVES: dict[str, Callable[[socket.socket], Any]] = {
    "recv": lambda sock: sock.recv(9),
    "recv_into": lambda sock: into(sock.recv_into),
    "recvfrom": lambda sock: sock.recvfrom(9)[0],
    "recvfrom_into": lambda sock: into(sock.recvfrom_into),
    "recvmsg": lambda sock: sock.recvmsg(9)[0],
    "recvmsg_into": lambda sock: into(lambda buffer: sock.recvmsg_into([buffer])),
    "os.read": lambda sock: os.read(sock.fileno(), 9),
    "makefile": lambda sock: sock.makefile("rb").readline(),
}


@pytest.mark.parametrize("how", RECEIVES)
def test_a_pair_of_sockets_is_read_in_virtual_time(how: str, pair: tuple[socket.socket, socket.socket]) -> None:
    here, there = pair
    read = timed(lambda: RECEIVES[how](here))
    assert beside(read, later(3600, lambda: there.sendall(b"hi\n"))) == [(b"hi\n", 3600), None]


def test_a_time_out_passes_in_virtual_time(pair: tuple[socket.socket, socket.socket]) -> None:
    here, there = pair
    here.settimeout(60)

    def read() -> float:
        with pytest.raises(TimeoutError, match="^timed out$"):
            here.recv(9)
        return time.monotonic()

    assert beside(read, later(61, lambda: there.send(b"x"))) == [60, None]


def test_who_does_not_wait_is_told_at_once(pair: tuple[socket.socket, socket.socket], pipe: tuple[int, int]) -> None:
    here, _ = pair
    os.set_blocking(pipe[0], False)

    def read() -> float:
        calls: list[Callable[[], bytes]] = [lambda: here.recv(9, socket.MSG_DONTWAIT), lambda: os.read(pipe[0], 9)]
        for call in calls:
            with pytest.raises(BlockingIOError):
                call()
        here.setblocking(False)
        with pytest.raises(BlockingIOError):
            here.recv(9)
        return time.monotonic()

    assert beside(read) == [0]


def test_an_end_that_is_closed_is_the_end(pair: tuple[socket.socket, socket.socket], pipe: tuple[int, int]) -> None:
    here, there = pair
    reading, writing = pipe
    assert beside(timed(lambda: here.recv(9)), later(5, there.close)) == [(b"", 5), None]
    assert beside(timed(lambda: os.read(reading, 9)), later(5, lambda: os.close(writing))) == [(b"", 5), None]


def test_what_a_thread_that_is_on_no_clock_writes_is_waited_for_really(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "somebody_else", somebody_else)
    reading, writing = pipe
    begun = threading.Event()

    def write() -> None:
        begun.wait()
        os.write(writing, b"hi")

    def read() -> tuple[bytes, float]:
        begun.set()
        return os.read(reading, 2), time.monotonic()

    thread = threading.Thread(target=write)
    thread.start()
    assert beside(read) == [(b"hi", 0)]
    thread.join()


@pytest.mark.parametrize("kind", ["pipe", "terminal"])
def test_who_waits_long_for_what_is_outside_is_told_in_the_log(
    kind: str, pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reading, writing = pipe if kind == "pipe" else reversed(os.openpty())
    monkeypatch.setattr(inside, "may_write", lambda descriptors: True)
    monkeypatch.setattr(transfers, "PATIENCE", 0)

    class Answers(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            os.write(writing, b"h\n")

    handler, log = Answers(), logging.getLogger("asyncio")
    log.addHandler(handler)
    try:
        assert beside(lambda: os.read(reading, 2)) == [b"h\n"]
    finally:
        log.removeHandler(handler)
    line = test_who_waits_long_for_what_is_outside_is_told_in_the_log.__code__.co_firstlineno + 15
    assert [record.getMessage() for record in caplog.records] == [
        f"os.read has waited for 0 s of real time: test_transfers.py, line {line}, and no other thread on its clock can go on "
        "meanwhile: if what it waits for is to come from one of them, use an OutsideLoop (docs/clock.md)"
    ]
    if kind == "terminal":
        os.close(reading)
        os.close(writing)


# ---------------------------------------------------------------- to write


def drain(read: Callable[[], bytes]) -> Callable[[], tuple[int, float]]:
    def some() -> tuple[int, float]:
        length = 0
        while length < MANY:
            time.sleep(1)
            length += len(read())
        return length, time.monotonic()

    return some


WRITES: dict[str, Callable[[int], Any]] = {
    "os.write": lambda number: os.write(number, b"x" * MANY),
    "small": lambda number: sum(os.write(number, b"x" * 1000) for _ in range(MANY // 1000)),
    "file": lambda number: opened(number, "wb", lambda file: file.write(b"x" * MANY)),
    "raw": lambda number: opened(number, "wb", lambda file: file.write(memoryview(b"x" * MANY)), 0),
}


@pytest.mark.parametrize("how", WRITES)
def test_who_finds_no_room_in_a_pipe_waits_for_the_reader(how: str, pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    wrote, (read, seconds) = beside(lambda: WRITES[how](writing), drain(lambda: os.read(reading, 0x10000)))
    assert (wrote, read) == (MANY, MANY)
    assert seconds >= MANY // 0x10000


@pytest.mark.parametrize(("how", "gives"), [("send", MANY), ("sendall", None)])
def test_who_finds_no_room_in_a_socket_waits_for_the_reader(
    how: str, gives: int | None, pair: tuple[socket.socket, socket.socket]
) -> None:
    here, there = pair
    found = beside(lambda: getattr(here, how)(b"x" * MANY), drain(lambda: there.recv(0x10000)))
    assert (found[0], found[1][0]) == (gives, MANY)


def test_a_time_out_of_who_sends_passes_in_virtual_time(pair: tuple[socket.socket, socket.socket]) -> None:
    here, _ = pair
    here.settimeout(60)

    def send() -> tuple[bool, float]:
        some = here.send(b"x" * MANY)
        with pytest.raises(TimeoutError, match="^timed out$"):
            here.sendall(b"x" * MANY)
        return 0 < some < MANY, time.monotonic()

    assert beside(send) == [(True, 60)]


# ---------------------------------------------------------------- servers in threads


def test_a_server_and_a_client_in_threads() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                asked = connection.recv(9)
                time.sleep(3600)
                connection.sendall(asked.upper())

        def ask() -> tuple[bytes, float]:
            time.sleep(1)
            with socket.create_connection(server.getsockname()) as connection:
                connection.sendall(b"hello")
                return connection.recv(9), time.monotonic()

        assert beside(serve, ask) == [None, (b"HELLO", 3601)]


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="who is at the other end is not told here")
def test_a_server_at_a_path(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("server")
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                time.sleep(3600)
                connection.sendall(connection.recv(9).upper())

        def ask() -> tuple[bytes, float]:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect("server")
                connection.sendall(b"hello")
                return connection.recv(9), time.monotonic()

        assert beside(serve, ask) == [None, (b"HELLO", 3600)]


def test_datagrams_on_this_machine() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there,
    ):
        here.bind(("127.0.0.1", 0))
        read = timed(lambda: here.recv(9))
        send = later(5, lambda: there.sendto(b"hi", here.getsockname()))
        assert beside(read, send) == [(b"hi", 5), None]


def test_a_server_of_the_library_s_and_its_client() -> None:
    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(2)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    async def main() -> tuple[bytes, float]:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        found = await asyncio.to_thread(lambda: opener.open(url).read()), now()
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        return found

    assert run(main()) == (b"hello", 2)


def test_who_talks_to_a_server_on_no_clock_waits_really() -> None:
    """There it is not known when it will answer."""
    listening = threading.Event()

    def serve() -> None:
        listening.set()
        server.accept()[0].close()

    async def main() -> tuple[bytes, float]:
        return await asyncio.to_thread(ask), now()

    def ask() -> bytes:
        with socket.create_connection(server.getsockname()) as connection:
            return connection.recv(9)

    with pytest.MonkeyPatch.context() as patched, socket.create_server(("127.0.0.1", 0)) as server:
        patched.setattr(transfers, "somebody_else", somebody_else)
        thread = threading.Thread(target=serve)
        thread.start()
        listening.wait()
        assert run(main()) == (b"", 0)
        thread.join()


# ---------------------------------------------------------------- queues of multiprocessing


@pytest.fixture
def jobs() -> Iterator[Any]:
    found = multiprocessing.get_context("spawn").Queue()
    yield found
    found.close()


def test_a_queue_of_multiprocessing_is_waited_for_in_virtual_time(jobs: Any) -> None:
    async def main() -> tuple[list[Any], float]:
        both = [asyncio.create_task(asyncio.to_thread(jobs.get)) for _ in range(2)]
        for number in (1, 2):
            await asyncio.sleep(5)
            jobs.put(number)
        return await asyncio.gather(*both), now()

    assert run(main()) == ([1, 2], 10)


def test_its_time_out_takes_a_nanosecond_more(jobs: Any) -> None:
    def get() -> float:
        with pytest.raises(queue.Empty):
            jobs.get(timeout=3)
        assert jobs.empty()
        return time.monotonic()

    assert beside(get) == [pytest.approx(3, abs=1e-8)]


def test_who_asks_it_again_and_again_is_told(jobs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MAX_POLLS", 100)

    def spin() -> None:
        while jobs.empty():
            pass

    with pytest.raises(BusyLoopError, match=r"test_transfers.py, line \d+: asks selector.select without waiting again"):
        beside(spin)


def test_a_lock_of_multiprocessing_is_waited_for_in_virtual_time() -> None:
    lock = multiprocessing.get_context("spawn").Lock()

    def hold() -> None:
        with lock:
            time.sleep(10)

    def wait() -> tuple[bool, bool, float]:
        time.sleep(1)
        return lock.acquire(timeout=2), lock.acquire(), time.monotonic()

    assert beside(hold, wait) == [None, (False, True, 10)]
    lock.release()


# ---------------------------------------------------------------- what is said of it


def test_who_waits_for_ever_is_told(pipe: tuple[int, int], pair: tuple[socket.socket, socket.socket]) -> None:
    told = r"test_transfers.py, line \d+: waits for "
    with pytest.raises(
        DeadlockError, match=f"{told}something for os.read: nothing that runs can write at the other end"
    ):
        beside(lambda: os.read(pipe[0], 9))
    with pytest.raises(DeadlockError, match=f"{told}room for socket.sendall: nothing that runs can read at the other"):
        beside(lambda: pair[0].sendall(b"x" * MANY))


def test_a_coroutine_that_reads_what_its_own_loop_is_to_write_is_told(pipe: tuple[int, int]) -> None:
    async def write() -> None:
        await asyncio.sleep(5)
        os.write(pipe[1], b"hi")

    async def main() -> None:
        task = asyncio.create_task(write())
        await asyncio.sleep(1)
        os.read(pipe[0], 9)
        await task

    told = r"(?s)write\), .* the end of a sleep of 5 s: Task-\d+ holds up its event loop\n.*main\), .* for os.read: nothing"
    with pytest.raises(DeadlockError, match=told):
        run(main())


def test_one_that_reads_what_a_thread_writes_holds_up_its_event_loop(pipe: tuple[int, int]) -> None:
    async def main() -> float:
        writing = asyncio.create_task(asyncio.to_thread(later(5, lambda: os.write(pipe[1], b"hi"))))
        await asyncio.sleep(1)
        os.read(pipe[0], 9)
        await writing
        return now()

    with hygiene(strict=False) as findings:
        assert run(main()) == 5
    assert [finding.detail for finding in findings] == ["os.read held up the event loop for 4 s"]


def test_what_it_cannot_take_is_the_same_error(pair: tuple[socket.socket, socket.socket]) -> None:
    here, _ = pair
    calls: list[Callable[[], Any]] = [
        lambda: os.read(-1, 9),
        lambda: os.read("x", 9),  # type: ignore[arg-type]
        lambda: os.write(here.fileno(), "x"),  # type: ignore[arg-type]
        lambda: here.send("x"),  # type: ignore[arg-type]
        lambda: here.sendall(b"x", "y"),  # type: ignore[arg-type]
        lambda: here.recv("x"),  # type: ignore[arg-type]
        lambda: here.recv(),  # type: ignore[call-arg]
        lambda: here.recv(9, 0, 0),  # type: ignore[call-arg]
    ]
    for call in calls:
        with pytest.raises((TypeError, OSError)) as real:
            call()
        with pytest.raises(type(real.value)) as ours:
            beside(call)
        assert str(ours.value) == str(real.value)


def test_what_has_its_bytes_already_is_read_as_ever(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b"hello")
    assert select.select([pipe[0]], [], [], 0)[0]
    assert beside(timed(functools.partial(os.read, pipe[0], 9))) == [(b"hello", 0)]
