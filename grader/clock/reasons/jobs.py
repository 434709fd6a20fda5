"""Where a job was given to a pool: whoever gave it may be gone, and a bare method (`to_thread(jobs.get)`) has no line.

Noted on a clock that stands alone. Checked on 3.11, 3.12 and 3.13: `submit`, which `to_thread`, `run_in_executor` and `map`
come to, makes a `_WorkItem` there, and a worker calls its `run`.
"""

import functools
import sys
from collections.abc import Iterable
from concurrent.futures import thread
from types import FrameType
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.lines import NOWHERE, Place, place_of

_item: Any = thread._WorkItem
_RUN, _real = _item.run.__code__, _item.__init__


@functools.wraps(_real)
def _init(self: Any, *args: Any, **kwargs: Any) -> None:
    _real(self, *args, **kwargs)
    clock = clock_here()
    if clock is not None and clock.door is None:
        self.submitted = place_of(sys._getframe(1))


def job_in(frames: Iterable[FrameType]) -> Any:
    """What a worker with these frames does for its pool; None if it does nothing, or is no worker."""
    return next((frame.f_locals.get("self") for frame in frames if frame.f_code is _RUN), None)


def submitted_at(job: Any) -> Place:
    """The line of the program's that gave it to the pool, if that was on a clock."""
    found: Place = getattr(job, "submitted", NOWHERE)
    return found


def replacements() -> list[Replacement]:
    """What stands in `concurrent.futures.thread`."""
    return [(_item, "__init__", _init)]
