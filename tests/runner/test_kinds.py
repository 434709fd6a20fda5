"""What kind of function something is, is what `inspect` says of it."""

import functools
import inspect
from typing import Any

import pytest

from grader.runner.kinds import kind_of, makes_a_coroutine


async def coroutine() -> None: ...


async def items() -> Any:
    yield 1


def generator() -> Any:
    yield 1


def function() -> None: ...


class Thing:
    async def method(self) -> None: ...


@pytest.mark.parametrize(
    "found",
    [
        coroutine,
        items,
        generator,
        function,
        Thing().method,
        functools.partial(items),
        functools.partial(coroutine),
        print,
    ],
)
def test_it_is_as_inspect_has_it(found: Any) -> None:
    asked = {
        "coroutine": inspect.iscoroutinefunction(found),
        "async_generator": inspect.isasyncgenfunction(found),
        "generator": inspect.isgeneratorfunction(found),
    }
    assert [kind for kind, is_one in asked.items() if is_one] == (
        [] if kind_of(found) == "function" else [kind_of(found)]
    )


def test_a_function_that_may_run_something_when_it_is_called_is_no_plain_maker_of_coroutines() -> None:
    @functools.wraps(coroutine)
    def wrapped() -> Any:
        return coroutine()

    assert makes_a_coroutine(coroutine)
    others = (wrapped, items, generator, function, functools.partial(coroutine), Thing().method)
    assert not any(map(makes_a_coroutine, others))
