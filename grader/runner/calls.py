"""The calls of the entry: once, or as often as the case repeats it, one after another, each with arguments of its own.

What kind of thing it gives back is looked at before it is awaited, and the times of a generator's yields are noted.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from grader.clock.loops.loop import VirtualLoop
from grader.runner.desk import Desk
from grader.runner.kinds import named, serves, thing_of
from grader.runner.report import Report

_CONSTANT = frozenset({type(None), bool, int, float, str})  # what crosses as it is, and nobody can change


class WrongKind(Exception):
    """The entry gave back a thing of another kind; `found` says which."""

    def __init__(self, found: str):
        super().__init__(found)
        self.found = found


class Calls:
    """One run's. `start` as of `grader.runner.play_case.Play`."""

    def __init__(self, desk: Desk, report: Report, start: dict[str, Any]):
        self._desk, self._report = desk, report
        self.kind: str = start["kind"]
        self._args, self._returns = start["args"], start.get("returns")
        self._constants = self._args[1:] if all(type(arg) in _CONSTANT for arg in self._args[1:]) else None
        self._awaits = start.get("folder") is not None  # elsewhere a function that runs no loop has not done its work
        self.times: int = start.get("repeat", 1)
        self.plain = self.times == 1 and self.kind in ("coroutine", "function")

    def args(self) -> Any:
        return self._desk.value(self._args) if self._constants is None else [*self._constants]

    async def all(self, function: Callable[..., Any]) -> Any:
        """What it gave back, or the list of that where it is repeated. Raises WrongKind."""
        if self.times == 1:
            return await self._one(function)
        if self.kind == "coroutine":
            return [await function(*self.args()) for _ in range(self.times)]
        return [await self._one(function) for _ in range(self.times)]

    def outside(self, function: Callable[..., Any], args: Any, make_loop: Callable[[], VirtualLoop]) -> Any:
        """The same outside of any loop, `args` being those of the first call."""
        if self.times == 1:
            return self._awaited(function(*args), make_loop)
        return [self._awaited(function(*self.args()), make_loop) for _ in range(self.times)]

    def _awaited(self, given: Any, make_loop: Callable[[], VirtualLoop]) -> Any:
        """What comes of `given`, on its own loop or on the one that the program has set; `given` if it is no awaitable."""
        thing = thing_of(given) if self._awaits else "value"
        if thing == "value":
            return given
        if thing in ("task", "future"):
            return given.result() if given.done() else given.get_loop().run_until_complete(given)
        loop = _set_by_program() or make_loop()
        return loop.run_until_complete(given if thing == "coroutine" else _waits_for(given))

    async def _one(self, function: Callable[..., Any]) -> Any:
        if self.kind == "async_generator":
            return await self._items(function)
        given = function(*self.args())
        if self.kind == "coroutine":
            return await given
        thing = thing_of(given)
        if not serves(thing, self._returns):
            if thing == "coroutine":
                given.close()  # it is not to be told as well that nobody awaited it
            raise WrongKind(f"returns {thing}: {named(given)}" if thing == "value" else f"returns {thing}")
        return given if thing == "value" else await given

    async def _items(self, function: Callable[..., Any]) -> list[Any]:
        began, items = self._desk.clock.now, []
        self._report.generator_called()
        async for item in function(*self.args()):
            self._report.yielded(self._desk.clock.now - began)
            items.append(item)
        return items


async def _waits_for(given: Any) -> Any:
    return await given


def _set_by_program() -> asyncio.AbstractEventLoop | None:
    """The loop of `set_event_loop`, where it can still be run."""
    try:
        loop = asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:  # that of `asyncio.run` is gone
        return None
    return None if loop.is_closed() else loop
