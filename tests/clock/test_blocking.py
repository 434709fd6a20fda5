"""A call that blocks for real in a coroutine is found by its name, at the line that made it; and so is what a thread loses."""

import asyncio
import builtins
import contextlib
import io
import os
import select
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene
from grader.clock.findings.hygiene import Finding
from grader.clock.library import blocking
from tests.clock.installed import installed

Main = Callable[[], Coroutine[Any, Any, Any]]
TLS = Path(__file__).parent / "tls"
ADVICE = " held up the event loop in real time: use its awaitable form, or asyncio.to_thread"


def watched(main: Main, make_loop: Any = VirtualLoop, during: Callable[[], object] = lambda: None) -> list[Finding]:
    """`during` is called when a call is told of, just before it waits."""

    def made() -> Any:
        loop = make_loop()
        hears = loop.clock.on_block

        def first(*told: Any) -> None:
            hears(*told)
            during()

        loop.clock.on_block = first
        return loop

    with hygiene(strict=False) as found, asyncio.Runner(loop_factory=made) as runner:
        runner.run(main())
    return found


def held_up(main: Main, make_loop: Any = VirtualLoop, during: Callable[[], object] = lambda: None) -> list[Any]:
    """Of each call its name and its line, counted from that of `main`."""
    found = watched(main, make_loop, during)
    assert all(each.kind == "blocked" and each.detail.endswith(ADVICE) for each in found), found
    first = main.__code__.co_firstlineno
    return [(each.detail.removesuffix(ADVICE), each.line - first) for each in found]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int]]:
    """Answers whoever connects, from a thread of its own that is on no clock."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        with contextlib.suppress(OSError):
            os.close(end)


loops = pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])


# ---------------------------------------------------------------- what is found


@loops
def test_a_child_that_is_waited_for(make_loop: Any) -> None:
    async def main() -> None:
        subprocess.run(["true"])  # noqa: ASYNC221
        subprocess.check_output(["true"])  # noqa: ASYNC221
        with subprocess.Popen(["true"]) as child:  # noqa: ASYNC220
            child.wait()
        os.system("true")  # noqa: ASYNC221

    assert held_up(main, make_loop) == [
        ("subprocess.run", 1),
        ("subprocess.check_output", 2),
        ("Popen.wait", 4),
        ("os.system", 5),
    ]


@loops
def test_an_answer_of_a_server(make_loop: Any, server: tuple[str, int]) -> None:
    async def main() -> None:
        with urllib.request.urlopen("http://{}:{}/".format(*server)) as answer:  # noqa: ASYNC210
            assert answer.read() == b"hi"
        with socket.create_connection(server):
            pass

    assert [each for each in held_up(main, make_loop) if "read" not in each[0]] == [
        ("urllib.request.urlopen", 1),
        ("socket.create_connection", 3),
    ]


def test_a_person_at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> str:
        return input()  # noqa: ASYNC250

    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    assert held_up(main) == [("input", 1)]


@loops
@pytest.mark.parametrize("how", ["read", "readline", "for", "os"])
@pytest.mark.usefixtures("server")  # who is on no clock, and may be at the other end
def test_a_pipe_in_which_there_is_nothing_yet(make_loop: Any, how: str, pipe: tuple[int, int]) -> None:
    reading, writing = pipe

    async def main() -> None:
        if how == "os":
            assert os.read(reading, 10) == b"hi\n"
            return
        with open(reading, closefd=False) as file:  # noqa: ASYNC230
            if how == "for":
                for line in file:
                    assert line == "hi\n"
            else:
                assert getattr(file, how)() == "hi\n"

    def answer() -> None:
        with contextlib.suppress(OSError):
            os.write(writing, b"hi\n")
            os.close(writing)

    line, name = {"for": (6, "file.read"), "os": (2, "os.read")}.get(how, (9, "file.read"))
    assert held_up(main, make_loop, answer) == [(name, line)]


FIRST = """
import asyncio, os, socket, sys, threading
from grader.clock import VirtualLoop, hygiene

def serve():
    while True:
        listener.accept()[0].close()

def write(*told):
    hears(*told)
    if told[0] == "os.read":
        os.write(writing, b"x")

