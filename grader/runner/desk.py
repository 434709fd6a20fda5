"""The runner's side of the door: values in and out, and the operations that are on their way.

Holds no answer that has not arrived: what an operation gives is not in this process before its virtual end.
"""

import asyncio
import builtins
import enum
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from grader.clock.clock import Clock
from grader.clock.handles import NumberedFuture
from grader.clock.loops.loop import VirtualLoop
from grader.clock.threads.seats import Seat
from grader.door.foreseen import foreseen_ticks
from grader.door.messages import Door, EventPacked, OutcomePacked, Where
from grader.door.values import Packed, pack, unpack
from grader.runner import failures, proxies
from grader.runner.waits import Waits
from grader.runner.way_in import BENEATH

_TURN = VirtualLoop._run_once.__code__
_PLAIN = frozenset({type(None), bool, int, float, str})


class Desk:
    """One run's. `file`: the learner's file, whose lines are the ones to show. `on_cancel()` cancels the entry."""

    def __init__(self, clock: Clock, door: Door, file: str, max_past_end: int):
        self.clock, self.door, self.file, self.max_past_end = clock, door, file, max_past_end
        self.earlier: Mapping[str, str] = {}  # the learner's other files that are imported, their names by their paths
        self.home: str | None = None  # the folder in which these lie, where files are graded as they are
        self.on_cancel: Callable[[], object] = lambda: None
        self.on_read: Callable[[str, str, int, int, int | None], None] = lambda *read: None
        self.here: Callable[[], Where | None] = lambda: None  # where an operation begins, in a run that is asked for it
        self.foreseen: list[int] | None = (
            None  # the number of the sleep whose ends are known, and how many arguments it takes
        )
        self.deeds = 0
        self.entered = False  # nothing can be begun before the entry is called
        self._on_the_way: dict[int, tuple[VirtualLoop, asyncio.Future[OutcomePacked]]] = {}
        self._parked: dict[int, Seat | None] = {}  # whose thread stands still until the operation's end
        self._ended: dict[int, OutcomePacked] = {}
        self._proxies: dict[int, Any] = {}
        self._refs: dict[int, int] = {}
        self._kinds: dict[int, dict[str, str]] = {}
        self.written = 0  # bytes, to connections
        self._unclaimed: dict[int, list[tuple[tuple[int, int], Any]]] = {}
        self._unset: dict[int, dict[str, Packed]] = {}
        self._errors: dict[str, type[Exception]] = {}
        clock.deliver = self.deliver

    def line(self, frame: types.FrameType | None) -> int | None:
        """The learner's line from which `frame` was reached."""
        while frame is not None:
            code = frame.f_code
            if code.co_filename == self.file:
                return frame.f_lineno
            if code is BENEATH:
                return None
            frame = frame.f_back
        return None

    def running_line(self, frame: types.FrameType | None) -> int | None:
        """The same, of what runs now; None where all wait, and it is the loop itself that came to `frame`: who called that
        loop, in a function that runs one, only waits as well."""
        while frame is not None and frame.f_code is not _TURN:
            if frame.f_code.co_filename == self.file:
                return frame.f_lineno
            if frame.f_code is BENEATH:
                return None
            frame = frame.f_back
        return None

    def earlier_place(self, frame: types.FrameType | None) -> tuple[int, str] | None:
        """The line and file of what runs now, where `frame` was reached from, if that is in an earlier file of theirs."""
        while frame is not None and frame.f_code is not _TURN and self.earlier:
            code = frame.f_code
            if code.co_filename in self.earlier:
                return frame.f_lineno, self.earlier[code.co_filename]
            if code.co_filename == self.file or code is BENEATH:
                return None
            frame = frame.f_back
        return None

    def failure(self, error: BaseException, made: int | None = None) -> dict[str, Any]:
        """The fields of a Failure; `made`: the line where the task was made that failed."""
        return failures.describe(error, self.file, made, self.earlier, self.home)

    def forget(self) -> None:
        """Let go of the proxies and of whoever is to be told."""
        self._proxies.clear()
        self._on_the_way.clear()
        self._ended.clear()
        self.on_cancel = lambda: None
        self.on_read = lambda *read: None
        self.here = lambda: None

    # ------------------------------------------------------------ values

    def pack(self, value: Any) -> Packed:
        return pack(value, self._reference)

    def arguments(self, args: tuple[Any, ...]) -> list[Packed]:
        """A member of an IntEnum, such as signal.SIGTERM, is its number to whoever is called with it."""
        refer = self._reference
        return [
            pack(int(arg) if type(arg) not in _PLAIN and isinstance(arg, enum.IntEnum) else arg, refer) for arg in args
        ]

    def _reference(self, value: Any) -> Packed | None:
        ref = self._refs.get(id(value))
        return None if ref is None else ["r", ref]

    def value(self, packed: Packed) -> Any:
        return unpack(packed, self._proxy)

    def _proxy(self, ref: int, manifest: dict[str, Any]) -> Any:
        if ref not in self._proxies:
            self._proxies[ref] = proxy = proxies.make(self, ref, manifest)
            self._refs[id(proxy)] = ref
            self._kinds[ref] = {name: kind for name, (kind, _) in manifest.get("methods", {}).items()}
            if ref in self._unset:
                self._set(ref, self._unset.pop(ref))
            for order, data in self._unclaimed.pop(ref, []):
                self._feed(ref, order, data)
        return self._proxies[ref]

    def reference(self, proxy: Any) -> tuple[int, dict[str, str]]:
        """The number of a thing of the world, and its methods: name -> "async" or "plain"."""
        ref = self._refs[id(proxy)]
        return ref, self._kinds[ref]

    # ------------------------------------------------------------ operations

    def begin(self, ref: int, method: str, args: tuple[Any, ...], line: int | None) -> int:
        """Tell the referee that an operation starts; its id. `future(id)` then gives what will hold its outcome."""
        self._insist_on_entry()
        clock, number = self.clock, self.clock.number()
        self.deeds += 1
        self.door.begin(clock.now, number, ref, method, self.arguments(args), line, self.here())
        clock.until, clock.owes = clock.now, True
        return number

    def foreseen_ticks(self, ref: int, args: tuple[Any, ...]) -> int:
        """How long that lasts, if the call itself says so; or else 0."""
        return foreseen_ticks(args, self.foreseen[1]) if self.foreseen is not None and self.foreseen[0] == ref else 0

    async def sleep(self, ref: int, args: tuple[Any, ...], line: int | None, result: Any) -> Any:
        """A sleep whose end is known: a timer of the loop's, of which the referee is told without being asked."""
        self._insist_on_entry()
        clock, loop = self.clock, asyncio.get_running_loop()
        self.deeds += 1
        future: asyncio.Future[None] = asyncio.Future(loop=loop)  # which nobody else sees
        timer: Any = loop.call_later(args[0], _wake, future)
        self.door.begin(clock.now, timer.number, ref, "__call__", [*args], line, self.here())
        waits = Waits(loop, lambda: None if clock.broken else self._end_sleep(timer))
        try:
            await future
        except asyncio.CancelledError:
            waits.on = False
            self._end_sleep(timer)
            raise
        waits.on = False
        return result

    def _end_sleep(self, timer: Any) -> None:
        timer.cancel()
        self.door.cancel(self.clock.now, timer.number)
        self.clock.until, self.clock.owes = self.clock.now, True

    def _insist_on_entry(self) -> None:
        if not self.entered:
            raise RuntimeError("nothing of the exercise can be used before your function is called")

    def future(self, number: int, loop: asyncio.AbstractEventLoop | None = None) -> "asyncio.Future[OutcomePacked]":
        """What will hold the outcome, in `loop` (the one that runs, if not given)."""
        loop = loop or asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        future: asyncio.Future[OutcomePacked] = NumberedFuture(loop=loop)  # as it would be of `create_future`
        self._on_the_way[number] = loop, future
        return future

    def cancel(self, number: int) -> bool:
        """True if the operation is over (or was); False if it cleans up first, and `future(number)` waits for that."""
        if number not in self._on_the_way:
            return True
        over = self.door.cancel(self.clock.now, number)
        self.clock.until, self.clock.owes = self.clock.now, True
        if over:
            del self._on_the_way[number]
        return over

    def thrown_away(self, number: int) -> None:
        """Nobody waits for it any more; of a run that is over nothing is said."""
        if self.clock.broken is None:
            self.cancel(number)

    def call(self, ref: int, method: str, args: tuple[Any, ...], line: int | None) -> Any:
        """A plain method of the world: its answer."""
        outcome = self._call(self.clock.number(), ref, method, args, line)
        assert outcome is not None
        return self.result(outcome)

    def _call(
        self, number: int, ref: int, method: str, args: tuple[Any, ...], line: int | None
    ) -> OutcomePacked | None:
        self._insist_on_entry()
        clock = self.clock
        self.deeds += 1
        outcome, lease = self.door.call(clock.now, number, ref, method, self.arguments(args), line, self.here())
        clock.lease(lease)
        clock.owes = True
        return outcome

    def stand_still(self, ref: int, method: str, name: str, args: tuple[Any, ...]) -> Any:
        """A blocking operation: the present thread waits until its end, and so does the loop that runs in it."""
        frame, start, number = sys._getframe(2), self.clock.now, self.clock.number()
        outcome = self._call(number, ref, method, args, self.line(frame))
        if outcome is None:
            outcome = self._end_of(number)
        self.clock.held_up(name, frame, start)
        return self.result(outcome)

    def _end_of(self, number: int) -> OutcomePacked:
        self._parked[number] = self.clock.mine
        try:
            while number not in self._ended:
                self.clock.park(None)
        finally:
            del self._parked[number]
        return self._ended.pop(number)

    def result(self, outcome: OutcomePacked) -> Any:
        if outcome[0] == "ok":
            return self.value(outcome[1])
        if outcome[0] == "cancelled":
            raise asyncio.CancelledError
        raise self.error(outcome)

    def error(self, outcome: OutcomePacked) -> Exception:
        """The exception of an outcome that is one."""
        _, name, message, base = outcome
        return self._error(name, base)(message)

    def _error(self, name: str, base: str) -> type[Exception]:
        if name not in self._errors:
            parent = getattr(builtins, base)
            self._errors[name] = parent if name == base else type(name, (parent,), {"__module__": "exercise"})
        return self._errors[name]

    # ------------------------------------------------------------ what the referee says

    def deliver(self, event: EventPacked) -> None:
        kind, order = event[0], (event[1], event[2])
        if kind == "end":
            self._end(event[3], order, event[4])
        elif kind == "feed":
            self._feed(event[3], order, event[4])
        elif kind == "set":
            self._set(event[3], event[4])
        elif kind == "cancel":
            self.on_cancel()

    def _end(self, number: int, order: tuple[int, int], outcome: OutcomePacked) -> None:
        if number in self._parked:
            self._ended[number] = outcome
            self.clock.wake(self._parked[number])
            return
        waiting = self._on_the_way.pop(number, None)
        if waiting is not None:
            loop, future = waiting
            loop.arrive(order, _settle, future, outcome)

    def _set(self, ref: int, values: dict[str, Packed]) -> None:
        if ref in self._proxies:
            vars(self._proxies[ref]).update({name: self.value(packed) for name, packed in values.items()})
        else:
            self._unset.setdefault(ref, {}).update(values)

    def _feed(self, ref: int, order: tuple[int, int], data: Any) -> None:
        stream = self._proxies.get(ref)
        if stream is None:
            self._unclaimed.setdefault(ref, []).append((order, data))
        else:
            stream.loop_of_run.arrive(order, stream.take, data)


def _wake(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _settle(future: "asyncio.Future[OutcomePacked]", outcome: OutcomePacked) -> None:
    if not future.done():
        future.set_result(outcome)
