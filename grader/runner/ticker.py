"""The grader's own hand beside the entry: it calls the ticker, at every turn of the loop or in its own rhythm.

No task of the loop's does it, so a program that looks at its tasks sees none but its own.
"""

from typing import Any

from grader.clock.loops.loop import VirtualLoop
from grader.door.values import Packed
from grader.runner.desk import Desk


class Ticker:
    """One run's, for the loop that the entry runs in. `packed`: the operation, as it came; None for none."""

    def __init__(self, desk: Desk, loop: VirtualLoop, packed: Packed | None):
        self.desk, self.loop, self.packed = desk, loop, packed
        self.going = packed is not None

    def start(self) -> None:
        """To be called before the entry: what is called at its first pause counts from there."""
        packed: Any = self.packed
        if packed is None:
            return
        if packed[2]["call"] == "plain":
            self.loop.on_turn = self.desk.value(packed)  # as often as another task could have had its turn
        else:
            self.loop.call_soon(self._beat)

    def stop(self) -> None:
        self.going = False
        self.loop.on_turn = None

    def _beat(self, *_: object) -> None:
        """The next one begins when the last one has ended, and not before the loop has time for it."""
        packed: Any = self.packed
        if self.going:
            number = self.desk.begin(packed[1], "__call__", (), None)
            self.desk.future(number).add_done_callback(self._beat)
