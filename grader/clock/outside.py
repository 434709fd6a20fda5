"""What a loop has that may go outside: a selector and a self-pipe, made when they are first asked for, and children in mind.

asyncio's own selector loop does the work, unmodified; only its start is put off. Overrides of its internals, each checked on
3.11, 3.12 and 3.13: `__init__` (makes nothing), `_close_self_pipe` (there may be none), `_make_subprocess_transport` (children
are kept in mind), `run_in_executor` (so are jobs that are done elsewhere), `close` (without an outside nothing is closed).
"""

import asyncio
import selectors
import signal
import weakref
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.clock.aside import unreplaced

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_LATER = frozenset({"_selector", "_ssock", "_csock", "_internal_fds"})


@dataclass(frozen=True, slots=True)
class Outside:
    """How long the clock waits for what is outside, in real seconds, before it goes on without.

    `grace`: before a timer while descriptors are registered, although nobody is known to be at their other ends. `patience`:
    while a child process, a foreign thread or a blocking call of a thread goes on, at most, and not longer than the timer is
    away; and when there is no timer at all, before a deadlock is declared. `selector` is used instead of one of our own.
    """

    grace: float = 0.05
    patience: float = 30.0
    selector: selectors.BaseSelector | None = None


class OutsideLoop(asyncio.SelectorEventLoop):
    """The base of the loop: asyncio's selector loop, of which nothing is made before it is used."""

    clock: "Clock"
    outside: Outside | None

    def __init__(self, outside: "bool | Outside") -> None:
        asyncio.BaseEventLoop.__init__(self)
        self.outside = Outside() if outside is True else outside or None
        if self.outside is not None:
            del self._internal_fds
            self._transports: Any = weakref.WeakValueDictionary()
            self._signal_handlers: dict[int, Any] = {}
            self._unix_server_sockets: dict[Any, Any] = {}
            self._children: weakref.WeakSet[Any] = weakref.WeakSet()
            self._jobs: weakref.WeakSet[Any] = weakref.WeakSet()

    if not TYPE_CHECKING:  # or every name would be one of its attributes

        def __getattr__(self, name: str) -> Any:
            if name not in _LATER or self.outside is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            if self.is_closed():
                return 0 if name == "_internal_fds" else None
            self._go_outside()
            return self.__dict__[name]

    def _go_outside(self) -> None:
        """Make what asyncio makes at the start."""
        assert self.outside is not None
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
        job: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        if self.outside is not None and executor is not None and self._is_foreign(executor):
            self._jobs.add(job)
        return job

    def _is_foreign(self, executor: Executor) -> bool:
        threads = getattr(executor, "_threads", None)
        here = self.clock.idents()
        return threads is None or any(thread.ident not in here for thread in list(threads))

    # ------------------------------------------------------------ the end

    def _close_self_pipe(self) -> None:
        if self.selector is not None:
            super()._close_self_pipe()  # type: ignore[misc]

    def close(self) -> None:
        if self.outside is None:
            asyncio.BaseEventLoop.close(self)
            return
        super().close()
        if self.clock.lookout is not None:
            self.clock.lookout.closed(self)


def _alarm() -> int | None:
    """The signal of the alarm that is set, if one is."""
    if not hasattr(signal, "getitimer") or not signal.getitimer(signal.ITIMER_REAL)[0]:
        return None
    return signal.SIGALRM


class _Starting:
    """A child that is being started."""

    def get_returncode(self) -> None:
        """It has none yet."""
