"""What a run may not do is refused where it is tried, with the name of the call: it never passes silently.

An audit hook cannot be taken away by the program that it watches, and cannot be removed by us either: there is one for the
process, and it does nothing unless the present thread plays a run.
"""

import _thread
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from grader.clock.loop import refusal
from grader.clock.over import RefusedError

_NEEDS = {
    "socket.__new__": ("socket.socket", "a network socket"),
    "socket.getaddrinfo": ("socket.getaddrinfo", "the network"),
    "socket.gethostbyname": ("socket.gethostbyname", "the network"),
    "subprocess.Popen": ("subprocess", "a real process"),
    "os.system": ("os.system", "a real process"),
    "os.fork": ("os.fork", "a real process"),
    "os.forkpty": ("os.forkpty", "a real process"),
    "os.exec": ("os.exec", "a real process"),
    "os.posix_spawn": ("os.posix_spawn", "a real process"),
    "_thread.start_new_thread": ("threading", "a thread"),
    "_thread.start_joinable_thread": ("threading", "a thread"),
    "builtins.input": ("input", "a person at the keyboard"),
}

_watched: dict[int, "Watch"] = {}
_installed: list[bool] = []
_ident = _thread.get_ident


class Watch:
    """`on_refusal(call, frame)` hears of what is refused, `on_breakpoint()` of a debugger; `off` ends the refusing."""

    def __init__(self, on_refusal: Callable[[str, FrameType | None], None], on_breakpoint: Callable[[], None]):
        self.on_refusal, self.on_breakpoint, self.off = on_refusal, on_breakpoint, False


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event == "builtins.breakpoint":
        watch = _watched.get(_ident())
        if watch is not None and not watch.off:
            watch.off = True
            watch.on_breakpoint()
    elif event in _NEEDS:
        watch = _watched.get(_ident())
        if watch is not None and not watch.off:
            _refuse(watch, event)


def _refuse(watch: Watch, event: str) -> None:
    call, needs = _NEEDS[event]
    watch.on_refusal(call, sys._getframe(1))
    raise RefusedError(refusal(call, needs))


@contextlib.contextmanager
def refusing(watch: Watch) -> Iterator[None]:
    """While this lasts, this thread is refused sockets, processes, threads and the keyboard."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_audit)
    thread, start = _ident(), threading.Thread.start

    def refuse_start(self: threading.Thread) -> None:
        # Python 3.11 has no audit event for a new thread
        if _ident() == thread and not watch.off:
            _refuse(watch, "_thread.start_new_thread")
        start(self)

    _watched[thread] = watch
    threading.Thread.start = refuse_start  # type: ignore[method-assign]
    try:
        yield
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]
        del _watched[thread]
