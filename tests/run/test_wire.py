"""The trusted end of the pipe keeps its deadline, whatever the other side does, and tells the system seldom."""

import errno
import socket
import struct
import time
from collections.abc import Iterator

import pytest

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
