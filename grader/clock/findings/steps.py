"""Within `hygiene`: a step of an async generator that a program asked for by name, `anext(items)` or `items.asend(1)`, and did
not await. Before Python 3.13 the interpreter says nothing of it.

`async for` asks for its steps past these names, so it pays nothing. What the library and packages ask for is their own affair.

Checked on 3.11, 3.12 and 3.13: `async for`, and `anext` itself, take a step by the slot of the class and not by its method;
what they give is awaited by its `__await__`, and has no weak reference.
"""

import builtins
import contextlib
import functools
import sys
import weakref
from collections.abc import AsyncGenerator, Callable, Iterator
from types import AsyncGeneratorType
from typing import Any

from grader.clock.library import replaced
from grader.clock.lines import Place, nearness, place_of

Found = Callable[[Place, str], object]  # hears of a place, and what is said of it

_KIND = replaced.Inside(AsyncGeneratorType)
_STEPS = ("__anext__", "asend", "athrow", "aclose")


class _Told:
    """The steps of one watch that have not begun."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.steps: weakref.WeakSet[_Step] = weakref.WeakSet()
        self.over = False

    def end(self) -> None:
        for step in sorted(self.steps, key=lambda step: step.place):
            step.tell()
        self.over = True


class _Step:
    """Stands for a step, `real`, until that is awaited, or given to a task."""

    def __init__(self, real: Any, name: str, place: Place, told: _Told) -> None:
        self._real, self._name, self.place, self._told = real, name, place, told
        self._begun = False
        told.steps.add(self)

    def _begins(self) -> Any:
        if not self._begun:
            self._begun = True
            self._told.steps.discard(self)
        return self._real

    def tell(self) -> None:
        if not (self._begun or self._told.over):
            self._begun = True
            self._told.found(self.place, f"{self._name} was never awaited")

    @property
    def cr_await(self) -> Any:
        """For whoever asks what a task waits for."""
        return self._real

    def __await__(self) -> Iterator[Any]:
        return self._begins().__await__()  # type: ignore[no-any-return]

    def send(self, value: Any) -> Any:
        return self._begins().send(value)

    def throw(self, *error: Any) -> Any:
        return self._begins().throw(*error)

    def close(self) -> None:
        self._begins().close()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __del__(self) -> None:
        self.tell()


@contextlib.contextmanager
def told(found: Found) -> Iterator[None]:
    """For this time `found` hears of each such step, at the latest at its end."""
    watch = _Told(found)
    mine: list[replaced.Replacement] = [
        (builtins, "anext", _anext(builtins.anext, watch)),
        *((_KIND, name, _asked(getattr(_KIND, name), name, watch)) for name in _STEPS),
    ]
    replaced.add(mine)
    try:
        yield
    finally:
        watch.end()
        replaced.withdraw(mine)


def _asked(real: Callable[..., Any], name: str, watch: _Told) -> Callable[..., Any]:
    @functools.wraps(real)
    def step(self: AsyncGenerator[Any, Any], *args: Any) -> Any:
        made, frame = real(self, *args), sys._getframe(1)
        if nearness(frame.f_code.co_filename) < 2:
            return made
        return _Step(made, f"{_name(self)}.{name}()", place_of(frame), watch)

    return step


def _anext(real: Callable[..., Any], watch: _Told) -> Callable[..., Any]:
    @functools.wraps(real)
    def anext(*args: Any) -> Any:
        made, frame = real(*args), sys._getframe(1)
        if not isinstance(args[0], AsyncGeneratorType) or nearness(frame.f_code.co_filename) < 2:
            return made
        return _Step(made, f"anext({_name(args[0])})", place_of(frame), watch)

    return anext


def _name(generator: Any) -> str:
    return f"{generator.__qualname__}()"
