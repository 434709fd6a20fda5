"""Within `hygiene`: tasks that a program makes past its loop, by `asyncio.Task(coroutine)`, so that no task factory sees them.

They are looked for when their loop stops, and again when it goes on: whoever was cancelled in between was left
running, as a runner cancels what is left. Where one was made is known by its coroutine, which is mostly made there, too.
"""

import asyncio
import weakref
from collections.abc import Callable
from typing import Any

from grader.clock.lines import Place, choose, path

Found = Callable[[Place, Any], object]  # hears of a place, and the task


class Direct:
    """`found` hears of those that were left running; `is_seen` says of which tasks something else is told."""

    def __init__(self, is_seen: Callable[[Any], bool], found: Found) -> None:
        self._is_seen, self._found = is_seen, found
        self._there: weakref.WeakSet[Any] = weakref.WeakSet()
        self._left: weakref.WeakKeyDictionary[Any, int] = (
            weakref.WeakKeyDictionary()
        )  # and how often each was cancelled

    def overlook(self, loop: Any) -> None:
        """What is there already is not this program's."""
        self._there.update(asyncio.all_tasks(loop))

    def stops(self, loop: Any) -> None:
        """The loop stands still from now on."""
        for task in asyncio.all_tasks(loop):
            if not self._is_seen(task) and task not in self._there:
                self._left[task] = task.cancelling()

    def goes_on(self) -> None:
        """A loop is about to run."""
        for task, cancelled in list(self._left.items()):
            if task.cancelling() > cancelled:
                self._found(made_at(task), task)
        self._left.clear()

    def end(self) -> None:
        """Nothing runs any more: those that are left are so for ever."""
        for task, cancelled in list(self._left.items()):
            if not task.done() and (task.cancelling() > cancelled or not cancelled):
                self._found(made_at(task), task)
        self._left.clear()


def made_at(task: Any) -> Place:
    """The program's line that made its coroutine, as far as anybody kept that; else the first of the coroutine itself."""
    coroutine = task.get_coro()
    origin = getattr(coroutine, "cr_origin", None) or ()
    code = getattr(coroutine, "cr_code", None)
    places = path((file, function, line) for file, line, function in reversed(origin))
    return choose(places or ([] if code is None else [(code.co_filename, code.co_firstlineno)]))
