"""A client of the door written by hand: strands of work as generators, and a dozen lines that let them wait.

It knows neither asyncio nor the runner, so what it earns, it earns by what it does through the door.

A strand is a generator. It begins operations with `hand.begin`, and yields the number of one (or a strand that it started)
to wait for its end: the outcome's value is what the yield gives.
"""

from collections.abc import Callable, Generator
from itertools import count
from typing import Any, Protocol

from grader.door.messages import Door, Where
from grader.door.values import Packed, pack, unpack

Strand = Generator[Any, Any, Any]


class Refusal(Exception):
    """An operation ended with an error of the world's."""


class StuckError(Exception):
    """Nothing can ever come, and somebody waits."""


class Thing:
    """What was given of the world: the number by which it is called, and its manifest."""

    def __init__(self, ref: int, manifest: dict[str, Any]):
        self.ref, self.manifest = ref, manifest

    def attribute(self, name: str) -> Any:
        return unpack(self.manifest["attributes"][name], Thing)


class Stranded:
    """A strand that was started: `over` when it has returned."""

    def __init__(self, strand: Strand):
        self.strand, self.over, self.value = strand, False, None
        self.waiters: list[Stranded] = []


class Begins(Protocol):
    def begin(self, thing: Thing, method: str, *args: Any) -> int: ...


class Hand:
    """One run's client. `feeds(stream, data)` hears what streams bring, in order; data None is a stream's end."""

    def __init__(self, door: Door):
        self.door, self.now = door, 0
        self.number = count(1).__next__
        self.feeds: Callable[[int, str | None], None] = lambda stream, data: None
        self._waiting: dict[int, Stranded] = {}
        self._arrived: dict[int, list[Any]] = {}

    # ------------------------------------------------------------ for strands

    def begin(self, thing: Thing, method: str, *args: Any, where: Where | None = None) -> int:
        """Begin an operation; its number. `where`: the loop and the thread that it claims to begin in, by their numbers."""
        number = self.number()
        self.door.begin(self.now, number, thing.ref, method, [packed(arg) for arg in args], None, where)
        return number

    def start(self, strand: Strand) -> Stranded:
        """Let a strand run beside the one that calls."""
        started = Stranded(strand)
        self._step(started, None)
        return started

    # ------------------------------------------------------------ the run

    def play(self, strand: Strand, *beside: Strand) -> None:
        """Run `strand` to its end and say how it ended; what runs `beside` it is left where it is then."""
        try:
            self.door.enter(self.now)
            for other in beside:
                self.start(other)
            main = self.start(strand)
            while not main.over:
                self._ask()
        except Refusal as refusal:
            name, message, base = refusal.args
            failure = {"type": name, "message": message, "line": None, "bases": [name, base, "Exception"]}
            self.door.finish(self.now, "raised", failure)
        else:
            self.door.finish(self.now, "result", packed(main.value))

    def _ask(self) -> None:
        now, _, events = self.door.idle(self.now, None, self.number())
        if now is None:
            raise StuckError
        self.now = now
        for what, _, _, about, *content in events:
            if what == "end":
                self._end(about, content[0])
            elif what == "feed":
                self.feeds(about, content[0])

    def _end(self, number: int, outcome: list[Any]) -> None:
        waiter = self._waiting.pop(number, None)
        if waiter is None:
            self._arrived[number] = outcome
        else:
            self._go_on(waiter, outcome)

    def _go_on(self, started: Stranded, outcome: list[Any]) -> None:
        if outcome[0] == "error":
            self._throw(started, Refusal(*outcome[1:]))
        else:
            self._step(started, unpack(outcome[1], Thing))

    def _throw(self, started: Stranded, refusal: Refusal) -> None:
        self._wait(started, started.strand.throw(refusal))

    def _step(self, started: Stranded, value: Any) -> None:
        try:
            asked = started.strand.send(value)
        except StopIteration as stop:
            started.over, started.value = True, stop.value
            for waiter in started.waiters:
                self._step(waiter, stop.value)
        else:
            self._wait(started, asked)

    def _wait(self, started: Stranded, asked: Any) -> None:
        if isinstance(asked, int):
            if asked in self._arrived:
                self._go_on(started, self._arrived.pop(asked))
            else:
                self._waiting[asked] = started
        elif asked.over:
            self._step(started, asked.value)
        else:
            asked.waiters.append(started)


class Elsewhere:
    """A hand that says of all that it begins that it does so there."""

    def __init__(self, hand: Hand, where: Where):
        self._hand, self._where = hand, where

    def begin(self, thing: Thing, method: str, *args: Any) -> int:
        return self._hand.begin(thing, method, *args, where=self._where)


def packed(value: Any) -> Packed:
    return pack(value, lambda thing: None)
