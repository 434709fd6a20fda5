"""A call that held up an event loop, told in asyncio's own log where nobody else hears of it: once for each line of a run."""

import logging
from types import FrameType
from typing import TYPE_CHECKING

from grader.clock.lines import called, place_of, said
from grader.ticks import to_seconds

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_SLEEP = "time.sleep"
_INSTEAD = "use its awaitable form, or asyncio.to_thread"


def tell(clock: "Clock", call: str, frame: FrameType, ticks: int) -> None:
    """`call`, made in `frame` by the present thread, has held up its loop for so long."""
    seconds, call, place = f"{to_seconds(ticks):g}", called(call, frame), place_of(frame)
    told: set[object] = vars(clock.mine).setdefault("told", set())  # who enters anew has a new seat
    if (call, place) in told:
        return
    told.add((call, place))
    shown, instead = (
        (f"{call}({seconds})", "await asyncio.sleep, or asyncio.to_thread") if call == _SLEEP else (call, _INSTEAD)
    )
    where = f": {said(place)}" if place[1] else ""
    text = "%s held up the loop for %s s of virtual time%s; %s"
    logging.getLogger("asyncio").warning(text, shown, seconds, where, instead)
