"""What a run finds around it, put up before and taken down after: virtual time, its event loops, refusals, captured output.

Whatever happens, all that was put up is taken down when the run is over: in process, a learner's run is a guest in somebody's
pytest. What the program itself changes (a handler, the working folder) it changes as in any process of its own.
"""

import asyncio
import contextlib
import functools
import gc
import inspect
import random
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from grader.clock.library.replaced import Replacement
from grader.clock.loops.loop import VirtualLoop
from grader.clock.refuse import Watch, refusing
from grader.clock.surroundings import on
from grader.runner import failures
from grader.runner.at_exit import at_exit
from grader.runner.clocks import clocks
from grader.runner.deaths import as_with_site, deaths
from grader.runner.descriptors import Hosts
from grader.runner.dress import dressed
from grader.runner.dumps import dumps
from grader.runner.loops_by_hand import loops_by_hand
from grader.runner.output import past_python
from grader.runner.proxies import looks_async
from grader.runner.report import Report
from grader.runner.run_loop import RunLoop
from grader.runner.steady import steady
from grader.runner.tasks import RunTask, factory
from grader.runner.traces import Traces

if TYPE_CHECKING:
    from grader.runner.play_case import Play

ORIGIN_DEPTH = (
    6  # frames kept for a coroutine that nobody awaits: enough to reach the learner's line; each costs a search
)


def make_loop(report: Report, max_tasks: int, salt: int) -> VirtualLoop:
    """A loop of the run; every one that the program makes is one of these."""
    loop = RunLoop(report, salt)
    loop.set_task_factory(factory(report, max_tasks))
    loop.set_exception_handler(report.exception_handler)
    loop.on_nested_run = lambda: report.nested_in_loop(sys._getframe(1))
    loop.on_refusal = report.refused
    if report.importing:
        loop.made_at_import()
    finalizer: Callable[[Any], None] = loop._asyncgen_finalizer_hook  # type: ignore[attr-defined]

    def finalize(generator: Any) -> None:
        report.open_generator(generator)
        finalizer(generator)

    loop._asyncgen_finalizer_hook = finalize  # type: ignore[attr-defined]
    report.loops.append(loop)
    report.loops_made += 1
    return loop


def _counted_runs(report: Report) -> list[Replacement]:
    """`asyncio.run` and the runs of a Runner are counted, and one inside a running loop is noted before asyncio refuses it."""
    runner: Any = asyncio.Runner
    real, real_of_runner = asyncio.run, runner.run

    def run(*args: Any, **named: Any) -> Any:
        report.nested("asyncio.run", sys._getframe(1))
        return real(*args, **named)  # a Runner's run

    def run_of_runner(*args: Any, **named: Any) -> Any:
        report.ran(sys._getframe(1))
        report.nested("Runner.run", sys._getframe(1))
        return real_of_runner(*args, **named)

    for ours, theirs in ((run, real), (run_of_runner, real_of_runner)):
        dressed(ours, theirs)
    return [(asyncio, "run", run), (asyncio.runners, "run", run), (runner, "run", run_of_runner)]


@functools.lru_cache(maxsize=1)
def _in_one_order(real: Callable[..., "set[asyncio.Task[Any]]"]) -> Callable[..., "set[asyncio.Task[Any]]"]:
    @functools.wraps(real)
    def all_tasks(loop: asyncio.AbstractEventLoop | None = None) -> "set[asyncio.Task[Any]]":
        return set(sorted(real(loop), key=lambda task: task.number if isinstance(task, RunTask) else 0))

    return all_tasks


def _tasks_in_one_order() -> list[Replacement]:
    """asyncio keeps all tasks of the process in one set, so what ran before would show in the order of a run's own.

    By it a Runner cancels what is left, and so a clean-up is reported.
    """
    all_tasks = _in_one_order(asyncio.all_tasks)
    return [(asyncio, "all_tasks", all_tasks), (asyncio.tasks, "all_tasks", all_tasks)]


