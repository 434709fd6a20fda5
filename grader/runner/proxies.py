"""Stand-ins for the things of the world: they have exactly what the manifest lists, so a learner who reaches for more gets
Python's own error for it.

A proxy takes the caller's line when it is called, not when the coroutine first runs: right lines under `create_task` and
`gather`.
"""

import asyncio
import inspect
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.runner.arrivals import Arrivals
from grader.runner.origins import without_origin
from grader.runner.streams import FedStream
from grader.runner.waits import Waits

if TYPE_CHECKING:
    from grader.runner.desk import Desk


def make(desk: "Desk", ref: int, manifest: dict[str, Any]) -> Any:
    """The proxy for a reference: a stream, those who connect, a function, or an object of a class named as in the manifest."""
    if manifest["type"] == "stream":
        return FedStream(desk, manifest["key"])
    if manifest["type"] == "clients":
        return Arrivals()
    if "call" in manifest:
        defaults = {name: desk.value(packed) for name, packed in manifest.get("defaults", {}).items()}
        return _call(desk, ref, "__call__", manifest["type"], manifest["call"], manifest["params"], defaults)
    body: dict[str, Any] = {"__module__": "exercise"}
    for name, (kind, params) in manifest["methods"].items():
        body[name] = staticmethod(_call(desk, ref, name, name, kind, params, {}))
    proxy = type(manifest["type"], (), body)()
    vars(proxy).update({name: desk.value(packed) for name, packed in manifest["attributes"].items()})
    return proxy


MAX_ARGS = 200


def _call(
    desk: "Desk", ref: int, method: str, name: str, kind: str, params: list[str], defaults: dict[str, Any]
) -> Callable[..., Any]:
    if kind == "plain":

        def plain(*args: Any, **named: Any) -> Any:
            return desk.call(ref, method, _positional(name, params, defaults, args, named), desk.line(sys._getframe(1)))

        plain.__name__ = plain.__qualname__ = name
        return plain

    if kind == "blocking":

        def blocking(*args: Any, **named: Any) -> Any:
            return desk.stand_still(ref, method, name, _positional(name, params, defaults, args, named))

        blocking.__name__ = blocking.__qualname__ = name
        return blocking

    def operation(*args: Any, **named: Any) -> Any:
        ordered = _positional(name, params, defaults, args, named)
        line = desk.line(sys._getframe(1))
        coroutine: Any = without_origin(operation_of, desk, ref, method, ordered, line)
        coroutine.__name__ = coroutine.__qualname__ = name
        return coroutine

    operation.__name__ = operation.__qualname__ = name
    return looking_async(operation)


def looks_async(function: Any) -> bool:
    """Whether `function` was made by `looking_async` where Python has no mark of its own for that."""
    return getattr(function, "_is_coroutine", None) is getattr(asyncio.coroutines, "_is_coroutine", False)


def looking_async(function: Callable[..., Any]) -> Callable[..., Any]:
    """What the learner takes for an `async def` answers to `iscoroutinefunction` like one."""
    if hasattr(inspect, "markcoroutinefunction"):  # 3.12
        return inspect.markcoroutinefunction(function)  # type: ignore[no-any-return]
    function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]
    return function


def _positional(
    name: str, params: list[str], defaults: dict[str, Any], args: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, ...]:
    """Arguments given by name, or not at all, put in their places; Python's own errors where they do not fit."""
    if len(args) > MAX_ARGS:
        raise TypeError(f"{name}() takes {len(params)} arguments, {len(args)} given")
    if not named and not defaults:
        return args
    rest = dict(named)
    places = params[len(args) :]
    ordered = [*args]
    for place in places:
        if place not in rest and place not in defaults:
            break
        ordered.append(rest.pop(place) if place in rest else defaults[place])
    if rest:
        taken = next(iter(rest))
        if taken in params[: len(args)]:
            raise TypeError(f"{name}() got multiple values for argument {taken!r}")
        raise TypeError(f"{name}() got an unexpected keyword argument {taken!r}")
    return tuple(ordered)


async def operation_of(desk: "Desk", ref: int, method: str, args: tuple[Any, ...], line: int | None) -> Any:
    """An operation of the world from its begin to its end; `line` is the learner's that asked for it."""
    if desk.foreseen_ticks(ref, args):
        return await without_origin(desk.sleep, ref, args, line, args[1] if len(args) > 1 else None)
    loop = asyncio.get_running_loop()  # before it begins: where none runs nobody could wait for its end
    number = desk.begin(ref, method, args, line)
    waits = Waits(loop, lambda: desk.thrown_away(number))  # this frame's own, and gone with it
    while True:
        future = desk.future(number, loop)
        try:
            outcome = await future
        except asyncio.CancelledError:
            if desk.cancel(number):
                waits.on = False
                raise
            continue  # it cleans up first; a second cancellation is thrown again
        waits.on = False
        return desk.result(outcome)
