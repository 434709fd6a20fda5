"""What world code may use: sleeping, events, streams, and offering things to the learner's side.

World code is the only thing besides the clock that says when something happens; it never sees real time and never
imports asyncio.
"""

import inspect
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from grader.errors import GraderFault
from grader.referee.clients import Clients
from grader.referee.ledger import Key
from grader.referee.schedule import Cancelled, Event
from grader.referee.stream import Stream
from grader.ticks import to_seconds

if TYPE_CHECKING:
    from grader.referee.referee import Referee

__all__ = ["Cancelled", "Clients", "Event", "Offered", "Stream", "World"]


class Offered:
    """A function of the world as the learner's side may call it."""

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        key: Callable[..., Any] | None,
        params: Sequence[str] | None,
        blocking: bool = False,
    ):
        self.name, self.function, self.key_of, self.blocking = name, function, key, blocking
        self.defaults: dict[str, Any] = {}  # of parameters, where the learner's side has to know them
        self.is_operation = _is_async(function)
        if blocking and not self.is_operation:
            raise GraderFault(f"{name!r} is to be blocking, so it has to take time; write it as an `async def`")
        self.params = list(params) if params is not None else parameters_of(function)


def _is_async(function: Callable[..., Any]) -> bool:
    code = getattr(function, "__code__", None)  # of most it says so itself; asking for the rest takes far longer
    return bool(code and code.co_flags & inspect.CO_COROUTINE) or inspect.iscoroutinefunction(function)


def parameters_of(function: Callable[..., Any]) -> list[str]:
    """The names of its positional parameters, so that a learner may pass them by name."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [name for name, each in inspect.signature(function).parameters.items() if each.kind in kinds]


class World:
    """Handed to `build(world, v)` of an exercise's `world.py`.

    Objects of plain classes may be given to the learner. Their public methods are offered: an `async def` is an
    operation, its span is the coroutine's life; a plain `def` answers at once. Data attributes are offered only if the
    class names them in a tuple `shows`. An object's `key` attribute is the key of its operations.
    """

    Cancelled = Cancelled

    def __init__(self, referee: "Referee"):
        self._referee = referee

    async def sleep(self, seconds: float) -> None:
        """Wait so many virtual seconds; nothing or less goes on at once."""
        await self._referee.schedule.sleep(seconds)

    def now(self) -> float:
        """Virtual seconds since the entry was called."""
        return to_seconds(self._referee.schedule.now - self._referee.clerk.origin)

    def event(self) -> Event:
        return Event(self._referee.schedule)

    def stream(self, key: str) -> Stream:
        return Stream(self._referee, key)

    def clients(self) -> Clients:
        """Those who connect to a server of the learner's."""
        from grader.referee.connections import (
            insist_on_connection,
        )  # which knows of manifests, and these of what is here

        return Clients(self._referee, insist_on_connection)

    def start(self, coroutine: Coroutine[Any, Any, Any], operation: str, key: Key) -> None:
        """Let `coroutine` live by itself, recorded as `operation`: the life of a process, for example."""
        self._referee.start(coroutine, operation, key)

    def publish(self, thing: object, **values: Any) -> None:
        """Set attributes of `thing`, here and on the learner's side, at the present tick."""
        vars(thing).update(values)
        self._referee.say("set", thing, {name: self._referee.describe(value) for name, value in values.items()})

    def function(
        self,
        function: Callable[..., Any],
        name: str,
        key: Callable[..., Any] | None = None,
        params: Sequence[str] | None = None,
        blocking: bool = False,
    ) -> Offered:
        """Offer a function by itself. `key(*args)` gives a call's key. An `async def` is an operation.

        `params` are the names by which arguments may be passed; the function's own if not given. A `blocking` operation is
        an ordinary function on the learner's side: the thread that calls it stands still until its end.
        """
        return Offered(name, function, key, params, blocking)

    def error(self, name: str, base: type[Exception]) -> type[Exception]:
        """Declare an exception type: raised in world code it reaches the learner by this name.

        There it is derived from the builtin `base`.
        """
        return self._referee.errors.declare(name, base)
