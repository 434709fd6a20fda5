"""What a run may not do is refused where it is tried, with the name of the call: it never passes silently.

An audit hook cannot be taken away by the program that it watches, and cannot be removed by us either: there is one for the
process, and it does nothing unless the present thread plays a run.
"""

import _thread
import contextlib
import functools
import signal
import sys
from collections.abc import Callable, Iterator
from os import getpid as _getpid
from types import FrameType
from typing import Any, NoReturn

from grader.clock.clock import Clock
from grader.clock.library.present import clock_here
from grader.clock.library.refusals import refusal
from grader.clock.library.replaced import Replacement
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
    "_winapi.CreateProcess": ("multiprocessing", "a real process"),  # of subprocess it is heard before
    "builtins.input": ("input", "a person at the keyboard"),
    "os.kill": ("os.kill", "another process"),
    "os.killpg": ("os.killpg", "other processes"),
}
_BREAKPOINT = "builtins.breakpoint"
_HEARD = frozenset({*_NEEDS, _BREAKPOINT})

# no event of the audit hook's, which on 3.12 and later hears of the threads of `threading`, too
_RAW_THREAD = ("_thread.start_new_thread", "a thread of the system; threading.Thread is one")
_RAW = (
    "start_new_thread",
    "start_new",
    "start_joinable_thread",
)  # beneath `threading`: such a thread would have no seat
# nor of these; one alarm is all that there is, and it is a limit's
_ALARMS = ("alarm", "setitimer")
_REAL_TIME = "an alarm in real time"
# nor of this, by which multiprocessing starts a process anew where it does not fork
_STARTED_ANEW = ("multiprocessing", "a real process")
_installed: list[bool] = []


class Watch:
    """`on_refusal(call, frame)` hears of what is refused, `on_breakpoint()` of a debugger; `off` ends the refusing."""

    def __init__(self, on_refusal: Callable[[str, FrameType | None], None], on_breakpoint: Callable[[], None]):
        self.on_refusal, self.on_breakpoint, self.off = on_refusal, on_breakpoint, False


def _watching() -> Watch | None:
    """Who watches the present thread."""
    clock = clock_here()
    watch: Watch | None = None if clock is None else clock.watch
    return None if watch is None or watch.off else watch


def _audit(event: str, args: tuple[Any, ...], heard: frozenset[str] = _HEARD) -> None:
    """`heard` is the function's own: the hook is asked to the very end, when a module's names may be None already."""
    if event not in heard:  # one question: there are dozens of events in the shortest of runs
        return
    watch = _watching()
    if watch is None or (event == "os.kill" and args[0] == _getpid()):
        return
    if event != _BREAKPOINT:
        _refuse(watch, *_NEEDS[event])
    watch.off = True
    watch.on_breakpoint()


def _refuse(watch: Watch, call: str, needs: str) -> NoReturn:
    watch.on_refusal(call, sys._getframe(1))
    raise RefusedError(refusal(call, needs))


@functools.cache
def _refused_here(real: Callable[..., Any], call: str, needs: str) -> Callable[..., Any]:
    """`real` for threads on no clock."""

    @functools.wraps(real)
    def refused(*args: Any, **kwargs: Any) -> Any:
        watch = _watching()
        if watch is not None:
            _refuse(watch, call, needs)
        return real(*args, **kwargs)

    return refused


def refusals(*, alarms: bool = True) -> list[Replacement]:
    """What refuses these, and `alarms`, to threads of a run; from now on all is watched."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_audit)
    signals: Any = signal
    threads = {name: getattr(_thread, name) for name in _RAW if hasattr(_thread, name)}
    timers = {name: getattr(signals, name) for name in _ALARMS if alarms and hasattr(signals, name)}
    anew: Any = sys.modules.get("_posixsubprocess")  # there is none on Windows, and without it nothing was started
    started = [(anew, "fork_exec", _refused_here(anew.fork_exec, *_STARTED_ANEW))] if anew is not None else []
    return [
        *started,
        *((_thread, name, _refused_here(real, *_RAW_THREAD)) for name, real in threads.items()),
        *((signals, name, _refused_here(real, f"signal.{name}", _REAL_TIME)) for name, real in timers.items()),
    ]


@contextlib.contextmanager
def refusing(clock: Clock, watch: Watch, *, alarms: bool = True) -> Iterator[None]:
    """While this lasts, threads on `clock` are refused sockets, processes, raw threads, the keyboard, and `alarms`."""
    there = refusals(alarms=alarms)
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in there]
    clock.watch = watch
    try:
        for each in there:
            setattr(*each)
        yield
    finally:
        for each in before:
            setattr(*each)
        clock.watch = None
