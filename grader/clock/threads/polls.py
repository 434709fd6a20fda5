"""Who waits by `select.poll` or `select.epoll` on a clock without an outside: as by `select.select`, see `selects`.

Neither tells what it looks at. Of an epoll the system does (Linux, in /proc); in the place of `select.poll` a thread on such a
clock gets one that keeps it. What has an outside, or is not known, is waited for really, while time stands.

Checked on 3.11, 3.12 and 3.13: a selector has the `poll` that it makes in an attribute of its class.
"""

import functools
import select
import sys
from collections.abc import Callable
from typing import Any

from grader.clock.library.replaced import VIRTUAL, Inside, Replacement
from grader.clock.threads.in_line import caller_of
from grader.clock.threads.inside import is_inside
from grader.clock.threads.selects import Look, are_inside, clock_without_outside, selected

select_really = select.select  # taken now, because a run replaces it
_LOOKED_AT = "tfd:"
_PER_SECOND = 1000  # of the units that a poll counts in


def _seconds(timeout: Any) -> Any:
    """Less than none is without end."""
    return None if timeout is None or timeout < 0 else timeout


# ---------------------------------------------------------------- poll


class poll:  # named as the real one, since texts name its method
    """In the place of an object of `select.poll`: the same, and it knows what it looks at."""

    def __init__(self, real: Any) -> None:
        self._real, self._numbers = real, dict[Any, None]()
        self.modify = real.modify

    def register(self, fd: Any, *events: Any) -> None:
        self._real.register(fd, *events)
        self._numbers[_number(fd)] = None

    def unregister(self, fd: Any) -> None:
        self._real.unregister(fd)
        self._numbers.pop(_number(fd), None)

    def poll(self, timeout: Any = None, /) -> Any:
        clock, real = clock_without_outside(), self._real.poll
        look = Look("poll.poll", functools.partial(real, 0), lambda: [*self._numbers])
        if clock is None or not isinstance(timeout, int | float | None) or not are_inside(look, clock):
            return real(timeout)
        seconds = None if timeout is None else timeout / _PER_SECOND
        return selected(clock, look, _seconds(seconds), caller_of(sys._getframe(1)), functools.partial(real, timeout))


def _number(of: Any) -> int:
    return of if isinstance(of, int) else int(of.fileno())


def _making(real: Callable[[], Any]) -> Callable[[], Any]:
    @functools.wraps(real)
    def make() -> Any:
        return real() if clock_without_outside() is None else poll(real())

    return make


# ---------------------------------------------------------------- epoll


def _of_epoll(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def wait(self: Any, timeout: Any = None, maxevents: Any = -1) -> Any:
        clock = clock_without_outside()
        caller = caller_of(sys._getframe(1))
        if clock is None or caller.f_globals is vars(sys.modules["selectors"]):
            return real(self, timeout, maxevents)
        if not isinstance(timeout, int | float | None) or not isinstance(maxevents, int):
            return real(self, timeout, maxevents)
        number = self.fileno()
        look = Look(
            "epoll.poll", lambda: real(self, 0, maxevents), lambda: _looked_at(number), lambda: _is_ready(number)
        )
        if not are_inside(look, clock):
            return real(self, timeout, maxevents)
        return selected(clock, look, _seconds(timeout), caller, lambda: real(self, timeout, maxevents))

    setattr(wait, VIRTUAL, _is_virtual)
    return wait


def _is_virtual(epoll: Any) -> bool:
    clock = clock_without_outside()
    try:
        return clock is not None and is_inside(_looked_at(epoll.fileno()), clock)
    except OSError:
        return False


def _is_ready(number: int) -> bool:
    """Whether an epoll would find anything, which looking would take where it is told once."""
    return bool(select_really([number], [], [], 0)[0])


def _looked_at(number: int) -> list[int]:
    """Raises OSError where the system does not tell."""
    with open(f"/proc/self/fdinfo/{number}") as lines:
        return [int(line.split()[1]) for line in lines if line.startswith(_LOOKED_AT)]


def replacements() -> list[Replacement]:
    """What stands in `select`."""
    return _REPLACEMENTS


_REPLACEMENTS: list[Replacement] = []
if hasattr(select, "poll"):
    _REPLACEMENTS.append((select, "poll", _making(select.poll)))
if hasattr(select, "epoll"):
    _epoll = Inside(select.epoll)
    _REPLACEMENTS.append((_epoll, "poll", _of_epoll(select.epoll.poll)))
