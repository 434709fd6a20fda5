"""The clock's lookout: before time moves, it waits in real time for what may still come from outside.

Nobody on the clock can go on when it is asked, and the thread that asks has the turn; so there is one waiting at a time, for
the descriptors of all loops on the clock together. Whoever has news without having the turn rings.
"""

import contextlib
import selectors
import socket
import threading
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from grader.clock.outside import Outside, OutsideLoop
from grader.clock.timepatch import REAL
from grader.ticks import to_seconds

if TYPE_CHECKING:
    from grader.clock.clock import Clock


_NO_TIME = 1e-6  # seconds that nobody outside could use


class _Selector(selectors.DefaultSelector):
    """As the library's, whose `select` is replaced for threads on a clock."""

    select = selectors.DefaultSelector.select


class Lookout:
    """`outside` says how long it waits. Threads that are there already when it is made are foreign, and no reason to wait."""

    def __init__(self, clock: "Clock", outside: Outside):
        self._clock: Any = clock  # whose turns it takes part in
        self.outside = outside
        self._there = weakref.WeakSet(threading.enumerate())
        self._away = 0  # threads on the clock that are in a blocking call
        self._open: weakref.WeakSet[OutsideLoop] = weakref.WeakSet()
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
        # whoever had news before there was a bell to ring
        loops = self._loops()
        for loop in loops:
            if loop._ready:
                self._clock.wake(loop._seat)
        if self._clock.somebody_ready() or any(loop._ready for loop in loops):
            return True
        return self._wait(loops, seconds)

    def _main_thread_takes_over(self) -> bool:
        """Handlers of signals run in the main thread, which may have missed that one came while it lay down."""
        clock, main = self._clock, threading.main_thread().ident
        seat = clock._seats.get(main)
        if seat not in clock._waiting or threading.get_ident() == main:
            return False
        clock.wake(seat)
        return True

    def waited(self) -> str:
        """For the text of a deadlock."""
        return f"nothing came from outside in {self.outside.patience:g} s of real time"

    def pause(self, tick: int) -> None:
        """The only thread on the clock sleeps until `tick`: others have the time that it takes."""
        if self._is_busy():
            REAL["sleep"](min(self._how_long(tick), to_seconds(tick - self._clock.now)))

    def _how_long(self, tick: int | None) -> float:
        if tick is None:
            return self.outside.patience
        delay = to_seconds(tick - self._clock.now)
        if delay <= _NO_TIME:
            return 0
        if self._is_busy():
            return max(self.outside.grace, min(delay, self.outside.patience))
        return self.outside.grace if any(loop.listens() for loop in self._loops()) else 0

    def _is_busy(self) -> bool:
        """Whether somebody outside is known to be at work."""
        return (
            self._away > 0 or any(loop.has_work_outside() for loop in self._loops()) or self._is_foreign_thread_there()
        )

    def _is_foreign_thread_there(self) -> bool:
        seated = self._clock.idents()
        if threading.active_count() <= len(seated):
            return False
        return any(
            thread.ident not in seated and thread not in self._there and not isinstance(thread, threading._DummyThread)
            for thread in threading.enumerate()
        )

    def _loops(self) -> list[Any]:
        return [loop for loop in self._clock.loops if loop.outside is not None]

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

    def opened(self, loop: OutsideLoop) -> None:
        """That loop is on the clock."""
        self._open.add(loop)

    def closed(self, loop: OutsideLoop) -> None:
        """With the last loop the bell goes."""
        self._open.discard(loop)
        if self._bell is not None and not self._open:
            self._bell = None
            self._take_down()

    # ------------------------------------------------------------ threads in a blocking call

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """The present thread gives its turn away for a call that blocks, and has it again afterwards."""
        clock, seat = self._clock, self._clock.mine
        self._away += 1
        try:
            self.hand_on()
            try:
                yield
            finally:
                if not clock._turn.acquire(blocking=False):
                    clock._arrive(seat)
                clock.holder = seat
        finally:
            self._away -= 1

    def hand_on(self) -> None:
        """The turn goes to whoever can go on, or else to somebody parked, who sees to the time; or it is free."""
        clock = self._clock
        if clock._waiting and not clock.somebody_ready():
            parked = [loop._seat for loop in clock.loops if loop._seat in clock._waiting]
            clock.wake(parked[0] if parked else min(clock._waiting, key=lambda seat: seat.place))
        if clock.somebody_ready():
            clock._give(clock._next())
        else:
            clock._let_go()


def _close(*ends: socket.socket) -> None:
    for end in ends:
        end.close()


def over(clock: "Clock", loop: Any) -> None:
    """`loop`, which has an outside, is on `clock`, whose time then waits for it; so are loops that are made there later."""
    if clock.door is not None:
        loop.close()
        raise ValueError(
            "a clock whose time is leased has no outside; use VirtualLoop(outside=True) on a clock of its own"
        )
    if clock.lookout is None:
        clock.lookout = Lookout(clock, loop.outside)
    clock.lookout.opened(loop)


def _watch(waiting: selectors.BaseSelector, loop: OutsideLoop) -> None:
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
