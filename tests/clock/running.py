"""A program on a virtual loop, and what it sees of the time."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from grader.clock import VirtualLoop


def run(coroutine: Coroutine[Any, Any, Any], loop: VirtualLoop | None = None, debug: bool = False) -> Any:
    with asyncio.Runner(loop_factory=lambda: loop or VirtualLoop(), debug=debug) as runner:
        return runner.run(coroutine)


def here() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


def now() -> float:
    return asyncio.get_running_loop().time()


class Door:
    """One that lends time without end."""

    def block(self, at: int, to: int) -> int | None:
        return None

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[Any]]:
        return timer, None, []
