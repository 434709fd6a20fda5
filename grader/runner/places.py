"""In which loop and in which thread an operation begins, by numbers in the order in which they were first seen: two runs of one
program have them alike.

What loop runs, and in what thread, is asked of functions of C that were taken before the program was loaded, so nothing that it
puts into `asyncio` or `threading` changes the answer. Loops and threads are told apart by what the run itself made for them: an
address, or the identity of a thread, may be given to another when its owner is gone.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.door.messages import Where

if TYPE_CHECKING:
    from grader.runner.desk import Desk

_running_loop: Callable[[], Any] = asyncio._get_running_loop


class Places:
    """One run's. The thread that makes it is number 1."""

    def __init__(self, desk: "Desk"):
        self._clock = desk.clock
        self._known: dict[tuple[Any, Any], Where] = {}
        self._loops: dict[Any, int] = {}
        self._threads: dict[Any, int] = {self._clock.mine: 1}

    def here(self) -> Where:
        """The loop that runs in the present thread, None if none does, and the thread."""
        loop, seat = _running_loop(), self._clock.mine
        known = self._known.get((loop, seat))
        return known or self._seen(loop, seat)

    def _seen(self, loop: Any, seat: Any) -> Where:
        number = None if loop is None else self._loops.setdefault(loop, len(self._loops) + 1)
        where = self._known[loop, seat] = number, self._threads.setdefault(seat, len(self._threads) + 1)
        return where
