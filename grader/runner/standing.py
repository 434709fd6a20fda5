"""What a run finds around it in a process that plays nothing but runs: most of it stands from one to the next.

What a program has changed of that is as before when the next run begins. What is a run's own, its clock and its output among
it, is put in place at its beginning, and what stands asks whose run it is.
"""

import asyncio
import contextlib
import gc
import random
import sys
import warnings
from _random import Random as _Dice
from collections.abc import Callable, Iterator
from operator import is_
from typing import TYPE_CHECKING, Any

from grader.clock.library.kept import Kept
from grader.clock.library.replaced import Replacement, put_back, there
from grader.clock.refuse import Watch, refusals
from grader.clock.surroundings import fresh_policy, policy_back, stand_for_good
from grader.runner import deaths, loops_by_hand, steady
from grader.runner.clocks import logs
from grader.runner.found import ORIGIN_DEPTH, forget_generators, found_otherwise
from grader.runner.output import Output, descriptors, past_python

if TYPE_CHECKING:
    from grader.runner.play_case import Play

STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")
_hidden: Any = random.seed.__self__  # type: ignore[attr-defined]  # whose methods the functions of `random` are


class _Nobody:
    """Hears what is reported while no run is played."""

    def __getattr__(self, name: str) -> Any:
        return _nothing


def _nothing(*_: Any) -> None:
    """Nobody asks."""


_NOBODY: Any = _Nobody()


class Standing:
    """The process's own."""

    def __init__(self) -> None:
        self._report: Any = _NOBODY
        self._output: Output | None = None
        self._kept: Kept | None = None
        self._enabled, self._lying = [False], descriptors()
        self._filters, self._ignored = list[Any](), tuple[Any, ...]()
        self._collected, self._collects = (0, 0), True

    @property
    def up(self) -> bool:
        return self._kept is not None

    def stand(self) -> None:
        """All is in place, as in the beginning."""
        stand_for_good()
        if self._kept is not None:
            self._kept.stand()
            return
        self._collects = gc.isenabled()
        module: Any = warnings
        self._filters = filters = list(module.filters)
        found = found_otherwise(lambda: self._report, self._enabled)
        found += [*past_python(lambda: self._output, self._lying), *refusals(), (module, "filters", filters)]
        found += [*steady.draws(), *loops_by_hand.loops_by_hand()]  # of runs that ask for them, see `around`
        # as they are: what a `catch_warnings` would put back
        found += [(module, name, getattr(module, name)) for name in ("showwarning", "_showwarnmsg_impl")]
        self._kept = Kept(found)
        warnings.simplefilter("ignore")
        self._ignored = tuple(filters)

    def take_down(self) -> None:
        """This process plays something else, or nothing more."""
        if self._kept is not None:
            self._kept.take_down()
            self._kept = None
            _warn_anew()
            gc.unfreeze()
            if self._collects:
                gc.enable()

    @contextlib.contextmanager
    def around(self, play: "Play", own: list[Replacement]) -> Iterator[None]:
        """The run has all that it needs. `own`: what stands for this one alone."""
        clock, depth = play.clock, sys.get_coroutine_origin_tracking_depth()
        own += logs(play.start["epoch"])
        stood = there(own)
        self._begin()
        of_a_file = play.folder is not None
        steady.begin(play.start["seed"] if of_a_file else None)
        loops_by_hand.are_the_runs(of_a_file)
        _Dice.seed(_hidden, play.number)  # as `random.seed` does by a text
        _hidden.gauss_next = None

        policy = fresh_policy()
        streams_back, debugging = capture(play)
        try:
            for each in own:
                setattr(*each)
            with clock.seated():
                self._report, self._output = play.report, play.output
                clock.make_loop, clock.on_block = play.make_loop, play.report.held_up
                sys.set_coroutine_origin_tracking_depth(ORIGIN_DEPTH)
                clock.watch = Watch(play.report.refused, debugging)
                play.limit.begin()
                try:
                    yield
                finally:
                    play.limit.end()
        finally:
            policy_back(policy)
            clock.watch = None
            streams_back()
            sys.set_coroutine_origin_tracking_depth(depth)
            self._report, self._output = _NOBODY, None
            asyncio._set_running_loop(None)
            put_back(stood)

    def _begin(self) -> None:
        """Nothing is left of the run before."""
        deaths.here()
        forget_generators()
        self._enabled[0] = False
        self._lying.update(descriptors())
        filters = self._filters
        if len(filters) != len(self._ignored) or not all(map(is_, filters, self._ignored)):
            filters[:] = self._ignored
            _warn_anew()
        asyncio._set_running_loop(None)
        gc.disable()
        gc.freeze()
        if not gc.get_count()[2]:
            gc.collect(1)
        self._collected = gc.get_count()[1:]

    def collect(self) -> None:
        """Finalisers run now, of all that the run has left: it is young, unless somebody had it looked at before.

        Each look counts for the older ones, and only one at all sets that back: then the count of the oldest is none again.
        """
        seen = gc.isenabled() or gc.get_count()[1:] != self._collected
        gc.collect(2 if seen else 1)


def capture(play: "Play") -> tuple[Callable[[], None], Callable[[], None]]:
    """Printing is kept from now on. What puts the streams back, and what does so for a debugger that is asked for."""
    before = [*map(getattr, [sys] * len(STREAMS), STREAMS)]

    def streams_back() -> None:
        for name, stream in zip(STREAMS, before, strict=True):
            setattr(sys, name, stream)

    def debugging() -> None:
        streams_back()
        play.debugged()

    sys.stdout = sys.__stdout__ = play.output  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = play.output.error  # type: ignore[misc]
    return streams_back, debugging


def _warn_anew() -> None:
    """Filters are others, which is not seen by itself."""
    with warnings.catch_warnings():
        pass


STANDING = Standing()
