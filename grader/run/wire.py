"""The trusted end of the pipe: bytes in and out, with bounds that are kept while reading, not after.

A message longer than MAX_MESSAGE, more than MAX_BYTES in one case, or silence until the deadline ends the run.
"""

import socket
import struct
import time
from collections import deque
from typing import Any

import msgspec

from grader.referee.referee import DoorError

MAX_MESSAGE = 4 * 1024 * 1024
MAX_BYTES = 64 * 1024 * 1024
_CHUNK = 65_536


class Closed(Exception):
    """The other side has closed: its process ended."""


class Late(Exception):
    """The deadline has passed."""


_SHORTEST = 0.001  # seconds; none at all would be for ever


def encoded(message: Any) -> bytes:
    return msgspec.json.encode(message) + b"\n"


class Wire:
    """One connection. `deadline` is in seconds of the real monotonic clock.

    How long a call may wait, the system itself is told, and seldom: half of what is left, until less than that is. Python's own
    time-outs would cost two calls of the system more for each message.
    """

    def __init__(self, connection: socket.socket):
        self._connection = connection
        connection.settimeout(None)
        self._waits = float("inf")  # seconds that one call waits
        self._lines: deque[bytes] = deque()  # messages that are there as a whole
        self._begun = bytearray()  # of the one behind them
        self._received = 0
        self._listens = float("inf")  # since when: what it has heard is answered
        self.deadline = 0.0

    def new_case(self, seconds: float, *, begun: bool = False) -> None:
        """A new case begins: its bounds begin anew, and what was left over of the last one is dropped.

        With `begun` the other side has begun it already, and what it has said is this case's.
        """
        if not begun:
            self._drain()
            self._lines.clear()
            self._begun.clear()
        self._received = len(self._begun) + sum(map(len, self._lines)) + len(self._lines)
        self._listens = float("inf")
        self.deadline = time.monotonic() + seconds

    def prolong(self, seconds: float) -> None:
        """The present case may go on so long from now."""
        self.deadline = time.monotonic() + seconds

    def silence(self) -> float:
        """Seconds for which nothing was heard of what was asked; none where there is something that was not taken in yet."""
        try:
            self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return max(0.0, time.monotonic() - self._listens)
        except OSError:
            pass
        return 0.0

    def _drain(self) -> None:
        """What was said after the last goodbye is not heard in the next case."""
        try:
            while self._connection.recv(_CHUNK, socket.MSG_DONTWAIT):
                pass
        except OSError:
            return

    def _within_deadline(self) -> None:
        """The next call does not wait beyond it."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Late
        if left < self._waits:
            self._waits = max(left / 2, _SHORTEST)
            seconds = int(self._waits)
            waits = struct.pack("@ll", seconds, int((self._waits - seconds) * 1e6))
            for kind in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                self._connection.setsockopt(socket.SOL_SOCKET, kind, waits)

    def send(self, message: Any) -> None:
        self.send_lines(encoded(message))

    def send_lines(self, data: bytes) -> None:
        """Messages that are `encoded`, one behind the other."""
        while data:
            try:
                self._within_deadline()
                data = data[self._connection.send(data) :]
            except BlockingIOError:
                continue
            except OSError:
                raise Closed from None

    def receive(self) -> bytes:
        """One message, without its line end."""
        while not self._lines:
            if len(self._begun) > MAX_MESSAGE:
                raise DoorError("a message without end")
            self._fill()
        return self._lines.popleft()

    def _fill(self) -> None:
        self._listens = time.monotonic()
        while True:
            try:
                self._within_deadline()
                data = self._connection.recv(_CHUNK)
                break
            except BlockingIOError:
                continue
            except OSError:
                raise Closed from None
        if not data:
            raise Closed
        self._received += len(data)
        if self._received > MAX_BYTES:
            raise DoorError("too much was said")
        first, *rest = data.split(b"\n")
        self._begun += first
        if rest:
            self._lines.append(bytes(self._begun))
            self._lines.extend(rest[:-1])
            self._begun = bytearray(rest[-1])

    def close(self) -> None:
        self._connection.close()
