"""What a program leaves lying about, found and named with its lines, in anyone's tests.

    with hygiene():
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(main())

Overrides, each checked on 3.11, 3.12 and 3.13: `warnings._warn_unawaited_coroutine`, which the interpreter calls for a
coroutine that nobody awaited; a loop's `shutdown_asyncgens`, `_asyncgen_firstiter_hook` and `_asyncgen_finalizer_hook`, which
see generators that begin and that were not finished; `call_exception_handler`, which hears of exceptions that nobody looked
at; `threading.excepthook`. A runner cancels what is left while its loop stands still; that is how a task that nobody awaited is
told from one that somebody cancelled.
"""

import asyncio
import contextlib
import functools
import gc
import sys
import threading
import traceback
import warnings
import weakref
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any, NamedTuple

from grader.clock.clock import Clock
from grader.clock.findings import kept
from grader.clock.findings.deliveries import DeliveredTask
from grader.clock.findings.direct import Direct
from grader.clock.findings.origins import SCHEDULES, Origins, passes_over
from grader.clock.lines import NOWHERE, Place, called, choose, of_a_program, path, place_of, said
from grader.ticks import to_seconds

ORIGIN_DEPTH = 12  # frames kept for a coroutine that nobody awaits: enough to reach the program's line
_SEEN = ("call_exception_handler", "_asyncgen_firstiter_hook", "_asyncgen_finalizer_hook", "shutdown_asyncgens")
_MADE = ("create_future", "run_forever", "set_task_factory", "get_task_factory", *SCHEDULES)
_EAGER = getattr(asyncio, "eager_task_factory", None)  # since 3.12
_ELSEWHERE = "use its awaitable form, or asyncio.to_thread"
_LATE = " after its gather was over"
_INSTEAD = "use asyncio.TaskGroup, or gather with return_exceptions"
_WENT_ON = "and went on: raise CancelledError again"
watches: list["_Watch"] = []  # the innermost, which is the last, sees what becomes of a loop that is made


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """`kind` is never_awaited, orphaned, lost_exception, open_generator, swallowed_cancel, blocked or wrong_thread; `line` 0 is
    unknown."""

    file: str
    line: int
    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{said((self.file, self.line))}: {self.detail}" if self.line else self.detail


class HygieneError(AssertionError):
    """What was found; `findings` holds it."""

    def __init__(self, findings: list[Finding]):
        super().__init__("\n  ".join(["the program leaves something lying about:", *map(str, findings)]))
        self.findings = findings


@contextlib.contextmanager
def hygiene(strict: bool = True) -> Iterator[list[Finding]]:
    """Loops on virtual time that are made in this time are watched, and the one that runs here, if one does, for this time.

    The list is complete, and sorted, at the end. A task of the running loop that is then neither done nor cancelled was left
    running.

    Raises HygieneError at the end, if it is `strict`, and the program has not failed itself.
    """
    with kept.set_aside():
        watch = _Watch()
        with watch.watching():
            yield watch.findings
    if strict and watch.findings:
        raise HygieneError(watch.findings)


class WatchedTask(DeliveredTask):
    """`orphaned`: its loop stood still when it was cancelled. `passed_over`: see `passes_over`. `function`: what it was
    made of, if that was done at once."""

    function = ""
    orphaned = False
    passed_over = False

    def exception(self) -> BaseException | None:
        if not passes_over(sys._getframe(1)):
            return super().exception()
        self.passed_over = True
        return self._exception  # and nobody has looked at it

    def cancel(self, msg: Any | None = None) -> bool:
        self.orphaned = self.orphaned or not self.get_loop().is_running()
        return super().cancel(msg)


class _Factory(NamedTuple):
    """Stands for the one that a program has `set`: none, or asyncio's eager one."""

    make: Callable[..., Any]
    set: Any

    def __call__(self, loop: Any, coro: Any, **options: Any) -> Any:
        return self.make(loop, coro, **options, **({} if self.set is None else {"eager_start": True}))