def make():
    global hears
    loop = VirtualLoop()
    hears, loop.clock.on_block = loop.clock.on_block, write
    return loop

async def main():
    socket.create_connection(listener.getsockname()).close()
    os.read(reading, 1)

reading, writing = os.pipe()
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, daemon=True).start()
with hygiene(strict=False) as found, asyncio.Runner(loop_factory=make) as runner:
    runner.run(main())
print(*(each.detail.partition(" held up ")[0] for each in found), sep=chr(10))
"""


def test_what_blocks_in_the_first_loop_of_a_process_is_found_too() -> None:
    options: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 60}
    done = subprocess.run([sys.executable, "-c", FIRST], check=True, **options)
    assert sorted(done.stdout.split()) == ["os.read", "socket.create_connection"]


@pytest.mark.usefixtures("server")
def test_so_it_is_where_all_is_put_in_place_anew_meanwhile(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = pipe

    async def main() -> None:
        os.read(reading, 1)

    with hygiene(strict=False) as found:
        monkeypatch.setattr(time, "sleep", lambda seconds: None)
        with asyncio.Runner(loop_factory=lambda: answering(writing)) as runner:
            runner.run(main())
    assert [each.detail for each in found] == [f"os.read{ADVICE}"]
    assert not hasattr(os.read, blocking._MARK)


def answering(writing: int) -> VirtualLoop:
    """A loop on which something comes to the pipe when it is told that somebody waits for it."""
    loop = VirtualLoop()
    hears = loop.clock.on_block

    def answer(*told: Any) -> None:
        hears(*told)
        os.write(writing, b"x")

    loop.clock.on_block = answer
    return loop


def test_a_socket_in_which_there_is_nothing_yet() -> None:
    here, there = socket.socketpair()

    async def main() -> None:
        assert here.recv(2) == b"hi"

    with here, there:
        assert held_up(main, during=lambda: there.sendall(b"hi")) == [("socket.recv", 1)]


def test_a_handshake_and_what_is_read_after_it() -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(TLS / "cert.pem", TLS / "key.pem")
    client = ssl.create_default_context(cafile=TLS / "cert.pem")
    client.maximum_version = ssl.TLSVersion.TLSv1_2  # later ones send more than what is read
    here, there = socket.socketpair()
    told = threading.Semaphore(0)

    def serve() -> None:
        with server.wrap_socket(there, server_side=True) as connection:
            told.acquire()
            told.acquire()  # for the answer, too, somebody waits by now
            connection.sendall(b"hi")

    async def main() -> None:
        with client.wrap_socket(here, server_hostname="api.example") as connection:
            assert connection.recv(2) == b"hi"

    thread = threading.Thread(target=serve)
    with here, there:
        thread.start()
        assert held_up(main, during=told.release) == [("SSLContext.wrap_socket", 1), ("SSLSocket.recv", 2)]
        thread.join()


def test_a_name_that_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        socket.getaddrinfo("api.example", 80)
        socket.gethostbyname("api.example")

    for name in ("getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, lambda *args: [])
    assert held_up(main) == [("socket.getaddrinfo", 1), ("socket.gethostbyname", 2)]


async def polls() -> None:
    reading = os.eventfd(0)  # which anybody may write to
    poll, epoll = select.poll(), select.epoll()
    poll.register(reading, select.POLLIN)
    poll.poll(1)
    epoll.register(reading, select.EPOLLIN | select.EPOLLET)
    epoll.poll(0.001)
    poll.poll(0)
    epoll.poll(0)
    os.eventfd_write(reading, 1)
    assert poll.poll() == [(reading, select.POLLIN)]
    assert epoll.poll() == [(reading, select.EPOLLIN)]  # whoever looked before has not taken it
    epoll.close()
    os.close(reading)


async def sources_of_signals() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    try:
        signal.sigtimedwait([signal.SIGUSR2], 0.001)
        signal.sigtimedwait([signal.SIGUSR2], 0)
        for wait in (signal.sigwait, signal.sigwaitinfo):
            signal.pthread_kill(threading.get_ident(), signal.SIGUSR2)
            wait([signal.SIGUSR2])
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def names_of_addresses() -> None:
    socket.gethostbyaddr("127.0.0.1")
    socket.getfqdn("127.0.0.1")
    socket.getnameinfo(("127.0.0.1", 80), 0)
    socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST)


@loops
@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (polls, [("poll.poll", 4), ("epoll.poll", 6)]),
        (sources_of_signals, [("signal.sigtimedwait", 3)]),
        (names_of_addresses, [("socket.gethostbyaddr", 1), ("socket.getfqdn", 2), ("socket.getnameinfo", 3)]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_waits_for_events_signals_and_names(
    main: Main, expected: list[Any], make_loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostbyaddr", lambda *_: ("here", [], []))
    monkeypatch.setattr(socket, "getnameinfo", lambda *_: ("here", "http"))
    assert held_up(main, make_loop) == expected


def test_the_page_lists_every_call_that_is_found() -> None:
    page = (Path(__file__).parents[2] / "docs" / "clock.md").read_text(encoding="utf-8")
    table = page.partition("| call | is named |")[2].partition("\n\n")[0]
    for _, name, called, _ in blocking._found():
        assert name in table or called in table or name.startswith(("recv", "read", "do_hand")), name


def test_what_a_package_does_is_named_as_the_user_called_it(tmp_path: Path) -> None:
    here, there = socket.socketpair()
    with installed(tmp_path) as courier, here, there:

        async def main() -> None:
            courier.read(here)

        assert held_up(main, during=lambda: there.sendall(b"h")) == [("courier.read", 1)]


def test_a_line_that_blocks_again_and_again_is_named_once() -> None:
    async def main() -> None:
        for _ in range(3):
            subprocess.run(["true"])  # noqa: ASYNC221

    assert held_up(main) == [("subprocess.run", 2)]


def test_it_is_found_in_a_loop_that_runs_already() -> None:
    async def main() -> list[Finding]:
        with hygiene(strict=False) as found:
            subprocess.run(["true"])  # noqa: ASYNC221
        subprocess.run(["true"])  # noqa: ASYNC221
        return found

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert [each.detail for each in runner.run(main())] == [f"subprocess.run{ADVICE}"]


# ---------------------------------------------------------------- what is no finding


async def in_a_thread() -> None:
    await asyncio.to_thread(subprocess.run, ["true"])


async def started_and_looked_at() -> None:
    child = subprocess.Popen(["true"], stdout=subprocess.PIPE)  # noqa: ASYNC220
    while child.poll() is None:
        pass
    child.wait()
    child.communicate()
    with pytest.raises(ChildProcessError):
        os.waitpid(child.pid, os.WNOHANG)  # noqa: ASYNC222
    await asyncio.sleep(0)


async def what_is_ready() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"hello\n")
    assert os.read(reading, 2) == b"he"
    with open(reading) as file:  # noqa: ASYNC230
        assert file.readline() == "llo\n"
        os.close(writing)
        assert file.read() == ""
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"hi")
        assert here.recv(2) == b"hi"


async def what_does_not_block() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        with pytest.raises(BlockingIOError):
            here.recv(1)
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with pytest.raises(BlockingIOError):
        os.read(reading, 1)
    os.close(reading)
    os.close(writing)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.connect(("127.0.0.1", 9))


async def a_file_on_a_disk() -> None:
    with open(__file__) as file:  # noqa: ASYNC230
        file.read()
    with open(os.devnull) as nothing:  # noqa: ASYNC230
        nothing.read()


async def an_address() -> None:
    for host in ("127.0.0.1", "::1", "localhost", None, b"127.0.0.1"):
        socket.getaddrinfo(host, 80)


@loops
@pytest.mark.parametrize(
    "main",
    [
        in_a_thread,
        started_and_looked_at,
        what_is_ready,
        what_does_not_block,
        a_file_on_a_disk,
        an_address,
    ],
    ids=lambda main: main.__name__,
)
def test_what_does_not_wait_is_not_found(main: Main, make_loop: Any) -> None:
    assert held_up(main, make_loop) == []


def test_what_asyncio_does_for_a_program_is_not_found(server: tuple[str, int]) -> None:
    async def main() -> None:
        child = await asyncio.create_subprocess_exec("echo", "hi", stdout=asyncio.subprocess.PIPE)
        assert (await child.communicate())[0] == b"hi\n"
        reader, writer = await asyncio.open_connection(*server)
        writer.write(b"hello\n")
        assert (await reader.read()).endswith(b"hi")
        writer.close()

    assert held_up(main, OutsideLoop) == []


def test_a_reader_of_a_pipe_finds_what_it_was_called_for(pipe: tuple[int, int]) -> None:
    reading, writing = pipe

    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        read: asyncio.Future[bytes] = loop.create_future()

        def comes() -> None:
            loop.remove_reader(reading)
            read.set_result(os.read(reading, 2))

        loop.add_reader(reading, comes)
        loop.call_soon(os.write, writing, b"hi")
        return await read

    assert held_up(main, OutsideLoop) == []


def test_a_call_that_cannot_be_says_so_itself() -> None:
    async def main() -> None:
        with pytest.raises(TypeError, match="gethostbyname"):
            socket.gethostbyname()  # type: ignore[call-arg]

    assert held_up(main) == []


def test_outside_of_a_loop_nothing_is_found() -> None:
    with hygiene():
        subprocess.run(["true"], check=True)


def test_a_loop_on_no_clock_is_left_alone() -> None:
    async def main() -> None:
        subprocess.run(["true"])  # noqa: ASYNC221

    with hygiene():
        asyncio.run(main())


def what_stands() -> list[Any]:
    return [builtins.input, subprocess.Popen.wait, io.FileIO.readinto, threading.excepthook]


def test_afterwards_all_is_as_it_was() -> None:
    before = what_stands()
    with hygiene():
        during = what_stands()
        with hygiene():
            assert what_stands()[:-1] == during[:-1]
        assert what_stands() == during
        assert not any(one == other for one, other in zip(before, during, strict=True))
    assert what_stands() == before


def test_what_something_else_stands_upon_comes_down_with_it() -> None:
    from grader.clock.library import replaced

    there, mine, another = Holder.held, object(), object()
    replaced.add([(Holder, "held", mine)])
    replaced.add([(Holder, "held", another)])
    replaced.withdraw([(Holder, "held", mine)])
    assert Holder.held is another
    replaced.withdraw([(Holder, "held", another)])
    assert Holder.held is mine
    replaced.withdraw([(Holder, "held", mine)])
    assert Holder.held is there


class Holder:
    held: object = "there"


# ---------------------------------------------------------------- threads


def divide() -> None:
    print(1 / 0)


@loops
def test_an_exception_that_ends_a_thread_is_found_and_the_hook_that_was_there_hears_of_it(
    make_loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: heard.append(args.thread.name))

    async def main() -> None:
        thread = threading.Thread(target=divide, name="divider")
        thread.start()
        thread.join()

    (found,) = watched(main, make_loop)
    assert (found.kind, found.file, found.line) == ("lost_exception", __file__, divide.__code__.co_firstlineno + 1)
    assert found.detail == (
        "the thread divider failed with ZeroDivisionError('division by zero'), and nobody can look at it: catch it there"
    )
    assert heard == ["divider"]


def test_a_hook_that_the_program_sets_itself_hears_of_it_alone_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def own(args: Any) -> None:
        heard.append(args.thread.name)

    async def main() -> None:
        threading.excepthook = own
        thread = threading.Thread(target=divide, name="divider")
        thread.start()
        thread.join()

    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    assert watched(main) == []
    assert heard == ["divider"]
    assert threading.excepthook is own


def test_a_thread_that_ends_by_itself_and_one_that_was_there_before_are_no_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    go = threading.Event()

    def waits() -> None:
        go.wait()
        divide()

    before = threading.Thread(target=waits)
    before.start()
    with hygiene():
        go.set()
        before.join()
        thread = threading.Thread(target=sys.exit)
        thread.start()
        thread.join()


def test_a_worker_s_exception_is_its_future_s() -> None:
    async def main() -> None:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(divide)

    assert watched(main) == []
