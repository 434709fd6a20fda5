"""`time` and `datetime` agree with the clock of the present thread; in a thread that is on none they are real.

The functions of `time` are replaced in their module, so a program that does `from time import sleep` while a run is on gets
ours, and keeps it: when no run is on, it is the real function. Of dates two functions are replaced in their class itself, so
that they agree however the class was imported. Checked on 3.11, 3.12 and 3.13: the dictionary of a class of C's can be found
and changed, and lookups notice.
"""

import datetime
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Inside, Replacement, is_a_programs
from grader.clock.seconds import seconds_of
from grader.ticks import NEVER, TICKS_PER_SECOND, to_seconds, to_time, to_wait

if TYPE_CHECKING:
    from grader.clock.clock import Clock


_TOO_LONG = 2**63 / TICKS_PER_SECOND  # for the real one, and for any clock


def _sleep(clock: "Clock", seconds: float) -> None:
    seconds = seconds_of(seconds)
    if not 0 <= seconds < _TOO_LONG:
        REAL["sleep"](seconds)  # with its own errors
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


def _asctime(clock: "Clock", *when: Any) -> str:
    return str(REAL["asctime"](*when or [_localtime(clock)]))


def _strftime(clock: "Clock", form: str, *when: Any) -> str:
    return str(REAL["strftime"](form, *when or [_localtime(clock)]))


def _ticks(clock: "Clock") -> int:
    return clock.asked()


def _seconds(clock: "Clock") -> float:
    return to_time(clock.asked())


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
# how many arguments each takes; with others the real one says what is wrong
_TAKES = dict.fromkeys(_VIRTUAL, (0,)) | dict.fromkeys(("localtime", "gmtime", "ctime", "asctime"), (0, 1))
_TAKES |= {"sleep": (1,), "strftime": (1, 2)}
REAL: dict[str, Callable[..., Any]] = {name: getattr(time, name) for name in _VIRTUAL}


class _Unbound(staticmethod):  # type: ignore[type-arg]
    """As functions of C are: no method of a class in whose body it stands, and pickled by its name."""

    def __reduce__(self) -> str:
        return self.__name__


def _either(name: str) -> Callable[..., Any]:
    """The virtual function where the present thread is on a clock, else the real one."""
    real, virtual, takes = REAL[name], _VIRTUAL[name], _TAKES[name]

    def either(*args: Any, **kwargs: Any) -> Any:
        clock = clock_here()
        if clock is None or len(args) not in takes or kwargs:
            return REAL[name](*args, **kwargs)
        return virtual(clock, *args)

    either.__name__ = either.__qualname__ = name
    either.__doc__, either.__module__ = real.__doc__, "time"
    return _Unbound(either)


EITHER = {name: _either(name) for name in _VIRTUAL}


# ---------------------------------------------------------------- dates


_DATETIME = Inside(datetime.datetime)
_real_now, _real_utcnow = _DATETIME.now, _DATETIME.utcnow


def _now(cls: type[datetime.datetime], *args: Any, **kwargs: Any) -> datetime.datetime:
    clock = clock_here()
    zone = args[0] if args else kwargs.get("tz")
    wrong = len(args) + len(kwargs) > 1 or not kwargs.keys() <= {"tz"} or not isinstance(zone, datetime.tzinfo | None)
    if clock is None or wrong:
        found: datetime.datetime = _real_now.__get__(None, cls)(*args, **kwargs)
        return found
    return cls.fromtimestamp(_wall(clock), zone)


def _utcnow(cls: type[datetime.datetime], *args: Any, **kwargs: Any) -> datetime.datetime:
    clock = clock_here()
    if clock is None or args or kwargs:
        found: datetime.datetime = _real_utcnow.__get__(None, cls)(*args, **kwargs)
        return found
    return cls.fromtimestamp(_wall(clock), datetime.UTC).replace(tzinfo=None)


for _function, _real in ((_now, _real_now), (_utcnow, _real_utcnow)):
    _function.__name__, _function.__qualname__ = _real.__name__, _real.__qualname__
    _function.__doc__, _function.__module__ = _real.__doc__, "datetime"
_DATES: list[Replacement] = [(_DATETIME, "now", classmethod(_now)), (_DATETIME, "utcnow", classmethod(_utcnow))]


def real_and_ours() -> list[tuple[Any, Any]]:
    """What programs may have taken before, and what stands in its place."""
    return [(REAL[name], EITHER[name]) for name in EITHER]


class _SubprocessTime:
    """In the place of the module `time` in `subprocess`, whose waits are real: it has the real `monotonic` by name.

    Where there is an outside, they give time to others as any sleep does.
    """

    @staticmethod
    def sleep(seconds: float) -> None:
        clock = clock_here()
        (REAL if clock is None or clock.lookout is None else EITHER)["sleep"](seconds)


def replacements(over_all: bool = True) -> list[Replacement]:
    """What stands in `time` and `datetime`, and in modules of the standard library that took their names before.

    Unless it stands `over_all`, what a program has put there itself is left to it.
    """
    for name, either in EITHER.items():
        there = getattr(time, name)
        if there is not either and (over_all or not is_a_programs(there)):
            REAL[name] = there  # it may be another library's that freezes time for whoever is on no clock
    found: list[Replacement] = [(time, name, either) for name, either in EITHER.items()]
    if "subprocess" in sys.modules:
        found.append((sys.modules["subprocess"], "time", _SubprocessTime))
    found += _DATES
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
