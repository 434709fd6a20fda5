"""What a loop on a clock is asked to do now or later: its futures and tasks, callbacks and timers.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13: `call_soon` (as asyncio's, made faster), `_check_thread`
(asked in debug mode, and too early), `_timer_handle_cancelled` (nobody counts them), `_asyncgens` (in order). The callback by
which `run_until_complete` stops the loop is not called: the loop knows. It relies on what `asyncio.sleep` does with its future
and its timer: nobody else sees them, and `cancel()` in the end is all that it asks of the timer.
"""

import asyncio
import sys
import threading
from asyncio import base_events, events, futures
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from heapq import heappush
from types import FrameType
from typing import Any

from grader.clock.handles import FastHandle, FastTimer, NumberedFuture, Timer, new_task
from grader.clock.lines import of_a_program
from grader.clock.loops.by_hand import ByHand
from grader.clock.loops.generators import Begun
from grader.clock.loops.wrong_thread import wrong_thread
from grader.clock.seconds import check_seconds
from grader.clock.threads.in_line import caller_of
from grader.ticks import to_tick

STOP: Any = base_events._run_until_complete_cb  # type: ignore[attr-defined]  # what a loop's `run_until_complete` is told by
SET = futures._set_result_unless_cancelled  # type: ignore[attr-defined]  # what asyncio.sleep has its timer call
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
_frame, _init = sys._getframe, asyncio.Task.__init__
_NOT_CALLED: Any = None  # no callback of a future's is asked for its handle
Future = asyncio.Future


