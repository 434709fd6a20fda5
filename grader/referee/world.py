"""What world code may use: sleeping, events, streams, and offering things to the learner's side.

World code is the only thing besides the clock that says when something happens; it never sees real time and never
imports asyncio. (Shapes only, so far; the behaviour follows.)
"""

from collections.abc import Callable, Coroutine
from typing import Any


class Event:
    """Set once; whoever waits goes on at that tick."""

    is_set: bool

    async def wait(self) -> None: ...

    def set(self) -> None: ...


class Stream:
    """Bytes that reach the learner's side at their time; there it is a real `asyncio.StreamReader`."""

    key: str

    def feed(self, data: bytes) -> None: ...

    def end(self) -> None: ...


class Offered:
    """A function of the world as the learner's side may call it."""

    name: str


class World:
    """Handed to `build(world, v)` of an exercise's `world.py`.

    Objects of plain classes may be given to the learner. Their public methods are offered: an `async def` is an operation,
    its span is the coroutine's life; a plain `def` answers at once. Data attributes are offered only if the class names
    them in a tuple `shows`. An object's `key` attribute is the key of its operations.
    """

    async def sleep(self, seconds: float) -> None: ...

    def now(self) -> float:
        """Virtual seconds since the entry was called."""
        ...

    def event(self) -> Event: ...

    def stream(self, key: str) -> Stream: ...

    def start(self, coroutine: Coroutine[Any, Any, Any], operation: str, key: Any) -> None:
        """Let `coroutine` live by itself, recorded as `operation`: the life of a process, for example."""

    def publish(self, thing: object, **values: Any) -> None:
        """Set attributes of `thing`, here and on the learner's side, at the present tick."""

    def function(self, function: Callable[..., Any], name: str, key: Callable[..., Any] | None = None) -> Offered:
        """Offer a function by itself. `key(*args)` gives a call's key. An `async def` is an operation."""
        ...

    def error(self, name: str, base: type[Exception]) -> type[Exception]:
        """Declare an exception type: raised in world code it reaches the learner by this name, derived from the builtin `base`."""
        ...
