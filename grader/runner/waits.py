"""Who waits for the end of an operation. Where nobody does any more, it is over, as if it had been cancelled.

A coroutine that is closed, or that nobody has any more, is ended without a word: by `close()`, by the last reference, or by the
collector, which may end it without even a GeneratorExit. What always goes with it is what its frame holds.
"""

import asyncio
from collections.abc import Callable


class Waits:
    """Held by the coroutine's frame alone. While it is `on`, its end is the operation's; `cancel()` then tells so.

    That is told in the loop's next turn: a finaliser may run in the middle of another message, and says nothing itself.
    """

    __slots__ = ("_cancel", "_loop", "on")

    def __init__(self, loop: asyncio.AbstractEventLoop, cancel: Callable[[], object]) -> None:
        self._loop, self._cancel, self.on = loop, cancel, True

    def __del__(self) -> None:
        if self.on and not self._loop.is_closed():
            self._loop.call_soon(self._cancel)
