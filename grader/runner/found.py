"""What a run finds otherwise in the library than Python has it, beside what the clock replaces there.

Each of these asks whose run it is when it is called, so that it may stand from one run to the next.
"""

import asyncio
import functools
import inspect
import sys
import threading
import types
import warnings
from collections.abc import Callable
from typing import Any

from grader.clock.library.replaced import Replacement
from grader.runner import failures
from grader.runner.at_exit import at_exit
from grader.runner.clocks import clocks
from grader.runner.deaths import deaths
from grader.runner.dress import dressed
from grader.runner.dumps import dumps
from grader.runner.proxies import looks_async
from grader.runner.report import Report
from grader.runner.tasks import AsyncioTask, RunTask

ORIGIN_DEPTH = (
    6  # frames kept for a coroutine that nobody awaits: enough to reach the learner's line; each costs a search
)
Asked = Callable[[], Report]  # gives that of the run that is played


def found_otherwise(report: Asked, enabled: list[bool]) -> list[Replacement]:
    """`enabled`: whether the program has enabled `faulthandler`."""
    return [
        *_counted_runs(report),
        *_tasks_in_one_order(),
        *[(module, "Task", AsyncioTask) for module in (asyncio, asyncio.tasks)],
        *_coroutines_alike(),
        *_operations_look_async(),
        *_unawaited_reported(report),
        *_failed_threads_reported(report),
        *deaths(),
        *dumps(enabled),
        *at_exit(),
        *clocks(),
    ]


def _counted_runs(report: Asked) -> list[Replacement]:
    """`asyncio.run` and the runs of a Runner are counted, and one inside a running loop is noted before asyncio refuses it."""
    runner: Any = asyncio.Runner
    real, real_of_runner = asyncio.run, runner.run

    def run(*args: Any, **named: Any) -> Any:
        report().nested("asyncio.run", sys._getframe(1))
        return real(*args, **named)  # a Runner's run

    def run_of_runner(*args: Any, **named: Any) -> Any:
        report().ran(sys._getframe(1))
        report().nested("Runner.run", sys._getframe(1))
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
    real = asyncio.TaskGroup.create_task
    return [
        (coroutines, "_COROUTINE_TYPES", _without_generators(coroutines._COROUTINE_TYPES)),
        (asyncio.TaskGroup, "create_task", _closing(real) if sys.version_info < (3, 13) else real),
    ]


def forget_generators() -> None:
    """What somebody has asked before does not count: a generator is no coroutine."""
    coroutines: Any = asyncio.coroutines
    coroutines._iscoroutine_typecache.discard(types.GeneratorType)


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


def _unawaited_reported(report: Asked) -> list[Replacement]:
    """Coroutines that nobody awaits are reported, with their line, in place of the interpreter's warning.

    And what fails in a finaliser is not written on the host's stderr.
    """

    def never_awaited(coroutine: Any) -> None:
        report().never_awaited(coroutine)

    return [(warnings, "_warn_unawaited_coroutine", never_awaited), (sys, "unraisablehook", _nobody_hears)]


def _nobody_hears(unraisable: Any, /) -> None:
    """A finaliser's failure is its own."""


def _failed_threads_reported(report: Asked) -> list[Replacement]:
    """As Python does it, and not as a test runner would, but with the learner's lines alone; and it is reported."""

    def failed(args: Any, /) -> None:
        report().lost(args.exc_value)
        if args.exc_type is not SystemExit:
            thread = args.thread or threading.current_thread()
            sys.stderr.write(f"Exception in thread {thread.name}:\n{failures.printed(args.exc_value, report().ours)}")

    return [(threading, "excepthook", failed)]
