"""asyncio on a clock that jumps: the same order of events as asyncio's own loop, and no waiting.

Equal deadlines fire in the order in which they were set; the clock is set to a deadline, never past it; a cancelled timer
never moves it. What needs the outside world (sockets, child processes, threads) is refused by name.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13: `_run_once` (one turn), `_timer_handle_cancelled`,
`_write_to_self`, `_process_events` (there is no selector), `_check_running` (a loop inside a loop is reported).
"""

import asyncio
import heapq
import sys
from asyncio import events
from collections.abc import Callable
from contextvars import Context
from types import FrameType
from typing import Any

from grader.clock.clock import Clock
from grader.clock.over import RefusedError
from grader.clock.places import place
from grader.ticks import FAR, to_seconds, to_tick

_PRUNE_FROM = 100


class NumberedFuture(asyncio.Future[Any]):
    """A future whose place in a set comes from its number and the salt of its loop, and not from a memory address."""

    def __init__(self, number: int, *, loop: asyncio.AbstractEventLoop):
        self.number = number
        super().__init__(loop=loop)

    def __hash__(self) -> int:
        return place(self.number, getattr(self.get_loop(), "salt", 0))


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop on virtual time. Without a clock it has one of its own, with no limit to how far it may jump.

    `on_turn` is called at each turn in which anybody has something to do.

    Raises grader.clock.over.DeadlockError out of `run_until_complete` when nothing can ever run again.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__()
        self.clock = clock if clock is not None else Clock()
        self._timers: list[tuple[int, int, events.TimerHandle]] = []
        self._cancelled = 0
        self._arrived: list[tuple[int, int, int, events.Handle]] = []
        self.on_turn: Callable[[], object] | None = None
        self.on_nested_run: Callable[[], None] = lambda: None
        self.on_refusal: Callable[[str, FrameType | None], None] = lambda call, frame: None

    def time(self) -> float:
        """Virtual seconds."""
        return to_seconds(self.clock.now)

    def create_future(self) -> "asyncio.Future[Any]":
        return NumberedFuture(self.clock.number(), loop=self)

    # ------------------------------------------------------------ timers

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> events.TimerHandle:
        if delay is None:
            raise TypeError("delay must not be None")
        return self._at(min(self.clock.now + to_tick(delay), FAR), callback, args, context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> events.TimerHandle:
        if when is None:
            raise TypeError("when cannot be None")
        return self._at(to_tick(when), callback, args, context)

    def _at(
        self, tick: int, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> events.TimerHandle:
        self._check_closed()  # type: ignore[attr-defined]
        if self.get_debug():
            self._check_thread()  # type: ignore[attr-defined]
            self._check_callback(callback, "call_at")  # type: ignore[attr-defined]
        handle = events.TimerHandle(to_seconds(tick), callback, args, self, context)
        handle._scheduled = True  # type: ignore[attr-defined]
        heapq.heappush(self._timers, (tick, self.clock.number(), handle))
        return handle

    def _timer_handle_cancelled(self, handle: events.TimerHandle) -> None:
        self._cancelled += 1
        if self._cancelled > _PRUNE_FROM and self._cancelled * 2 > len(self._timers):
            # in place: _run_once holds on to this list
            self._timers[:] = [entry for entry in self._timers if not entry[2].cancelled()]
            heapq.heapify(self._timers)
            self._cancelled = 0

    def _drop_cancelled(self) -> None:
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
            self._cancelled -= 1

    # ------------------------------------------------------------ turns

    def arrive(self, order: tuple[int, int], callback: Callable[..., object], *args: Any) -> None:
        """Queue `callback` where a timer set with this (tick, number) would stand."""
        if not self.is_closed():
            self._arrived.append((*order, len(self._arrived), events.Handle(callback, args, self)))

    def _run_once(self) -> None:
        clock, ready = self.clock, self._ready  # type: ignore[attr-defined]
        clock.turn()
        if ready or self._arrived or self._stopping:  # type: ignore[attr-defined]
            if clock.owes:
                clock.ask(clock.now)
        else:
            self._drop_cancelled()
            clock.park(self._timers[0][0] if self._timers else None)
        self._queue_due()
        if ready and self.on_turn is not None:
            self.on_turn()
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                clock.steps += 1
                handle._run()
        handle = None
        clock.check()

    def _queue_due(self) -> None:
        """Timers and arrivals whose tick has come, in one order."""
        timers, now = self._timers, self.clock.now
        due, self._arrived = self._arrived, []
        while timers and timers[0][0] <= now:
            tick, number, handle = heapq.heappop(timers)
            handle._scheduled = False  # type: ignore[attr-defined]
            if handle.cancelled():
                self._cancelled -= 1
            else:
                due.append((tick, number, 0, handle))
        if len(due) > 1:
            due.sort(key=lambda entry: entry[:3])
        self._ready.extend(entry[3] for entry in due)  # type: ignore[attr-defined]

    def _write_to_self(self) -> None:
        """Nobody sleeps in a selector that would have to be woken."""

    def _process_events(self, event_list: list[Any]) -> None:
        """There is no selector."""

    def _check_running(self) -> None:
        if self.is_running() or events._get_running_loop() is not None:
            self.on_nested_run()
        super()._check_running()  # type: ignore[misc]


# method of the loop: (what people call, what it needs)
_AWAITED = {
    "create_connection": ("asyncio.open_connection", "a network connection"),
    "create_server": ("asyncio.start_server", "a network server"),
    "create_unix_connection": ("asyncio.open_unix_connection", "a unix socket"),
    "create_unix_server": ("asyncio.start_unix_server", "a unix socket"),
    "create_datagram_endpoint": ("loop.create_datagram_endpoint", "a network socket"),
    "connect_accepted_socket": ("loop.connect_accepted_socket", "a network socket"),
    "start_tls": ("loop.start_tls", "a network connection"),
    "sendfile": ("loop.sendfile", "a network connection"),
    "getaddrinfo": ("loop.getaddrinfo", "the network"),
    "getnameinfo": ("loop.getnameinfo", "the network"),
    "subprocess_shell": ("asyncio.create_subprocess_shell", "a real process"),
    "subprocess_exec": ("asyncio.create_subprocess_exec", "a real process"),
    "connect_read_pipe": ("loop.connect_read_pipe", "a pipe of the system"),
    "connect_write_pipe": ("loop.connect_write_pipe", "a pipe of the system"),
} | {
    f"sock_{name}": (f"loop.sock_{name}", "a network socket")
    for name in ("recv", "recv_into", "recvfrom", "recvfrom_into", "sendall", "sendto", "connect", "accept", "sendfile")
}
_PLAIN = {
    "add_reader": ("loop.add_reader", "a file descriptor"),
    "remove_reader": ("loop.remove_reader", "a file descriptor"),
    "add_writer": ("loop.add_writer", "a file descriptor"),
    "remove_writer": ("loop.remove_writer", "a file descriptor"),
    "add_signal_handler": ("loop.add_signal_handler", "signals of the system"),
    "remove_signal_handler": ("loop.remove_signal_handler", "signals of the system"),
    "run_in_executor": ("asyncio.to_thread", "a thread"),
}


def refusal(call: str, needs: str) -> str:
    return f"{call} needs {needs}, which an exercise on virtual time does not have; use what the exercise gives you"


def _refuse(call: str, needs: str, awaited: bool) -> Callable[..., Any]:
    def refused(self: VirtualLoop, *args: Any, **kwargs: Any) -> Any:
        self.on_refusal(call, sys._getframe(1))
        raise RefusedError(refusal(call, needs))

    async def refused_when_awaited(self: VirtualLoop, *args: Any, **kwargs: Any) -> Any:
        refused(self)

    return refused_when_awaited if awaited else refused


for _name, (_call, _needs) in _AWAITED.items():
    setattr(VirtualLoop, _name, _refuse(_call, _needs, awaited=True))
for _name, (_call, _needs) in _PLAIN.items():
    setattr(VirtualLoop, _name, _refuse(_call, _needs, awaited=False))
