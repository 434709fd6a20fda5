"""A child that is a thread of the test: the trusted end of the pipe is the real one, and the other end says what we like."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from typing import Any

from grader.course.model import Limits
from grader.door.messages import Where
from grader.referee.outcome import Outcome
from grader.run.child import Child
from grader.run.levels import level_of
from grader.run.limits import complete
from grader.run.wire import Wire

PATIENCE = 10.0


class Line:
    """The untrusted end, by hand: a door, and a mouth for whatever is no message."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self._file = connection.makefile("rb")
        self.entered = False

    def close(self) -> None:
        self._file.close()

    def hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def hear(self) -> Any:
        return json.loads(self._file.readline())

    def shout(self, data: bytes) -> None:
        self.connection.sendall(data)

    def say(self, *message: Any) -> None:
        self.shout(json.dumps(message).encode() + b"\n")

    def ask(self, *message: Any) -> Any:
        self.say(*message)
        return self.hear()

    def enter(self, at: int) -> None:
        if not self.entered:  # once for each case, whoever remembers it first
            self.entered = True
            self.say("enter", at)

    def begin(
        self, at: int, id: int, ref: int, method: str, args: list[Any], line: int | None, where: Where | None = None
    ) -> None:
        self.say("begin", at, id, ref, method, args, line, *([where] if where else []))

    def call(
        self, at: int, id: int, ref: int, method: str, args: list[Any], line: int | None, where: Where | None = None
    ) -> tuple[Any, Any]:
        outcome, lease = self.ask("call", at, id, ref, method, args, line, *([where] if where else []))
        return outcome, lease

    def cancel(self, at: int, id: int) -> bool:
        return bool(self.ask("cancel", at, id))

    def block(self, at: int, to: int) -> int | None:
        lease: int | None = self.ask("block", at, to)
        return lease

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[Any]]:
        now, lease, events = self.ask("idle", at, timer, number)
        return now, lease, events

    def finish(self, at: int, how: str, value: Any) -> None:
        self.say("finish", at, how, value)


Talk = Callable[[Line, dict[str, Any]], None]


class Peer(Child):
    """`talk(line, start)` plays one case on the other end, in a thread, and then the next."""

    def __init__(self, talk: Talk, limits: Limits | None = None):
        super().__init__(b"", "program.py", complete(limits or Limits(wall_seconds=PATIENCE)), level_of("none"))
        self._talk = talk
        self._thread: threading.Thread | None = None

    def _open(self) -> Wire:
        if self._wire is None:
            ours, theirs = socket.socketpair()
            theirs.settimeout(PATIENCE)
            self._wire = Wire(ours)
            self._thread = threading.Thread(target=self._speak, args=(theirs,), daemon=True)
            self._thread.start()
        return self._wire

    def _speak(self, theirs: socket.socket) -> None:
        # The trusted side may have hung up, as it should, and then nothing is to be heard.
        hung_up = contextlib.suppress(OSError, ValueError)
        with theirs, contextlib.closing(Line(theirs)) as line, hung_up:
            while True:
                start = line.hear()
                line.entered = False
                line.enter(0)
                self._talk(line, start)

    def close(self) -> None:
        if self._wire is not None and self._thread is not None:
            self._wire.close()
            self._thread.join(PATIENCE)
        self._wire = self._thread = None

    def _ended(self) -> Outcome:
        return Outcome("died", detail="it hung up")
