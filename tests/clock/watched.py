"""What `hygiene` finds in a program, by lines that are counted from its first."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from grader.clock import VirtualLoop, hygiene

Main = Callable[[], Coroutine[Any, Any, Any]]


def findings(main: Main, make_loop: Any = VirtualLoop) -> list[tuple[str, int, str]]:
    """Of each: its kind, its line counted from the line of `main`, and what is said."""
    with hygiene(strict=False) as found, asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(main())
    return relative(found, main)


def findings_inside(main: Main, make_loop: Any = VirtualLoop) -> list[tuple[str, int, str]]:
    """The same of what is done within it, while the loop runs."""

    async def test() -> list[Any]:
        with hygiene(strict=False) as found:
            await main()
        return found

    with asyncio.Runner(loop_factory=make_loop) as runner:
        return relative(runner.run(test()), main)


def relative(found: list[Any], main: Main) -> list[tuple[str, int, str]]:
    first = main.__code__.co_firstlineno
    assert {each.file for each in found} <= {main.__code__.co_filename}
    return [(each.kind, each.line - first, each.detail) for each in found]
