"""asyncio on a clock that jumps: the same order of events as asyncio's own loop, and no waiting.

Equal deadlines fire in the order in which they were set; the clock is set to a deadline, never past it; a cancelled timer
never moves it.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13 (others stand in `memory` and `light`): `_run_once` (one
turn, or many), `call_soon` (as asyncio's, made faster), `_timer_handle_cancelled` (nobody counts them), `_write_to_self` (wakes
a parked thread), `_check_running` (a loop inside a loop is reported). It relies on what `asyncio.sleep` does with its future
and its timer: nobody else sees them, and `cancel()` in the end is all that it asks of the timer.
"""

import asyncio
import sys
from asyncio import events, futures
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from types import FrameType
from typing import Any

from grader.clock import surroundings
from grader.clock.by_hand import ByHand, hold
from grader.clock.clock import EPOCH, Clock
from grader.clock.handles import FastHandle, FastTimer, NumberedFuture, Timer, new_task
from grader.clock.over import RunOver
from grader.clock.present import clock_here
from grader.clock.timers import Timers
from grader.clock.turns import Seat
from grader.ticks import to_seconds, to_tick

_SET = futures._set_result_unless_cancelled  # type: ignore[attr-defined]  # what asyncio.sleep has its timer call
# whose futures are in no set that a program sees: by far the most
_SLEEP = asyncio.sleep.__code__
_PRIVATE = frozenset(
    id(function.__code__)
    for function in (
        asyncio.Queue.get,
        asyncio.Queue.put,
        asyncio.Lock.acquire,
        asyncio.Semaphore.acquire,
        asyncio.Event.wait,
        asyncio.Condition.wait,
    )
)
_frame = sys._getframe
_Future = asyncio.Future


