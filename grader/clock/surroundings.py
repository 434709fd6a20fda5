"""The present thread on a clock: its seat, and all that is replaced for it."""

import asyncio
import atexit
import contextlib
import os
from collections.abc import Iterator
from typing import Any

from grader.clock.clock import Clock
from grader.clock.library import handlers, present, replaced, timepatch
from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.library.taken import taken
from grader.clock.reasons import jobs, slots, takers
from grader.clock.threads import (
    adopted,
    aside,
    children,
    in_line,
    polls,
    pools,
    raw,
    real_locks,
    selects,
    semaphores,
    signals,
    threads,
    transfers,
)
from grader.clock.world import real_sockets


def see_to_it(clock: Clock | None = None) -> None:
    """All that is replaced for threads on a clock is in place; for `clock`, also what has to be if it has an outside."""
    if not replaced.stand():
        is_played = clock is not None and clock.door is not None
        replaced.put_up(_replacements(is_played), over_all=is_played)
        if not is_played:  # a learner's module is executed when all is in place
            by_name = [*signals.BY_NAME, *transfers.BY_NAME, *raw.BY_NAME]
            replaced.add(taken([*timepatch.real_and_ours(), *by_name]))
    if clock is not None and clock.lookout is not None and not aside.stands():
        replaced.add(aside.replacements())


def stand_for_good() -> None:
    """All is in place, here and in forks of this process, which do nothing but play runs; what a run changed is as before."""
    if not replaced.untouched():
        replaced.take_down()
        replacements = _replacements()
        replaced.put_up(replacements)
        replaced.keep(replacements)


@contextlib.contextmanager
def on(clock: Clock) -> Iterator[None]:
    """The present thread is on `clock` for this time; afterwards the process is as it was."""
    with replaced.restored():
        see_to_it(clock)
        with _fresh_policy(), clock.seated():
            yield


@contextlib.contextmanager
def _fresh_policy() -> Iterator[None]:
    """No event loop is set when a run begins, whatever ran in this thread before."""
    standing = fresh_policy()
    try:
        yield
    finally:
        policy_back(standing)


def fresh_policy() -> Any:
    """One for a run is in place; gives the one that stood there."""
    events: Any = asyncio.events
    standing = events._event_loop_policy
    events._event_loop_policy = _Policy(standing._before if isinstance(standing, _Policy) else standing)
    return standing


def policy_back(standing: Any) -> None:
    events: Any = asyncio.events
    events._event_loop_policy = standing


def _replacements(over_all: bool = True) -> list[Replacement]:
    return [
        *timepatch.replacements(over_all),
        *threads.replacements(),
        *real_locks.replacements(),
        *pools.replacements(),
        *adopted.replacements(),
        *signals.replacements(),
        *handlers.replacements(),
        *selects.replacements(),
        *([] if over_all else _beyond_exercises()),
        *takers.replacements(),
        *slots.replacements(),
        *jobs.replacements(),
        *real_sockets.replacements(),
        *_asyncios(),
    ]


def _after_fork() -> None:
    """In a process that was forked nobody is on a clock."""
    present.leave_all()
    in_line.leave_all()
    children.after_fork()
    if replaced.is_kept():
        return
    replaced.take_down()
    policy: Any = asyncio.events._event_loop_policy  # type: ignore[attr-defined]
    if hasattr(policy, "_local"):
        policy._local = type(policy)._Local()  # as asyncio has it, which knew only of what stood in its place


def _beyond_exercises() -> list[Replacement]:
    """What waits for others on the clock by what an exercise is not given."""
    return [*transfers.replacements(), *polls.replacements(), *semaphores.replacements(), *raw.replacements()]


def leave() -> None:
    """The process ends. Threads are joined until then, those of a clock by whoever comes in to them.

    What stands in a class of C's would stay there to the very end, and would keep all that it leads to, such as a file of the
    program's that is still to be written to the disk.
    """
    replaced.take_down()
    threads.join_to_the_end()


atexit.register(leave)

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

# ---------------------------------------------------------------- asyncio


def _is_apart() -> bool:
    """Whether the present thread plays a run that is not to see what is outside."""
    clock = clock_here()
    return clock is not None and clock.lookout is None


class _Policy(asyncio.DefaultEventLoopPolicy):
    """In a thread that is on a clock every new loop is on it too; other threads have the policy that was there.

    What else a policy keeps is a run's own, unless the clock has an outside: then it is that of the policy that was there.
    """

    def __init__(self, before: asyncio.AbstractEventLoopPolicy | None):
        super().__init__()
        self._before = before

    @property
    def _there(self) -> asyncio.AbstractEventLoopPolicy:
        if self._before is None:
            self._before = asyncio.DefaultEventLoopPolicy()
        return self._before

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        return super().get_event_loop() if _is_apart() else self._there.get_event_loop()

    def set_event_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        if _is_apart():
            super().set_event_loop(loop)
        else:
            self._there.set_event_loop(loop)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._there, name)  # somebody's own policy may have more

    def get_child_watcher(self) -> Any:
        return self._there.get_child_watcher()

    def set_child_watcher(self, watcher: Any) -> None:
        self._there.set_child_watcher(watcher)

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        from grader.clock.loops.loop import VirtualLoop

        clock = clock_here()
        if clock is None:
            return self._there.new_event_loop()
        made: asyncio.AbstractEventLoop = VirtualLoop(clock) if clock.make_loop is None else clock.make_loop()
        return made


_real_as_completed = asyncio.as_completed


def _as_completed(fs: Any, *, timeout: float | None = None) -> Any:
    """asyncio's own starts what it is given in the order of a set of memory addresses; this, in that of a list."""
    if clock_here() is not None and not (asyncio.isfuture(fs) or asyncio.iscoroutine(fs)):
        fs = [asyncio.ensure_future(each) for each in dict.fromkeys(fs)]
    return _real_as_completed(fs, timeout=timeout)


_as_completed.__name__ = _as_completed.__qualname__ = "as_completed"
_as_completed.__doc__ = _real_as_completed.__doc__


def _asyncios() -> list[Replacement]:
    policy: Any = asyncio.events._event_loop_policy  # type: ignore[attr-defined]
    return [
        (asyncio.events, "_event_loop_policy", _Policy(policy)),
        (asyncio, "as_completed", _as_completed),
        (asyncio.tasks, "as_completed", _as_completed),
    ]
