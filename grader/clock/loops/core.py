"""asyncio on a clock that jumps: the same order of events as asyncio's own loop, and no waiting.

Equal deadlines fire in the order in which they were set; the clock is set to a deadline, never past it; a cancelled timer
never moves it.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13 (others stand in `scheduling`, `memory` and `light`):
`run_forever` (as asyncio's, in one, since a test runs it once and does little in it), `_run_once` (one turn, or many),
`_write_to_self` (wakes a parked thread), `_check_running` (a loop inside a loop is reported).
"""

import _thread
import asyncio
import contextlib
import sys
import warnings
from asyncio import events
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import Context
from heapq import heappop
from types import FrameType
from typing import Any

from grader.clock import surroundings
from grader.clock.clock import EPOCH, MAX_TURNS, Clock
from grader.clock.findings import hygiene
from grader.clock.handles import FastHandle
from grader.clock.library.present import CLOCKS
from grader.clock.library.replaced import stand
from grader.clock.loops.by_hand import hold
from grader.clock.loops.scheduling import SET, STOP, Future
from grader.clock.loops.timers import no_timers
from grader.clock.loops.watched import Watched
from grader.clock.over import RunOver
from grader.clock.threads.seats import Seat
from grader.ticks import to_time

# taken now, because a run replaces the one that programs use
_ident, _hooks, _set_hooks = _thread.get_ident, sys.get_asyncgen_hooks, sys.set_asyncgen_hooks
_running_loop = events._get_running_loop
_new, _begin = object.__new__, Clock.__init__
_AT_ONCE = (SystemExit, KeyboardInterrupt)


