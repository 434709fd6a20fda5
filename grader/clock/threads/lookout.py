"""The clock's lookout: before time moves, it waits in real time for what may still come from outside.

Nobody on the clock can go on when it is asked, and the thread that asks has the turn; so there is one waiting at a time, for
the descriptors of all loops on the clock together. Whoever has news without having the turn rings.
"""

import contextlib
import os
import selectors
import socket
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.clock.library.timepatch import REAL
from grader.clock.seconds import check_seconds
from grader.ticks import to_seconds

if TYPE_CHECKING:
    from grader.clock.clock import Clock
    from grader.clock.loops.outside import OutsideLoop


_STEP = 0.01  # real seconds after which a thread that sleeps alone looks again whether anybody else is at work
_NO_TIME = 1e-6  # seconds that nobody outside could use


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

    def __post_init__(self) -> None:
        """Raises TypeError for what is no number."""
        check_seconds("grace", self.grace)
        check_seconds("patience", self.patience)


class _Selector(selectors.DefaultSelector):
    """As the library's, whose `select` is replaced for threads on a clock."""

    select = selectors.DefaultSelector.select


class Lookout:
    """`outside` says how long it waits. Threads that are there already when it is made are foreign, and no reason to wait."""

    def __init__(self, clock: "Clock", outside: Outside):
        self._clock = clock
        self.outside = outside
        self._there = weakref.WeakSet(threading.enumerate())
        self._children: set[int] = set()
        self._waited = clock.now  # up to this tick real time has passed already
        self._away = 0  # threads on the clock that are in a blocking call
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()
        self._bell: tuple[socket.socket, socket.socket] | None = None
        self._rung = self._waits = False

    # ------------------------------------------------------------ waiting

    def news(self, tick: int | None) -> bool:
        """Wait in real time for news before the clock moves to `tick` (None: before it is a deadlock). False: none came."""
        seconds = self._how_long(tick)
        if seconds <= 0:
            return False
        if self._main_thread_takes_over():
            return True
        self._hang_up_the_bell()
        # whoever had news before there was a bell to ring; one that a callback holds up cannot come to it
        loops = self._loops()
        with_news = [loop for loop in loops if loop._ready and loop.idle]
        for loop in with_news:
            self._clock.wake(loop._seat)
        if self._clock.somebody_ready() or with_news:
            return True
        return self._wait(loops, seconds)

    def _main_thread_takes_over(self) -> bool:
        """Handlers of signals run in the main thread, which may have missed that one came while it lay down."""
        clock, main = self._clock, threading.main_thread().ident
        seat = clock.seat_of(main)
        if not clock.waits(seat) or threading.get_ident() == main:
            return False
        clock.wake(seat)
        return True

    def waited(self) -> str:
        """For the text of a deadlock."""
        return f"nothing came from outside in {self.outside.patience:g} s of real time"

    def has_waited(self, tick: int) -> None:
        """As much real time as there is up to `tick` has passed: nobody waits for it again."""
        self._waited = max(self._waited, tick)

    def pause(self, tick: int) -> None:
        """The only thread on the clock sleeps until `tick`: others have the time that it takes."""
        left = min(self._how_long(tick), to_seconds(tick - self._clock.now))
        while left > 0 and self._is_busy():
            REAL["sleep"](min(left, _STEP))
            left -= _STEP

    def _how_long(self, tick: int | None) -> float:
        if tick is None:
            return self.outside.patience
        delay = to_seconds(tick - max(self._clock.now, self._waited))
        if delay <= _NO_TIME:
            return 0
        if self._is_busy():
            return max(self.outside.grace, min(delay, self.outside.patience))
        return self.outside.grace if any(loop.listens() for loop in self._loops()) else 0

    def _is_busy(self) -> bool:
        """Whether somebody outside is known to be at work."""
        return (
            self._away > 0
            or any(loop.has_work_outside() for loop in self._loops())
            or self._a_child_runs()
            or self._is_foreign_thread_there()
        )

    def has_child(self, pid: int) -> None:
        """A child was started here."""
        self._children.add(pid)

    def _a_child_runs(self) -> bool:
        self._children = {pid for pid in self._children if _runs(pid)}
        return bool(self._children)

    def _is_foreign_thread_there(self) -> bool:
        seated = self._clock.idents()
        if threading.active_count() <= len(seated):
            return False
        return any(
            thread.ident not in seated and thread not in self._there and not isinstance(thread, threading._DummyThread)
            for thread in threading.enumerate()
        )

    def _loops(self) -> list[Any]:
        return [loop for loop in self._clock.loops if loop in self._open]

    def _wait(self, loops: list[Any], seconds: float) -> bool:
        assert self._bell is not None
        with _Selector() as waiting:
            waiting.register(self._bell[0], selectors.EVENT_READ)
            for loop in loops:
                _watch(waiting, loop)
            self._waits = True
            try:
                came = waiting.select(seconds)
            finally:
                self._waits = False
        for key, _ in came:
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    self._bell[0].recv(4096)
                self._rung = False
            else:
                self._clock.wake(key.data._seat)
        return bool(came)

    # ------------------------------------------------------------ the bell

    def ring(self) -> None:
        """There is news: from a thread that does not have the turn, or from a handler of a signal while its thread waits."""
        bell = self._bell
        if bell is not None and not self._rung and (self._waits or not self._clock.has_turn()):
            self._rung = True
            with contextlib.suppress(OSError):
                bell[1].send(b"\0")

    def _hang_up_the_bell(self) -> None:
        if self._bell is None:
            self._bell = socket.socketpair()
            for end in self._bell:
                end.setblocking(False)  # and so no reason to give a turn away
            self._rung = False
            self._take_down = weakref.finalize(self, _close, *self._bell)

    def opened(self, loop: "OutsideLoop") -> None:
        """That loop is on the clock."""
        self._open.add(loop)

    def closed(self, loop: "OutsideLoop") -> None:
        """With the last loop the bell goes."""
        self._open.discard(loop)
        if self._bell is not None and not self._open:
            self._bell = None
            self._take_down()

    # ------------------------------------------------------------ threads in a blocking call

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """The present thread gives its turn away for a call that blocks, and has it again afterwards."""
        seat = self._clock.mine
        assert seat is not None
        self._away += 1
        try:
            self.hand_on()
            try:
                yield
            finally:
                self._clock.come_back(seat)
        finally:
            self._away -= 1

    def hand_on(self) -> None:
        """The turn goes to whoever can go on, or else to somebody parked, who sees to the time; or it is free."""
        clock = self._clock
        if not clock.somebody_ready():
            loops = (loop._seat for loop in clock.loops if clock.waits(loop._seat))
            clock.wake(next(loops, None) or clock.first_waiting())
        if clock.somebody_ready():
            clock.give()
        else:
            clock.let_go()


def _runs(pid: int) -> bool:
    """Whether a child has neither ended nor been waited for; it is not waited for here."""
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        return False


def _close(*ends: socket.socket) -> None:
    for end in ends:
        end.close()


def _watch(waiting: selectors.BaseSelector, loop: "OutsideLoop") -> None:
    """Wait for whatever `loop` waits for: one selector in another where the system has that, else each descriptor."""
    selector = loop.selector
    if selector is None:
        return
    fileno = getattr(selector, "fileno", None)
    if fileno is not None:
        waiting.register(fileno(), selectors.EVENT_READ, loop)
        return
    for key in selector.get_map().values():
        with contextlib.suppress(KeyError):  # another loop waits for it too
            waiting.register(key.fd, key.events, loop)
