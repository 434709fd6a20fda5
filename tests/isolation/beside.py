"""Grades one program in a fork of this process, in which defences may have been switched off: no level of isolation is needed.

It is played in that fork itself, as `in-process` does; or in a fork of that, so that what was switched off is off on both sides
of the door; or in a fresh interpreter, which remembers nothing of the grader's; or shut in as well as can be here. Nothing that
the tests have open is left to it.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from unittest import mock

import msgspec

from grader.course.model import Exercise, Limits
from grader.grading import grade
from grader.run import levels
from grader.run.levels import Level
from grader.runner import child_main
from grader.verdict import Verdict
from tests.isolation.switches import SWITCHES

_FIRST, _ABOVE = 3, 200  # descriptors that are closed, so that a program that writes to all of them meets nobody's
HERE, FORKED, FRESH, SHUT_IN = "in-process", "forked", "none", "child"
GOES_ON = ("passed", "failed")


@dataclass(frozen=True)
class Answer:
    """`status` is the verdict's, or says that the grader itself ended. `seen` is what was looked for afterwards."""

    status: str
    earned: frozenset[str] = frozenset()
    seen: bool = False

    @property
    def harmed(self) -> bool:
        """Whether the grader itself failed."""
        return self.status not in GOES_ON


class Forked:
    """A process of the program's own that nothing shuts in."""

    def __init__(self) -> None:
        self.connection, theirs = socket.socketpair()
        self.cpu_seconds = 0.0
        self._process = os.fork()
        if self._process == 0:
            try:
                self.connection.close()
                child_main.serve(theirs)
            finally:
                os._exit(0)
        theirs.close()

    @property
    def number(self) -> int | None:
        return self._process

    def place(self, files: Mapping[str, str]) -> str | None:
        return None

    def how_it_ended(self) -> int:
        """It has a second for it, where it was only taken to have ended."""
        waiting = os.pidfd_open(self._process)
        if not select.select([waiting], [], [], 1)[0]:
            os.kill(self._process, signal.SIGKILL)
        os.close(waiting)
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        return os.waitstatus_to_exitcode(status)

    def ring(self) -> None:
        os.kill(self._process, signal.SIGALRM)

    def stop(self) -> None:
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self._process = 0
        self.connection.close()


def _forked(limits: Limits) -> Forked:
    return Forked()


def _judged(
    exercise: Exercise, source: bytes, place: str, off: Sequence[str], look: Callable[[Verdict], bool] | None
) -> Answer:
    with contextlib.ExitStack() as stack:
        for name in off:
            stack.enter_context(SWITCHES[name]())
        if place == FORKED:
            stack.enter_context(mock.patch.object(levels, "level_of", return_value=Level("none", _forked)))
        stack.callback(levels._zygotes.close)
        verdict = grade(exercise, source, isolation="none" if place == FORKED else place)
        seen = look is not None and look(verdict)
    return Answer(verdict.status, frozenset(check.id for check in verdict.checks if check.points), seen)


def graded(
    exercise: Exercise,
    source: bytes,
    *,
    place: str,
    off: Sequence[str] = (),
    look: Callable[[Verdict], bool] | None = None,
) -> Answer:
    """How it fares with the defences `off`; `look` is asked in the fork, when the verdict is there."""
    told, tells = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            gc.freeze()  # what the tests have is not to be looked through, and so copied, again and again
            os.dup2(tells, _ABOVE, inheritable=False)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for standard in range(_FIRST):
                os.dup2(nowhere, standard)
            os.closerange(_FIRST, _ABOVE)
            nowhere = 1
            sys.stdout = sys.stderr = open(nowhere, "w")  # noqa: SIM115  (it ends with this process)
            answer = _judged(exercise, source, place, off, look)
            os.write(_ABOVE, msgspec.json.encode(answer))
        except BaseException as error:
            os.write(_ABOVE, msgspec.json.encode(Answer(f"ended by {type(error).__name__}")))
        finally:
            os._exit(0)
    os.close(tells)
    with open(told, "rb") as file:
        said = file.read()
    os.waitpid(process, 0)
    return msgspec.json.decode(said, type=Answer) if said else Answer("ended")
