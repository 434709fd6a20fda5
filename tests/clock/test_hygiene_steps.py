"""Within `hygiene`: steps of async generators that nobody awaits."""

import asyncio
import contextlib
import gc
import re
import warnings
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

import pytest

from grader.clock import hygiene
from grader.clock.findings import steps
from grader.clock.over import DeadlockError
from tests.clock.running import run


@pytest.fixture(autouse=True)
def the_interpreter_is_silent() -> Iterator[None]:
    """Since 3.13 it warns of these itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


async def numbers() -> AsyncGenerator[Any, Any]:
    try:
        for number in range(3):
            yield number
    except ValueError:
        yield "caught"


STEPS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "__anext__": (lambda items: items.__anext__(), "numbers().__anext__()"),
    "anext": (lambda items: anext(items), "anext(numbers())"),
    "with a default": (lambda items: anext(items, None), "anext(numbers())"),
    "asend": (lambda items: items.asend(None), "numbers().asend()"),
    "athrow": (lambda items: items.athrow(ValueError), "numbers().athrow()"),
    "aclose": (lambda items: items.aclose(), "numbers().aclose()"),
}


@pytest.mark.parametrize("how", STEPS)
@pytest.mark.parametrize("kept", [False, True])
def test_one_that_nobody_awaits_is_told_with_its_line(how: str, kept: bool) -> None:
    step, called = STEPS[how]
    held = list[Any]()

    async def main() -> None:
        items = numbers()
        await anext(items)
        held.append(step(items))
        if not kept:
            held.clear()
            gc.collect()
        async for _ in items:
            """The rest."""

    with hygiene(strict=False) as findings:
        run(main())
    found = [(finding.kind, finding.line, finding.detail) for finding in findings]
    assert found == [("never_awaited", step.__code__.co_firstlineno, f"{called} was never awaited")]


async def awaited(items: Any) -> Any:
    return await anext(items)


async def as_a_task(items: Any) -> Any:
    return await asyncio.create_task(items.__anext__())


async def within_a_time(items: Any) -> Any:
    return await asyncio.wait_for(anext(items), 5)


async def gathered(items: Any) -> Any:
    return (await asyncio.gather(items.asend(None)))[0]


async def by_hand(items: Any) -> Any:
    step = items.asend(None)
    try:
        step.send(None)
    except StopIteration as end:
        return end.value


async def closed(items: Any) -> Any:
    async with contextlib.aclosing(items):
        return await anext(items)


@pytest.mark.parametrize("use", [awaited, as_a_task, within_a_time, gathered, by_hand, closed])
def test_one_that_is_awaited_gives_what_it_gives(use: Callable[[Any], Any]) -> None:
    async def main() -> tuple[Any, Any, Any]:
        items = numbers()
        found = await use(items)
        last = await anext(items, "nothing"), await items.athrow(ValueError) if use is awaited else None
        await items.aclose()
        return found, *last

    with hygiene():
        found = run(main())
    assert found == (0, "nothing" if use is closed else 1, "caught" if use is awaited else None)


def test_what_it_cannot_take_is_the_same_error() -> None:
    async def main() -> list[str]:
        ask, items, said = anext, numbers(), []
        wrong: list[tuple[Any, tuple[Any, ...]]] = [(ask, (5,)), (ask, ()), (items.asend, ()), (items.aclose, (1,))]
        for call, args in wrong:
            with pytest.raises(TypeError) as error:
                call(*args)
            said.append(str(error.value))
        return said

    real = run(main())
    with hygiene():
        assert run(main()) == real


def test_what_the_library_asks_for_is_its_own_affair(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        items = numbers()
        asked.append(items.__anext__())
        await items.aclose()

    asked = list[Any]()
    monkeypatch.setattr(steps, "nearness", lambda filename: 1)
    with hygiene():
        run(main())


def test_a_task_that_waits_in_one_is_explained_by_its_line() -> None:
    async def never() -> AsyncGenerator[int, None]:
        ready = asyncio.Event()
        await ready.wait()
        yield 1

    async def main() -> None:
        await asyncio.create_task(never().__anext__())

    line = never.__code__.co_firstlineno + 2
    with pytest.raises(DeadlockError, match=re.escape(f"steps.py, line {line}: waits for Event 'ready'")), hygiene():
        run(main())


def test_afterwards_all_is_as_it_was() -> None:
    real = anext
    with hygiene():
        assert anext is not real
    assert anext is real
    assert type(numbers().__anext__()).__name__ == "async_generator_asend"
