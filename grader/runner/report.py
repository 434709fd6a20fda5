"""What only this side can see, gathered during a run: reported, never witnessed."""

import asyncio
import re
import sys
from itertools import count
from types import FrameType
from typing import TYPE_CHECKING, Any

from grader.clock.lines import called
from grader.clock.over import BusyLoopError, LimitError, LivelockError, RunOver
from grader.clock.reasons.going import by_time, nobody_does
from grader.clock.reasons.stuck import spinning, waits_of
from grader.runner.deaths import EndedError
from grader.runner.proxies import operation_of
from grader.runner.text import name

if TYPE_CHECKING:
    from grader.clock.loops.loop import VirtualLoop
    from grader.runner.desk import Desk
    from grader.runner.tasks import RunTask

Place = list[Any]
MAX_PLACES = 100
MAX_POLLS = 10_000
MAX_YIELDS = 10_000
ASKING = "asks task.done() again and again, turn after turn"
# modules whose coroutines are made without an origin, each with the learner's `line`
_KNOW_THEIR_LINE = frozenset(f"grader.runner.{name}" for name in ("desk", "proxies", "sleeps"))


class Report:
    """One run's. Every list is bounded, so that a program cannot make the report itself a flood.

    `origin` is the tick at which the entry was called; times are reported from there.
    """

    def __init__(self, desk: "Desk"):
        self.desk = desk
        self.counting = self.returned = self.importing = False
        self.loops: list[VirtualLoop] = []
        self.tasks = self.runs = 0
        self.alive: dict[int, RunTask] = {}
        self.first_failure: dict[str, Any] | None = None
        self.nested_run: Place | None = None
        self.loops_made = 0
        self.origin = desk.clock.now
        self.threads_left = False
        self.spinning: Place | None = None
        self.pending_at_return: list[Place] = []
        self.yields: list[list[int]] = []
        self.waiting: list[list[Any]] = []
        self.lists: dict[str, list[Any]] = {
            name: []
            for name in (
                "redundant",
                "never_awaited",
                "dropped",
                "lost_exceptions",
                "blocked",
                "reads",
                "refused",
                "open_generators",
                "swallowed_cancels",
            )
        }
        self.failed_cells: list[tuple[dict[str, Any], str]] = []
        self._polls = (-1, 0)
        self._asked = (-1, 0)
        self.max_polls = MAX_POLLS
        self.next_name = count(1).__next__
        self._places = (count(1), count(-1, -1))
        self._unannounced: dict[int, asyncio.Task[Any]] = {}  # held, so that no other task can have its id

    def ours(self, file: str) -> bool:
        """Whether a file is the learner's."""
        return file == self.desk.file or file in self.desk.earlier

    def add(self, name: str, item: Any) -> None:
        if len(self.lists[name]) < MAX_PLACES:
            self.lists[name].append(item)

    # ------------------------------------------------------------ tasks

    def counts(self, task: "RunTask") -> bool:
        """Whether `task` is the learner's; the grader's own are made before the entry is called."""
        if self.counting:
            self.tasks += not task.asyncios_own
            self.alive[task.number] = task
        return self.counting

    def next_place(self, asyncios_own: bool) -> int:
        return next(self._places[asyncios_own])

    def unannounced(self, task: "asyncio.Task[Any]") -> None:
        """A task that the learner's code made without asking the loop counts as well."""
        if self.counting and id(task) not in self._unannounced:
            self._unannounced[id(task)] = task
            self.tasks += 1

    def task_done(self, task: "RunTask") -> None:
        self.alive.pop(task.number, None)
        if not self.returned and not task.cancelled() and task.asked_to_end():
            self.add("swallowed_cancels", [_name(task), task.line])
        error = None if task.cancelled() else task._exception
        # `.exception()` would mark it as seen; whether anybody looks is what matters
        if isinstance(error, RunOver) or self.returned:
            return
        if error is not None and self.first_failure is None:
            self.first_failure = self.desk.failure(error, task.line)

    def redundant(self, task: "RunTask") -> None:
        self.add("redundant", [_name(task), task.line])

    # ------------------------------------------------------------ cells of a notebook

    def cell_failed(self, failure: dict[str, Any], text: str) -> None:
        if len(self.failed_cells) < MAX_PLACES:
            self.failed_cells.append((failure, text))

    def forget_cells(self) -> None:
        """What cells did is none of the entry's; what they were refused is told all the same."""
        self.first_failure = self.nested_run = None
        self.runs = 0
        for kind, items in self.lists.items():
            if kind != "refused":
                items.clear()

    def cell_without(self, entry: str) -> dict[str, Any] | None:
        """Why `entry` is not there: what stopped the cell that has it, else the first that was stopped."""
        defines = re.compile(rf"\bdef\s+{re.escape(entry)}\b")
        theirs = [failure for failure, text in self.failed_cells if defines.search(text)]
        return next(iter(theirs or [failure for failure, _ in self.failed_cells]), None)

    def forget_hang(self) -> int | None:
        """What was seen of an end that is none of the run's; the line where it was."""
        line = next((wait[2] for wait in self.waiting if wait[2] is not None), None)
        line = line if self.spinning is None or self.spinning[1] is None else self.spinning[1]
        self.waiting, self.spinning = [], None
        self._polls = (-1, 0)  # else whoever asks next what is done would be stopped for it
        return line

    # ------------------------------------------------------------ turns

    def polled_in_vain(self, frame: FrameType) -> bool:
        """A task was asked whether it is done; True if that happens without end while nobody else has a turn."""
        if self.returned or self.desk.clock.broken is not None:
            return False
        if frame.f_code.co_filename == self.desk.file:
            now = self.desk.clock.now
            self._asked = (now, self._asked[1] + 1 if self._asked[0] == now else 1)
        step = self.desk.clock.steps
        self._polls = (step, self._polls[1] + 1 if self._polls[0] == step else 1)
        return self._polls[1] > self.max_polls

    def entry_returned(self) -> None:
        self.returned = True
        self.pending_at_return = [[_name(task), task.line] for task in self.alive.values() if not task.done()]
        self.pending_at_return.sort(key=lambda place: (place[1] or 0, place[0]))
        del self.pending_at_return[MAX_PLACES:]

    def forget(self) -> None:
        """Let go of what would keep the run's objects in a circle, and so in memory."""
        self.alive.clear()
        self._unannounced.clear()
        self.loops.clear()

    # ------------------------------------------------------------ what goes wrong

    def broken_off(self, reason: RunOver) -> None:
        """Who waits where, seen before anything is cleaned up."""
        if self.returned:
            return
        if isinstance(reason, LimitError | EndedError):
            reason.line = reason.line or self.desk.running_line(sys._getframe(1))
        clock = self.desk.clock
        goes_on = by_time(self.loops, clock) if isinstance(reason, LimitError) else nobody_does
        waits = waits_of(self.loops, clock, self.ours, goes_on=goes_on)[:MAX_PLACES]
        self.waiting = [
            [name(wait.task), name(wait.function), wait.line, name(wait.waits_for), *self._earlier(wait.file)]
            for wait in waits
        ]
        stands = self.desk.earlier_place(sys._getframe(1))
        if isinstance(reason, LivelockError | BusyLoopError) or reason.line is not None or stands is not None:
            what = ASKING if self._keeps_asking(reason) else reason.detail
            self.spinning = [what, *(stands or self._spins(reason))]

    def _spins(self, reason: RunOver) -> list[Any]:
        """The line that goes round, with its file where that is an earlier one: of `reason` itself, or of what waits."""
        if reason.line is not None:
            return [reason.line]
        spins = spinning(self.loops, self.ours) if isinstance(reason, LivelockError) else None
        if spins is not None:
            return [spins.line, *self._earlier(spins.file)]
        return next(([line, *file] for _, _, line, _, *file in self.waiting), [None])

    def _earlier(self, file: str) -> list[str]:
        """The name of an earlier file of the learner's; nothing for any other."""
        found = self.desk.earlier.get(file)
        return [] if found is None else [name(found)]

    def _keeps_asking(self, reason: RunOver) -> bool:
        """Whether in most of the turns in which time stood still the program asked a task whether it is done."""
        clock = self.desk.clock
        return (
            isinstance(reason, LivelockError) and self._asked[0] == clock.now and self._asked[1] > clock.max_turns // 2
        )

    def generator_called(self) -> None:
        self.yields.append([])

    def yielded(self, after: int) -> None:
        """A generator's next item came so many ticks after its call."""
        if sum(map(len, self.yields)) < MAX_YIELDS:
            self.yields[-1].append(after)

    def read(self, operation: str, key: str, start: int, end: int, line: int | None) -> None:
        """A read of a stream."""
        self.add("reads", [operation, key, max(start - self.origin, 0), max(end - self.origin, 0), line])

    def held_up(self, call: str, frame: FrameType, start: int, end: int) -> None:
        """A call in a loop's thread that waited: everything else on that loop stood still."""
        if self.counting:
            place = [name(called(call, frame, self.ours)), self.desk.line(frame)]
            self.add("blocked", [*place, max(start - self.origin, 0), end - self.origin])

    def refused(self, call: str, frame: FrameType | None) -> None:
        self.add("refused", [call, self.desk.line(frame)])

    def open_generator(self, generator: Any) -> None:
        if generator.ag_code.co_filename == self.desk.file and not self.returned:
            self.add("open_generators", [name(generator.__qualname__), generator.ag_code.co_firstlineno])

    def exception_handler(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        message = context.get("message", "")
        if isinstance(error, BaseException) and ("never retrieved" in message or "client_connected_cb" in message):
            self.lost(error, getattr(context.get("future"), "line", None))

    def lost(self, error: BaseException, made: int | None = None) -> None:
        """An exception that nobody looked at; `made`: the line where its task was made."""
        self.add("lost_exceptions", self.desk.failure(error, made))

    def ran(self, frame: FrameType) -> None:
        """A runner, that of asyncio.run or another, runs a coroutine; the grader's own way in is not the learner's."""
        self.runs += self.desk.line(frame) is not None

    def nested(self, call: str, frame: FrameType | None) -> None:
        """`call` is about to run a loop; inside another one asyncio refuses that."""
        if asyncio._get_running_loop() is not None:
            self.nested_run = self.nested_run or [call, self.desk.line(frame)]

    def nested_in_loop(self, frame: FrameType | None) -> None:
        """A loop is run inside another one; `frame` is its own, and the method that the learner called is named."""
        call = "run_until_complete"
        while frame is not None and frame.f_code.co_filename != self.desk.file:
            call, frame = frame.f_code.co_name, frame.f_back
        self.nested(f"loop.{'run_until_complete' if frame is None else call}", frame)

    def never_awaited(self, coroutine: Any) -> None:
        """Takes the place of the interpreter's warning; `cr_origin` says where the coroutine was made, if it does not know."""
        origin, frame = getattr(coroutine, "cr_origin", None) or (), getattr(coroutine, "cr_frame", None)
        if frame is not None and frame.f_globals.get("__name__") in _KNOW_THEIR_LINE:
            line = frame.f_locals.get("line")
        else:
            line = next((lineno for file, lineno, _ in origin if file == self.desk.file), None)
        if line is None and coroutine.cr_code.co_filename == self.desk.file:
            line = coroutine.cr_code.co_firstlineno  # called by no line of the learner's, as a thread calls its target
        if line is not None or coroutine.cr_code is operation_of.__code__:  # an operation that a thread was to call
            place = [name(coroutine.__qualname__), line]
            self.add("never_awaited", place)
            if not self.returned:
                self.add("dropped", place)

    def facts(self) -> dict[str, Any]:
        """The fields of Facts but for what was printed."""
        return {
            "tasks": self.tasks,
            "runs": self.runs,
            "loops": self.loops_made,
            "turns": self.desk.clock.turns,
            "threads_left": self.threads_left,
            "first_failure": self.first_failure,
            "nested_run": self.nested_run,
            "spinning": self.spinning,
            "pending_at_return": self.pending_at_return,
            "waiting": self.waiting,
            **({"yields": self.yields} if self.yields else {}),
            **self.lists,
            **({"failed_cells": [failure for failure, _ in self.failed_cells]} if self.failed_cells else {}),
        }


def _name(task: "asyncio.Task[Any]") -> str:
    return name(getattr(task.get_coro(), "__qualname__", "task"))
