"""Runs in a child process, for other people's code. The referee stays here; the child gets only what has happened.

Beyond the fields of starts and leases the child is told nothing but the outcomes of operations that are over.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from grader.course.model import Case, Exercise, Limits
from grader.door.messages import USED
from grader.referee import decode
from grader.referee.facts import Facts
from grader.referee.outcome import Outcome
from grader.referee.record import Record
from grader.referee.referee import DoorError, LimitReached, Referee
from grader.run.levels import ISOLATED, Level, Process
from grader.run.played import Played
from grader.run.rest import rests
from grader.run.stage import Stage, stage_case
from grader.run.submitted import Submitted
from grader.run.wire import Closed, Late, Wire, encoded

_QUESTIONS = decode.Call | decode.Cancel | decode.Block | decode.Idle
_USED = Outcome("died", detail="what ran there before has left traces")
# bytes of starts at most that are told before their turn, so that they lie in the socket while a program does not read
AHEAD = 32 * 1024
# fields of starts that tend to be as they were, of plain values that are the same where they are equal; 1 and True are not
_RECURRING = ("filename", "module", "epoch", "limits")
LAST_WORDS = 2.0  # real seconds for a child that is late to say where it waits


class Child:
    """One learner's file, played in one child for all cases; when the child dies the next case has a fresh one.

    `files` are those beside it, by their modules' names.
    """

    def __init__(
        self, source: bytes, filename: str, limits: Limits, level: Level, files: Sequence[tuple[str, bytes]] = ()
    ):
        self._submitted = Submitted(source, tuple(files))
        self._source, self._filename, self._limits = source.decode("latin-1"), filename, limits
        self.isolation, self._level = level.name, level
        self._process: Process | None = None
        self._played = 0  # cases, in the present process
        self._last: dict[str, Any] = {}  # the start that the present process was told last
        self._spoke = False
        self._cpu_seconds = 0.0  # that the present case may take
        self._wire: Wire | None = None
        self._staged: dict[tuple[int, bool], tuple[Case, Stage]] = {}  # set up before their turn
        self._told: deque[Stage] = (
            deque()
        )  # what the present process knows of that is still to be played, in this order
        self._tells_ahead = level.name in ISOLATED  # elsewhere a socket may hold no more than some kilobytes

    def _open(self) -> Wire:
        if self._wire is None:
            self._process = self._level.process(self._limits)
            self._wire = Wire(self._process.connection)
        return self._wire

    def close(self) -> None:
        if self._process is not None:
            self._process.stop()
        self._process = self._wire = None
        self._played = 0
        self._told.clear()
        self._last = {}

    def play(self, exercise: Exercise, case: Case, *, own: bool = False, then: Iterable[Case] = ()) -> Played:
        """`then` are cases that are played next in the same way, as far as anybody knows.

        The child may hear of them now, so that it begins each of them at once: each time that two processes on one core change
        places slows them down by more than the message takes.
        """
        kept = self._staged.pop((id(case), own), None)
        stage = self._set_up(exercise, case, own) if kept is None else kept[1]
        record = self.run(stage, self._stages(exercise, then, own))
        stage.referee.forget()
        if stage.referee.fault is not None:
            raise stage.referee.fault
        return Played(record, stage.gives, stage.referee.entered)

    def _set_up(self, exercise: Exercise, case: Case, own: bool) -> Stage:
        return stage_case(exercise, case, self._limits, self._submitted, own=own)

    def _stages(self, exercise: Exercise, then: Iterable[Case], own: bool) -> Iterator[Stage]:
        """Those of `then` up to the first that cannot be set up: that is told when it is its turn."""
        for case in then:
            key = id(case), own  # of a case that is kept here as long
            if key not in self._staged:
                try:
                    self._staged[key] = case, self._set_up(exercise, case, own)
                except Exception:
                    return
            yield self._staged[key][1]

    def run(self, stage: Stage, then: Iterable[Stage] = ()) -> Record:
        """`then`: what is played next, unless this one ends the process."""
        facts, ended = self._converse(stage, then)
        if ended is _USED:
            self.close()
            self._tells_ahead = False  # each case has a process of its own, so none will get there
            facts, ended = self._converse(stage)
        self._played += 1
        try:
            record = stage.record(facts, ended)
        except DoorError as error:
            ended = _tampered(error)
            record = stage.record(facts, ended)
        if ended is not None or facts.threads_left:
            self.close()  # what is left running there is not the next case's
        return record

    def _converse(self, stage: Stage, then: Iterable[Stage] = ()) -> tuple[Facts, Outcome | None]:
        """Until the child says bye: its report, and why the run was ended if it did not come to that.

        _USED where it cannot play another case as if it were the first: nothing was said of this one.
        """
        assert self._limits.wall_seconds is not None
        if self._told and self._told[0] is not stage:
            self.close()  # it goes on with what was left out
        wire = self._open()
        wire.new_case(self._limits.wall_seconds, begun=bool(self._told))
        self._spoke = False
        try:
            if self._told:
                self._told.popleft()
            else:
                self._tell(wire, stage, then)
            return self._heard(stage, wire)
        except Late:
            return self._rung(stage, wire)
        except Closed:
            return Facts(), self._ended()

    def _tell(self, wire: Wire, stage: Stage, then: Iterable[Stage]) -> None:
        """The case that begins now, and those behind it, unless files have to be laid out for each in its turn."""
        start = self._start(stage)
        lines = [encoded(self._news(start))]
        if self._tells_ahead and not start.get("folder", {}).get("path"):
            for other in then:
                before, line = self._last, encoded(self._news(self._start(other)))
                if sum(map(len, lines)) + len(line) > AHEAD:
                    self._last = before  # it was not told
                    break
                lines.append(line)
                self._told.append(other)
        wire.send_lines(b"".join(lines))

    def _news(self, start: dict[str, Any]) -> dict[str, Any]:
        """Of `start`, what the present process was not told with the start before, if that had the same fields."""
        last, self._last = self._last, start
        if start.keys() != last.keys():
            return start
        news = start.copy()
        del news["source"]  # the same for all: that it is not there says that others may be left out
        for name in _RECURRING:
            if start[name] == last[name]:
                del news[name]
        if "folder" in start and encoded(start["folder"]) == encoded(last["folder"]):
            del news["folder"]
        return news

    def _start(self, stage: Stage) -> dict[str, Any]:
        """What the child is told; files that it cannot write itself lie there already."""
        limits = {**stage.start["limits"], "rings_after": self._limits.wall_seconds}
        start = stage.start | {"source": self._source, "filename": self._filename, "limits": limits}
        folder = start.get("folder")
        self._cpu_seconds = start["limits"]["cpu_seconds"] + (folder["import_seconds"] if folder else 0)
        if folder is None:
            return start
        assert self._process is not None
        path = self._process.place(folder["files"])
        return start | {"source": "", "folder": {**folder, "path": path, "files": {} if path else folder["files"]}}

    def _heard(self, stage: Stage, wire: Wire) -> tuple[Facts, Outcome | None]:
        """The same from the child's first message on; raises Late where nothing had ended it before."""
        ended: Outcome | None = None
        try:
            while True:
                message = decode.decode(wire.receive())
                self._spoke = True
                if isinstance(message, decode.Bye):
                    return message.facts, ended
                ended = _answered(stage.referee, wire, message) or ended
        except Late:
            if ended is None:
                raise
            return Facts(), ended
        except Closed:
            return Facts(), ended or self._ended()
        except LimitReached as limit:
            return Facts(), ended or Outcome("virtual_limit", detail=str(limit))
        except DoorError as error:
            return Facts(), ended or _tampered(error)

    def _rung(self, stage: Stage, wire: Wire) -> tuple[Facts, Outcome]:
        """The time is up. A child that hears the alarm says where it waits; any other is just late."""
        limit = self._limits.wall_seconds
        assert limit is not None
        late = Outcome("time_out", detail=f"it was not over after {limit:g} s")
        if self._process is None:
            return Facts(), late
        late = msgspec.structs.replace(late, at_rest=rests(self._process.number, wire.silence(), limit))
        self._process.ring()
        wire.prolong(LAST_WORDS)
        try:
            facts, ended = self._heard(stage, wire)
        except Late:
            return Facts(), late
        if ended is not None:
            return Facts(), late
        return facts, msgspec.structs.replace(late, detail=f"waits in real time for more than {limit:g} s")

    def _ended(self) -> Outcome:
        assert self._process is not None
        code = self._process.how_it_ended()
        if code == USED and self._played and not self._spoke:
            return _USED
        killed = (
            code == -signal.SIGKILL and self._process.cpu_seconds > self._cpu_seconds
        )  # it ignored the first signal
        if code == -signal.SIGXCPU or killed:
            return Outcome("busy_loop", detail=f"computes for more than {self._limits.cpu_seconds:g} s without waiting")
        if code < 0:
            return Outcome("died", detail=f"killed by {signal.Signals(-code).name}")
        return Outcome("died", detail=f"exit status {code}")


