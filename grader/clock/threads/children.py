"""Signals and real children: what a thread of a run keeps from itself is not kept from the processes that it starts.

Signals that end a program are for the main thread, which would not wake for them at a lock if they were given to another, so
threads of a run block them. A process inherits what is blocked, through fork and exec, and would never hear of SIGTERM.

It stands around `Popen._execute_child`. Checked on 3.11, 3.12 and 3.13: there all children are started, in whatever way.
"""

import signal
import subprocess
import threading
from typing import Any

from grader.clock.library.replaced import Replacement

FOR_MAIN = [
    getattr(signal, name) for name in ("SIGINT", "SIGALRM", "SIGPROF", "SIGTERM", "SIGVTALRM") if hasattr(signal, name)
]
_MASKS = hasattr(signal, "pthread_sigmask")
_ours: set[int] = set()  # the threads that block them


def block() -> None:
    """In a thread of a run, as it begins."""
    if _MASKS:
        signal.pthread_sigmask(signal.SIG_BLOCK, FOR_MAIN)
        _ours.add(threading.get_ident())


def over() -> None:
    """In that thread, as it ends."""
    _ours.discard(threading.get_ident())


def blocks(ident: int) -> bool:
    """Whether that thread is one of a run, which blocks them."""
    return ident in _ours


def after_fork() -> None:
    """In the child: there the thread that forked is the main one."""
    if threading.get_ident() in _ours:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FOR_MAIN)
    _ours.clear()


_real: Any = subprocess.Popen._execute_child  # type: ignore[attr-defined]


def _execute_child(self: Any, *args: Any, **named: Any) -> None:
    if threading.get_ident() not in _ours:
        _real(self, *args, **named)
        return
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, FOR_MAIN)
    try:
        _real(self, *args, **named)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def replacements() -> list[Replacement]:
    """What stands in `subprocess`."""
    return [(subprocess.Popen, "_execute_child", _execute_child)] if _MASKS else []
