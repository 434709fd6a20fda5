"""What kind of function something is, and what kind of thing it gave back: by what Python itself says of them."""

import asyncio
import concurrent.futures
import contextlib
import inspect
from types import FunctionType
from typing import Any


def kind_of(found: Any) -> str:
    """coroutine, async_generator, function, or what it is instead; what a call has already given back is an object."""
    if type(found) is FunctionType:  # as most are, and then inspect asks the same of it
        flags = found.__code__.co_flags
        if flags & inspect.CO_COROUTINE:
            return "coroutine"
        if flags & inspect.CO_ASYNC_GENERATOR:
            return "async_generator"
    if inspect.iscoroutine(found) or inspect.isasyncgen(found) or inspect.isgenerator(found):
        return f"{type(found).__name__} object"
    if found is None:
        return "None"
    if inspect.isclass(found):
        return "class"
    if inspect.isasyncgenfunction(found):
        return "async_generator"
    if inspect.iscoroutinefunction(found):
        return "coroutine"
    if inspect.isgeneratorfunction(found):
        return "generator"
    return "function" if callable(found) else type(found).__name__


def makes_a_coroutine(function: Any) -> bool:
    """Whether to call it makes a coroutine and runs nothing yet."""
    return type(function) is FunctionType and bool(function.__code__.co_flags & inspect.CO_COROUTINE)


def fits(found: Any, kind: str, *, wrapped: bool) -> bool:
    """Whether `found` is of the `kind` that an entry has; `wrapped`: or a decorator's function around one of that kind."""
    asked = "function" if kind == "function_in_loop" else kind
    if kind_of(found) == asked:
        return True
    return wrapped and kind_of(found) == "function" and kind_of(_inside(found)) == asked


def _inside(found: Any) -> Any:
    """What a decorator that tells (`functools.wraps`) was put around; or the method by which an object is called."""
    with contextlib.suppress(Exception):  # what it tells is the program's own
        inner = inspect.unwrap(found)
        return inner if inner is not found else type(found).__call__
    return found


def thing_of(given: Any) -> str:
    """task, future, coroutine, awaitable, or value."""
    if isinstance(given, asyncio.Task):
        return "task"
    if asyncio.isfuture(given):
        return "future"
    if asyncio.iscoroutine(given):
        return "coroutine"
    return "awaitable" if inspect.isawaitable(given) else "value"


def named(given: Any) -> str:
    """What a value is, by the name of its type; of several together also what they all are, if they might be awaited."""
    if isinstance(given, concurrent.futures.Future):
        return "concurrent.futures.Future"
    name = "None" if given is None else type(given).__name__
    if type(given) not in (list, tuple, set) or not given:
        return name
    things = {thing_of(each) for each in given}
    thing = things.pop()
    return name if things or thing in ("value", "awaitable") else f"{name} of {thing}s"


def serves(thing: str, returns: str | None) -> bool:
    """Whether what was given back is what has to be; a task is a future as well."""
    return returns in (None, thing) or (returns, thing) == ("future", "task")
