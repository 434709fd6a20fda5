"""Which clock the present thread is on, if any: what is replaced in the standard library asks here.

A thread that is on none has the real thing.
"""

import _thread
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_ident = _thread.get_ident
CLOCKS: "dict[int, Clock]" = {}
# Of each of these threads, less than 0: its own identity, and for one that a run started, since the system gives an identity
# again when a thread is over, also a number that no other has.
MARKS: dict[int, int] = {}
_MOST = 2**64 - 1
_number = count(1).__next__


def rise(ident: int) -> "Clock | None":
    """The thread is on no clock from now on; on which it was."""
    MARKS.pop(ident, None)
    return CLOCKS.pop(ident, None)


def clock_here() -> "Clock | None":
    """The clock of the present thread; None for a thread that takes part in no run."""
    return CLOCKS.get(_ident())


def sits(ident: int) -> bool:
    """Whether that thread is on a clock."""
    return ident in CLOCKS


def at(ident: int) -> "Clock | None":
    """The clock of that thread."""
    return CLOCKS.get(ident)


def sit(ident: int, clock: "Clock | None", started: bool = False) -> "Clock | None":
    """The thread, which a run has just `started` or not, is on `clock` from now on; on which it was before."""
    if clock is None:
        return rise(ident)
    if started:
        MARKS[ident] = -(ident + _number() * (_MOST + 1))
    elif ident not in MARKS:
        MARKS[ident] = -ident
    before = CLOCKS.pop(ident, None)
    CLOCKS[ident] = clock
    return before


def thread_of(mark: int) -> int:
    """The identity of the thread that has or had this mark, or is on no clock, so that it is its own."""
    return abs(mark) & _MOST


def is_over(mark: int) -> bool:
    """Whether it is the mark of a thread that a run started, and that has ended."""
    return mark < -_MOST and MARKS.get(thread_of(mark)) != mark


def leave_all() -> None:
    """Nobody is on a clock."""
    CLOCKS.clear()
    MARKS.clear()
