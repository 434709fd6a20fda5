"""The door of a run whose sleeps are operations: when one ends is known here, and the referee is told of it without being asked.

To the loop this is the referee itself, down to the order of what ends at the same tick. The referee goes by the same rule from
the same messages, so its ledger is what it would be if it had been asked each time.
"""

import heapq

from grader.door.foreseen import foreseen_ticks
from grader.door.messages import Door, EventPacked, Lease, OutcomePacked
from grader.door.values import Packed
from grader.ticks import FAR


class Ahead:
    """Implements `grader.door.messages.Door` before another. `foreseen`: the sleep's number, and how many arguments it takes."""

    def __init__(self, door: Door, foreseen: list[int]):
        self._door = door
        self._ref, self._takes = foreseen
        self._until: Lease = 0  # of the referee itself, as if nothing here were on its way
        self._ends: list[tuple[int, int]] = []  # (tick, number)
        self._outcomes: dict[int, OutcomePacked] = {}
        self._ended: list[EventPacked] = []  # while the thread stood still: they wait for the next question
        self.enter, self.finish = door.enter, door.finish

    def begin(self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None) -> None:
        ticks = foreseen_ticks(args, self._takes) if ref == self._ref else 0
        self._door.begin(at, id, ref, method, args, line)
        if ticks:
            heapq.heappush(self._ends, (at + ticks, id))
            self._outcomes[id] = ["ok", args[1] if self._takes > 1 else None]
        else:
            self._until = at

    def call(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None
    ) -> tuple[OutcomePacked | None, Lease]:
        outcome, self._until = self._door.call(at, id, ref, method, args, line)
        return outcome, self._lease(at)

    def cancel(self, at: int, id: int) -> bool:
        self._outcomes.pop(id, None)
        over, self._until = self._door.cancel(at, id), at
        return over

    def block(self, at: int, to: int) -> Lease:
        self._until = self._door.block(at, to)
        self._ended += self._due(to)
        return self._lease(to)

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, Lease, list[EventPacked]]:
        due = at if self._ended else self._sooner(timer)
        if due is not None and (self._until is None or max(due, at) < self._until):
            now: int | None = max(due, at)
            events: list[EventPacked] = []
        else:
            now, self._until, events = self._door.idle(at, due, number)
        if now is None:
            return None, self._until, events
        ended, self._ended = [*self._ended, *self._due(now)], []
        if events and ended:
            ended = sorted([*events, *ended], key=_order)
        return now, self._lease(now), ended or events

    def _next(self) -> int | None:
        """The next end; those that were cancelled are none."""
        ends = self._ends
        while ends and ends[0][1] not in self._outcomes:
            heapq.heappop(ends)
        return ends[0][0] if ends else None

    def _sooner(self, timer: int | None) -> int | None:
        end = self._next()
        if end is None:
            return timer
        return min(end, FAR) if timer is None or end < timer else timer

    def _due(self, now: int) -> list[EventPacked]:
        found: list[EventPacked] = []
        while (end := self._next()) is not None and end <= now:
            _, id = heapq.heappop(self._ends)
            found.append(["end", end, id, id, self._outcomes.pop(id)])
        return found

    def _lease(self, now: int) -> Lease:
        if self._ended:
            return now
        end = self._next()
        return self._until if end is None or (self._until is not None and self._until < end) else end


def _order(event: EventPacked) -> tuple[int, int]:
    return event[1], event[2]
