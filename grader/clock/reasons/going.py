"""Who goes on at the end of a clock's time, and who only waits: time itself wakes the one, and nobody the other.

Read from the timers of the loops and from what the threads are parked for. Checked on 3.11, 3.12 and 3.13: `asyncio.timeout`
has a timer that calls a method of it, and knows its task; `asyncio.wait` has one that is given the future that it waits for.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from grader.clock.reasons.waits import LATER

if TYPE_CHECKING:
    from grader.clock.clock import Clock
    from grader.clock.reasons.stuck import Wait


GOES_ON = "goes on as time passes"


def nobody_does(each: Any) -> bool:
    """In a deadlock."""
    return False


def by_time(loops: Iterable[Any], clock: "Clock") -> Callable[[Any], bool]:
    """Whether a task or a thread sleeps, or waits with a time-out, or runs just now."""
    woken = {id(each) for loop in loops for timer in _timers(loop) for each in _wakes(timer)}
    parked = {seat.ident for seat in clock.parked_for_a_time()}

    def goes_on(each: Any) -> bool:
        if isinstance(each, threading.Thread):
            return each.ident in parked or each is threading.current_thread()
        return id(each) in woken or id(getattr(each, "_fut_waiter", None)) in woken

    return goes_on


def _timers(loop: Any) -> Iterator[Any]:
    for there in loop.timers.at.values() if hasattr(loop, "timers") else ():
        yield from there if type(there) is list else (there,)


def _wakes(timer: Any) -> Iterator[Any]:
    """The futures and tasks that it is for."""
    if isinstance(timer, asyncio.Future):
        yield timer
        return
    if not timer._cancelled:
        yield from (each for each in timer._args if isinstance(each, asyncio.Future))
        yield getattr(getattr(timer._callback, "__self__", None), "_task", None)


def callbacks(loop: Any) -> Iterator[Any]:
    """Timers that call something of the program's."""
    for timer in _timers(loop):
        if not isinstance(timer, asyncio.Future) and not timer._cancelled and not any(_wakes(timer)):
            yield timer


def said_of(wait: "Wait") -> "Wait":
    """Without the reason why nobody else can end it: time does."""
    thing, reason, _ = wait.waits_for.removesuffix(LATER).partition(": ")
    return wait._replace(waits_for=f"{thing}, with a time-out" if reason else thing)


def but_for_others(said: str) -> str:
    """Of one who waits beside others who go on: what these will do is not known."""
    return said.replace("nothing that runs can", "nothing else that runs can")