def _tampered(error: DoorError) -> Outcome:
    return Outcome("died", detail=f"it tampered with the grader: {error}")


def _answered(referee: Referee, wire: Wire, message: decode.AnyMessage) -> Outcome | None:
    """How the run is ended by this message, if it is. The child is told so, and says where it was and what it had printed."""
    try:
        _ANSWERS[type(message)](referee, wire, message)
    except LimitReached as limit:
        if not isinstance(message, _QUESTIONS):
            raise
        over = Outcome("virtual_limit", detail=str(limit))
        wire.send(["over", over.kind, over.detail])
        # What is met while the rest is cleaned up changes nothing about the end that there was.
        return over if referee.finished is None else None
    return None


# ---------------------------------------------------------------- one message of the child's, carried out and answered


def _enter(referee: Referee, wire: Wire, said: decode.Enter) -> None:
    referee.enter(said.at)


def _begin(referee: Referee, wire: Wire, said: decode.Begin) -> None:
    referee.begin(said.at, said.id, said.ref, said.method, said.args, said.line, said.where)


def _call(referee: Referee, wire: Wire, said: decode.Call) -> None:
    wire.send(referee.call(said.at, said.id, said.ref, said.method, said.args, said.line, said.where))


def _cancel(referee: Referee, wire: Wire, said: decode.Cancel) -> None:
    wire.send(referee.cancel(said.at, said.id))


def _block(referee: Referee, wire: Wire, said: decode.Block) -> None:
    wire.send(referee.block(said.at, said.to))


def _idle(referee: Referee, wire: Wire, said: decode.Idle) -> None:
    wire.send(referee.idle(said.at, said.timer, said.number))


def _finish(referee: Referee, wire: Wire, said: decode.Finish) -> None:
    referee.finish(said.at, said.how, said.value)


_ANSWERS: Mapping[type[decode.AnyMessage], Callable[[Referee, Wire, Any], None]] = {
    decode.Enter: _enter,
    decode.Begin: _begin,
    decode.Call: _call,
    decode.Cancel: _cancel,
    decode.Block: _block,
    decode.Idle: _idle,
    decode.Finish: _finish,
}
