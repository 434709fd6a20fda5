"""A server of the learner's, and the clients that the world sends to it."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.referee.record import Record
from grader.referee.world import World
from grader.run.stage import Stage
from tests.run.networked import with_network
from tests.staging import bytes_of, in_child, in_process, rows

Play = Callable[..., Record]


@pytest.fixture(params=[in_process, in_child], ids=["in-process", "child"])
def play(request: pytest.FixtureRequest) -> Play:
    chosen: Play = request.param
    return chosen


class Client:
    shows = ("reader", "peername")

    def __init__(self, world: World, number: int):
        self.key, self.peername, self.reader = number, ("10.0.0.1", number), world.stream(f"client {number}")
        self.heard = b""

    def write(self, data: bytes) -> None:
        self.heard += data

    def close(self) -> None:
        self.heard += b"."


class Server:
    shows = ("clients",)

    def __init__(self, world: World, key: Any):
        self.key, self.clients = key, world.clients()

    def close(self) -> None:
        pass


def visited(clients: int = 2, early: bool = False) -> Stage:
    """Every second a client comes, says hello half a second later and is gone; `heard()` tells what each has got.

    `early`: all come while the server starts.
    """
    made: list[Client] = []

    def functions(world: World) -> dict[str, Any]:
        async def visit(server: Server, number: int) -> None:
            await world.sleep(0 if early else number)
            client = Client(world, number)
            made.append(client)
            server.clients.connect(client)
            await world.sleep(0.5)
            client.reader.feed(b"hello\n")
            client.reader.end()

        async def start_server(host: Any, port: Any) -> Server:
            server = Server(world, f"{host}:{port}")
            for number in range(1, clients + 1):
                world.start(visit(server, number), "visit", number)
            await world.sleep(0.25 if early else 0)
            return server

        async def start_unix_server(path: Any) -> Server:
            return await start_server(path, None)

        return {"start_server": start_server, "start_unix_server": start_unix_server}

    return with_network(functions, lambda: [client.heard for client in made])


HANDLE = """
import asyncio
async def handle(reader, writer):
    line = await reader.readline()
    writer.write(line.upper())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
