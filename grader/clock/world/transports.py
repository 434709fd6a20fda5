"""What a transport in memory does is done in the thread of its loop: called in another, it refuses before it does anything.

asyncio's own, which these are derived from, let go of their loop when their connection is lost; then nothing is left to be
changed, and they answer as asyncio's do.
"""

import sys
from asyncio import selector_events
from types import FrameType
from typing import Any


class OfItsLoop(selector_events._SelectorSocketTransport):  # type: ignore[name-defined,misc]
    """asyncio's own; its `_loop` is None once the connection is lost."""

    def _check_whose(self, frame: FrameType) -> None:
        """Raises RuntimeError where `frame` runs in a thread that is not the loop's."""
        loop = self._loop
        if loop is not None and not loop._fast:
            loop._check_whose(frame, done=False)

    def write(self, data: Any) -> None:
        loop = self._loop  # asked here, without a further call: no other method is called as often
        if loop is not None and not loop._fast:
            loop._check_whose(sys._getframe(1), done=False)
        super().write(data)

    def writelines(self, list_of_data: Any) -> None:
        self._check_whose(sys._getframe(1))
        super().writelines(list_of_data)

    def write_eof(self) -> None:
        self._check_whose(sys._getframe(1))
        super().write_eof()

    def pause_reading(self) -> None:
        self._check_whose(sys._getframe(1))
        super().pause_reading()

    def resume_reading(self) -> None:
        self._check_whose(sys._getframe(1))
        super().resume_reading()