def _coroutines_alike() -> list[Replacement]:
    """What 3.12 and 3.13 changed of coroutines, for the Pythons before: else the same mistake would end otherwise there.

    3.11 takes a generator for a coroutine, and fails later. Before 3.13 a TaskGroup that makes no task of what it is given
    leaves that lying about.
    """
    coroutines: Any = asyncio.coroutines
    coroutines._iscoroutine_typecache.discard(types.GeneratorType)
    real = asyncio.TaskGroup.create_task
    return [
        (coroutines, "_COROUTINE_TYPES", _without_generators(coroutines._COROUTINE_TYPES)),
        (asyncio.TaskGroup, "create_task", _closing(real) if sys.version_info < (3, 13) else real),
    ]


def _without_generators(kinds: tuple[type, ...]) -> tuple[type, ...]:
    return tuple(kind for kind in kinds if kind is not types.GeneratorType)


@functools.lru_cache(maxsize=1)
def _closing(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def create_task(self: asyncio.TaskGroup, coro: Any, **options: Any) -> Any:
        try:
            return real(self, coro, **options)
        except RuntimeError:
            if asyncio.iscoroutine(coro):
                coro.close()
            raise

    return create_task


def _operations_look_async() -> list[Replacement]:
    """3.11 has no way to mark a function for `inspect.iscoroutinefunction`; later versions do."""
    real = inspect.iscoroutinefunction
    return [
        (inspect, "iscoroutinefunction", real if hasattr(inspect, "markcoroutinefunction") else _or_looks_async(real))
    ]


@functools.lru_cache(maxsize=1)
def _or_looks_async(real: Callable[..., bool]) -> Callable[..., bool]:
    def is_one(function: Any) -> bool:
        return real(function) or looks_async(function)

    return is_one


@contextlib.contextmanager
def _replaced(names: dict[str, Any]) -> Iterator[None]:
    """Functions of asyncio that are the world's for this time, wherever asyncio has them."""
    with contextlib.ExitStack() as before:
        for module in (asyncio, asyncio.streams, asyncio.subprocess, asyncio.tasks):
            for name, function in names.items():
                if module is asyncio or hasattr(module, name):
                    before.enter_context(_in_place(vars(module), name, function))
        yield


@contextlib.contextmanager
def _in_place(names: dict[str, Any], name: str, value: Any) -> Iterator[None]:
    """Windows has no unix sockets in asyncio; an exercise has them there too."""
    before = names.get(name)
    names[name] = value
    try:
        yield
    finally:
        if before is None:
            del names[name]
        else:
            names[name] = before


def _unawaited_reported(report: Report) -> list[Replacement]:
    """Coroutines that nobody awaits are reported, with their line, in place of the interpreter's warning.

    And what fails in a finaliser is not written on the host's stderr.
    """
    return [(warnings, "_warn_unawaited_coroutine", report.never_awaited), (sys, "unraisablehook", _nobody_hears)]


def _nobody_hears(unraisable: Any, /) -> None:
    """A finaliser's failure is its own."""


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    depth = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(ORIGIN_DEPTH)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        sys.set_coroutine_origin_tracking_depth(depth)


_STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")


@contextlib.contextmanager
def _captured(play: "Play") -> Iterator[None]:
    """Printing is kept, forbidden calls are refused, and the CPU limit holds, all until a debugger is asked for."""
    before = [getattr(sys, name) for name in _STREAMS]

    def streams_back() -> None:
        for name, stream in zip(_STREAMS, before, strict=True):
            setattr(sys, name, stream)

    def debugging() -> None:
        streams_back()
        play.limit.debugging()
        play.clock.max_turns = sys.maxsize

    sys.stdout = sys.__stdout__ = play.output  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = play.output.error  # type: ignore[misc]
    try:
        watch = Watch(play.report.refused, debugging)
        with refusing(play.clock, watch, alarms=not play.may_set_alarms), play.limit.kept():
            yield
    finally:
        streams_back()


def _failed_threads_reported(report: Report) -> list[Replacement]:
    """As Python does it, and not as a test runner would, but with the learner's lines alone; and it is reported."""

    def failed(args: Any, /) -> None:
        report.lost(args.exc_value)
        if args.exc_type is not SystemExit:
            thread = args.thread or threading.current_thread()
            sys.stderr.write(f"Exception in thread {thread.name}:\n{failures.printed(args.exc_value, report.ours)}")

    return [(threading, "excepthook", failed)]


@contextlib.contextmanager
def _alone(seed: str, guest: bool) -> Iterator[None]:
    """What a run draws hangs on the seed alone, and what it leaves is seen at its end.

    Finalisers run at one place: what they report must not depend on when memory is collected. In a notebook a loop is running
    already; it stands aside. `guest`: this process goes on when the run is over, so somebody else draws, too, and nothing may
    be left. In a process that plays one program what is left after the cleaning up is little, and ends with it.
    """
    enabled, around = gc.isenabled(), asyncio._get_running_loop()
    state = random.getstate() if guest else None
    gc.disable()
    gc.freeze()
    try:
        random.seed(seed)
        asyncio._set_running_loop(None)
        yield
    finally:
        asyncio._set_running_loop(around)
        if state is not None:
            random.setstate(state)
            gc.collect()  # all that the run left; what was there before is frozen and costs nothing
        gc.unfreeze()
        if enabled:
            gc.enable()


_standing: list[Traces] = []


@contextlib.contextmanager
def _no_traces(play: "Play") -> Iterator[None]:
    """What a program changes in somebody's process is changed back, so that the next run finds none of it."""
    traces = _standing.pop() if _standing else Traces()
    if traces.renamed():  # by somebody else, who may do what they like
        traces = Traces()
    traces.begin()
    try:
        yield
    finally:
        if not play.limit.debugged:
            traces.take_away()
        _standing[:] = [traces]


@contextlib.contextmanager
def _on_the_clock(play: "Play") -> Iterator[None]:
    """This thread, and all that it starts, is on the run's clock."""
    clock = play.clock
    clock.make_loop, clock.on_block = play.make_loop, play.report.held_up
    with on(clock):
        yield


def collect() -> None:
    gc.collect()


@contextlib.contextmanager
def _in_their_places(replacements: list[Replacement]) -> Iterator[None]:
    """They stand there for this time, whatever the program puts there itself."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in replacements]
    try:
        for each in replacements:
            setattr(*each)
        yield
    finally:
        for each in reversed(before):
            setattr(*each)


def _found_otherwise(report: Report) -> list[Replacement]:
    return [
        *_counted_runs(report),
        *_tasks_in_one_order(),
        *_coroutines_alike(),
        *_operations_look_async(),
        *_unawaited_reported(report),
        *_failed_threads_reported(report),
        *deaths(),
        *dumps(),
        *at_exit(),
    ]


@contextlib.contextmanager
def surroundings(play: "Play", start: dict[str, Any]) -> Iterator[None]:
    """Everything that a run needs, in the order in which it must be put up."""
    guest = play.guest
    hosts = Hosts() if guest else None
    with (
        _no_traces(play) if guest and play.folder is not None else contextlib.nullcontext(),
        _alone(start["seed"], guest),
        _in_their_places([*steady(start["seed"]), *loops_by_hand()] if start.get("folder") else []),
        _on_the_clock(play),
        _in_their_places(
            [
                *_found_otherwise(play.report),
                *clocks(start["epoch"]),
                *(past_python(play.output) if play.hears_all else []),
                *(hosts.replacements() if hosts is not None else []),
            ]
        ),
        hosts.lent() if hosts is not None else contextlib.nullcontext(),
        as_with_site() if guest else contextlib.nullcontext(),
        _replaced(start["replaced"]),
        _without_warnings(),
        _captured(play),
    ):
        yield
