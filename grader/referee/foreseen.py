"""Sleeps that the runner does not ask about: they end by themselves, at the tick that their beginning said.

They stand in the ledger as if they had been asked for: each is closed at its own tick, before whatever comes after it.
"""

import heapq
from math import inf

from grader.referee.clerk import Clerk

Moment = tuple[int, float]  # tick and number


class Foreseen:
    """Those that are on their way; `ends`: when, and which, the next one first."""

    def __init__(self, clerk: Clerk):
        self._clerk = clerk
        self.ends: list[tuple[int, int]] = []
        self._rows: dict[int, int | None] = {}

    def begin(self, end: int, id: int, row: int | None) -> None:
        heapq.heappush(self.ends, (end, id))
        self._rows[id] = row

    def close(self, before: Moment) -> None:
        """Those end that end before `before`."""
        ends, rows = self.ends, self._rows
        while ends and ends[0] < before:
            tick, id = heapq.heappop(ends)
            if id in rows:
                self._clerk.close(rows.pop(id), tick, "ok")

    def close_until(self, tick: int) -> None:
        """Up to and with `tick`."""
        if self.ends:
            self.close((tick, inf))

    def cancel(self, id: int, at: int) -> bool:
        """Whether it was on its way until now."""
        if id not in self._rows:
            return False
        row = self._rows.pop(id)
        self._clerk.cancel_asked(row, at)
        self._clerk.close(row, at, "cancelled")
        return True
