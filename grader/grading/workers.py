"""Worker processes that grade: an interrupt breaks off what they do, once, and none outlives the process that began it.

Processes, not threads: half of the work (the world, the checks) is Python on the trusted side, and threads would take
turns at it.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from grader.run.interrupts import put_off
from grader.run.leftovers import adopt_orphans
from grader.run.semaphores import named

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

ENDING = 1.5  # real seconds for all workers together to end what they run, after Ctrl-C
TOGETHER = 16  # jobs at most that a worker is handed at once
PIECE = 0.2  # real seconds after which it gives back what it has, so that what is done is soon written down
_SAFE_PATH = "PYTHONSAFEPATH"
_YOUNG = 20_000  # objects that are made before garbage is looked for among them
GRACE = 1.0  # real seconds for a worker that is left alone to end the learner's process that it runs

Job = TypeVar("Job")
Answer = TypeVar("Answer")
Pool = Callable[[int], Executor]
First = Callable[[], object]


def cores() -> int:
    """How many cores this process may use, which in a container may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int, first: First | None = None) -> Executor:
    """Fresh interpreters: this process may have threads (a progress bar's), and forking those is unsafe.

    `first` is what each does before its first job; it raises nothing.
    """
    context = multiprocessing.get_context("spawn")
    with named():
        with _starting():  # the number that is shared has a process of its own
            shared = context.Value("i", 0)
        return ProcessPoolExecutor(workers, context, initializer=begin, initargs=(shared, first))


@contextmanager
def early(workers: int, first: First | None = None) -> Iterator[Pool]:
    """Workers that get ready while this process has other things to do: the first pool that is asked for has them.

    Those that nobody asks for end with this.
    """
    executor = processes(workers, first)
    left = [executor]
    try:
        # an interrupt that came meanwhile comes at the end of this, when there are workers to be ended
        with _starting():
            executor.submit(_nothing)  # which starts them all
        yield lambda wanted: left.pop() if left and wanted <= workers else processes(wanted)
    except BaseException:
        with put_off(), _born_deaf():
            executor.shutdown(wait=False, cancel_futures=True)
            _end_workers()
        raise
    finally:
        for unasked in left:
            unasked.shutdown(wait=True, cancel_futures=True)


def pooled(
    work: Callable[[Job], Answer], jobs: Sequence[Job], workers: int, pool: Pool = processes
) -> Generator[tuple[Job, Answer], None, None]:
    """Each job with its answer, in no order. Raises BrokenProcessPool where a worker dies."""
    with closing(pieces(work, jobs, workers, pool)) as found:
        for piece in found:
            yield from piece


def pieces(
    work: Callable[[Job], Answer], jobs: Sequence[Job], workers: int, pool: Pool = processes
) -> Generator[list[tuple[Job, Answer]], None, None]:
    """The same, those together that a worker gave back together."""
    if not jobs:
        return
    with told_once():
        executor = pool(min(workers, len(jobs)))
        try:
            yield from _pieces(executor, work, jobs, 2 * workers)
        except (KeyboardInterrupt, GeneratorExit):
            executor.shutdown(wait=False, cancel_futures=True)
            _end_workers()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _answers(
    executor: Executor, work: Callable[[Job], Answer], jobs: Sequence[Job], ahead: int
) -> Iterator[tuple[Job, Answer]]:
    return chain.from_iterable(_pieces(executor, work, jobs, ahead))


def _pieces(
    executor: Executor, work: Callable[[Job], Answer], jobs: Sequence[Job], ahead: int
) -> Iterator[list[tuple[Job, Answer]]]:
    """Few are handed over ahead, so that little is thrown away when it is stopped."""
    waiting = list(reversed(jobs))
    running: dict[Future[Any], list[Job]] = {}
    while waiting or running:
        while waiting and len(running) < ahead:
            some = [waiting.pop() for _ in range(_at_once(executor, len(waiting), ahead))]
            with _starting():
                running[_submitted(executor, work, some)] = some
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            some, answers = running.pop(future), future.result()
            answers = answers if isinstance(executor, ProcessPoolExecutor) else [answers]
            waiting += reversed(some[len(answers) :])
            yield list(zip(some, answers, strict=False))


