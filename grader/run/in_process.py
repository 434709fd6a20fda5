"""Runs in this process, for the learner's own machine: `breakpoint()`, tracebacks and the debugger of an IDE work.

The door is the referee's methods, with nothing in between but a guard: what the referee refuses ends the run.
"""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from os import chdir, getcwd
from types import CodeType
from typing import Any

from grader.course.model import Case, Exercise, Limits
from grader.door.messages import EventPacked, Lease, OutcomePacked, Where
from grader.door.values import Packed
from grader.errors import GraderFault
from grader.referee.decode import facts_from
from grader.referee.record import Record
from grader.referee.referee import DoorError, LimitReached, Referee
from grader.run.played import Played
from grader.run.stage import Stage, stage_case
from grader.run.submitted import Submitted
from grader.runner.executed import Codes
from grader.runner.folder import place
from grader.runner.notebook import Notebook
from grader.runner.play_case import Play
from grader.runner.source import compile_source
from grader.runner.traces import in_own_context

Files = Sequence[tuple[str, bytes]]


class GuardedDoor:
    """The referee as a door. Its refusals leave the learner's frames as an end of the run that cannot be caught."""

    end_of_run: Callable[[str, str], BaseException] = staticmethod(lambda kind, detail: DoorError(detail))

    def __init__(self, referee: Referee):
        self._referee = referee

    def _guarded(self, method: Callable[..., Any], *args: Any) -> Any:
        try:
            return method(*args)
        except LimitReached as limit:
            raise self.end_of_run("virtual_limit", str(limit)) from None
        except (DoorError, GraderFault) as error:
            raise self.end_of_run("died", str(error)) from error

    def enter(self, at: int) -> None:
        self._guarded(self._referee.enter, at)

    def begin(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> None:
        self._guarded(self._referee.begin, at, id, ref, method, args, line, where)

    def call(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> tuple[OutcomePacked | None, Lease]:
        asked = at, id, ref, method, args, line, where
        answer: tuple[OutcomePacked | None, Lease] = self._guarded(self._referee.call, *asked)
        return answer

    def cancel(self, at: int, id: int) -> bool:
        over: bool = self._guarded(self._referee.cancel, at, id)
        return over

    def block(self, at: int, to: int) -> Lease:
        lease: Lease = self._guarded(self._referee.block, at, to)
        return lease

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, Lease, list[EventPacked]]:
        answer: tuple[int | None, Lease, list[EventPacked]] = self._guarded(self._referee.idle, at, timer, number)
        return answer

    def finish(self, at: int, how: str, value: Any) -> None:
        self._guarded(self._referee.finish, at, how, value)


@contextmanager
def _coming_back() -> Iterator[None]:
    """Where a program went (`os.chdir`) is not where the next one's file is looked for."""
    there = None
    with suppress(OSError):  # the folder may have been taken away
        there = getcwd()
    try:
        yield
    finally:
        if there is not None:
            with suppress(OSError):
                chdir(there)


class InProcess:
    """One learner's file, played in this process; `files` are those beside it, by their modules' names."""

    isolation = "in-process"

    def __init__(self, source: bytes, filename: str, limits: Limits, files: Files = ()):
        self._source, self._filename, self._limits = source, filename, limits
        self._submitted, self._codes = Submitted(source, tuple(files)), Codes()

    @cached_property
    def _home(self) -> str:
        """Where the folders of its runs lie; gone with this object."""
        home = tempfile.mkdtemp(prefix="grader-")
        weakref.finalize(self, shutil.rmtree, home, ignore_errors=True)
        return home

    @cached_property
    def _code(self) -> CodeType | Notebook | bytes:
        """Compiled once for all cases; bytes that do not compile fail anew in each, where it is reported."""
        try:
            return compile_source(self._source, self._filename)
        except (SyntaxError, RecursionError, MemoryError):
            return self._source

    def play(self, exercise: Exercise, case: Case, *, own: bool = False, then: Iterable[Case] = ()) -> Played:
        """`then` is for those who have somebody to tell it."""
        stage = stage_case(exercise, case, self._limits, self._submitted, own=own)
        record = self.run(stage)
        stage.referee.forget()
        if stage.referee.fault is not None:
            raise stage.referee.fault
        return Played(record, stage.gives, stage.referee.entered)

    def run(self, stage: Stage) -> Record:
        folder = stage.start.get("folder")
        if folder is None:
            return self._run(stage, {})
        path = place(self._home, folder["files"])
        return self._run(stage, {"folder": {**folder, "path": path}, "home": self._home, "codes": self._codes})

    def _run(self, stage: Stage, more: dict[str, Any]) -> Record:
        door = GuardedDoor(stage.referee)
        limits = {**stage.start["limits"], "wall_seconds": self._limits.wall_seconds}
        start = stage.start | {"source": self._code, "filename": self._filename, "limits": limits} | more
        play = Play(door, start)
        door.end_of_run = play.end_of_run
        try:
            with _coming_back():
                return stage.record(facts_from(in_own_context(play.play)), None)
        finally:
            del door.end_of_run  # the two would keep each other, as old as a collection seldom looks at
