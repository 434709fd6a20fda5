"""The seats of one worker: a process for each of its threads that grades, started when needed and used again.

A file whose process dies is tried again in a fresh one; after so many deaths it alone has no verdict.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from grader.cluster import frames
from grader.cluster.messages import Chunk, Course, File, Hello, Ready, Said, packed, unpacked
from grader.cluster.stamp import differences
from grader.errors import GraderFault
from grader.run import folders

_BOOT = "import sys; sys.path.append({home!r}); from grader.cluster.seat import main; main(sys.argv[1])"
_HOME = str(Path(__file__).parent.parent.parent)
TRIES = 3  # processes that one file may end
ENDING = 3.0  # real seconds for a seat to end what it runs


class DiedError(Exception):
    """The seat's process is gone."""


class Seat:
    """One process. Used by one thread at a time, but for `stop`."""

    def __init__(self) -> None:
        self._folder = folders.made()
        # a session of its own: a Ctrl-C in the worker's terminal is the worker's
        self._process = subprocess.Popen(
            # -P: nothing of the worker's present folder
            [sys.executable, "-P", "-c", _BOOT.format(home=_HOME), self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        self.course = ""

    def ask(self, message: msgspec.Struct) -> bytes:
        """Raises DiedError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            frames.write(self._process.stdin.fileno(), packed(message))
            answer = frames.read(self._process.stdout.fileno())
        except (OSError, ValueError):  # ValueError: it was closed meanwhile
            answer = None
        if answer is None:
            raise DiedError
        return answer

    @property
    def is_there(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """It breaks off what it grades and ends; whoever waits for its answer hears that it is gone."""
        with suppress(OSError):
            if sys.platform == "win32":
                self._process.terminate()
            else:
                self._process.send_signal(signal.SIGINT)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        folders.gone(self._folder)  # one that was killed left what was in it


class Seats:
    """Those that are free wait for the next chunk of the same course, and leave by themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: dict[str, list[Seat]] = {}
        self._busy: dict[str, list[Seat]] = {}
        self._over: set[str] = set()

    def hello(self, asked: Hello) -> Ready:
        """From a seat that is there for this only. Raises GraderFault where none can be had."""
        seat = Seat()
        try:
            return unpacked(seat.ask(asked), Ready)
        except DiedError:
            raise GraderFault("the process that grades could not be started there") from None
        finally:
            seat.close()

    def grade(self, chunk: Chunk, course: bytes) -> Iterator[bytes]:
        """A verdict for each file of the chunk, empty for one that ended each process. Raises GraderFault."""
        for file in chunk.files:
            yield self._verdict(file, chunk, course)

    def _verdict(self, file: File, chunk: Chunk, course: bytes) -> bytes:
        for _ in range(TRIES):
            with self._taken(chunk, course) as seat, suppress(DiedError):
                said = unpacked(seat.ask(file), Said)
                if said.refused:
                    raise GraderFault(said.refused)
                seat.course = chunk.sha256
                return said.verdict
        return b""

    @contextmanager
    def _taken(self, chunk: Chunk, course: bytes) -> Iterator[Seat]:
        """A seat that has the course; it is free again if its `course` is set at the end."""
        with self._lock:
            if chunk.run in self._over:
                raise GraderFault("the run is over")
            seat = self._free_one(chunk.sha256) or Seat()
            self._busy.setdefault(chunk.run, []).append(seat)
        try:
            if not seat.course:
                _prepare(seat, chunk, course)
            seat.course = ""
            yield seat
        finally:
            with self._lock:
                self._busy[chunk.run].remove(seat)
                kept = seat.course and chunk.run not in self._over
                if kept:
                    self._free.setdefault(seat.course, []).append(seat)
            if not kept:
                seat.close()

    def _free_one(self, course: str) -> Seat | None:
        free = self._free.get(course, [])
        while free:
            seat = free.pop()
            if seat.is_there:
                return seat
            seat.close()  # nobody had asked it for anything for so long that it left
        return None

    def end(self, run: str) -> None:
        """Breaks off what is graded for this run, and lets those go that are free."""
        with self._lock:
            self._over.add(run)
            for seat in self._busy.get(run, ()):
                seat.stop()
            free = [seat for seats in self._free.values() for seat in seats]
            self._free.clear()
        for seat in free:
            seat.close()


def _prepare(seat: Seat, chunk: Chunk, course: bytes) -> None:
    """Refuses to grade with anything but what the command would grade with. Raises GraderFault."""
    try:
        ready = unpacked(seat.ask(Hello(chunk.files[0].isolation, tuple(chunk.stamp.packages))), Ready)
        said = unpacked(seat.ask(Course(course, chunk.sha256, chunk.digests)), Said)
    except DiedError:
        raise GraderFault("the process that grades could not be started there") from None
    problems = differences(chunk.stamp, ready.stamp)
    if problems or ready.refused or said.refused:
        raise GraderFault("; ".join([*problems, *filter(None, (ready.refused, said.refused))]))
