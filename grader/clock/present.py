"""Which clock the present thread is on, if any: what is replaced in the standard library asks here.

A thread that is on none has the real thing.
"""

import _thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_ident = _thread.get_ident
CLOCKS: "dict[int, Clock]" = {}
rise = CLOCKS.pop  # `rise(ident, None)`: the thread is on no clock from now on; on which it was


def clock_here() -> "Clock | None":
    """The clock of the present thread; None for a thread that takes part in no run."""
    return CLOCKS.get(_ident())


def sits(ident: int) -> bool:
    """Whether that thread is on a clock."""
    return ident in CLOCKS


def at(ident: int) -> "Clock | None":
    """The clock of that thread."""
    return CLOCKS.get(ident)


def sit(ident: int, clock: "Clock | None") -> "Clock | None":
    """The thread is on `clock` from now on; on which it was before."""
    before = rise(ident, None)
    if clock is not None:
        CLOCKS[ident] = clock
    return before


def leave_all() -> None:
    """Nobody is on a clock."""
    CLOCKS.clear()
