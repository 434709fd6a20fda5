"""The timers of one loop: equal ticks in the order in which they were set; a cancelled one is nobody's.

A timer is a handle, or else the future of a sleeper, which is all that its timer would wake.

A heap of ticks, and for each tick its timer, or a list of them. A heap of timers would compare them in Python.
"""

from asyncio import Future
from heapq import heapify, heappop, heappush
from typing import Any

_FEW = 100  # fewer than this are not worth looking through


def _dead(timer: Any) -> bool:
    return bool(timer.done() if type(timer) is Future else timer._cancelled)


def _forget_callbacks(future: Any) -> None:
    for callback, _ in future._callbacks or ():
        future.remove_done_callback(callback)


class Timers:
    """`ticks`, `at` and `most` are open to the loop's inner path, which adds a tick of its own, up to `most`, by itself.

    Nobody counts the cancelled. They are looked for whenever there are twice as many timers as were left the last time, so
    they never outnumber the living by much, and the cost of a timer does not grow.
    """

    __slots__ = ("_joined", "at", "most", "ticks")

    ticks: list[int]
    at: dict[int, Any]
    most: int
    _joined: int  # those that were added to another's tick since

    def __len__(self) -> int:
        """With the cancelled that are still here."""
        return sum(len(there) if type(there) is list else 1 for there in self.at.values())

    def add(self, tick: int, timer: Any) -> None:
        at = self.at
        if len(at) + self._joined >= self.most:
            self._prune()
        there = at.get(tick)
        if there is None:
            at[tick] = timer
            heappush(self.ticks, tick)
            return
        self._joined += 1
        if type(there) is list:
            there.append(timer)
        else:
            at[tick] = [there, timer]

    def next_tick(self) -> int | None:
        """When the next one that is not cancelled is due."""
        ticks, at = self.ticks, self.at
        while ticks:
            there = at[ticks[0]]
            if not all(map(_dead, there)) if type(there) is list else not _dead(there):
                return ticks[0]
            del at[heappop(ticks)]
        return None

    def due(self, now: int) -> list[Any]:
        """Those whose tick has come, in order, taken out."""
        ticks, at, found = self.ticks, self.at, []
        while ticks and ticks[0] <= now:
            there = at.pop(heappop(ticks))
            found += [timer for timer in (there if type(there) is list else (there,)) if not _dead(timer)]
        return found

    def clear(self) -> None:
        """The loop is closed. Whoever sleeps still may cancel its future, and nobody is woken for it."""
        for there in self.at.values():
            for timer in there if type(there) is list else (there,):
                if type(timer) is Future:
                    _forget_callbacks(timer)
        self.ticks.clear()
        self.at.clear()

    def _prune(self) -> None:
        """Without the cancelled, in place."""
        for tick, there in list(self.at.items()):
            if type(there) is list:
                there[:] = [timer for timer in there if not _dead(timer)]
                if not there:
                    del self.at[tick]
            elif _dead(there):
                del self.at[tick]
        self.ticks[:] = self.at
        heapify(self.ticks)
        self._joined = 0
        self.most = max(_FEW, 2 * len(self))


def no_timers() -> Timers:
    """Of a loop that is made."""
    timers = Timers()  # a method called by C would cost it half as much again
    timers.ticks, timers.at, timers.most, timers._joined = [], {}, _FEW, 0
    return timers
