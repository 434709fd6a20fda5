"""Who asked a task to end: somebody else, or a group of its own.

A TaskGroup whose child fails cancels its own parent, to get it out of what it does there; on 3.11 and 3.12 it does not always
take that back, and `cancelling()` still counts it when the task has long gone on, as it should.

Overrides of asyncio's, each checked on 3.11, 3.12 and 3.13: a task's `cancel`, `uncancel` and `set_name`.
"""

import asyncio
import sys
from asyncio import taskgroups
from types import FrameType
from typing import Any

from grader.clock.handles import check_whose
from grader.clock.lines import NOWHERE, Place

_ASKS = ("cancel", "uncancel")


class CountedTask(asyncio.Task[Any]):
    """A task for a loop's task factory, which knows how many of its cancellations its own groups asked for."""

    made: Place = NOWHERE  # where, if anybody keeps that
    _by_groups = 0

    def set_name(self, value: object, /) -> None:
        if value is not None:  # 3.13.0 names every task that a factory made, with None for no name
            super().set_name(value)

    def cancel(self, msg: Any | None = None) -> bool:
        check_whose(self, sys._getframe())
        asked = super().cancel(msg)
        if asked and self._in_its_group("_on_task_done"):
            self._by_groups += 1
        return asked

    def uncancel(self) -> int:
        left = super().uncancel()
        own = self._by_groups - self._in_its_group("__aexit__")
        self._by_groups = max(min(own, left), 0)
        return left

    def asked_to_end(self) -> bool:
        """Whether somebody other than a group of its own has cancelled it, and that was not taken back."""
        return self.cancelling() > self._by_groups

    def asker(self) -> FrameType | None:
        """Within `cancel` or `uncancel`: the frame that called it."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_name not in _ASKS:
            frame = frame.f_back
        while frame is not None and frame.f_code.co_name in _ASKS:
            frame = frame.f_back
        return frame

    def _in_its_group(self, method: str) -> bool:
        """Whether this method of a group that has this task for a parent asks."""
        frame = self.asker()
        if frame is None or (frame.f_code.co_filename, frame.f_code.co_name) != (taskgroups.__file__, method):
            return False
        return frame.f_locals["self"]._parent_task is self