class Scheduling(ByHand):
    """`_fast`: there is nothing to look at, so no time is lost on it. `salt`: of the order of sets of tasks and futures."""

    salt: int
    hashed: int  # how many have asked for their hash
    _arrived: list[tuple[int, int, int, events.Handle]] | None
    _sleeper: asyncio.Future[Any] | None  # the last future that asyncio.sleep asked for
    _fast: bool
    _begun: Begun | None
    _ending: Any  # what the loop is run for, when that is done and nobody else is to say so

    @property
    def _asyncgens(self) -> Begun:
        """Made when it is first asked for."""
        begun = self._begun
        if begun is None:
            begun = self._begun = Begun()
        return begun

    @_asyncgens.setter
    def _asyncgens(self, empty: object) -> None:
        """asyncio makes one of its own."""

    def create_future(self) -> "asyncio.Future[Any]":
        code = _frame(1).f_code
        if code is _SLEEP:
            future: asyncio.Future[Any] = Future(loop=self)
            self._sleeper = future
            return future
        return Future(loop=self) if id(code) in _PRIVATE else NumberedFuture(loop=self)

    def create_task(  # type: ignore[override]
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, context: Context | None = None, **more: Any
    ) -> "asyncio.Task[Any]":
        if not self._fast:
            self._check_whose(sys._getframe(1), done=False)
        if self._task_factory is not None or self._closed:  # type: ignore[attr-defined]
            return super().create_task(coro, name=name, context=context, **more)
        task = new_task(self)
        if name is None and context is None and not more:
            _init(task, coro, loop=self)  # as nearly all are: no need to look through what is not given
        else:
            _init(task, coro, loop=self, name=name, context=context, **more)
        if self._debug and task._source_traceback:  # type: ignore[attr-defined]
            del task._source_traceback[-1]  # type: ignore[attr-defined]
        return task

    def choose_pace(self) -> None:
        """Slowly, where there is something to look at: in debug mode, and where calls may come from a wrong thread."""
        self._fast = not (self._debug or self.clock.crowded)  # type: ignore[attr-defined]

    def _check_thread(self) -> None:
        """Debug mode's question comes too early: what is asked for would be lost, and somebody wait for ever."""

    def _check_whose(self, frame: FrameType, done: bool = True, call: str = "") -> None:
        """Raises RuntimeError in a thread that is not the loop's; what was `done` is heard of, so that nobody waits in vain.

        `call`: what was called, if that is known without its `frame`.
        """
        if self.clock.door is not None:
            return  # as in asyncio: nobody is woken, and the exercise says why
        if self._thread_id not in (None, threading.get_ident()):  # type: ignore[attr-defined]
            if done:
                self._write_to_self()  # type: ignore[attr-defined]
            raise RuntimeError(wrong_thread(self._thread_id, frame, call))  # type: ignore[attr-defined]

    def _check_before(self, frame: FrameType, *of: object) -> None:
        """The same before anything is done, where `frame` is a program's, and asks the loop itself.

        A future that has come to its end, among what the callback is given, has let go of its callbacks; so has what asyncio
        or a package changed before it asked.
        """
        if self._thread_id in (None, threading.get_ident()):  # type: ignore[attr-defined]
            return
        is_programs = of_a_program(caller_of(frame).f_code.co_filename)
        if is_programs and not any(futures.isfuture(each) and each.done() for each in of):
            self._check_whose(frame, done=False)

    def stop(self) -> None:
        if not self._fast:
            self._check_whose(sys._getframe(1), done=False)
        ending, self._ending = self._ending, None
        super().stop()
        if ending is not None:  # it goes on in the next run, with what would end that
            ending.add_done_callback(STOP)

    def _forget_stop(self) -> None:
        """What was to be run until it was complete may be so by now: no reason to stop the next time, nor to tell of it."""
        for handle in self._ready:  # type: ignore[attr-defined]
            if handle._callback is STOP:
                for future in handle._args:
                    future._log_traceback = False
                handle.cancel()
        if self._ending is not None:
            self._ending._log_traceback = False

    def call_soon(  # type: ignore[override]
        self, *call: Any, context: Context | None = None
    ) -> events.Handle:
        if not (self._fast and call):
            self._check_before(sys._getframe(1), *call[1:])
            slow = super().call_soon(*call, context=context)
            if slow._source_traceback:  # type: ignore[attr-defined]
                del slow._source_traceback[-1]  # type: ignore[attr-defined]  # this function's frame
            self._check_whose(sys._getframe(1))
            return slow
        if call[0] is STOP and self._ends_with(call[1]):
            return _NOT_CALLED  # type: ignore[no-any-return]
        handle: Any = FastHandle()
        handle.call, handle._loop = call, self
        handle._context = copy_context() if context is None else context
        handle._cancelled = False
        self._ready.append(handle)  # type: ignore[attr-defined]
        return handle  # type: ignore[no-any-return]

    def _ends_with(self, future: Any) -> bool:
        """Whether the loop will end without being told by a callback, since `future` is done for which it was run."""
        return False

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> events.TimerHandle:
        if delay is None:
            raise TypeError("delay must not be None")
        clock = self.clock
        try:
            tick = clock.now + (round(delay * 1e9) or (delay > 0))  # by a float, whole numbers are exact up to NEVER
        except (OverflowError, TypeError):
            check_seconds("delay", delay)
            tick = to_tick(delay)  # beyond all time, from whenever it is counted
        if clock.door is not None or not self._fast:
            return self._at(tick, callback, args, context)
        if callback is SET and args[0] is self._sleeper and args[1] is None:
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
        check_seconds("when", when)
        tick = to_tick(when)
        if tick <= self.clock.now and when > self.time():
            tick = self.clock.now + 1  # so that it is that time when it comes
        return self._at(tick, callback, args, context)

    def _at(
        self, tick: int, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> events.TimerHandle:
        self._check_closed()  # type: ignore[attr-defined]
        self._check_before(sys._getframe(2), *args)
        if self._debug:  # type: ignore[attr-defined]
            self._check_callback(callback, "call_at")  # type: ignore[attr-defined]
        timer = Timer(tick, callback, args, self, context)
        if timer._source_traceback:  # type: ignore[attr-defined]
            del timer._source_traceback[-3:]  # type: ignore[attr-defined]  # the frames of this, its caller and Timer's
        timer.number = self.clock.number()
        self.timers.add(tick, timer)
        self._check_whose(sys._getframe(2))
        return timer

    def arrive(self, order: tuple[int, int], callback: Callable[..., object], *args: Any) -> None:
        """Queue `callback` where a timer set with this (tick, number) would stand."""
        if not self.is_closed():
            self._arrived = self._arrived or []
            self._arrived.append((*order, len(self._arrived), events.Handle(callback, args, self)))
            self.clock.wake(self._seat)

    def _timer_handle_cancelled(self, handle: events.TimerHandle) -> None:
        """Nobody counts them; see `Timers`."""
