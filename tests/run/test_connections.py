"""Connections to a scripted network: asyncio's own streams, whose bytes are the world's at the virtual time of the write."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from grader.referee.record import Record
from tests.run.networked import network
from tests.staging import bytes_of, in_child, in_process, rows

Play = Callable[..., Record]


@pytest.fixture(params=[in_process, in_child], ids=["in-process", "child"])
def play(request: pytest.FixtureRequest) -> Play:
    chosen: Play = request.param
    return chosen


def program(*lines: str) -> str:
    return "import asyncio\nasync def main(heard):\n" + "".join(f"    {line}\n" for line in lines)


def opened(*lines: str, host: str = "api") -> str:
    return program(f"reader, writer = await asyncio.open_connection('{host}', 80)", *lines)


NOW = "asyncio.get_running_loop().time()"


# ---------------------------------------------------------------- what is told to the world, and what comes back


def test_a_request_and_its_response_have_their_times_and_lines(play: Play) -> None:
    record = play(opened("writer.write(b'hi\\n')", "await writer.drain()", "return await reader.readline()"), network())
    assert record.outcome.value == b"HI\n"
    assert rows(record) == [
        ("open_connection", 0, 1, "ok"),
        ("write(api)", 1, 1, "ok"),
        ("answer(api)", 1, 2, "ok"),
    ]
    assert [row.line for row in record.ledger.rows] == [3, 4, 4]
    assert [(read.operation, read.key, read.start, read.end, read.line) for read in record.facts.reads] == [
        ("readline", "api", 1_000_000_000, 2_000_000_000, 6)
    ]


def test_reader_and_writer_are_asyncios(play: Play) -> None:
    lines = (
        "kinds = isinstance(reader, asyncio.StreamReader), isinstance(writer, asyncio.StreamWriter)",
        "mark = asyncio.iscoroutinefunction(asyncio.open_connection)",
        "return kinds, isinstance(writer.transport, asyncio.Transport), mark, repr(writer)",
    )
    shown = (
        "<StreamWriter transport=<Transport to ('api', 80)> reader=<StreamReader transport=<Transport to ('api', 80)>>>"
    )
    assert play(opened(*lines), network()).outcome.value == ((True, True), True, True, shown)


@pytest.mark.parametrize(
    ("call", "heard"),
    [
        ("connection('h', 80)", ("h", 80)),
        ("connection(host='h', port='80')", ("h", 80)),
        ("connection(b'h', b'80')", ("h", 80)),
        ("connection('h', 'http')", ("h", "http")),
        ("connection('h')", ("h", None)),
        ("connection(None, 80)", (None, 80)),
        ("connection('h', 80, limit=10, ssl=None, sock=None, family=0, happy_eyeballs_delay=None)", ("h", 80)),
        ("unix_connection('/tmp/s')", ("/tmp/s", None)),
        ("unix_connection(path=b'/tmp/s', ssl=None)", ("/tmp/s", None)),
    ],
)
def test_what_asyncio_takes_reaches_the_world(play: Play, call: str, heard: Any) -> None:
    record = play(program(f"await asyncio.open_{call}", "return heard()"), network())
    assert record.outcome.value == [heard]


REFUSED = [
    ("connection('h', 80, limit=0)", "ValueError", "Limit cannot be <= 0"),
    ("connection()", "ValueError", "host and port was not specified and no sock specified"),
    ("connection(80, 'h')", "TypeError", "getaddrinfo() argument 1 must be string or None"),
    (
        "connection('h', 80, colour=1)",
        "TypeError",
        "BaseEventLoop.create_connection() got an unexpected keyword argument 'colour'",
    ),
    ("unix_connection()", "ValueError", "no path and sock were specified"),
    (
        "unix_connection('/tmp/s', local_addr=('h', 1))",
        "TypeError",
        "_UnixSelectorEventLoop.create_unix_connection() got an unexpected keyword argument 'local_addr'",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_what_asyncio_refuses_is_refused_in_its_words(play: Play, call: str, kind: str, message: str) -> None:
    failure = play(program(f"await asyncio.open_{call}"), network()).outcome.failure
    assert failure is not None
    assert (failure.type, failure.message, failure.line) == (kind, message, 3)


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_asyncio_itself_refuses_it_in_these_words(call: str, kind: str, message: str) -> None:
    async def main() -> None:
        await eval(f"asyncio.open_{call}")

    with pytest.raises((TypeError, ValueError)) as found:
        asyncio.run(main())
    assert (type(found.value).__name__, str(found.value)) == (kind, message)


@pytest.mark.parametrize("option", ["ssl=True", "sock=object()", "local_addr=('h', 1)", "server_hostname='h'"])
def test_what_needs_a_real_network_is_refused_by_name(play: Play, option: str) -> None:
    record = play(program(f"await asyncio.open_connection('h', 80, {option})"), network())
    name = option.partition("=")[0]
    failure = record.outcome.failure
    assert failure is not None
    assert (failure.type, failure.line) == ("RefusedError", 3)
    assert failure.message == (
        f"asyncio.open_connection({name}=...) needs a real network, "
        f"which an exercise on virtual time does not have; leave {name} out"
    )
    assert [(place.name, place.line) for place in record.facts.refused] == [(f"asyncio.open_connection({name}=...)", 3)]
    assert record.ledger.rows == ()


def test_without_the_worlds_there_is_no_network(play: Play) -> None:
    stage = network()
    del stage.start["replaced"]["open_unix_connection"]
    failure = play(program("await asyncio.open_unix_connection('/tmp/s')"), stage).outcome.failure
    assert failure is not None
    assert failure.message.startswith("asyncio.open_unix_connection needs a unix socket")


@pytest.mark.parametrize(("host", "kind"), [("nobody", "ConnectionRefusedError"), ("unknown", "OSError")])
def test_a_connection_that_fails_raises_a_builtin_exception(play: Play, host: str, kind: str) -> None:
    record = play(opened("", host=host), network())
    assert record.outcome.failure is not None
    assert (record.outcome.failure.type, record.outcome.failure.line) == (kind, 3)
    assert rows(record) == [("open_connection", 0, 1, "error")]


def test_connecting_can_be_cancelled(play: Play) -> None:
    lines = (
        "try:",
        "    await asyncio.wait_for(asyncio.open_connection('api', 80), 0.5)",
        "except TimeoutError:",
        f"    return {NOW}",
    )
    record = play(program(*lines), network())
    assert record.outcome.value == 0.5
    assert rows(record) == [("open_connection", 0, 0.5, "cancelled")]


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize("data", ["b'hi\\n'", "bytearray(b'hi\\n')", "memoryview(b'hi\\n')"])
def test_all_that_is_bytes_can_be_written(play: Play, data: str) -> None:
    assert play(opened(f"writer.write({data})", "return await reader.readline()"), network()).outcome.value == b"HI\n"


def test_several_pieces_are_one_write_and_nothing_is_none(play: Play) -> None:
    record = play(opened("writer.writelines([b'h', b'i', b'\\n'])", "writer.write(b'')"), network())
    assert [(row.operation, row.args) for row in record.ledger.rows[1:2]] == [("write", (b"hi\n",))]
    assert [row.operation for row in record.ledger.rows].count("write") == 1


@pytest.mark.parametrize(
    ("lines", "kind", "message"),
    [
        (["writer.write('hi')"], "TypeError", "data argument must be a bytes-like object, not 'str'"),
        (["writer.write_eof()", "writer.write(b'hi')"], "RuntimeError", "Cannot call write() after write_eof()"),
    ],
)
def test_what_cannot_be_written_is_refused_in_asyncios_words(
    play: Play, lines: list[str], kind: str, message: str
) -> None:
    failure = play(opened(*lines), network()).outcome.failure
    assert failure is not None
    assert (failure.type, failure.message) == (kind, message)


def test_the_end_of_what_is_written_reaches_the_world(play: Play) -> None:
    record = play(
        opened("writer.write(b'abc')", "writer.write_eof()", "return writer.can_write_eof(), await reader.read()"),
        network(),
    )
    assert record.outcome.value == (True, b"cba")
    assert [row.operation for row in record.ledger.rows] == ["open_connection", "write", "write_eof"]


def test_drain_waits_for_room_where_the_world_says_so(play: Play) -> None:
    record = play(opened("writer.write(b'x')", "await writer.drain()", f"return {NOW}", host="slow"), network())
    assert record.outcome.value == 1.5
    assert rows(record)[2] == ("drain(slow)", 1, 1.5, "ok")
    assert record.ledger.rows[2].line == 5


def test_drain_without_the_worlds_takes_no_time_and_leaves_no_row(play: Play) -> None:
    record = play(opened("await writer.drain()", f"return {NOW}"), network())
    assert record.outcome.value == 1
    assert len(record.ledger.rows) == 1


def test_a_drain_that_nobody_awaits_is_reported(play: Play) -> None:
    record = play(opened("writer.drain()", host="slow"), network())
    assert [(place.name, place.line) for place in record.facts.never_awaited] == [("drain", 4)]
    assert len(record.ledger.rows) == 1


# ---------------------------------------------------------------- the end


def test_a_closed_connection_ends_for_who_reads_and_takes_nothing_more(play: Play) -> None:
    lines = (
        "reading = asyncio.create_task(reader.read())",
        "await asyncio.sleep(1)",
        "writer.close()",
        "writer.close()",
        "writer.write(b'into the blue')",
        "await writer.wait_closed()",
        "try:",
        "    await writer.drain()",
        "except ConnectionResetError as error:",
        f"    return await reading, writer.is_closing(), str(error), {NOW}",
    )
    record = play(opened(*lines, host="told"), network())
    assert record.outcome.value == (b"", True, "Connection lost", 2)
    assert rows(record)[1:] == [("close(told)", 2, 2, "ok")]


def test_a_close_that_takes_time_is_what_wait_closed_waits_for(play: Play) -> None:
    record = play(opened("writer.close()", "await writer.wait_closed()", f"return {NOW}", host="slow"), network())
    assert record.outcome.value == 1.25
    assert rows(record)[1:] == [("close(slow)", 1, 1.25, "ok")]


def test_who_does_not_wait_for_the_close_leaves_it_running(play: Play) -> None:
    record = play(opened("writer.close()", host="slow"), network())
    row = record.ledger.rows[1]
    assert (row.operation, row.line, record.ledger.done(row)) == ("close", 4, False)


def test_a_close_that_fails_is_met_by_who_waits_for_it(play: Play) -> None:
    record = play(opened("writer.close()", "await writer.wait_closed()", host="torn"), network())
    assert record.outcome.failure is not None
    assert (record.outcome.failure.type, record.outcome.failure.line) == ("ConnectionAbortedError", 5)


def test_an_aborted_connection_is_over_at_once(play: Play) -> None:
    lines = ("writer.transport.abort()", "await writer.wait_closed()", f"return {NOW}")
    assert play(opened(*lines, host="slow"), network()).outcome.value == 1


def test_a_broken_connection_is_met_by_who_reads_drains_or_waits(play: Play) -> None:
    lines = (
        "writer.write(b'reset\\n')",
        "met = []",
        "for wait in (reader.readline, writer.drain, writer.wait_closed):",
        "    try:",
        "        await wait()",
        "    except ConnectionResetError as error:",
        "        met.append(str(error))",
        "return met, writer.is_closing()",
    )
    record = play(opened(*lines), network())
    assert record.outcome.value == (["[Errno 104] Connection reset by peer"] * 3, True)
    assert record.facts.lost_exceptions == ()


def test_a_write_that_breaks_the_connection_does_not_raise_itself(play: Play) -> None:
    record = play(opened("writer.write(b'x')", "await reader.read()", host="broken"), network())
    assert record.outcome.failure is not None
    assert (record.outcome.failure.type, record.outcome.failure.line) == ("BrokenPipeError", 5)


def test_nobody_has_to_look_at_a_broken_connection(play: Play) -> None:
    record = play(opened("writer.write(b'reset\\n')", "await asyncio.sleep(2)"), network())
    assert record.outcome.kind == "result"
    assert record.facts.lost_exceptions == ()


def test_a_writer_that_is_thrown_away_says_nothing_and_no_task_is_ours(play: Play) -> None:
    lines = ("del reader, writer", "return len(asyncio.all_tasks())")
    record = play(opened(*lines, host="told"), network())
    assert record.outcome.value == 1
    assert len(record.ledger.rows) == 1
    assert (record.facts.tasks, record.facts.output, record.facts.pending_at_return) == (0, "", ())


def test_the_worlds_end_leaves_the_other_direction_open(play: Play) -> None:
    lines = ("writer.write(b'bye\\n')", "got = await reader.read()", "writer.write(b'more\\n')", "return got")
    record = play(opened(*lines), network())
    assert record.outcome.value == b""
    assert [row.operation for row in record.ledger.rows].count("write") == 2


# ---------------------------------------------------------------- what is known of it


def test_extra_information_is_what_the_world_shows(play: Play) -> None:
    asked = "[writer.get_extra_info(name, 'none') for name in ('peername', 'sockname', 'socket', 'reader')]"
    assert play(opened(f"return {asked}"), network()).outcome.value == [
        ("api", 80),
        ("10.0.0.9", 50000),
        "none",
        "none",
    ]


def test_the_limit_of_a_line_is_the_one_that_was_asked_for(play: Play) -> None:
    lines = (
        "reader, writer = await asyncio.open_connection('api', 80, limit=4)",
        "writer.write(b'too long\\n')",
        "await reader.readline()",
    )
    failure = play(program(*lines), network()).outcome.failure
    assert failure is not None
    assert (failure.type, failure.line) == ("ValueError", 5)


@pytest.mark.parametrize(
    ("line", "waits_for"),
    [
        ("await reader.readline()", "data from a stream of api: nothing that runs can send any"),
        ("await writer.wait_closed()", "the end of StreamWriter 'writer': nothing that runs can close it"),
    ],
)
def test_a_deadlock_names_the_connection(play: Play, line: str, waits_for: str) -> None:
    record = play(opened(line), network())
    assert record.outcome.kind == "deadlock"
    assert [(waiting.line, waiting.waits_for) for waiting in record.facts.waiting] == [(4, waits_for)]


def test_a_deadlock_for_want_of_room_says_so(play: Play) -> None:
    record = play(opened("writer.write(b'x')", "await writer.drain()", host="full"), network())
    assert record.outcome.kind == "deadlock"
    said = "room in a stream: nothing that runs can read what was written"
    assert [(waiting.line, waiting.waits_for) for waiting in record.facts.waiting] == [(5, said)]


# ---------------------------------------------------------------- too much, and from elsewhere


def test_megabytes_end_the_run_with_their_line(play: Play) -> None:
    record = play(opened("while True:", "    writer.write(b'\\xff' * 100_000)"), network())
    assert (record.outcome.kind, record.outcome.detail) == ("virtual_limit", "more than 524288 bytes written")
    assert record.facts.spinning is not None
    assert record.facts.spinning.line == 5
    assert len(record.ledger.rows) == 6


def test_one_write_that_is_too_large_ends_the_run_as_well(play: Play) -> None:
    record = play(opened("writer.write(b'\\xff' * 5_000_000)"), network())
    assert (record.outcome.kind, record.outcome.detail) == ("virtual_limit", "more than 524288 bytes written")


def test_the_largest_write_fits(play: Play) -> None:
    record = play(opened("writer.write(b'\\xff' * 524_288)", "return 'through'"), network())
    assert record.outcome.value == "through"


def test_writes_without_end_meet_the_limit_of_operations(play: Play) -> None:
    record = play(opened("while True:", "    writer.write(b'x')"), network())
    assert (record.outcome.kind, record.outcome.detail) == ("virtual_limit", "operations")


def test_another_thread_may_write(play: Play) -> None:
    lines = ("await asyncio.to_thread(writer.write, b'hi\\n')", "return await reader.readline()")
    assert play(opened(*lines), network()).outcome.value == b"HI\n"


def test_a_stream_belongs_to_its_loop(play: Play) -> None:
    lines = ("def elsewhere():", "    asyncio.run(reader.readline())", "await asyncio.to_thread(elsewhere)")
    failure = play(opened(*lines), network()).outcome.failure
    assert failure is not None
    assert failure.type == "RuntimeError"
    assert "attached to a different loop" in failure.message


def test_a_connection_outlives_no_loop(play: Play) -> None:
    source = """
import asyncio
def main(heard):
    reader, writer = asyncio.run(asyncio.open_connection("api", 80))
    writer.close()
"""
    stage = network()
    stage.start["kind"] = "function"
    failure = play(source, stage).outcome.failure
    assert failure is not None
    assert (failure.type, failure.message) == ("RuntimeError", "Event loop is closed")


def test_what_the_transport_does_not_have_is_refused_plainly(play: Play) -> None:
    failure = play(opened("await writer.start_tls(None)"), network()).outcome.failure
    assert failure is not None
    assert failure.message.startswith("loop.start_tls needs a network connection")


PROGRAMS = {
    "asked": opened("writer.write(b'hi\\n')", "return await reader.readline()"),
    "broken": opened("writer.write(b'reset\\n')", "await reader.readline()"),
    "deadlock": opened("await reader.read()"),
    "slow": opened("writer.write(b'hi\\n')", "await writer.drain()", "writer.close()", host="slow"),
    "flood": opened("while True:", "    writer.write(b'x' * 9999)"),
}


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_both_doors_have_the_same_record(source: str) -> None:
    assert bytes_of(in_process(source, network())) == bytes_of(in_child(source, network()))