class LoopOnClock(ByHand):
    """The part of a loop that has to do with time and turns; the rest is in memory, or outside.

    `on_turn()` is called at each turn in which anybody has something to do, `on_callback(tick, handle)` before each callback.

    Raises grader.clock.over.DeadlockError out of `run_until_complete` when nothing can ever run again.
    """

    salt = 0  # of the order in which sets of tasks and futures stand
    on_nested_run: Callable[[], None] = staticmethod(lambda: None)
    on_refusal: Callable[[str, FrameType | None], None] = staticmethod(lambda call, frame: None)
    _on_turn: Callable[[], object] | None = None
    _on_callback: Callable[[int, events.Handle], object] | None = None
    _seat: Seat | None = None
    _closed = True  # until it is made, which a start that cannot be prevents

    def __init__(
        self, clock: Clock | None = None, *, start: float = 0.0, epoch: float = EPOCH, jump: bool = True
    ) -> None:
        self.clock = clock or clock_here() or Clock(start=start, epoch=epoch)
        self._fast, self._watched = True, False  # until debug mode is set
        self._answer_get_debug()
        super().__init__()
        if not jump:
            hold(self.clock)
        self.timers = Timers()
        self.next_hash: Callable[[], int] = count(1).__next__
        self._sleeper: asyncio.Future[Any] | None = None
        self._arrived: list[tuple[int, int, int, events.Handle]] = []

    @cached_property
    def _context(self) -> Context:
        """In which sleepers are woken; nothing of the program's runs there."""
        return Context()

    def time(self) -> float:
        """Virtual seconds."""
        return to_seconds(self.clock.now)

    def create_future(self) -> "asyncio.Future[Any]":
        code = _frame(1).f_code
        if code is _SLEEP:
            future: asyncio.Future[Any] = _Future(loop=self)
            self._sleeper = future
            return future
        return _Future(loop=self) if id(code) in _PRIVATE else NumberedFuture(loop=self)

    def create_task(  # type: ignore[override]
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, context: Context | None = None, **more: Any
    ) -> "asyncio.Task[Any]":
        if self._task_factory is not None or self._closed:  # type: ignore[attr-defined]
            return super().create_task(coro, name=name, context=context, **more)
        task = new_task(self)
        task.__init__(coro, loop=self, name=name, context=context, **more)  # type: ignore[misc]
        if self._debug and task._source_traceback:  # type: ignore[attr-defined]
            del task._source_traceback[-1]  # type: ignore[attr-defined]
        return task

    def set_debug(self, enabled: bool) -> None:
        super().set_debug(enabled)
        self._fast = not enabled
        self._answer_get_debug()
        self._look_who_watches()

    def _answer_get_debug(self) -> None:
        """Each new future and task asks for the mode: while it is off, a function of C says so, which saves 3 % of a sleep."""
        if self._fast:
            self.get_debug = bool  # type: ignore[method-assign]
        else:
            vars(self).pop("get_debug", None)

    @property
    def on_turn(self) -> Callable[[], object] | None:
        return self._on_turn

    @on_turn.setter
    def on_turn(self, hears: Callable[[], object] | None) -> None:
        self._on_turn = hears
        self._look_who_watches()

    @property
    def on_callback(self) -> Callable[[int, events.Handle], object] | None:
        return self._on_callback

    @on_callback.setter
    def on_callback(self, hears: Callable[[int, events.Handle], object] | None) -> None:
        self._on_callback = hears
        self._look_who_watches()

    def _look_who_watches(self) -> None:
        """Kept in one place, so that it costs nothing to be asked at each turn."""
        self._watched = bool(self._debug or self._on_turn or self._on_callback)  # type: ignore[attr-defined]

    # ------------------------------------------------------------ callbacks and timers

    def call_soon(  # type: ignore[override]
        self, *call: Any, context: Context | None = None
    ) -> events.Handle:
        if not (self._fast and call):
            return super().call_soon(*call, context=context)
        handle: Any = FastHandle()
        handle.call, handle._loop = call, self
        handle._context = copy_context() if context is None else context
        handle._cancelled = False
        self._ready.append(handle)  # type: ignore[attr-defined]
        return handle  # type: ignore[no-any-return]

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> events.TimerHandle:
        if delay is None:
            raise TypeError("delay must not be None")
        clock = self.clock
        try:
            tick = clock.now + (round(delay * 1_000_000_000) or (delay > 0))
        except OverflowError:
            tick = to_tick(delay)  # beyond all time, from whenever it is counted
        if clock.door is not None or not self._fast:
            return self._at(tick, callback, args, context)
        if callback is _SET and args[0] is self._sleeper and args[1] is None:
            # asyncio.sleep's, which alone has seen this future and what it is given here, and only cancels it in the end,
            # when it is done: so the future is its own timer.
            timer: Any = self._sleeper
            self._sleeper = None
        else:
            timer = FastTimer()
            timer.tick, timer._cancelled = tick, False
            timer.call, timer._loop = (callback, *args), self
            timer._context = copy_context() if context is None else context
        timers = self.timers
        at = timers.at
        if tick in at or len(at) >= timers.most:
            timers.add(tick, timer)
        else:
            at[tick] = timer
            heappush(timers.ticks, tick)
        return timer  # type: ignore[no-any-return]

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> events.TimerHandle:
        if when is None:
            raise TypeError("when cannot be None")
        tick = to_tick(when)
        if tick <= self.clock.now and when > self.time():
            tick = self.clock.now + 1  # so that it is that time when it comes
        return self._at(tick, callback, args, context)

    def _at(
        self, tick: int, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> events.TimerHandle:
        self._check_closed()  # type: ignore[attr-defined]
        if self._debug:  # type: ignore[attr-defined]
            self._check_thread()  # type: ignore[attr-defined]
            self._check_callback(callback, "call_at")  # type: ignore[attr-defined]
        timer = Timer(tick, callback, args, self, context)
        if timer._source_traceback:  # type: ignore[attr-defined]
            del timer._source_traceback[-1]  # type: ignore[attr-defined]
        timer.number = self.clock.number()
        self.timers.add(tick, timer)
        return timer

    def arrive(self, order: tuple[int, int], callback: Callable[..., object], *args: Any) -> None:
        """Queue `callback` where a timer set with this (tick, number) would stand."""
        if not self.is_closed():
            self._arrived.append((*order, len(self._arrived), events.Handle(callback, args, self)))
            self.clock.wake(self._seat)

    # ------------------------------------------------------------ turns

    def run_forever(self) -> None:
        """As asyncio's; the present thread is on the clock for this time."""
        self._check_closed()  # type: ignore[attr-defined]
        self._check_running()
        clock = self.clock
        entered = clock.enter()
        surroundings.see_to_it()
        self._seat = clock.mine
        clock.loops.append(self)
        try:
            super().run_forever()
        except RunOver as reason:
            if entered:
                clock.end(reason)
            raise
        finally:
            self._seat = None
            if self in clock.loops:
                clock.loops.remove(self)
            if entered:
                clock.exit()

    def _run_once(self) -> None:
        clock = self.clock
        if self._watched or clock.crowded or clock.door is not None or clock.targets is not None:
            self._turn()
        else:
            self._turns()

    def _turn(self) -> None:
        """One turn."""
        clock, ready = self.clock, self._ready  # type: ignore[attr-defined]
        clock.turn()
        if ready or self._arrived or self._stopping:  # type: ignore[attr-defined]
            if clock.owes:
                clock.ask(clock.now)
            clock.pass_turn()
        else:
            clock.park(self.timers.next_tick())
        self._queue_due()
        if ready and self._on_turn is not None:
            self._on_turn()
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                clock.steps += 1
                if self._on_callback is not None:
                    self._on_callback(clock.now, handle)
                handle._run()
        handle = None
        clock.check()

    def _queue_due(self) -> None:
        """Timers and arrivals whose tick has come, in one order."""
        due: list[Any] = self.timers.due(self.clock.now)
        if self._arrived:
            arrived, self._arrived = self._arrived, []
            arrived += [(timer.tick, timer.number, 0, timer) for timer in due]
            due = [entry[3] for entry in sorted(arrived, key=lambda entry: entry[:3])]
        self._ready.extend(map(self._handle, due))  # type: ignore[attr-defined]

    def _handle(self, timer: Any) -> events.Handle:
        """What is called when `timer` is due."""
        if type(timer) is not _Future:
            return timer  # type: ignore[no-any-return]
        handle: Any = FastHandle()
        handle.call, handle._loop = (_SET, timer, None), self
        handle._context, handle._cancelled = self._context, False
        return handle  # type: ignore[no-any-return]

    def _turns(self) -> None:
        """Turns without end while this loop is alone on a clock without a referee, in the order of `_turn`, with less asked."""
        clock, ready, timers = self.clock, self._ready, self.timers  # type: ignore[attr-defined]
        ticks, at, popleft = timers.ticks, timers.at, ready.popleft
        left = clock.max_turns
        while not (clock.crowded or self._watched):
            if ready or self._stopping:  # type: ignore[attr-defined]
                left -= 1
                if left < 0:
                    raise clock.livelock()
                if ticks and ticks[0] <= clock.now:
                    ready.extend(map(self._handle, timers.due(clock.now)))
            else:
                left = clock.max_turns
                sleeper = at[ticks[0]] if ticks else None
                if type(sleeper) is _Future and ticks[0] < clock.until and not sleeper.done():
                    # A sleeper, alone at its tick: its task is woken in this turn instead of the next, which would be empty
                    # but for it.
                    tick = heappop(ticks)
                    del at[tick]
                    if tick > clock.now:
                        clock.now = tick
                    try:  # noqa: SIM105 -- for speed
                        sleeper.set_result(None)
                    except asyncio.InvalidStateError:
                        pass  # a signal's handler has cancelled it just now
                else:
                    clock.park(timers.next_tick())
                    ready.extend(map(self._handle, timers.due(clock.now)))
                sleeper = None
            for _ in range(len(ready)):
                handle = popleft()
                if not handle._cancelled:
                    try:
                        call = handle.call
                    except AttributeError:  # one of asyncio's own, from another thread
                        call = (handle._callback, *handle._args)
                    try:
                        handle._context.run(*call)
                    except (SystemExit, KeyboardInterrupt, RunOver):
                        raise
                    except BaseException as error:
                        self._failed(handle, error)
            handle = call = None
            if self._stopping:  # type: ignore[attr-defined]
                return

    def _failed(self, handle: events.Handle, error: BaseException) -> None:
        """As asyncio says it."""
        source = asyncio.format_helpers._format_callback_source(handle._callback, handle._args)  # type: ignore[attr-defined]
        context = {"message": f"Exception in callback {source}", "exception": error, "handle": handle}
        self.call_exception_handler(context)

    def _timer_handle_cancelled(self, handle: events.TimerHandle) -> None:
        """Nobody counts them; see `Timers`."""

    def _write_to_self(self) -> None:
        self.clock.wake(self._seat)

    def _check_running(self) -> None:
        if self._thread_id is not None or events._get_running_loop() is not None:  # type: ignore[attr-defined]
            self.on_nested_run()
            super()._check_running()  # type: ignore[misc]

    def close(self) -> None:
        super().close()
        self._fast = False
        self._sleeper = None
        self.timers.clear()
