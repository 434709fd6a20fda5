"""Cancel scopes of anyio's (`move_on_after`, `fail_after`, `CancelScope`, those of its groups), known by their frames alone.

A scope cancels its tasks again and again until they have left it, and takes that back at its end. So one that catches a
cancellation, and waits again, is told again; swallowed is what was caught by somebody, and not raised until the end of the
scope's body or of the task.

Nothing is found where it may be right. A cancellation reaches whom a task waits for first, so whoever waits for another task or
for a future of its own, and suppresses the end of that, cannot be told from one who swallows its own. And a package may put off
a cancellation for what it has already got, since the next wait hears of it.

Checked with anyio 4.16: `_deliver_cancellation` has the scope in `origin`, which has its `_host_task`; `__exit__` has it in
`self`, and how its body ended in `exc_type`.
"""

import asyncio
from asyncio import tasks
from collections.abc import Sequence
from types import FrameType
from typing import Any, NamedTuple

from grader.clock.lines import nearness, package_of
from grader.clock.reasons.promises import source_of

_ASKS, _ENDS = "_deliver_cancellation", "__exit__"
_SLEEP = asyncio.sleep.__code__


class Scope(NamedTuple):
    """`it` asks a task to end, or at its `end` takes that back; its body has `ended` there as if nothing had been."""

    it: Any
    end: bool
    ended: bool = False

    def is_of(self, task: Any) -> bool:
        """Whether it is a scope in that task, which hears of its end."""
        return getattr(self.it, "_host_task", None) is task


def scope_of(asker: FrameType | None) -> Scope | None:
    """The scope that `asker`, who cancels or uncancels a task, is a function of."""
    if asker is None or package_of(asker.f_code.co_filename) != "anyio":
        return None
    names, call = asker.f_locals, asker.f_code.co_name
    if call == _ASKS and "origin" in names:
        return Scope(names["origin"], False)
    if call == _ENDS and "exc_type" in names:
        return Scope(names["self"], True, names["exc_type"] is None)
    return None


def is_another_s(future: Any) -> bool:
    """Whether it ends with something else, whose end it tells."""
    return isinstance(future, asyncio.Task) or hasattr(future, "_children") or source_of(future) is not None


def is_swallowed(stood: Sequence[FrameType], by: int) -> bool:
    """Whether the function number `by` of those that stood there has certainly swallowed its own."""
    inner = stood[-1].f_code
    waits_for_others = nearness(inner.co_filename) > 1 or (inner.co_filename == tasks.__file__ and inner is not _SLEEP)
    return nearness(stood[by].f_code.co_filename) > 1 and not waits_for_others
