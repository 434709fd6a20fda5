"""Those who connect to a server of the learner's, in the order in which they came; each waits until somebody serves."""

import asyncio
from collections.abc import Callable
from typing import Any

from grader.clock.loops.loop import VirtualLoop


class Arrivals:
    """`serve(packed)` is called with each connection, packed as it came."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self.loop_of_run = loop
        self._serve: Callable[[Any], object] | None = None
        self._waiting: list[Any] = []

    def take(self, packed: Any) -> None:
        if self._serve is None:
            self._waiting.append(packed)
        else:
            self._serve(packed)

    def serve(self, serve: Callable[[Any], object]) -> None:
        """From now on `serve` hears of everyone, also of those who came before."""
        self._serve = serve
        waiting, self._waiting = self._waiting, []
        for packed in waiting:
            self.loop_of_run.call_soon(serve, packed)
