"""A byte stream of the world as the real `asyncio.StreamReader`: every method, limit and end of file is asyncio's own.

What it adds is sight: reads are reported with their times and lines, and reading on and on past the end, which never waits
and so gives no other task a turn, is stopped.
"""

import asyncio
import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.loops.loop import VirtualLoop
from grader.clock.over import BusyLoopError
from grader.door.messages import OutcomePacked

if TYPE_CHECKING:
    from grader.runner.desk import Desk


class FedStream(asyncio.StreamReader):
    """`loop_of_run`: the loop in which it was first seen. `on_failure(error)` hears of a connection that broke."""

    def __init__(self, desk: "Desk", key: str):
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        super().__init__(loop=loop)
        self.loop_of_run, self._desk, self.key, self._past_end = loop, desk, key, 0
        self.on_failure: Callable[[Exception], object] = self.set_exception
        self.deaf = False  # who closes a connection hears nothing more of it

    def take(self, data: str | OutcomePacked | None) -> None:
        """What the world says: bytes, the end, or an error. After the end nothing more is heard."""
        if isinstance(data, list):
            self.on_failure(self._desk.error(data))
        elif data is None:
            self.feed_eof()
        elif not (self.deaf or self._eof):  # type: ignore[attr-defined]
            self.feed_data(data.encode("latin-1"))

    def _enter(self, frame: Any) -> int | None:
        line = self._desk.line(frame)
        if self.at_eof():
            self._past_end += 1
            if self._past_end > self._desk.max_past_end:
                raise self._desk.clock.break_off(BusyLoopError("reads past the end of a stream", line))
        return line


def _reported(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    async def read(self: FedStream, line: int | None, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        clock = self._desk.clock
        start = clock.now
        try:
            return await real(self, *args, **named)
        finally:
            self._desk.on_read(name, self.key, start, clock.now, line)

    @functools.wraps(real)
    def call(self: FedStream, *args: Any, **named: Any) -> Any:
        if sys._getframe(1).f_code.co_filename == asyncio.streams.__file__:
            return real(self, *args, **named)  # one read of the learner's, made of others
        coroutine = read(self, self._enter(sys._getframe(1)), args, named)
        coroutine.__name__ = coroutine.__qualname__ = name  # type: ignore[attr-defined]
        return coroutine

    return call


for _name in ("readline", "read", "readexactly", "readuntil"):
    setattr(FedStream, _name, _reported(_name, getattr(asyncio.StreamReader, _name)))


async def _next_line(self: FedStream) -> bytes:
    line: bytes = await self.readline()
    if line == b"":
        raise StopAsyncIteration
    return line


FedStream.__name__ = FedStream.__qualname__ = "StreamReader"  # as it is printed
FedStream.__anext__ = _next_line  # type: ignore[assignment]