def _as_set(factory: Any) -> Any:
    return factory.set if isinstance(factory, _Factory) else factory


WatchedTask.__name__ = WatchedTask.__qualname__ = "Task"  # as it is printed


class _Watch:
    """All that is seen between two lines of a test."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._tasks: dict[int, WatchedTask] = {}
        self._begun: dict[int, Place] = {}  # by the id of an async generator, which is its own again when it begins
        self._kept = kept.Kept()
        self._origins = Origins(self._kept.failed)
        self._direct = Direct(lambda task: isinstance(task, WatchedTask), self._orphan)
        self._over = False

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        from grader.clock.findings import jobs, steps, strangers
        from grader.clock.library import blocking

        module: Any = warnings
        real, depth = module._warn_unawaited_coroutine, sys.get_coroutine_origin_tracking_depth()
        watches.append(self)
        module._warn_unawaited_coroutine = self.never_awaited
        sys.set_coroutine_origin_tracking_depth(max(ORIGIN_DEPTH, depth))
        loop: Any = asyncio._get_running_loop()
        clock = getattr(loop, "clock", None)
        try:
            with (
                blocking.told(),
                self._threads(),
                self._for_this_time(loop) if isinstance(clock, Clock) and clock.door is None else self._to_the_end(),
                steps.told(lambda place, said: self.found(place, "never_awaited", said)),
                jobs.told(lambda place, said: self.found(place, "lost_exception", said)),
                strangers.told(self._by_a_stranger),
            ):
                yield
        finally:
            sys.set_coroutine_origin_tracking_depth(depth)
            module._warn_unawaited_coroutine = real
            watches.remove(self)
            self.findings.sort()

    @contextlib.contextmanager
    def _threads(self) -> Iterator[None]:
        """Threads that start in this time; whoever heard of their exceptions before still does."""
        there, before = weakref.WeakSet(threading.enumerate()), threading.excepthook

        def failed(args: Any, /) -> None:
            error = args.exc_value
            if args.thread is not None and args.thread not in there and not isinstance(error, SystemExit):
                said = f"the thread {args.thread.name} failed with {error!r}, and nobody can look at it: catch it there"
                self._lost(error, said)
            before(args)

        threading.excepthook = failed
        try:
            yield
        finally:
            if threading.excepthook is failed:
                threading.excepthook = before

    @contextlib.contextmanager
    def _to_the_end(self) -> Iterator[None]:
        """What is left at the end is found, and nothing after it."""
        try:
            yield
        finally:
            for task in list(self._tasks.values()):
                self._left(task)
            self._tasks.clear()
            self._direct.end()
            gc.collect()
            for future in self._kept.lost():
                self._unlooked(future, future._exception)
            for coroutine in self._kept.unawaited():
                self.never_awaited(coroutine)
            self._over = True

    @contextlib.contextmanager
    def _for_this_time(self, loop: Any) -> Iterator[None]:
        """`loop` runs already, and goes on afterwards as if nothing had been."""
        own = {name: vars(loop)[name] for name in _SEEN + _MADE if name in vars(loop)}
        on_block, hooks = loop.clock.on_block, sys.get_asyncgen_hooks()
        self._direct.overlook(loop)
        self.take_on(loop)
        begins, finalizer = loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook
        sys.set_asyncgen_hooks(begins, finalizer)  # a loop gives them to the interpreter when it begins to run
        try:
            with self._to_the_end():
                yield
                self._direct.stops(loop)
        finally:
            if sys.get_asyncgen_hooks().finalizer is finalizer:  # else it does not run any more
                sys.set_asyncgen_hooks(*hooks)
            factory = _as_set(loop._task_factory)
            for name in _SEEN + _MADE:
                delattr(loop, name)
            vars(loop).update(own)
            loop.set_task_factory(factory)  # of whoever watched before, or of nobody
            loop.clock.on_block = on_block

    def found(self, place: Place, kind: str, detail: str, once: bool = False) -> None:
        finding = Finding(*place, kind, detail)
        if not (self._over or (once and finding in self.findings)):
            self.findings.append(finding)

    # ------------------------------------------------------------ a loop

    def take_on(self, loop: Any) -> None:
        from grader.clock.findings import strangers

        self._set_factory(loop, loop._task_factory)
        loop.set_task_factory = functools.partial(self._set_factory, loop)
        loop.get_task_factory = lambda: _as_set(loop._task_factory)
        loop.run_forever = self._runs(loop, loop.run_forever)
        for name, seen in zip(_SEEN, (self._hears, self._begins, self._finalizes, self._shuts_down), strict=True):
            setattr(loop, name, seen(loop, getattr(loop, name)))
        loop.create_future = self._origins.makes(loop, loop.create_future)
        for name, at in SCHEDULES.items():
            look = strangers.looks(loop, name, self._by_a_stranger)
            setattr(loop, name, self._origins.schedules(at, getattr(loop, name), look))
        loop.clock.on_block = self.held_up

    def _set_factory(self, loop: Any, factory: Any) -> None:
        """A program with a factory of its own has its tasks to itself."""
        factory = _as_set(factory)
        watched = factory is None or factory is _EAGER
        asyncio.BaseEventLoop.set_task_factory(loop, _Factory(self.make_task, factory) if watched else factory)

    def make_task(
        self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **options: Any
    ) -> "asyncio.Task[Any]":
        task = WatchedTask(coro, loop=loop, **options)
        task.made = place_of(sys._getframe(1))
        if task.made[1] and task.done():  # it was eager
            task.function = getattr(coro, "__qualname__", "")
            self._done(task)
        elif task.made[1]:
            self._tasks[id(task)] = task
            task.add_done_callback(self._done)
        return task

    def _runs(self, loop: Any, real: Callable[[], None]) -> Callable[[], None]:
        def run_forever() -> None:
            self._direct.goes_on()
            try:
                real()
            finally:
                if isinstance(loop._task_factory, _Factory):
                    self._direct.stops(loop)

        return run_forever

    def _hears(self, loop: Any, real: Callable[..., Any]) -> Callable[..., Any]:
        def call_exception_handler(context: dict[str, Any]) -> None:
            error, message = context.get("exception"), context.get("message", "")
            # a group of tasks that was itself cancelled in the end says so to nobody, and need not
            if error is not None and not isinstance(error, asyncio.CancelledError):
                if "never retrieved" in message:
                    future = context.get("future") or context.get("task")
                    self._unlooked(future, error)
                    if getattr(future, "passed_over", False):
                        return  # asyncio says nothing of these
                elif message.startswith("unhandled exception during"):
                    task = context.get("task")
                    said = f"{kept.called(task)} failed with {error!r} when it was cancelled in the end"
                    self._lost(error, f"{said}, and nobody looks at it: catch it there", *kept.begun(task))
                elif message.startswith("Exception in callback"):
                    handle = context.get("handle")
                    detail = f"{kept.callback(handle)} failed with {error!r}, and nobody can look at it: catch it there"
                    self._lost(error, detail, self._origins.of_handle(handle))
            real(context)

        return call_exception_handler

    def _begins(self, loop: Any, real: Callable[..., Any]) -> Callable[..., Any]:
        def firstiter(generator: Any) -> None:
            self._begun[id(generator)] = place_of(sys._getframe(1))
            real(generator)

        return firstiter

    def _finalizes(self, loop: Any, real: Callable[..., Any]) -> Callable[..., Any]:
        def finalizer(generator: Any) -> None:
            self._unfinished(generator)
            real(generator)

        return finalizer

    def _shuts_down(self, loop: Any, real: Callable[..., Any]) -> Callable[..., Any]:
        async def shutdown_asyncgens() -> None:
            for generator in list(loop._asyncgens):
                self._unfinished(generator)
            await real()

        return shutdown_asyncgens

    # ------------------------------------------------------------ what is found

    def _done(self, task: Any) -> None:
        self._tasks.pop(id(task), None)
        self._timed_out(task)
        if task.orphaned:
            self._orphan(task.made, task)
        elif not task.cancelled() and task._exception is None:
            self._swallowed(task)
        elif not task.cancelled():
            self._kept.failed(task)
        task.forget()

    def _timed_out(self, task: WatchedTask) -> None:
        for caught in task.timed_out:
            end = "with its cancel scope" if caught.of_a_scope else "at a time-out"
            detail = f"{caught.function or kept.name(task)} was to end {end} {_WENT_ON}"
            self.found(choose([task.made, caught.place]), "swallowed_cancel", detail)

    def _swallowed(self, task: WatchedTask) -> None:
        caught = task.swallowed()
        if caught is not None:
            # of a task that has ended only its outermost coroutine is known, which may be a package's
            function = (caught.function if caught.of_a_scope else "") or kept.name(task)
            detail = f"the task of {function} was cancelled {_WENT_ON}"
            self.found(choose([task.made, caught.place]), "swallowed_cancel", detail)

    def _left(self, task: WatchedTask) -> None:
        """Watching ends before the loop has told of `task`."""
        if task.done():
            self._done(task)
            return
        self._timed_out(task)
        if task.orphaned or not (task.asked_to_end() or task is asyncio.current_task(task.get_loop())):
            self._orphan(task.made, task)

    def _by_a_stranger(self, place: Place, detail: str) -> None:
        self.found(place, "wrong_thread", detail, once=True)

    def _orphan(self, made: Place, task: "asyncio.Task[Any]") -> None:
        self.found(made, "orphaned", f"the task of {kept.name(task)} was left running: await it, or cancel it")

    def _lost(self, error: BaseException, detail: str, *begun: Place) -> None:
        """`begun`: where that which failed was made."""
        came = ((frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__))
        self.found(choose([*begun, *came]), "lost_exception", detail)

    def _unlooked(self, future: Any, error: BaseException) -> None:
        if self._over:
            return
        late = getattr(future, "passed_over", False)
        said = f"{kept.called(future)} failed with {error!r}{_LATE if late else ''}, and nobody looked at it"
        self._lost(error, f"{said}: {_INSTEAD if late else 'await it'}", *kept.begun(future))

    def _unfinished(self, generator: Any) -> None:
        if generator.ag_frame is not None and of_a_program(generator.ag_code.co_filename):
            stands = generator.ag_code.co_filename, generator.ag_frame.f_lineno
            place = choose([self._begun.get(id(generator), NOWHERE), stands])
            detail = (
                f"{generator.__qualname__} was left unfinished: iterate it in `async with contextlib.aclosing(...)`"
            )
            self.found(place, "open_generator", detail)

    def never_awaited(self, coroutine: Any) -> None:
        """Takes the place of the interpreter's warning; `cr_origin` says where the coroutine was made."""
        origin = getattr(coroutine, "cr_origin", None) or ()
        places = path((file, function, line) for file, line, function in reversed(origin))
        place = choose([(coroutine.cr_code.co_filename, coroutine.cr_code.co_firstlineno), *places])
        self.found(place, "never_awaited", f"{coroutine.__qualname__}() was never awaited")

    def held_up(self, call: str, frame: FrameType, start: int, end: int) -> None:
        """A call that waits in a loop's thread; one that takes no virtual time waits in real time, and may come in parts."""
        said, place = f"{called(call, frame)} held up the event loop", place_of(frame)
        place = place if place[1] else self._origins.of_call(frame)
        if end > start:
            self.found(place, "blocked", f"{said} for {to_seconds(end - start):g} s")
        else:
            self.found(place, "blocked", f"{said} in real time: {_ELSEWHERE}", once=True)
