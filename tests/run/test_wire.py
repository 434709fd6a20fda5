"""The trusted end of the pipe keeps its deadline, whatever the other side does, and tells the system seldom."""

import errno
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from grader.referee.referee import DoorError
from grader.run import wire
from grader.run.wire import Closed, Late, Wire


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


class Slow:
    """A connection on which each call lasts as long as the system was told that it may, and a little; nothing ever comes."""

    def __init__(self, clock: list[float]):
        self.clock, self.waits, self.told = clock, 0.0, list[float]()

    def settimeout(self, seconds: float | None) -> None:
        assert seconds is None, "Python keeps no time here"

    def setsockopt(self, level: int, name: int, value: bytes) -> None:
        seconds, millionths = struct.unpack("@ll", value)
        self.waits = seconds + millionths / 1e6
        assert self.waits > 0, "that would be for ever"
        if name == socket.SO_RCVTIMEO:
            self.told.append(self.waits)

    def recv(self, size: int, flags: int = 0) -> bytes:
        if not flags:
            self.clock[0] += self.waits + 0.001
        raise BlockingIOError(errno.EAGAIN, "not yet")

    def send(self, data: bytes) -> int:
        return len(data)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_silence_ends_at_the_deadline_and_not_before(clock: list[float]) -> None:
    connection = Slow(clock)
    speaker = Wire(connection)  # type: ignore[arg-type]
    speaker.new_case(8.0)
    with pytest.raises(Late):
        speaker.receive()
    assert 108.0 <= clock[0] < 108.01
    halves = [4.0, 2.0, 1.0, 0.5]
    assert connection.told[:4] == pytest.approx(halves, abs=0.01), "half of what is left: no call goes beyond it"


def test_who_speaks_is_heard_without_a_word_to_the_system_about_time(clock: list[float]) -> None:
    connection = Slow(clock)
    speaker = Wire(connection)  # type: ignore[arg-type]
    for _ in range(50):
        speaker.new_case(8.0)
        clock[0] += 1.0
        speaker.send([1])
    assert connection.told == [3.5]


def test_a_deadline_that_is_put_off_holds(clock: list[float]) -> None:
    connection = Slow(clock)
    speaker = Wire(connection)  # type: ignore[arg-type]
    speaker.new_case(0.0)
    with pytest.raises(Late):
        speaker.send([1])
    speaker.prolong(2.0)
    with pytest.raises(Late):
        speaker.receive()
    assert 102.0 <= clock[0] < 102.01


def test_who_does_not_read_what_is_said_is_late(ends: tuple[socket.socket, socket.socket]) -> None:
    speaker = Wire(ends[0])
    speaker.new_case(0.05)
    with pytest.raises(Late):
        speaker.send("x" * (8 << 20))


def test_a_long_message_arrives_whole(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = Wire(ends[0]), Wire(ends[1])
    ours.new_case(10.0)
    theirs.new_case(10.0)
    ours.send("x" * 50_000)
    assert theirs.receive() == b'"' + b"x" * 50_000 + b'"'


def test_what_was_said_after_the_last_goodbye_is_not_heard(ends: tuple[socket.socket, socket.socket]) -> None:
    speaker = Wire(ends[0])
    ends[1].sendall(b"[1]\n[2")
    speaker.new_case(10.0)
    ends[1].sendall(b"[3]\n")
    assert speaker.receive() == b"[3]"


def test_what_is_said_of_a_case_that_was_told_before_is_heard(ends: tuple[socket.socket, socket.socket]) -> None:
    speaker = Wire(ends[0])
    speaker.new_case(10.0)
    ends[1].sendall(b"[1]\n[2]\n[3]\n")
    assert speaker.receive() == b"[1]"
    speaker.new_case(10.0, begun=True)
    assert speaker.receive() == b"[2]"


def test_the_end_of_the_other_side_is_told_from_silence(ends: tuple[socket.socket, socket.socket]) -> None:
    speaker = Wire(ends[0])
    speaker.new_case(10.0)
    ends[1].close()
    with pytest.raises(Closed):
        speaker.receive()
    with pytest.raises(Closed):
        speaker.send([1])


# ---------------------------------------------------------------- messages taken apart


def test_messages_are_taken_apart_however_they_arrive(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    speaker = Wire(ours)
    speaker.new_case(8.0)
    found = list[bytes]()
    for piece, messages in ((b"[1]\n[2", 1), (b",3]\n[4]\n\n", 3), (b"[", 0), (b"5]", 0), (b"\n", 1)):
        theirs.sendall(piece)
        found += [speaker.receive() for _ in range(messages)]
    assert found == [b"[1]", b"[2,3]", b"[4]", b"", b"[5]"]


@pytest.mark.parametrize(("begun", "heard"), [(False, b"[4]"), (True, b"[2]")])
def test_what_was_said_before_a_case_is_heard_only_where_that_has_begun(
    ends: tuple[socket.socket, socket.socket], begun: bool, heard: bytes
) -> None:
    ours, theirs = ends
    speaker = Wire(ours)
    speaker.new_case(8.0)
    theirs.sendall(b"[1]\n[2]\n[3")
    assert speaker.receive() == b"[1]"
    speaker.new_case(8.0, begun=begun)
    theirs.sendall(b"[4]\n")
    assert speaker.receive() == heard


def test_a_message_without_end_is_refused(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MAX_MESSAGE", 8)
    ours, theirs = ends
    speaker = Wire(ours)
    speaker.new_case(8.0)
    theirs.sendall(b"[1]\n[123456789]\n[1234567")
    assert [speaker.receive(), speaker.receive()] == [b"[1]", b"[123456789]"]
    theirs.sendall(b"890")
    with pytest.raises(DoorError, match="a message without end"):
        speaker.receive()


def test_what_is_said_in_one_case_is_bounded_with_what_lies_there_already(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MAX_BYTES", 12)
    ours, theirs = ends
    speaker = Wire(ours)
    speaker.new_case(8.0)
    theirs.sendall(b"[1]\n[2]\n[3")
    speaker.receive()
    speaker.new_case(8.0, begun=True)  # six of them are this one's
    theirs.sendall(b"45]\n[6")
    assert [speaker.receive(), speaker.receive()] == [b"[2]", b"[345]"]
    theirs.sendall(b"]")
    with pytest.raises(DoorError, match="too much was said"):
        speaker.receive()