def _at_once(executor: Executor, left: int, ahead: int) -> int:
    """How many jobs are handed over together: to hand over one costs what a tenth of a short one does.

    At the end they are few, so that no worker is left with many while the others have none.
    """
    return max(1, min(TOGETHER, left // (2 * ahead))) if isinstance(executor, ProcessPoolExecutor) else 1


def _submitted(executor: Executor, work: Callable[[Job], Answer], jobs: list[Job]) -> Future[Any]:
    return (
        executor.submit(_several, work, jobs)
        if isinstance(executor, ProcessPoolExecutor)
        else executor.submit(work, *jobs)
    )


def _end_workers() -> None:
    """Each is told, has time to end the learner's process that it runs, and is then ended itself.

    Ctrl-C reaches the whole group at once, but `kill` reaches this process alone. An idle worker waits at a queue that the
    pool, once interrupted, may never serve again; it has nothing to end.
    """
    children = multiprocessing.active_children()
    for child in children:
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGINT)
    until = time.monotonic() + ENDING
    for child in children:
        child.join(max(until - time.monotonic(), 0))
        if child.is_alive():
            child.kill()
            child.join()


@contextmanager
def told_once() -> Iterator[None]:
    """The first Ctrl-C stops everybody; the next, however soon, must not break off the end of that."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    before = signal.signal(signal.SIGINT, _stop_busy)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _born_deaf() -> Iterator[None]:
    """This thread hears no interrupt until this is over. A worker that is started here is born so, until it is ready."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _starting() -> Iterator[None]:
    """A process that is started here hears no interrupt yet, and looks for no module in the present folder.

    That may be the folder of the submissions; what starts it has no other way to say so.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        with put_off(), _born_deaf():
            yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


# ---------------------------------------------------------------- in a worker


def _several(work: Callable[[Job], Answer], jobs: Sequence[Job]) -> list[Answer]:
    """The answers to the first of `jobs`, as many as there is time for; at least one. The others are handed over again."""
    until, answers = time.monotonic() + PIECE, list[Answer]()
    for job in jobs:
        answers.append(work(job))
        _settled()
        if time.monotonic() > until:
            break
    return answers


@cache
def _settled() -> None:
    """Once, when all that a worker needs is there: the collector of garbage need not look at that again, and seldom at all.

    What a file leaves in circles is a few dozen objects, and it makes thousands while it is graded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """For this time the collector of garbage looks seldom, and not at what is there already.

    A class makes many objects in the process that keeps it, too, and next to no circles of them.
    """
    before, theirs = gc.get_threshold(), gc.get_freeze_count()
    gc.freeze()
    gc.set_threshold(_YOUNG)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not theirs:  # somebody else may have frozen theirs
            gc.unfreeze()


def begin(started: "Synchronized[int] | None" = None, first: First | None = None) -> None:
    """A worker's first act: ready for interrupts, and for the end of the process that began it.

    `started` counts the workers. Each keeps to one core, with the programs that it plays: they and the referee take turns, and
    a message to another core takes three times as long.
    """
    with _born_deaf():
        threading.Thread(target=_leave_with_parent, daemon=True).start()
        signal.signal(signal.SIGINT, _stop_idle)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    adopt_orphans()  # all that a worker has for children is what it plays
    if started is not None and hasattr(os, "sched_setaffinity"):
        with started.get_lock():
            number, started.value = started.value, started.value + 1
        there = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {there[number % len(there)]})
        give_way()
    if first is not None:
        first()


def give_way() -> None:
    """Of this process and the programs that it plays, who is spoken to does not push the speaker aside.

    So they change places when there is nothing more to say: each time slows them both down by more than a message takes.
    """
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):  # a container that refuses it has its files graded all the same
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _nothing() -> None:
    """A job for a worker that has none yet."""


def _leave_with_parent() -> None:
    """Nobody will ask for what this worker does, nor will the queue that it waits at ever close."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(GRACE)
        os._exit(1)


# What a worker does about an interrupt stands in the handler itself. None of them is SIG_IGN, because that would be
# inherited by the programs that are graded.


def _stop_idle(*_: object) -> None:
    signal.signal(signal.SIGINT, _stopped)


class _StopBusy:
    """Raises KeyboardInterrupt, and never twice: a burst of them would break off the handling of the first."""

    interrupts = True  # a run in this process takes it for what it is

    def __call__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, _stopped)
        sys.unraisablehook = _stopped  # what is thrown away now may complain in its finaliser: nobody is to hear that
        raise KeyboardInterrupt


_stop_busy = _StopBusy()


def _stopped(*_: object) -> None:
    """Once is enough: a second interrupt must not break off the cleaning up after the first."""


@contextmanager
def at_work() -> Iterator[None]:
    """What stands inside is one job: KeyboardInterrupt if this worker is to stop, or was told so before."""
    before = signal.getsignal(signal.SIGINT)
    if before is _stopped:
        raise KeyboardInterrupt
    signal.signal(signal.SIGINT, _stop_busy)
    try:
        yield
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, _stopped)
        raise
    finally:
        if signal.getsignal(signal.SIGINT) is _stop_busy:
            signal.signal(signal.SIGINT, before)
