"""The timers of one loop: equal ticks in the order in which they were set; a cancelled one is nobody's.

A heap of ticks, and for each tick its timer, or a list of them. A heap of timers would compare them in Python.
"""

from heapq import heapify, heappop, heappush
from typing import Any

from grader.clock.handles import Timer

_FEW = 100  # fewer cancelled ones than this are not worth looking for


class Timers:
    """`ticks` and `at` are open to the loop's inner path. `cancelled` counts the dead that are still here."""

    __slots__ = ("_most", "at", "cancelled", "ticks")

    def __init__(self) -> None:
        self.ticks: list[int] = []
        self.at: dict[int, Any] = {}
        self.cancelled = 0
        self._most = _FEW

    def __len__(self) -> int:
        """With the cancelled that are still here."""
        return sum(len(there) if type(there) is list else 1 for there in self.at.values())

    def add(self, timer: Timer) -> None:
        tick, at = timer.tick, self.at
        there = at.get(tick)
        if there is None:
            at[tick] = timer
            heappush(self.ticks, tick)
        elif type(there) is list:
            there.append(timer)
        else:
            at[tick] = [there, timer]

    def one_cancelled(self) -> None:
        """A timer of these says that it is dead. They never outnumber the living by much, and the cost does not grow."""
        self.cancelled += 1
        if self.cancelled > self._most:
            self._prune()
            self._most = max(_FEW, len(self))

    def next_tick(self) -> int | None:
        """When the next one that is not cancelled is due."""
        ticks, at = self.ticks, self.at
        while ticks:
            there = at[ticks[0]]
            if not all(timer._cancelled for timer in there) if type(there) is list else not there._cancelled:
                return ticks[0]
            self._drop(at.pop(heappop(ticks)))
        return None

    def due(self, now: int) -> list[Timer]:
        """Those whose tick has come, in order, taken out."""
        ticks, at, found = self.ticks, self.at, []
        while ticks and ticks[0] <= now:
            there = at.pop(heappop(ticks))
            for timer in there if type(there) is list else (there,):
                timer._scheduled = False
                if timer._cancelled:
                    self.cancelled -= 1
                else:
                    found.append(timer)
        return found

    def clear(self) -> None:
        self.ticks.clear()
        self.at.clear()
        self.cancelled = 0

    def _drop(self, there: Any) -> None:
        for timer in there if type(there) is list else (there,):
            timer._scheduled = False
            self.cancelled -= 1

    def _prune(self) -> None:
        """Without the cancelled, in place."""
        for tick, there in list(self.at.items()):
            if type(there) is list:
                there[:] = [timer for timer in there if not timer._cancelled]
                if not there:
                    del self.at[tick]
            elif there._cancelled:
                del self.at[tick]
        self.ticks[:] = self.at
        heapify(self.ticks)
        self.cancelled = 0