"""


def program(*lines: str, handle: str = HANDLE) -> str:
    return handle + "async def main(heard):\n" + "".join(f"    {line}\n" for line in lines)


SERVED = (
    "async with await asyncio.start_server(handle, 'h', 80):",
    "    await asyncio.sleep(4)",
    "return heard()",
)


def test_each_client_is_served_by_a_task_of_its_own(play: Play) -> None:
    record = play(program(*SERVED), visited())
    assert record.outcome.value == [b"HELLO\n.", b"HELLO\n."]
    assert rows(record) == [
        ("start_server", 0, 0, "ok"),
        ("write(1)", 1.5, 1.5, "ok"),
        ("close(1)", 1.5, 1.5, "ok"),
        ("write(2)", 2.5, 2.5, "ok"),
        ("close(2)", 2.5, 2.5, "ok"),
        ("close(h:80)", 4, 4, "ok"),
    ]
    assert [row.line for row in record.ledger.rows] == [10, 5, 7, 5, 7, 10]
    assert (record.facts.tasks, record.facts.pending_at_return) == (2, ())
    assert [(read.key, read.start, read.end, read.line) for read in record.facts.reads] == [
        ("client 1", 1_000_000_000, 1_500_000_000, 4),
        ("client 2", 2_000_000_000, 2_500_000_000, 4),
    ]


def test_clients_that_come_while_it_starts_are_served_in_their_order(play: Play) -> None:
    record = play(program(*SERVED), visited(3, early=True))
    assert record.outcome.value == [b"HELLO\n."] * 3
    assert [row.label for row in record.ledger.rows if row.operation == "write"] == ["write(1)", "write(2)", "write(3)"]


def test_a_plain_callback_is_called_as_well(play: Play) -> None:
    handle = "import asyncio\ndef handle(reader, writer):\n    writer.write(b'hi')\n    writer.close()\n"
    record = play(program(*SERVED, handle=handle), visited())
    assert record.outcome.value == [b"hi.", b"hi."]
    assert record.facts.tasks == 0


def test_the_server_is_asyncios_and_has_a_name(play: Play) -> None:
    lines = (
        "server = await asyncio.start_server(handle, 'h', 80)",
        "name = server.sockets[0].getsockname()",
        "same = server.get_loop() is asyncio.get_running_loop()",
        "before = isinstance(server, asyncio.Server), repr(server), server.is_serving()",
        "server.close()",
        "server.close()",
        "return name, same, before, server.sockets, server.is_serving()",
    )
    record = play(program(*lines), visited())
    before = (True, "<Server sockets=(<listening on ('h', 80)>,)>", True)
    assert record.outcome.value == (("h", 80), True, before, (), False)
    assert [row.label for row in record.ledger.rows] == ["start_server", "close(h:80)"]


def test_a_unix_server_has_a_path(play: Play) -> None:
    lines = ("server = await asyncio.start_unix_server(handle, '/tmp/s')", "return server.sockets[0].getsockname()")
    assert play(program(*lines), visited()).outcome.value == "/tmp/s"


def test_serving_for_ever_ends_with_its_task(play: Play) -> None:
    lines = (
        "server = await asyncio.start_server(handle, 'h', 80, start_serving=False)",
        "serving = server.is_serving()",
        "task = asyncio.create_task(server.serve_forever())",
        "await asyncio.sleep(4)",
        "task.cancel()",
        "await asyncio.wait([task])",
        "return serving, task.cancelled(), heard(), server.sockets",
    )
    assert play(program(*lines), visited()).outcome.value == (False, True, [b"HELLO\n.", b"HELLO\n."], ())


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["server.close()", "await server.serve_forever()"], "server <Server sockets=()> is closed"),
        (
            ["asyncio.create_task(server.serve_forever())", "await asyncio.sleep(0)", "await server.serve_forever()"],
            "server <Server sockets=(<listening on ('h', 80)>,)> is already being awaited on serve_forever()",
        ),
    ],
)
def test_serving_twice_or_after_the_end_is_refused_in_asyncios_words(
    play: Play, lines: list[str], message: str
) -> None:
    record = play(program("server = await asyncio.start_server(handle, 'h', 80)", *lines), visited())
    assert record.outcome.failure is not None
    assert (record.outcome.failure.type, record.outcome.failure.message) == ("RuntimeError", message)


def test_a_client_that_comes_when_it_is_closed_is_not_served(play: Play) -> None:
    lines = (
        "server = await asyncio.start_server(handle, 'h', 80)",
        "await asyncio.sleep(1.75)",
        "server.close()",
        "await asyncio.sleep(4)",
        "return heard()",
    )
    assert play(program(*lines), visited()).outcome.value == [b"HELLO\n.", b""]


def test_waiting_for_the_end_waits_for_the_connections(play: Play) -> None:
    lines = (
        "server = await asyncio.start_server(handle, 'h', 80)",
        "await asyncio.sleep(1.25)",
        "server.close()",
        "await server.wait_closed()",
        "return asyncio.get_running_loop().time()",
    )
    assert play(program(*lines), visited()).outcome.value == 1.5


def test_clients_can_be_closed_by_the_server(play: Play) -> None:
    lines = (
        "server = await asyncio.start_server(handle, 'h', 80)",
        "await asyncio.sleep(1.25)",
        "server.close()",
        "server.close_clients()",
        "await server.wait_closed()",
        "return asyncio.get_running_loop().time(), heard()",
    )
    assert play(program(*lines), visited()).outcome.value == (1.25, [b"."])


@pytest.mark.parametrize(
    ("line", "waits_for"),
    [
        ("await server.serve_forever()", "the end of Server 'server': nothing that runs can close it"),
        ("await server.wait_closed()", "the end of Server 'server': nothing that runs can close it"),
        (
            "await asyncio.sleep(3); server.close(); await server.wait_closed()",
            "the end of the connections of Server 'server': nothing that runs can close them",
        ),
    ],
)
def test_a_server_that_never_ends_is_a_deadlock_that_says_why(play: Play, line: str, waits_for: str) -> None:
    handle = "import asyncio\nasync def handle(reader, writer):\n    await reader.read()\n"
    record = play(program("server = await asyncio.start_server(handle, 'h', 80)", line, handle=handle), visited())
    assert record.outcome.kind == "deadlock"
    assert [wait.waits_for for wait in record.facts.waiting] == [waits_for]


def test_a_callback_that_fails_is_reported_and_closes_its_connection(play: Play) -> None:
    handle = "import asyncio\nasync def handle(reader, writer):\n    reader.no_such_method()\n"
    record = play(program(*SERVED, handle=handle), visited(1))
    assert record.outcome.value == [b"."]
    assert [(lost.type, lost.line) for lost in record.facts.lost_exceptions] == [("AttributeError", 3)]


def test_a_callback_that_is_cancelled_closes_its_connection_and_is_no_failure(play: Play) -> None:
    handle = "import asyncio\nasync def handle(reader, writer):\n    raise asyncio.CancelledError\n"
    record = play(program(*SERVED, handle=handle), visited(1))
    assert record.outcome.value == [b"."]
    assert record.facts.lost_exceptions == ()


def test_a_client_left_alone_is_a_task_that_was_not_done(play: Play) -> None:
    lines = ("server = await asyncio.start_server(handle, 'h', 80)", "await asyncio.sleep(1.25)")
    record = play(program(*lines), visited())
    assert [place.name for place in record.facts.pending_at_return] == ["handle"]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        ("server(handle)", "ValueError", "Neither host/port nor sock were specified"),
        ("server(handle, 'h', 80, limit=0)", "ValueError", "Limit cannot be <= 0"),
        (
            "server(handle, 'h', 80, colour=1)",
            "TypeError",
            "BaseEventLoop.create_server() got an unexpected keyword argument 'colour'",
        ),
        ("unix_server(handle)", "ValueError", "path was not specified, and no sock specified"),
        (
            "server(handle, 'h', 80, ssl=object())",
            "RefusedError",
            "asyncio.start_server(ssl=...) needs a real network, "
            "which an exercise on virtual time does not have; leave ssl out",
        ),
    ],
)
def test_what_cannot_be_started_is_refused(play: Play, call: str, kind: str, message: str) -> None:
    failure = play(program(f"await asyncio.start_{call}"), visited()).outcome.failure
    assert failure is not None
    assert (failure.type, failure.message) == (kind, message)


@pytest.mark.parametrize(
    "call",
    [
        "(handle, ['h', 'i'], '80', backlog=5, reuse_address=True, family=0)",
        "(client_connected_cb=handle, host=b'h', port=80)",
    ],
)
def test_what_asyncio_takes_starts_a_server(play: Play, call: str) -> None:
    record = play(program(f"server = await asyncio.start_server{call}", "return server.is_serving()"), visited())
    assert record.outcome.value is True


@pytest.mark.parametrize("source", [program(*SERVED), program("await asyncio.start_server(handle, 'h', 80)")])
def test_both_doors_have_the_same_record(source: str) -> None:
    assert bytes_of(in_process(source, visited())) == bytes_of(in_child(source, visited()))
