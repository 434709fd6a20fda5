"""What a run finds around it, put up before and taken down after: virtual time, its event loops, refusals, captured output.

Whatever happens, all that was put up is taken down when the run is over: in process, a learner's run is a guest in somebody's
pytest. What the program itself changes (a handler, the working folder) it changes as in any process of its own.
"""

import asyncio
import contextlib
import gc
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from grader.clock.library.replaced import Replacement, put_back, there
from grader.clock.loops.loop import VirtualLoop
from grader.clock.refuse import Watch, refusing
from grader.clock.surroundings import on
from grader.runner.clocks import logs
from grader.runner.deaths import as_with_site
from grader.runner.descriptors import Hosts
from grader.runner.found import ORIGIN_DEPTH, forget_generators, found_otherwise
from grader.runner.loops_by_hand import are_the_runs, loops_by_hand
from grader.runner.output import descriptors, past_python
from grader.runner.report import Report
from grader.runner.run_loop import RunLoop
from grader.runner.standing import STANDING, capture
from grader.runner.steady import steady
from grader.runner.tasks import factory
from grader.runner.traces import Traces

if TYPE_CHECKING:
    from grader.runner.play_case import Play


def make_loop(report: Report, max_tasks: int, salt: int) -> VirtualLoop:
    """A loop of the run; every one that the program makes is one of these."""
    loop = RunLoop(report, salt)
    loop.make_task = factory(report, max_tasks)
    loop.set_task_factory(loop.make_task)
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


def _for_asyncios(names: dict[str, Any]) -> list[Replacement]:
    """Functions of asyncio that are the world's for the time of a run, wherever asyncio has them.

    Windows has no unix sockets in asyncio; an exercise has them there too.
    """
    return [
        (module, name, function)
        for name, function in names.items()
        for module in (asyncio, asyncio.streams, asyncio.subprocess, asyncio.tasks)
        if module is asyncio or hasattr(module, name)
    ]


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    depth = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(ORIGIN_DEPTH)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        sys.set_coroutine_origin_tracking_depth(depth)


@contextlib.contextmanager
def _captured(play: "Play") -> Iterator[None]:
    """Printing is kept, forbidden calls are refused, and the CPU limit holds, all until a debugger is asked for."""
    streams_back, debugging = capture(play)
    try:
        watch = Watch(play.report.refused, debugging)
        with refusing(play.clock, watch, alarms=not play.may_set_alarms), play.limit.kept():
            yield
    finally:
        streams_back()


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
    """All finalisers run now that have not yet."""
    STANDING.collect() if STANDING.up else gc.collect()


@contextlib.contextmanager
def _in_their_places(replacements: list[Replacement]) -> Iterator[None]:
    """They stand there for this time, whatever the program puts there itself."""
    before = there(replacements)
    try:
        for each in replacements:
            setattr(*each)
        yield
    finally:
        put_back(before)


def surroundings(play: "Play", start: dict[str, Any]) -> contextlib.AbstractContextManager[None]:
    """Everything that a run needs."""
    if not STANDING.up:
        return _put_up(play, start)
    return STANDING.around(play, _for_asyncios(start["replaced"]))


def _of_a_file(start: dict[str, Any]) -> list[Replacement]:
    """What stands for the time of a run where a file is graded as it is."""
    if not start.get("folder"):
        return []
    are_the_runs(True)
    return [*steady(start["seed"]), *loops_by_hand()]


@contextlib.contextmanager
def _put_up(play: "Play", start: dict[str, Any]) -> Iterator[None]:
    """In the order in which it must be put up."""
    guest = play.guest
    hosts = Hosts() if guest else None
    forget_generators()
    with (
        _no_traces(play) if guest and play.folder is not None else contextlib.nullcontext(),
        _alone(start["seed"], guest),
        _in_their_places(_of_a_file(start)),
        _on_the_clock(play),
        _in_their_places(
            [
                *found_otherwise(lambda: play.report, [False]),
                *logs(start["epoch"]),
                *(past_python(lambda: play.output, descriptors()) if play.hears_all else []),
                *(hosts.replacements() if hosts is not None else []),
            ]
        ),
        hosts.lent() if hosts is not None else contextlib.nullcontext(),
        as_with_site() if guest else contextlib.nullcontext(),
        _in_their_places(_for_asyncios(start["replaced"])),
        _without_warnings(),
        _captured(play),
    ):
        yield
