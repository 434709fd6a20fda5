"""When world code goes on: a heap of waits by (tick, number, arrival), and nothing else may wake it.

A wait takes the number of the message that caused it, so that an operation and a timer of the same length, begun in some
order, end in that order.
"""

import heapq
import types
from collections.abc import Coroutine, Generator
from itertools import count
from typing import Any

from grader.referee.foreseen import Foreseen
from grader.ticks import to_ticks


class Cancelled(BaseException):
    """Thrown into world code whose operation was cancelled; clean up and let it through."""


@types.coroutine
def _suspend(request: Any) -> Generator[Any, None, None]:
    yield request


class Activity:
    """One world coroutine in progress. `waits` counts its suspensions, so that a wait that was cancelled wakes nobody.

    `blocking`: whoever called it stands still until its end, so nobody can cancel it.
    """

    __slots__ = ("blocking", "coroutine", "ended", "id", "on_end", "row", "waits")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], row: int | None, on_end: Any):
        self.coroutine, self.row, self.on_end = coroutine, row, on_end
        self.id: int | None = None
        self.waits, self.ended, self.blocking = 0, False, False


class Event:
    """Set once; whoever waits goes on at that tick."""

    def __init__(self, schedule: "Schedule"):
        self._schedule = schedule
        self._waiters: list[tuple[Activity, int]] = []
        self.is_set = False

    async def wait(self) -> None:
        if not self.is_set:
            await _suspend(self)

    def set(self) -> None:
        self.is_set, woken, self._waiters = True, self._waiters, []
        for activity, wait in woken:
            self._schedule.wake(activity, wait)

    def add(self, activity: Activity) -> None:
        self._waiters.append((activity, activity.waits))


class Schedule:
    """Runs world code. `order` numbers the waits made now, `cause` is the number of the wait that has just ended.

    `others`: what ends by itself, and in the same order.
    """

    def __init__(self, others: Foreseen) -> None:
        self.now = self.order = self.cause = 0
        self._others = others
        self._heap: list[tuple[int, int, int, Activity, int]] = []
        self._arrivals = count()

    @property
    def next_tick(self) -> int | None:
        heap = self._heap
        while heap:
            tick, _, _, activity, wait = heap[0]
            if not activity.ended and activity.waits == wait:
                return tick
            heapq.heappop(heap)
        return None

    def forget(self) -> None:
        """Let go of all that waits."""
        for entry in self._heap:
            entry[3].coroutine.close()
        self._heap.clear()

    async def sleep(self, seconds: float) -> None:
        ticks = to_ticks(seconds)
        if ticks > 0:
            await _suspend(ticks)

    def wake(self, activity: Activity, wait: int) -> None:
        if not activity.ended and activity.waits == wait:
            self.step(activity)

    def step(self, activity: Activity, error: BaseException | None = None) -> None:
        """Let `activity` go on, with `error` thrown into it if given, until it waits again or ends."""
        activity.waits += 1
        try:
            request = activity.coroutine.throw(error) if error else activity.coroutine.send(None)
        except StopIteration as stop:
            self._end(activity, "ok", stop.value)
        except Cancelled:
            self._end(activity, "cancelled", None)
        except Exception as raised:
            self._end(activity, "error", raised)
        else:
            self._wait(activity, request)

    def _wait(self, activity: Activity, request: Any) -> None:
        if isinstance(request, Event):
            request.add(activity)
        elif type(request) is int:
            entry = (self.now + request, self.order, next(self._arrivals), activity, activity.waits)
            heapq.heappush(self._heap, entry)
        else:
            error = TypeError(
                f"world code awaited {type(request).__name__}; it may wait only with the world's sleep and events"
            )
            self.step(activity, error)

    def _end(self, activity: Activity, how: str, value: Any) -> None:
        activity.ended = True
        activity.on_end(activity, how, value)

    def run_due(self, number: int | None = None) -> None:
        """Step everything whose tick has come. Waits made meanwhile take `number`, or that of the wait that ended."""
        heap, others = self._heap, self._others
        while heap and heap[0][0] <= self.now:
            tick, cause, _, activity, wait = heap[0]
            if activity.ended or activity.waits != wait:
                heapq.heappop(heap)
                continue
            if others.ends:
                others.close((tick, cause))
            heapq.heappop(heap)
            self.cause = cause
            self.order = cause if number is None else number
            self.step(activity)
        others.close_until(self.now)

    def run_to(self, tick: int) -> None:
        """Everything up to and with `tick`, each at its own tick; then it is `tick`."""
        while (due := self.next_tick) is not None and due <= tick:
            self.now = max(self.now, due)
            self.run_due()
        self.move(tick)

    def move(self, tick: int) -> None:
        """It is `tick` now; no world code waits for one before."""
        self.now = tick
        self._others.close_until(tick)
