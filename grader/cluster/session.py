"""A conversation with one scheduler, from its first word to its last: the crew, the course there, and the chunks in flight.

What the scheduler or dask does wrong comes out as LostError, after which all that was in flight is still to be done.
"""

import asyncio
import concurrent.futures
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from grader.batch.worker import Job
from grader.cluster import work
from grader.cluster.crew import Crew
from grader.cluster.messages import Chunk, File, packed

LAST_WORDS = 5.0  # real seconds for a scheduler to hear that it is over
RESULT = 60.0  # for a result to come that is there


class LostError(Exception):
    """The scheduler is gone, or does not know us any more."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """The course as it is sent; `digests` of the exercises by slug."""

    content: bytes
    sha256: str
    digests: dict[str, str]


@dataclass(slots=True, eq=False)
class Flight:
    """A chunk on its way. `alone`: nothing else is under way that could be to blame if its worker dies."""

    work: list[tuple[Job, File]]
    alone: bool
    future: Any = None


# what dask raises for a comm that was closed, a client that was closed, and a future that was cancelled
_LOST = (OSError, RuntimeError, asyncio.CancelledError, concurrent.futures.CancelledError)


@contextmanager
def lost() -> Iterator[None]:
    """What stands inside speaks with the scheduler. Raises LostError where nobody is there."""
    try:
        yield
    except _LOST as error:
        raise LostError(str(error) or type(error).__name__) from error


@dataclass(slots=True, eq=False)
class Session:
    """`run` is the name of this run at the workers."""

    client: Any
    crew: Crew
    parcel: Parcel
    run: str
    flying: dict[Any, Flight] = field(default_factory=dict)
    _arrived: "queue.SimpleQueue[Any]" = field(default_factory=queue.SimpleQueue)
    _course: Any = None
    _number: int = 0

    def send(self, flight: Flight, resources: dict[str, float]) -> None:
        chunk = Chunk(
            self.run, self.crew.stamp, self.parcel.sha256, self.parcel.digests, tuple(file for _, file in flight.work)
        )
        with lost():
            flight.future = self._submit(work.grade_chunk, self._the_course(), packed(chunk), resources=resources)
        self.flying[flight.future] = flight
        flight.future.add_done_callback(self._arrived.put)

    def _the_course(self) -> Any:
        """Made anew where it failed."""
        if self._course is None or self._course.status not in ("pending", "finished"):
            wanted = {self.crew.resource: 1.0}
            self._course = self._submit(work.course, self.parcel.content, resources=wanted)
        return self._course

    def _submit(self, function: Callable[..., bytes], *args: Any, resources: dict[str, float]) -> Any:
        self._number += 1
        key = f"grader-{function.__name__}-{self.run}-{self._number}"
        return self.client.submit(function, *args, key=key, pure=False, resources=resources)

    def arrived(self, seconds: float) -> Iterator[Flight]:
        """Those that have come back; waits so long for the first."""
        with suppress(queue.Empty):
            future = self._arrived.get(timeout=seconds)
            while True:
                flight = self.flying.pop(future, None)
                if flight is not None:
                    yield flight
                future = self._arrived.get_nowait()

    def check(self) -> None:
        """Raises LostError."""
        if self.client.status != "running":
            raise LostError("the scheduler is gone")

    def strand(self) -> list[Flight]:
        """Those that are with no worker. Dask never looks again at what nobody could do when it came, or was lost."""
        with lost():
            held = {key for keys in self.client.processing().values() for key in keys}
        return self.take_back([one for one in self.flying.values() if one.future.key not in held])

    def take_back(self, flights: list[Flight] | None = None) -> list[Flight]:
        """What is in flight, or these of it, is still to be done, and nobody waits for it any more."""
        flights = list(self.flying.values()) if flights is None else flights
        futures = [flight.future for flight in flights]
        for future in futures:
            del self.flying[future]
        if futures:
            within(LAST_WORDS, lambda: self.client.cancel(futures, force=True))
        return flights

    def over(self) -> None:
        """Nothing of this run goes on at the workers."""
        self.take_back()
        self._course = None
        if self.client.status == "running":
            within(LAST_WORDS, lambda: self.client.run(work.end, self.run, on_error="ignore"))

    def close(self) -> None:
        parted(self.client)


def parted(client: Any) -> None:
    """Says goodbye to the scheduler, if that hears it."""
    within(LAST_WORDS, lambda: client.close(timeout=LAST_WORDS))


def within(seconds: float, call: Callable[[], object]) -> None:
    """Calls it, and waits no longer; whether it succeeded does not matter."""

    def tried() -> None:
        with suppress(Exception):
            call()

    thread = threading.Thread(target=tried, daemon=True)
    thread.start()
    thread.join(seconds)
