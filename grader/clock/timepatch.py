"""`time` and `datetime` agree with the virtual clock, for the threads of a run and only for them.

The functions are replaced in their modules for the time of the run, so a program that does `from time import sleep` while it
is loaded gets ours; any other thread that meets them gets the real ones.
"""

import _thread
import contextlib
import datetime
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date as _real_date
from datetime import datetime as _real_datetime
from typing import Any

from grader.clock.clock import Clock
from grader.ticks import TICKS_PER_SECOND, to_seconds, to_tick, to_ticks

_ident = _thread.get_ident


def _functions(clock: Clock, epoch: int, on_sleep: Callable[[Any, int, int], None]) -> dict[str, Callable[..., Any]]:
    """Name in `time` -> what it does on `clock`; `epoch` in ticks since 1970."""

    def sleep(seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        start = clock.now
        clock.block(to_tick(seconds))
        on_sleep(sys._getframe(2), start, clock.now)

    def localtime(seconds: float | None = None) -> time.struct_time:
        found: time.struct_time = _REAL["localtime"](_wall() if seconds is None else seconds)
        return found

    def gmtime(seconds: float | None = None) -> time.struct_time:
        found: time.struct_time = _REAL["gmtime"](_wall() if seconds is None else seconds)
        return found

    def ctime(seconds: float | None = None) -> str:
        return str(_REAL["ctime"](_wall() if seconds is None else seconds))

    def strftime(form: str, when: Any = None) -> str:
        return str(_REAL["strftime"](form, localtime() if when is None else when))

    def _wall() -> float:
        return to_seconds(epoch + clock.now)

    return {
        "sleep": sleep,
        "time": _wall,
        "time_ns": lambda: epoch + clock.now,
        "monotonic": lambda: to_seconds(clock.now),
        "monotonic_ns": lambda: clock.now,
        "perf_counter": lambda: to_seconds(clock.now),
        "perf_counter_ns": lambda: clock.now,
        "localtime": localtime,
        "gmtime": gmtime,
        "ctime": ctime,
        "strftime": strftime,
    }


_NAMES = tuple(_functions(Clock(), 0, lambda *_: None))
_REAL: dict[str, Callable[..., Any]] = {name: getattr(time, name) for name in _NAMES}


# what the run in a thread replaces, by thread; a module that took one of ours during a run keeps it, and finds nothing here
# when no run is on: then it is the real function
_present: dict[int, dict[str, Callable[..., Any]]] = {}


def _either(name: str) -> Callable[..., Any]:
    """The function of the run in the present thread, else the real one."""
    real = _REAL[name]

    def either(*args: Any, **kwargs: Any) -> Any:
        ours = _present.get(_ident())
        return (real if ours is None else ours[name])(*args, **kwargs)

    either.__name__ = either.__qualname__ = name
    either.__doc__ = real.__doc__
    return either


_EITHER = {name: _either(name) for name in _NAMES}


class _LikeReal(type):
    """Real dates are instances of the replaced classes too; of a program's own subclass only its own are."""

    def __instancecheck__(cls, instance: Any) -> bool:
        if cls.__mro__[1] in (_real_date, _real_datetime):
            return isinstance(instance, cls.__mro__[1])
        return super().__instancecheck__(instance)


def _dates(now: Callable[[], float]) -> dict[str, type]:
    """`datetime` and `date` whose present is `now` (seconds since 1970)."""

    class VirtualDatetime(_real_datetime, metaclass=_LikeReal):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(now(), tz)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(now())

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(now(), datetime.UTC).replace(tzinfo=None)

    class VirtualDate(_real_date, metaclass=_LikeReal):
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(now())

    VirtualDatetime.__name__ = VirtualDatetime.__qualname__ = "datetime"
    VirtualDate.__name__ = VirtualDate.__qualname__ = "date"
    return {"datetime": VirtualDatetime, "date": VirtualDate}


@contextlib.contextmanager
def virtual_time(clock: Clock, epoch: float, on_sleep: Callable[[Any, int, int], None]) -> Iterator[None]:
    """For this thread, `time` and `datetime` tell the time of `clock`, which began at `epoch` (seconds since 1970).

    `on_sleep(frame, start, end)` hears of every `time.sleep`, with the caller's frame and ticks.
    """
    thread, start = _ident(), to_ticks(epoch)
    _present[thread] = _functions(clock, start, on_sleep)
    try:
        vars(time).update(_EITHER)
        vars(datetime).update(_dates(lambda: (start + clock.now) / TICKS_PER_SECOND))
        yield
    finally:
        del _present[thread]
        vars(time).update(_REAL)
        datetime.datetime, datetime.date = _real_datetime, _real_date  # type: ignore[misc]
