"""A loop on virtual time whose outside is real: sockets, signals, child processes, and threads that are not on the clock.

asyncio's own selector loop does the work, unmodified; only its start is put off: a selector and a self-pipe are made when they
are first asked for. Overrides of its internals, each checked on 3.11, 3.12 and 3.13: `__init__` (makes nothing),
`_close_self_pipe` (there may be none), `_make_subprocess_transport` (children are kept in mind), `run_in_executor` (so are
jobs that are done elsewhere), `_write_to_self` (there may be no pipe).
"""

import asyncio
import functools
import selectors
import signal
import sys
import warnings
import weakref
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from grader.clock.clock import EPOCH, Clock
from grader.clock.loops.core import LoopOnClock
from grader.clock.threads.aside import unreplaced
from grader.clock.threads.lookout import Lookout, Outside
from grader.clock.threads.pools import is_elsewhere

_LATER = frozenset({"_selector", "_ssock", "_csock", "_internal_fds"})


class OutsideLoop(LoopOnClock, asyncio.SelectorEventLoop):
    """An event loop on virtual time that waits for what comes from outside in real time, as long as `outside` says.

    What comes takes no virtual time. The other arguments are those of `VirtualLoop`. All loops on one clock wait as the first
    one says. Raises ValueError for a clock whose time is leased by a referee.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        start: float = 0.0,
        epoch: float = EPOCH,
        jump: bool = True,
        cpu_limit: float | None = None,
        time_limit: float | None = None,
        outside: Outside | None = None,
    ) -> None:
        if not isinstance(outside, Outside | None):
            raise TypeError(f"outside is {outside!r}: give an Outside(grace=..., patience=...)")
        self.outside = outside or Outside()
        self._transports: Any = weakref.WeakValueDictionary()
        self._signal_handlers: dict[int, Any] = {}
        self._unix_server_sockets: dict[Any, Any] = {}
        self._children: weakref.WeakSet[Any] = weakref.WeakSet()
        self._jobs: weakref.WeakSet[Any] = weakref.WeakSet()
        super().__init__(clock, start=start, epoch=epoch, jump=jump, cpu_limit=cpu_limit, time_limit=time_limit)
        self.lookout = self._lookout()

    def _make(self) -> None:
        asyncio.BaseEventLoop.__init__(self)  # without a selector and a pair of sockets
        del self._internal_fds  # counted when they are made

    def _lookout(self) -> Lookout:
        """That of the clock, whose time waits from now on; loops that are made there later have an outside too."""
        clock = self.clock
        if clock.door is not None:
            self.close()
            raise ValueError("a clock whose time is leased has no outside; use OutsideLoop() on a clock of its own")
        if clock.lookout is None:
            clock.make_room()
            clock.lookout = Lookout(clock, self.outside)
            clock.make_loop = functools.partial(OutsideLoop, clock)
        clock.lookout.opened(self)
        return clock.lookout

    if not TYPE_CHECKING:  # or every name would be one of its attributes

        def __getattr__(self, name: str) -> Any:
            if name not in _LATER:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            if self.is_closed():
                return 0 if name == "_internal_fds" else None
            self._go_outside()
            return self.__dict__[name]

    def _go_outside(self) -> None:
        """Make what asyncio makes at the start."""
        self._internal_fds = 0
        self._selector = self.outside.selector or selectors.DefaultSelector()
        self._make_self_pipe()  # type: ignore[attr-defined]

    @property
    def selector(self) -> selectors.BaseSelector | None:
        """The selector, if one was needed so far."""
        found: selectors.BaseSelector | None = self.__dict__.get("_selector")
        return found

    def listens(self) -> bool:
        """Whether descriptors are registered that are not our own, or handlers of signals."""
        selector = self.selector
        if selector is None:
            return False
        return bool(self._signal_handlers) or len(selector.get_map()) > self._internal_fds

    def has_work_outside(self) -> bool:
        """Whether a child runs, or a job in an executor whose threads are not on the clock, or an alarm is set."""
        return (
            any(child.get_returncode() is None for child in self._children)
            or any(not job.done() for job in self._jobs)
            or (bool(self._signal_handlers) and _alarm() in self._signal_handlers)
        )

    def _run_once(self) -> None:
        self._turn()

    def _queue_due(self) -> None:
        self.poll()
        super()._queue_due()

    def poll(self) -> None:
        """What has come for registered descriptors is ready now."""
        selector = self.selector
        if selector is None:
            return
        came = unreplaced(selector.select)(0)
        if came:
            self.clock.turns_at_tick = 0  # it is no livelock while there is news
            self._process_events(came)  # type: ignore[attr-defined]

    # ------------------------------------------------------------ as asyncio's, and kept in mind

    async def _make_subprocess_transport(self, *args: Any, **kwargs: Any) -> Any:
        starting = _Starting()
        self._children.add(starting)
        try:
            transport = await super()._make_subprocess_transport(*args, **kwargs)  # type: ignore[misc]
        finally:
            self._children.discard(starting)
        self._children.add(transport)
        return transport

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        if not self._fast:
            self._check_before(sys._getframe(1))
        job: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        if executor is not None and is_elsewhere(executor, self.clock):
            self._jobs.add(job)
        return job

    # ------------------------------------------------------------ the end

    def _close_self_pipe(self) -> None:
        if self.selector is not None:
            super()._close_self_pipe()  # type: ignore[misc]

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        if "lookout" in vars(self):  # it is made
            super().__del__(_warn)

    def close(self) -> None:
        super().close()
        if "lookout" in self.__dict__:
            self.lookout.closed(self)


def _alarm() -> int | None:
    """The signal of the alarm that is set, if one is."""
    if not hasattr(signal, "getitimer") or not signal.getitimer(signal.ITIMER_REAL)[0]:
        return None
    return signal.SIGALRM


class _Starting:
    """A child that is being started."""

    def get_returncode(self) -> None:
        """It has none yet."""
