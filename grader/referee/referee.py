"""The referee: owns the operations, the world, the ledger, and how far time may go.

Nothing about an operation exists on the runner's side before its virtual end. Whoever speaks through the door, however
hostile, can only begin operations and wait for them; so what the ledger says was done, was done.
"""

from collections.abc import Coroutine
from typing import Any

from grader.door.foreseen import foreseen_ticks
from grader.door.messages import EventPacked, Lease, OutcomePacked, Where
from grader.door.values import Packed, ValueRefused, pack, unpack
from grader.errors import GraderFault
from grader.referee.clerk import Clerk
from grader.referee.foreseen import Foreseen
from grader.referee.ledger import Key, Ledger
from grader.referee.manifest import Errors, is_thing, key_of, manifest_of, operation_of
from grader.referee.outcome import Opaque
from grader.referee.schedule import Activity, Cancelled, Schedule


class DoorError(Exception):
    """The runner's side asked for what no honest runner asks for; the run is over."""


class LimitReached(Exception):
    """The run went beyond a limit that the referee keeps; `args[0]` names it."""


class Referee:
    """Implements `grader.door.messages.Door`. Knows neither loops nor real time; one run, then it is spent.

    `records`: the operations that stand in the ledger. `max_tick`, `max_operations`: limits of the run. `cancel_after`: the
    case cancels the entry so many seconds after it was called. `ticker`: the thing whose calls count for no limit.
    `foreseen`: the number of the function whose ends the runner knows itself, and how many arguments it takes. `fault` is set
    when world code itself failed: the grader's fault, never the learner's. `begins`: the tick at which the run begins, and
    from which `max_tick` is counted.
    """

    def __init__(self, records: frozenset[str], *, max_tick: int, max_operations: int, begins: int = 0):
        self.clerk = Clerk(records)
        self._foreseen = Foreseen(self.clerk)
        self.schedule = Schedule(self._foreseen)
        self.schedule.now = self.clerk.origin = begins
        self.errors = Errors()
        self.max_tick, self.operations_left = begins + max_tick, max_operations
        self.cancel_after: float | None = None
        self.ticker: Any = None
        self.foreseen: tuple[int, int] | None = None
        self.fault: GraderFault | None = None
        self.finished: tuple[str, Any] | None = None
        self._events: list[EventPacked] = []
        self._open: dict[int, Activity] = {}
        self._things: list[Any] = []
        self._refs: dict[int, int] = {}
        self._last_id = 0
        self._entered = False
        self._line: int | None = None

    # ------------------------------------------------------------ for world code and those who set it up

    def describe(self, value: Any) -> Packed:
        """`value` as it crosses: things of the world become references with their manifest."""
        return pack(value, self._refer)

    def ref_of(self, thing: Any) -> int:
        """The number of a thing of the world; given at first sight."""
        if id(thing) not in self._refs:
            self._refs[id(thing)] = len(self._things)
            self._things.append(thing)
        return self._refs[id(thing)]

    def _refer(self, value: Any) -> Packed | None:
        if not is_thing(value):
            return None
        return ["r", self.ref_of(value), manifest_of(value, self.describe)]

    def say(self, what: str, thing: Any, content: Any) -> None:
        """Put an event of the present tick before the runner."""
        self._events.append([what, self.schedule.now, self.schedule.cause, self.ref_of(thing), content])

    def start(self, coroutine: Coroutine[Any, Any, Any], operation: str, key: Key) -> None:
        row = self.clerk.open(self.schedule.now, operation, key, (), "world", self._line)
        self.schedule.step(Activity(coroutine, row, self._ended))

    def _cancel_entry(self, after: float) -> None:
        async def wait() -> None:
            await self.schedule.sleep(after)
            self._events.append(["cancel", self.schedule.now, self.schedule.cause])

        self.schedule.step(Activity(wait(), None, self._ended))

    @property
    def entered(self) -> bool:
        """Whether the entry was called."""
        return self._entered

    def ledger(self) -> Ledger:
        return self.clerk.ledger(self.schedule.now)

    def forget(self) -> None:
        """The run is over: let go of the world, which refers back to here."""
        self._things.clear()
        self._refs.clear()
        self._open.clear()
        self.schedule.forget()

    # ------------------------------------------------------------ the door

    def enter(self, at: int) -> None:
        self._arrive(at)
        if self._entered:
            raise DoorError("the entry is called once")
        self._entered = True
        self.clerk.origin = at
        if self.cancel_after is not None:
            self._cancel_entry(self.cancel_after)

    def begin(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> None:
        if self.foreseen is not None and ref == self.foreseen[0] and method == "__call__":
            ticks = foreseen_ticks(args, self.foreseen[1])
            if ticks:
                self._begin_foreseen(at, id, args, line, ticks, where)
                return
        outcome = self._called(at, id, ref, method, args, line, where)
        if outcome is not None:
            self._events.append(["end", self.schedule.now, id, id, outcome])

    def call(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> tuple[OutcomePacked | None, Lease]:
        return self._called(at, id, ref, method, args, line, where), self._lease()

    def cancel(self, at: int, id: int) -> bool:
        self._arrive(at)
        activity = self._open.get(id)
        if activity is None:
            self._foreseen.cancel(id, at)
            return True
        if activity.blocking:
            raise DoorError("a blocking operation cannot be cancelled")
        self.clerk.cancel_asked(activity.row, at)
        self.schedule.step(activity, Cancelled())
        if activity.ended and self._events and self._events[-1][0] == "end" and self._events[-1][3] == id:
            if self._events[-1][4] != ["cancelled"]:
                return False  # it ended otherwise, in spite of the cancellation: that is its outcome
            self._events.pop()
        return activity.ended

    def block(self, at: int, to: int) -> Lease:
        self._arrive(at)
        if to < at:
            raise DoorError("time cannot go back")
        self._check_limit(to)
        self.schedule.run_to(to)
        return self._lease()

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, Lease, list[EventPacked]]:
        self._arrive(at)
        first = self.schedule.next_tick
        due = timer if first is None or (timer is not None and timer < first) else first
        if due is not None and not self._events:
            now = max(due, at)
            self._check_limit(now)
            self.schedule.now = now
            self.schedule.run_due(number)
        events, self._events = self._events, []
        return (self.schedule.now if due is not None or events else None), self._lease(), events

    def finish(self, at: int, how: str, value: Any) -> None:
        self._arrive(at)
        if self.finished is None:
            self.finished = how, value
            self.clerk.entry_over(at, returned=how in ("result", "raised"))

    # ------------------------------------------------------------ inside

    def _called(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None
    ) -> OutcomePacked | None:
        """The outcome, if it is there at once."""
        self._insist_on_entry(at, id)
        self._line = line
        thing = self._thing(ref)
        offered = operation_of(thing, method)
        if offered is None:
            raise DoorError(f"{method!r} is not offered")
        return self._run(id, thing, offered, self._arguments(args), line, where)

    def _insist_on_entry(self, at: int, id: int) -> None:
        self._arrive(at)
        if not self._entered:
            raise DoorError("nothing can be begun before the entry is called")
        self._number(id)

    def _begin_foreseen(
        self, at: int, id: int, args: list[Packed], line: int | None, ticks: int, where: Where | None
    ) -> None:
        """What would be asked for in vain: when it ends, and with what."""
        self._insist_on_entry(at, id)
        self._count_operation()
        assert self.foreseen is not None
        thing = self._things[self.foreseen[0]]
        row = self.clerk.open(at, thing.name, key_of(thing, (*args,)), (*args,), "learner", line, where)
        self._foreseen.begin(at + ticks, id, row)

    def _count_operation(self) -> None:
        self.operations_left -= 1
        if self.operations_left < 0:
            raise LimitReached("operations")

    def _arrive(self, at: int) -> None:
        if at == self.schedule.now:
            return
        lease = self._lease()
        if at < self.schedule.now or (lease is not None and at >= lease):
            raise DoorError("time outside the lease")
        self.schedule.move(at)

    def _lease(self) -> Lease:
        if self._events:
            return self.schedule.now
        tick = self.schedule.next_tick
        return self.max_tick if tick is None else min(tick, self.max_tick)

    def _check_limit(self, tick: int) -> None:
        if tick >= self.max_tick:
            raise LimitReached("virtual_seconds")

    def _number(self, id: int) -> None:
        if id <= self._last_id:
            raise DoorError("ids only grow")
        self._last_id = self.schedule.order = self.schedule.cause = id

    def _thing(self, ref: int) -> Any:
        if not 0 <= ref < len(self._things):
            raise DoorError("no such thing")
        return self._things[ref]

    def _resolve(self, ref: Any, *_: Any) -> Any:
        return self._thing(ref)

    def _arguments(self, args: list[Packed]) -> tuple[Any, ...]:
        try:
            return tuple([unpack(arg, self._resolve, Opaque) for arg in args])
        except ValueRefused as error:
            raise DoorError(str(error)) from None

    def _run(
        self,
        id: int,
        thing: Any,
        offered: tuple[Any, str, str],
        args: tuple[Any, ...],
        line: int | None,
        where: Where | None,
    ) -> OutcomePacked | None:
        function, kind, operation = offered
        if thing is not self.ticker:  # that is called by the grader's own hand, once a turn
            self._count_operation()
        row = self.clerk.open(self.schedule.now, operation, key_of(thing, args), args, "learner", line, where)
        try:
            made = function(*args)
        except Exception as error:  # a plain method's own answer, or arguments that do not fit
            self.clerk.close(row, self.schedule.now, "error", f"{type(error).__name__}: {error}")
            return self._describe_error(error)
        if kind == "plain":
            self.clerk.close(row, self.schedule.now, "ok")
            return ["ok", self.describe(made)]
        activity = Activity(made, row, self._ended)
        activity.blocking = kind == "blocking"
        return self._step(id, activity)

    def _step(self, id: int, activity: Activity) -> OutcomePacked | None:
        activity.id, self._open[id] = id, activity
        self.schedule.step(activity)
        if not activity.ended:
            return None
        outcome: OutcomePacked = self._events.pop()[4]
        return outcome

    def _ended(self, activity: Activity, how: str, value: Any) -> None:
        error = f"{type(value).__name__}: {value}" if how == "error" else None
        self.clerk.close(activity.row, self.schedule.now, how, error)  # type: ignore[arg-type]
        if how == "error":
            outcome = self._describe_error(value)
        else:
            outcome = ["ok", self.describe(value)] if how == "ok" else ["cancelled"]
        if activity.id is not None:
            del self._open[activity.id]
            self._events.append(["end", self.schedule.now, self.schedule.cause, activity.id, outcome])

    def _describe_error(self, error: Exception) -> OutcomePacked:
        try:
            if isinstance(error, GraderFault):
                raise error
            return self.errors.describe(error)
        except GraderFault as fault:
            self.fault = self.fault or fault
            return ["error", "RuntimeError", "the exercise itself failed", "RuntimeError"]