class LoopOnClock(Watched):
    """The part of a loop that has to do with time and turns; the rest is in memory, or outside.

    `idle`: it waits itself, and nothing that it runs does.
    Raises grader.clock.over.DeadlockError out of `run_until_complete` when nothing can ever run again.
    """

    on_nested_run: Callable[[], None] = staticmethod(lambda: None)
    on_refusal: Callable[[str, FrameType | None], None] = staticmethod(lambda call, frame: None)
    _seat: Seat | None  # this and the following are set for each loop, as in Clock
    _closed: bool
    _stopping: bool
    _thread_id: int | None
    _sleeper: asyncio.Future[Any] | None
    _arrived: list[tuple[int, int, int, events.Handle]] | None
    _fast: bool  # until debug mode is set, or there are more threads
    idle = False
    _waking: Context | None  # in which sleepers are woken; nothing of the program's runs there

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        start: float = 0.0,
        epoch: float = EPOCH,
        jump: bool = True,
        cpu_limit: float | None = None,
        time_limit: float | None = None,
    ) -> None:
        if clock is not None:
            if not isinstance(clock, Clock):
                raise TypeError(f"{clock!r} is no Clock: give what is to be set by its name, start=... or epoch=...")
            clock.is_given = True
        clock = clock or CLOCKS.get(_ident())
        if clock is None:
            clock = _new(Clock)  # as Clock(...) does, whose `__init__` would be called by C, at half as much again
            _begin(clock, None, MAX_TURNS, start, epoch)
        self.clock = clock
        if time_limit is not None:
            clock.limit(time_limit)
        if not jump:
            hold(clock)
        self.timers = no_timers()
        self.hashed = self.salt = 0
        self._seat = self._sleeper = self._arrived = self._ending = self._begun = self._waking = None
        self._fast, self._watched = True, False
        self._make()
        if hygiene.watches and self.clock.door is None:
            hygiene.watches[-1].take_on(self)
        if cpu_limit is not None:
            self._limit(cpu_limit)

    def _make(self) -> None:
        """What asyncio's own `__init__` makes, as far as it is needed."""
        super().__init__()

    def time(self) -> float:
        """Virtual seconds."""
        return to_time(self.clock.asked())

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        """As asyncio's. A thread that starts before the loop does is on the clock too, and waits for it."""
        if self.is_running() or self.is_closed():
            if not self._fast:
                self._check_before(sys._getframe(1))
            return super().run_in_executor(executor, func, *args)
        surroundings.see_to_it(self.clock)
        with self.clock.seated():
            return super().run_in_executor(executor, func, *args)

    # ------------------------------------------------------------ turns

    def run_forever(self) -> None:
        """As asyncio's; the present thread is on the clock for this time."""
        if self._thread_id is not None or (self._ending is None and (self._closed or _running_loop() is not None)):
            self._check_closed()  # type: ignore[attr-defined]
            self._check_running()
        clock = self.clock
        entered = clock.enter()
        if clock.lookout is not None or not stand():
            surroundings.see_to_it(clock)
        self._seat = entered or clock.mine
        clock.loops.append(self)
        self._fast = not (self._debug or clock.crowded)  # as choose_pace says
        before = _hooks()
        if self._debug:
            self._set_coroutine_origin_tracking(True)  # type: ignore[attr-defined]
        try:
            self._thread_id = _ident()
            _set_hooks(self._asyncgen_firstiter_hook, self._asyncgen_finalizer_hook)  # type: ignore[attr-defined]
            events._set_running_loop(self)
            if self._ending is None or clock.crowded or clock.targets is not None:
                self._run_once()
            else:
                self._first_turn()
            while not self._stopping or not (self._ending is None or self._was_last()):
                self._run_once()
        except RunOver as reason:
            self._forget_stop()
            if entered:
                clock.end(reason)
            raise
        finally:
            self._stopping = False
            self._ending = None
            self._seat = self._thread_id = None
            events._set_running_loop(None)
            if self._coroutine_origin_tracking_enabled:  # type: ignore[attr-defined]
                self._set_coroutine_origin_tracking(False)  # type: ignore[attr-defined]
            _set_hooks(before[0], before[1])
            if self in clock.loops:
                clock.loops.remove(self)
            if entered:
                clock.exit()

    def _ends_with(self, future: Any) -> bool:
        """As in asyncio the next turn is the last one, but for the callback that would say so: half of a short test's turns.

        What comes from outside comes in that turn, too.
        """
        clock = self.clock
        if self._watched or self._stopping or self._thread_id is None:
            return False
        if clock.door is not None or clock.lookout is not None:
            return False
        if not future.cancelled() and (error := future.exception()) is not None and isinstance(error, _AT_ONCE):
            return False  # which end the loop themselves
        self._stopping, self._ending = True, future
        return True

    def _was_last(self) -> bool:
        """Of a turn in which what the loop was run for came to its end, or might have: whether there is to be no other."""
        if self._watched or not self._ending.done():  # it was but the first one, or somebody wants to see the end
            self._go_on(self._ending)
            return False
        ending, self._ending = self._ending, None
        ticks, clock = self.timers.ticks, self.clock
        if self._ready or clock.crowded or (ticks and ticks[0] <= clock.now):  # type: ignore[attr-defined]
            ending._log_traceback = False  # it is heard when it ends, or what ends the run instead is
            return False
        return True

    def _has_nothing_to_do(self) -> bool:
        clock, ticks = self.clock, self.timers.ticks
        alone = clock.door is None and clock.lookout is None and clock.targets is None and not clock.crowded
        seen = self._watched or not self._fast or self._task_factory is not None  # type: ignore[attr-defined]
        busy = self._ready or self._stopping or clock.holder or (ticks and ticks[0] <= clock.now)  # type: ignore[attr-defined]
        return alone and not (seen or busy)

    def _run_once(self) -> None:
        clock = self.clock
        by_turns = self._watched or clock.crowded or clock.door is not None or clock.targets is not None
        self._turn() if by_turns else self._turns()

    def _first_turn(self) -> None:
        """As `_turns` takes it; what that prepares for many is not needed if it is the last one, too. Else they follow."""
        ready, ticks, now = self._ready, self.timers.ticks, self.clock.now  # type: ignore[attr-defined]
        if ticks and ticks[0] <= now:
            ready.extend(map(self._handle, self.timers.due(now)))
        left = len(ready)
        while left:
            left -= 1
            handle = ready.popleft()
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
        ending = self._ending
        if ending is not None and not ending.done():
            self._go_on(ending)
            self._turns(1)

    def _go_on(self, ending: Any) -> None:
        """It is not over with the first turn."""
        self._ending, self._stopping = None, False
        ending.add_done_callback(STOP)

    def _turn(self) -> None:
        """One turn."""
        clock, ready = self.clock, self._ready  # type: ignore[attr-defined]
        clock.turn()
        if ready or self._arrived or self._stopping:
            if clock.owes:
                clock.ask(clock.now)
            clock.pass_turn()
        else:
            self.idle = True
            try:
                clock.park(self.timers.next_tick())
            finally:
                self.idle = False
        self._queue_due()
        if ready and self._on_turn is not None:
            self._on_turn()
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                clock.steps += 1
                if self._on_callback is not None:
                    self._on_callback(clock.now, handle)
                if self._debug:
                    self._run_watched(handle)
                else:
                    self._run(handle)
        handle = None
        if clock.broken is not None:
            clock.check()

    def _run(self, handle: Any) -> None:
        """As the handle's own method, with less asked of one of ours."""
        if type(handle) is not FastHandle:
            handle._run()
            return
        try:
            handle._context.run(*handle.call)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._failed(handle, error)
        handle = None  # as asyncio has it: a failure's traceback keeps this frame

    def _queue_due(self) -> None:
        """Timers and arrivals whose tick has come, in one order."""
        due: list[Any] = self.timers.due(self.clock.now) if self.timers.ticks else []
        if self._arrived:
            arrived, self._arrived = self._arrived, None
            arrived += [(timer.tick, timer.number, 0, timer) for timer in due]
            due = [entry[3] for entry in sorted(arrived, key=lambda entry: entry[:3])]
        self._ready.extend(map(self._handle, due))  # type: ignore[attr-defined]

    def _handle(self, timer: Any) -> events.Handle:
        """What is called when `timer` is due."""
        if type(timer) is not Future:
            return timer  # type: ignore[no-any-return]
        handle: Any = FastHandle()
        handle.call, handle._loop = (SET, timer, None), self
        if self._waking is None:
            self._waking = Context()
        handle._context, handle._cancelled = self._waking, False
        return handle  # type: ignore[no-any-return]

    def _turns(self, taken: int = 0) -> None:
        """Turns without end while this loop is alone on a clock without a referee, in the order of `_turn`, with less asked."""
        clock, ready, timers = self.clock, self._ready, self.timers  # type: ignore[attr-defined]
        ticks, at, popleft = timers.ticks, timers.at, ready.popleft
        most = clock.turns_unseen()
        left = most - taken
        while not (clock.crowded or self._watched):
            if ready or self._stopping:
                left -= 1
                if left < 0:
                    left += clock.look_round()
                if ticks and ticks[0] <= clock.now:
                    ready.extend(map(self._handle, timers.due(clock.now)))
            else:
                left = left - 1 if ticks and ticks[0] <= clock.now else most
                if left < 0:
                    left += clock.look_round()
                sleeper = at[ticks[0]] if ticks else None
                if type(sleeper) is Future and ticks[0] < clock.until and not sleeper.done():
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
            if self._stopping:
                return

    def _failed(self, handle: events.Handle, error: BaseException) -> None:
        """As asyncio says it."""
        source = asyncio.format_helpers._format_callback_source(handle._callback, handle._args)  # type: ignore[attr-defined]
        context = {"message": f"Exception in callback {source}", "exception": error, "handle": handle}
        self.call_exception_handler(context)

    def _write_to_self(self) -> None:
        self.clock.wake(self._seat)

    def _check_running(self) -> None:
        if self._thread_id is not None or events._get_running_loop() is not None:
            self.on_nested_run()
            super()._check_running()  # type: ignore[misc]

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        try:
            closed = self._closed
        except AttributeError:  # Ctrl-C came while it was made: it has nothing to close, nor all that `close` looks at
            return
        if not closed:
            super().__del__(_warn)  # type: ignore[call-arg]

    def close(self) -> None:
        if self.clock.broken is not None and not self.is_running():
            self._close_coroutines()
        self._unmake()
        self._fast = False
        self._sleeper = None
        if self.timers.at:
            self.timers.clear()

    def _unmake(self) -> None:
        """Close what `_make` has made."""
        super().close()

    def _close_coroutines(self) -> None:
        """No task of an ended run goes on: its `finally` comes now, and not when the garbage collector does, in another run."""
        for task in sorted(asyncio.all_tasks(self), key=hash):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            with contextlib.suppress(Exception, RunOver):
                task.get_coro().close()
