"""The door across a pipe, as the runner's side holds it: one line of JSON a message.

What needs no answer waits in the buffer for the next question, so an operation costs one exchange, not two.
"""

import io
import json
import os
import socket
from collections import deque
from collections.abc import Callable, Iterator
from json.encoder import c_make_encoder, encode_basestring_ascii  # type: ignore[attr-defined]
from typing import Any

from grader.door.messages import EventPacked, Lease, OutcomePacked, Where
from grader.door.values import Packed


def _encoder() -> Callable[[Any], str]:
    """What `json.dumps` makes anew for each message that has other separators than its own."""
    plain: Any = json.JSONEncoder(separators=(",", ":"))
    if c_make_encoder is None:
        return plain.encode  # type: ignore[no-any-return]
    # without marks for circles: what is said here was packed, and has none
    chunks = c_make_encoder(None, plain.default, encode_basestring_ascii, None, ":", ",", False, False, True)
    return lambda message: "".join(chunks(message, 0))


def _decoder() -> Callable[[str, int], tuple[Any, int]]:
    """What `json.loads` asks in the end: for a text that holds one value and nothing else."""
    plain: Any = json.JSONDecoder()
    return plain.scan_once  # type: ignore[no-any-return]


# made now: a program that replaces json's functions gains nothing, and loses nothing either
_ENCODE, _DECODE = _encoder(), _decoder()


def _both_ways(connection: socket.SocketType) -> tuple[Any, Any]:
    """What is heard and what is said, by functions of C alone: a file that a socket makes asks itself much in Python."""
    if os.name != "posix" or not isinstance(connection, socket.SocketType):
        other: Any = connection
        made = other.makefile("rwb")
        return made, made
    descriptor = connection.fileno()
    heard = io.BufferedReader(io.FileIO(descriptor, "rb", closefd=False))
    return heard, io.BufferedWriter(io.FileIO(descriptor, "wb", closefd=False))


class Gone(BaseException):
    """The other side is not there any more."""


class Pipe:
    """Implements `grader.door.messages.Door` over a connected socket.

    `end_of_run(kind, detail)` gives what is raised where a question is answered by `["over", kind, detail]`. With `tells_entry`
    it is heard at once that the entry is called: a process that dies then has not died of its import.
    """

    def __init__(self, connection: socket.SocketType):
        self._connection = connection  # open as long as this is
        self._heard, self._file = _both_ways(connection)
        self._encode, self._decode = _ENCODE, _DECODE
        self.end_of_run: Callable[[str, str], BaseException] = lambda kind, detail: Gone()
        self.tells_entry = False
        self._later: deque[dict[str, Any]] = deque()

    def _say(self, *message: Any) -> None:
        self._file.write(self._encode(message).encode() + b"\n")

    def _ask(self, *message: Any) -> Any:
        self._say(*message)
        self._file.flush()
        answer = self._hear()
        while type(answer) is dict:  # no answer is one: it is the start of a case that comes later
            self._later.append(answer)
            answer = self._hear()
        if type(answer) is list and answer[:1] == ["over"]:
            _, kind, detail = answer
            raise self.end_of_run(kind, detail)
        return answer

    def _hear(self) -> Any:
        line = self._heard.readline()
        if not line:
            raise Gone
        return self._decode(line.decode(), 0)[0]

    def starts(self) -> Iterator[dict[str, Any]]:
        """Each case that is to be played, until the other side is gone."""
        while True:
            try:
                yield self._later.popleft() if self._later else self._hear()
            except Gone:
                return

    def bye(self, facts: dict[str, Any]) -> None:
        self.tell("bye", facts)

    def tell(self, *message: Any) -> None:
        """What is to be heard at once, and needs no answer."""
        self._say(*message)
        self._file.flush()

    def enter(self, at: int) -> None:
        self._say("enter", at)
        if self.tells_entry:
            self._file.flush()

    def begin(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> None:
        self._say("begin", at, id, ref, method, args, line, *(() if where is None else (where,)))

    def call(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> tuple[OutcomePacked | None, Lease]:
        outcome, lease = self._ask("call", at, id, ref, method, args, line, *(() if where is None else (where,)))
        return outcome, lease

    def cancel(self, at: int, id: int) -> bool:
        over: bool = self._ask("cancel", at, id)
        return over

    def block(self, at: int, to: int) -> Lease:
        lease: Lease = self._ask("block", at, to)
        return lease

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, Lease, list[EventPacked]]:
        now, lease, events = self._ask("idle", at, timer, number)
        return now, lease, events

    def finish(self, at: int, how: str, value: Any) -> None:
        self._say("finish", at, how, value)
        self._file.flush()  # what the program does while it is cleaned up must not lose it
