"""Signals that a thread of a run sends to its own process: heard in the main thread before the clock moves.

Handlers run in the main thread, and the system hands a signal to it in its own time: meanwhile the thread that sent it could
end, and the clock be moved. So the main thread, which waits for its turn, is told of the signal, gets a turn for it,
and sends it to itself; then its handler runs at once, with the turn. What no function of Python's handles is sent as it is.

A thread of a run blocks some signals (see `children`), so what it sends to itself goes to the process: it would hear of it only
when it is over.
"""

import _thread
import functools
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.library import present
from grader.clock.library.replaced import Replacement
from grader.clock.threads import children

if TYPE_CHECKING:
    from grader.clock.threads.seats import Seat

# taken now, because a run replaces the ones that programs use
_ident, _kill, _mask = _thread.get_ident, os.kill, getattr(signal, "pthread_sigmask", None)
_BLOCK = getattr(signal, "SIG_BLOCK", 0)


def hear(seat: "Seat") -> None:
    """In the main thread, whose seat this is and whose turn it is: what was sent meanwhile. A handler may raise."""
    while seat.signals:
        sig, *seat.signals = seat.signals
        if sig:
            _kill(os.getpid(), sig)


def _main_seat() -> "Seat | None":
    """Of the main thread, if that waits for its turn on the clock of the present thread, which is another."""
    main = threading.main_thread().ident or 0
    clock = present.clock_here()
    if clock is None or main == _ident() or present.at(main) is not clock or not clock.has_turn():
        return None
    seat = clock.seat_of(main)
    return seat if clock.stands_in_line(seat) else None


def _tell(sig: int) -> bool:
    """Whether the main thread is told, and hears of it at its turn. 0: of what is on its way already."""
    seat, clock = _main_seat(), present.clock_here()
    if seat is None or clock is None:
        return False
    seat.signals = [*seat.signals, sig]
    clock.wake(seat)
    return True


def _is_handled(sig: Any) -> bool:
    """Whether a function of Python's handles it, and the present thread has not said itself that it is to wait."""
    try:
        handled = callable(signal.getsignal(sig))
    except (TypeError, ValueError):
        return False
    return handled and (_mask is None or sig in children.FOR_MAIN or sig not in _mask(_BLOCK, ()))


def _is_own_thread(ident: Any) -> bool:
    return ident == threading.main_thread().ident or children.blocks(ident)


def _send(sig: Any, really: Callable[[], Any]) -> Any:
    """`sig` goes to this process, if the present thread plays a run beside the main one; else what is called does it."""
    if _is_handled(sig) and _tell(int(sig)):
        return None
    if sig in children.FOR_MAIN and children.blocks(_ident()):
        return _kill(os.getpid(), sig)
    return really()


def _either(real: Callable[..., Any], is_meant: Callable[..., bool], number: int = 1) -> Callable[..., Any]:
    """`real`, whose argument with that `number` is a signal, for this process if `is_meant` for it."""

    @functools.wraps(real)
    def call(*args: Any, **named: Any) -> Any:
        really = functools.partial(real, *args, **named)
        if named or len(args) != number + 1 or present.clock_here() is None or not is_meant(*args):
            return really()
        return _send(args[number], really)

    return call


def _then_told(real: Callable[..., Any], is_meant: Callable[..., bool]) -> Callable[..., Any]:
    """`real`, after which a signal is on its way if `is_meant` for this process."""

    @functools.wraps(real)
    def call(*args: Any, **named: Any) -> Any:
        found = real(*args, **named)
        if present.clock_here() is not None and is_meant(*args):
            _tell(0)
        return found

    return call


def _is_this_process(pid: Any, sig: Any) -> bool:
    return bool(pid == os.getpid())


def _is_this_group(group: Any, sig: Any) -> bool:
    return bool(group in (0, os.getpgrp()))


def _found() -> list[Replacement]:
    found: list[Replacement] = [
        (os, "kill", _either(os.kill, _is_this_process)),
        (signal, "raise_signal", _either(signal.raise_signal, lambda sig: True, 0)),
        (_thread, "interrupt_main", _then_told(_thread.interrupt_main, lambda *args: True)),
    ]
    if hasattr(signal, "pthread_kill"):
        found.append((signal, "pthread_kill", _either(signal.pthread_kill, lambda ident, sig: _is_own_thread(ident))))
    if hasattr(os, "killpg"):
        found.append((os, "killpg", _then_told(os.killpg, _is_this_group)))
    return found


_REPLACEMENTS = _found()
BY_NAME = [(ours.__wrapped__, ours) for _, _, ours in _REPLACEMENTS]


def replacements() -> list[Replacement]:
    """What stands in `os`, `signal` and `_thread`."""
    return _REPLACEMENTS
