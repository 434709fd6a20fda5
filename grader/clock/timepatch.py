"""`time` and `datetime` agree with the clock of the present thread; in a thread that is on none they are real.

The functions are replaced in their modules, so a program that does `from time import sleep` while a run is on gets ours, and
keeps it: when no run is on, it is the real function.
"""

import copyreg
import datetime
import sys
import time
from collections.abc import Callable
from datetime import date as _real_date
from datetime import datetime as _real_datetime
from typing import TYPE_CHECKING, Any

from grader.clock.present import clock_here
from grader.clock.replaced import Replacement
from grader.ticks import NEVER, to_seconds, to_wait

if TYPE_CHECKING:
    from grader.clock.clock import Clock


def _sleep(clock: "Clock", seconds: float) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    start, ticks = clock.now, to_wait(seconds)
    if ticks == NEVER:
        raise OverflowError("timestamp too large to convert to C PyTime_t")
    clock.block(ticks)
    clock.held_up("time.sleep", sys._getframe(2), start)


def _wall_ticks(clock: "Clock") -> int:
    return clock.epoch + clock.asked()


def _wall(clock: "Clock") -> float:
    return to_seconds(clock.epoch + clock.asked())


def _localtime(clock: "Clock", seconds: float | None = None) -> time.struct_time:
    found: time.struct_time = REAL["localtime"](_wall(clock) if seconds is None else seconds)
    return found


def _gmtime(clock: "Clock", seconds: float | None = None) -> time.struct_time:
    found: time.struct_time = REAL["gmtime"](_wall(clock) if seconds is None else seconds)
    return found


def _ctime(clock: "Clock", seconds: float | None = None) -> str:
    return str(REAL["ctime"](_wall(clock) if seconds is None else seconds))


def _asctime(clock: "Clock", when: Any = None) -> str:
    return str(REAL["asctime"](_localtime(clock) if when is None else when))


def _strftime(clock: "Clock", form: str, when: Any = None) -> str:
    return str(REAL["strftime"](form, _localtime(clock) if when is None else when))


def _ticks(clock: "Clock") -> int:
    return clock.asked()


def _seconds(clock: "Clock") -> float:
    return to_seconds(clock.asked())


# `process_time` and `thread_time` stay real: they count what is computed, and not what time it is
_VIRTUAL: dict[str, Callable[..., Any]] = {
    "sleep": _sleep,
    "time": _wall,
    "time_ns": _wall_ticks,
    "monotonic": _seconds,
    "monotonic_ns": _ticks,
    "perf_counter": _seconds,
    "perf_counter_ns": _ticks,
    "localtime": _localtime,
    "gmtime": _gmtime,
    "ctime": _ctime,
    "asctime": _asctime,
    "strftime": _strftime,
}
REAL: dict[str, Callable[..., Any]] = {name: getattr(time, name) for name in _VIRTUAL}


def _either(name: str) -> Callable[..., Any]:
    """The virtual function where the present thread is on a clock, else the real one."""
    real, virtual = REAL[name], _VIRTUAL[name]

    def either(*args: Any, **kwargs: Any) -> Any:
        clock = clock_here()
        return REAL[name](*args, **kwargs) if clock is None else virtual(clock, *args, **kwargs)

    either.__name__ = either.__qualname__ = name
    either.__doc__, either.__module__ = real.__doc__, "time"
    return either


EITHER = {name: _either(name) for name in _VIRTUAL}


class _LikeReal(type):
    """Real dates are instances of the replaced classes too; of a program's own subclass only its own are."""

    def __instancecheck__(cls, instance: Any) -> bool:
        if cls.__mro__[1] in (_real_date, _real_datetime):
            return isinstance(instance, cls.__mro__[1])
        return super().__instancecheck__(instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        if cls.__mro__[1] in (_real_date, _real_datetime):
            return issubclass(subclass, cls.__mro__[1])
        return super().__subclasscheck__(subclass)


def _now() -> float:
    return float(EITHER["time"]())


def _by_name(kind: Any, *rest: Any) -> tuple[Any, ...]:
    """How it is pickled: by what stands at its name now, which is what pickle looks for there."""
    if kind in (_Datetime, _real_datetime):
        kind = datetime.datetime
    elif kind in (_Date, _real_date):
        kind = datetime.date
    return kind, *rest


class _Datetime(_real_datetime, metaclass=_LikeReal):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return cls.fromtimestamp(_now(), tz)

    @classmethod
    def today(cls) -> Any:
        return cls.fromtimestamp(_now())

    @classmethod
    def utcnow(cls) -> Any:
        return cls.fromtimestamp(_now(), datetime.UTC).replace(tzinfo=None)

    def __reduce_ex__(self, protocol: Any) -> Any:
        reduced: Any = super().__reduce_ex__(protocol)
        return _by_name(*reduced)


class _Date(_real_date, metaclass=_LikeReal):
    @classmethod
    def today(cls) -> Any:
        return cls.fromtimestamp(_now())

    def __reduce__(self) -> Any:
        reduced: Any = super().__reduce__()
        return _by_name(*reduced)


for _kind, _name in ((_Datetime, "datetime"), (_Date, "date")):
    _kind.__name__ = _kind.__qualname__ = _name
    _kind.__module__ = "datetime"


copyreg.pickle(_real_datetime, lambda moment: _by_name(*moment.__reduce_ex__(4)))
copyreg.pickle(_real_date, lambda day: _by_name(*day.__reduce__()))


class _SubprocessTime:
    """In the place of the module `time` in `subprocess`, whose waits are real: it has the real `monotonic` by name.

    Where there is an outside, they give time to others as any sleep does.
    """

    @staticmethod
    def sleep(seconds: float) -> None:
        clock = clock_here()
        (REAL if clock is None or clock.lookout is None else EITHER)["sleep"](seconds)


def replacements() -> list[Replacement]:
    """What stands in `time` and `datetime`, and in modules of the standard library that took their names before."""
    for name, either in EITHER.items():
        if getattr(time, name) is not either:
            REAL[name] = getattr(time, name)  # it may be another library's that freezes time for whoever is on no clock
    found: list[Replacement] = [(time, name, either) for name, either in EITHER.items()]
    if "subprocess" in sys.modules:
        found.append((sys.modules["subprocess"], "time", _SubprocessTime))
    found += [(datetime, "datetime", _Datetime), (datetime, "date", _Date)]
    timeit: Any = sys.modules.get("timeit")
    if timeit is not None:
        counter = EITHER["perf_counter"]
        found.append((timeit, "default_timer", counter))
        for function in (timeit.Timer.__init__, timeit.timeit, timeit.repeat):
            defaults = tuple(counter if each is REAL["perf_counter"] else each for each in function.__defaults__)
            found.append((function, "__defaults__", defaults))
    sched: Any = sys.modules.get("sched")
    if sched is not None:
        found.append((sched.scheduler.__init__, "__defaults__", (EITHER["monotonic"], EITHER["sleep"])))
    return found
