"""Who waits by `select` on a clock without an outside: a selector loop of asyncio's own in a thread, or a program's loop.

What only this process can write to, a pipe or a pair of sockets that no child of it has, is waited for in virtual time: whoever
writes to it is on the clock. A loop of asyncio's that waits for anything else is refused, since it would hold its turn for
ever. Other descriptors are waited for really, while time stands; a time-out that passes has taken its virtual time, so that a
program which counts what is left of its time comes to an end. The waits of `subprocess`, and of packages, are their own affair.

Checked on 3.11, 3.12 and 3.13: a loop of asyncio's calls `select` of its selector in `_run_once`, and counts in `_internal_fds`
what it has registered for itself.
"""

import asyncio
import functools
import select
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from grader.clock.library.present import clock_here
from grader.clock.library.refusals import refusal
from grader.clock.library.replaced import Replacement
from grader.clock.lines import of_a_program, package_of, place_of, said
from grader.clock.over import RefusedError
from grader.clock.threads.in_line import Line, caller_of
from grader.clock.threads.inside import is_inside
from grader.ticks import to_wait

if TYPE_CHECKING:
    from grader.clock.clock import Clock

RUN_ONCE = asyncio.BaseEventLoop._run_once.__code__  # type: ignore[attr-defined]
_SELECTORS = ("SelectSelector", "PollSelector", "EpollSelector", "DevpollSelector", "KqueueSelector")
_INSTEAD = "give it a time-out to wait for"


class Look:
    """`now()` finds what is ready at this moment, `ready()` whether anything is, and takes nothing; `descriptors` are
    looked at.
    """

    def __init__(
        self,
        call: str,
        now: Callable[[], Any],
        descriptors: Callable[[], Iterable[Any]],
        ready: Callable[[], Any] | None = None,
    ) -> None:
        self.call, self.now, self.descriptors, self.ready = call, now, descriptors, ready or now


class SelectLine(Line):
    """Whoever waits by select has a line of its own; who writes tells nobody."""

    __slots__ = ()

    def free(self) -> int:
        return int(_is_any(self.thing.ready()))

    def take(self, got: list[Any], seconds: float = 0) -> None:
        found = self.thing.now()
        if _is_any(found):
            got.append(found)

    def give_back(self, got: list[Any]) -> None:
        """It is still there."""


def _is_any(found: Any) -> bool:
    return any(found) if isinstance(found, tuple) else bool(found)


# ---------------------------------------------------------------- how it waits


def selected(clock: "Clock", look: Look, timeout: Any, caller: FrameType, really: Callable[[], Any]) -> Any:
    loop = caller.f_locals["self"] if caller.f_code is RUN_ONCE else None
    if loop is None and (caller.f_globals is vars(subprocess) or package_of(caller.f_code.co_filename)):
        return really()
    if timeout is not None and timeout <= 0:
        return _ask(clock, look, caller, really)
    if not are_inside(look, clock):
        if loop is not None and len(loop._selector.get_map()) > loop._internal_fds:
            _refuse(caller)
        if loop is None:
            return _wait_really(clock, look, timeout, caller, really)
    return wait(clock, look, None if timeout is None else clock.now + to_wait(timeout), loop is None)


def are_inside(look: Look, clock: "Clock") -> bool:
    try:
        return is_inside(look.descriptors(), clock)
    except OSError:
        return False  # it is not known which they are


def _ask(clock: "Clock", look: Look, caller: FrameType, really: Callable[[], Any]) -> Any:
    """Without waiting; the turn is for others, too. Whoever does nothing else never sees the time pass.

    What waits in the library (`multiprocessing`, `socketserver`) asks until its time is over, and not just come: a nanosecond.
    """
    clock.pass_turn()
    found = really()
    if caller.f_code is RUN_ONCE:
        clock.turn()
    elif not _is_any(found):
        clock.polled(f"{look.call} without waiting", _INSTEAD)
        if not of_a_program(caller.f_code.co_filename):
            clock.block(1)
    return found


def wait(clock: "Clock", look: Look, until: int | None, is_programs: bool) -> Any:
    """In virtual time, for what others on the clock write."""
    got = SelectLine(look, told=False).wait(clock, until, look.call if is_programs else "")
    return got[0] if got else look.now()


def _wait_really(clock: "Clock", look: Look, timeout: Any, caller: FrameType, really: Callable[[], Any]) -> Any:
    start, found = clock.now, really()
    if timeout is not None and not _is_any(found):
        clock.block(to_wait(timeout))
        clock.held_up(look.call, caller, start)
    return found


def _refuse(caller: FrameType) -> NoReturn:
    """A loop of asyncio's own, that is run by a line of the program's."""
    frame: FrameType | None = caller
    while frame is not None and frame.f_code.co_name != "run_forever":
        frame = frame.f_back
    where = said(place_of(None if frame is None else frame.f_back))
    call = f"asyncio.SelectorEventLoop{f' ({where})' if where else ''}"
    raise RefusedError(refusal(call, "descriptors of the system", alone=True))


# ---------------------------------------------------------------- the calls


def clock_without_outside() -> "Clock | None":
    """The clock of the present thread, if that has the turn and no outside; an exercise waits really, up to a limit."""
    clock = clock_here()
    if clock is None or clock.lookout is not None or clock.door is not None:
        return None
    return clock if clock.has_turn() else None


def _of_selector(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def select(self: Any, timeout: Any = None) -> Any:
        clock = clock_without_outside()
        if clock is None or not isinstance(timeout, int | float | None):
            return real(self, timeout)
        look = Look("selector.select", lambda: real(self, 0), lambda: list(self.get_map()))
        return selected(clock, look, timeout, caller_of(sys._getframe(1)), lambda: real(self, timeout))

    return select


def _function(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def call(*args: Any) -> Any:
        clock, timeout = clock_without_outside(), args[3] if len(args) > 3 else None
        if clock is None or not isinstance(timeout, int | float | None) or not _are_lists(args[:3]):
            return real(*args)
        look = Look("select.select", lambda: real(*args[:3], 0), lambda: [each for some in args[:3] for each in some])
        return selected(clock, look, timeout, caller_of(sys._getframe(1)), lambda: real(*args))

    return call


def _are_lists(given: tuple[Any, ...]) -> bool:
    """Which can be gone through more than once."""
    return len(given) == 3 and all(isinstance(each, list | tuple | set | frozenset | dict) for each in given)


def replacements() -> list[Replacement]:
    """What stands in `select` and `selectors`."""
    return _REPLACEMENTS


_CLASSES = [getattr(selectors, name) for name in _SELECTORS if hasattr(selectors, name)]
_REPLACEMENTS: list[Replacement] = [
    (select, "select", _function(select.select)),
    *((kind, "select", _of_selector(kind.select)) for kind in _CLASSES),
]
