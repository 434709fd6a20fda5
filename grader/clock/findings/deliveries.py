"""Where a cancellation reached a task, and who caught it.

A cancellation that is asked of a task goes to what the task waits for; it reaches the task itself only if that ends so. Then it
is thrown into the task's coroutine, and all that it passes on its way out is in its traceback: the last of it has caught it.

Checked on 3.11, 3.12 and 3.13: a task calls `throw` of its coroutine with the exception, and `send` by that name if it is no
coroutine of Python's own; `_coro` is what it is printed and debugged with; an `asyncio.Timeout` cancels its task in
`_on_timeout`, and takes that back in `__aexit__`, whose `exc_type` says how its body ended.
"""

import asyncio
import traceback
from asyncio import timeouts
from types import FrameType
from typing import Any, NamedTuple

from grader.clock.findings.cancels import CountedTask
from grader.clock.findings.scopes import is_another_s, is_swallowed, scope_of
from grader.clock.lines import NOWHERE, Place, innermost, plain_name
from grader.clock.reasons.chains import frames_of

_ON_TIMEOUT = timeouts.Timeout._on_timeout.__code__  # type: ignore[attr-defined]
_END_OF_TIMEOUT = timeouts.Timeout.__aexit__.__code__
_AT_ONCE = object()


class Caught(NamedTuple):
    """The line that waited when a cancellation came, in the function that caught it or the user's nearest one above that.

    `of_a_scope`: of anyio's.
    """

    place: Place = NOWHERE
    function: str = ""
    of_a_scope: bool = False


class Delivery(NamedTuple):
    """`error` was thrown into a coroutine; who stood where then, outermost first.

    `of_a_scope`: one of anyio's asked for it; `another_s`: through something else, that may have been what ended.
    """

    error: asyncio.CancelledError
    stood: list[tuple[FrameType, int]]
    of_a_scope: bool = False
    another_s: bool = False

    def caught(self) -> Caught | None:
        """By whom, if it was caught; None if one cannot know that."""
        frames = [frame for frame, _ in self.stood]
        passed = [frame for frame, _ in traceback.walk_tb(self.error.__traceback__) if frame in frames]
        upto = frames[: frames.index(passed[0]) + 1] if passed else frames
        if self.of_a_scope and (self.another_s or not upto or not is_swallowed(frames, len(upto) - 1)):
            return None
        at, frame = innermost(upto)
        if frame is None:
            return Caught()
        place = frame.f_code.co_filename, self.stood[at - 1][1]
        return Caught(place, plain_name(frame.f_code), self.of_a_scope)


class Deliveries:
    """What was thrown into one task's coroutine of that which was asked of the task, and was not taken back."""

    def __init__(self) -> None:
        self.all: list[Delivery] = []
        self._to_come: Any = None
        self._asked = (False, False)

    def asked(self, of: Any, of_a_scope: bool = False, another_s: bool = False) -> None:
        """Of the future that the task waits for, or, at its next turn, of the task itself."""
        self._to_come, self._asked = of, (of_a_scope, another_s)

    def thrown(self, error: BaseException, coroutine: Any) -> None:
        """An exception is about to be thrown into the coroutine; it may be somebody else's end that it was to hear of."""
        if isinstance(error, asyncio.CancelledError) and self._was_passed_on():
            stood = [(frame, frame.f_lineno) for frame in frames_of(coroutine)]
            self.all.append(Delivery(error, stood, *self._asked))
        self._to_come = None

    def _was_passed_on(self) -> bool:
        of = self._to_come
        if of is None or of is _AT_ONCE:
            return of is _AT_ONCE
        return bool(of.cancelled()) or isinstance(getattr(of, "_exception", None), asyncio.CancelledError)


class _Within:
    """Stands for the coroutine of a task, in all that asyncio asks of one, and sees what is thrown into it."""

    __slots__ = ("_deliveries", "close", "coroutine", "send")  # as they are, without a frame of ours in tracebacks

    def __init__(self, coroutine: Any, deliveries: Deliveries):
        self.coroutine, self._deliveries = coroutine, deliveries
        self.send, self.close = coroutine.send, coroutine.close

    def throw(self, error: Any, *more: Any) -> Any:
        __tracebackhide__ = True  # by pytest
        self._deliveries.thrown(error, self.coroutine)
        return self.coroutine.throw(error, *more)

    def __await__(self) -> Any:
        return self.coroutine.__await__()


class DeliveredTask(CountedTask):
    """A task that knows whether a cancellation reached it, and who caught it. `timed_out`: who went on after a time-out."""

    def __init__(self, coro: Any, **options: Any):
        self._deliveries = Deliveries()
        self._timeouts: dict[Any, int] = {}
        self.timed_out: list[Caught] = []
        within: Any = _Within(coro, self._deliveries)
        super().__init__(within, **options)

    @property
    def _coro(self) -> Any:
        return getattr(super()._coro, "coroutine", None)  # type: ignore[misc]

    def get_coro(self) -> Any:
        """The program's."""
        return self._coro

    def swallowed(self) -> Caught | None:
        """Who caught what somebody asked of it, now that it has ended otherwise; None if nobody did."""
        reached = self._deliveries.all
        return reached[-1].caught() if reached and self.asked_to_end() else None

    def forget(self) -> None:
        """Let go of frames."""
        self._deliveries.all.clear()
        self._timeouts.clear()

    def cancel(self, msg: Any | None = None) -> bool:
        waits_for, groups, scope = getattr(self, "_fut_waiter", None), self._by_groups, scope_of(self.asker())
        another_s = scope is not None and is_another_s(waits_for)
        asked = super().cancel(msg)
        if asked and self._by_groups == groups:
            of = _AT_ONCE if getattr(self, "_must_cancel", False) else waits_for
            self._deliveries.asked(of, scope is not None, another_s)
            timeout = self._of_a_timeout(_ON_TIMEOUT)
            if timeout is not None:
                self._timeouts[timeout.f_locals["self"]] = len(self._deliveries.all)
            elif scope is not None and scope.is_of(self):
                self._timeouts.setdefault(scope.it, len(self._deliveries.all))
        return asked

    def uncancel(self) -> int:
        left = super().uncancel()
        reached, timeout, scope = self._deliveries.all, self._of_a_timeout(_END_OF_TIMEOUT), scope_of(self.asker())
        if timeout is not None:
            self._went_on_after(timeout.f_locals["self"], timeout.f_locals["exc_type"] is None)
        elif scope is not None and scope.end:
            self._went_on_after(scope.it, scope.ended)
        del reached[-1:]
        return left

    def _went_on_after(self, timeout: Any, ended: bool) -> None:
        """A time-out or a scope is over whose body, if it `ended`, did so as if nothing had been."""
        reached = self._deliveries.all
        before = self._timeouts.pop(timeout, len(reached))
        caught = reached[-1].caught() if ended and len(reached) > before else None
        if caught is not None:
            self.timed_out.append(caught)

    def _of_a_timeout(self, code: Any) -> FrameType | None:
        """The frame of that function of a time-out's, if it is the one that asks."""
        frame = self.asker()
        return frame if frame is not None and frame.f_code is code else None
