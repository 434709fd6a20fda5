"""A notebook's cells run outside of any kernel, in the isolated child; a cell that ends the process costs itself alone.

Where the process dies, or does not come to an end, the cells before keep what they put out, and those after are run in a fresh
one without that cell; where the thread of an earlier cell ended it, without that one. Where a cell took all the time that it
had, those that stay in the same function have a tenth. Where it is in doubt what a cell would come to in real time, all are run
again in real time, and that counts. What is heard from there is decoded strictly and bounded.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, NamedTuple

import msgspec

from grader.course.model import Limits
from grader.errors import GraderFault
from grader.referee.referee import DoorError
from grader.run.cell_messages import Bye, Cell, Heard, Over, Really, Spent, decoded
from grader.run.child import LAST_WORDS
from grader.run.levels import Level, Process
from grader.run.limits import complete
from grader.run.packages import versions
from grader.run.stage import EPOCH, runner_limits
from grader.run.wire import Closed, Late, Wire

_STARTING = 60.0  # real seconds for the first cell to begin
_MOST_LOST = 10  # cells of a notebook that may end the process before the rest is given up
# a share of the seconds, where a cell took all of them: a function that never ends is called by many cells
_LESS, _LEAST = 0.1, 2.0
# for the system all threads are processes; one more than the cells may have looks at them from outside of the clock
_LIMITS = Limits(memory_mb=1280, output_kb=256, open_files=256, threads=1000, processes=1)
SETTLES = 60.0  # virtual seconds in which a cell's own thread ends the process, and nobody else's cell is to blame
_STILL = 1.5  # real seconds for which somebody waits who has the turn, and others have none
_SETTLES_REALLY = 0.5  # of them, where all time is real
_ENDED = "it ended the process", "the process was killed"
DIED = "DeadKernelError"
TAMPERED = "it tampered with the grader"
_NAME = re.compile(r"[\w.<>]+")
_TOOK_ALL = {"busy_loop": "it computed for too long", "time_out": "it waited in real time for too long"}
_STOPPED = _TOOK_ALL | {
    "deadlock": "it waited for what never comes",
    "livelock": "it went round, and nothing changed",
    "virtual_limit": "it went on in virtual time without an end",
    "threads": "it had more threads than it may",
}
Output = dict[str, Any]
Place = tuple[str, str, int]


class _InDoubt(Exception):
    """They are to be run in real time."""


class Code(NamedTuple):
    """A cell of code: a number that counts up from 1. `given`: it is the author's, and not the learner's. `raw`: as it was
    written, where IPython's own shell is asked for; magics are comments in its `text`.
    """

    number: int
    text: str
    given: bool
    raw: str = ""


class _Bounds(NamedTuple):
    """Of each cell: seconds of computing, of real, of virtual time behind it. `epoch`: when it is; `really`: in real time.
    `released`: versions that are told; `variables`: of the environment.
    """

    seconds: float
    patience: float
    epoch: float
    settles: float
    really: bool = False
    released: tuple[tuple[str, str], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()

    @property
    def less(self) -> float:
        """Seconds of computing, where a cell took all of them."""
        return min(self.seconds, max(_LESS * self.seconds, _LEAST))

    @property
    def less_patience(self) -> float:
        """Real seconds for what does nothing but wait, where it is in doubt, or cells did so all of their time."""
        return min(self.patience, self.seconds if self.really else 3 * self.less + 1)


@dataclass(slots=True)
class Ran:
    """What was seen of the cells. `reached`: what each asked for that is not there, as (kind, what), by
    `grader.runner.cells.reached`; `early`: those that were stopped before all their time was over.

    What each cell put out, by its number. `lost`: those that ended the process, and why; `ended`: those that were stopped, with
    the kind of an outcome. `spent`: where those stayed whose time was up. `really`: they were run in real time. `kept`: a
    thread kept its turn while another could go on, as nobody does in real time. `shell`: IPython's own ran their magics.
    """

    reached: dict[int, list[tuple[str, str]]] = field(default_factory=dict, kw_only=True)
    early: set[int] = field(default_factory=set, kw_only=True)

    outputs: dict[int, list[Output]] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    spent: dict[int, Place] = field(default_factory=dict)
    really: bool = False
    kept: bool = False
    shell: bool = False

    def anew(self) -> None:
        """All are to be run again, but for those that ended the process."""
        for kept in (self.outputs, self.ended):
            for number in kept.keys() - self.lost.keys():
                del kept[number]

    def in_full(self) -> list[int]:
        """The cells that came to their end: what they define is needed, so they have all the time when they are run again."""
        stopped = {number for number, kind in self.ended.items() if kind in _TOOK_ALL}
        return [*self.outputs.keys() - stopped - self.spent.keys() - self.lost.keys()]


def run_cells(
    cells: Sequence[Code],
    files: Mapping[str, bytes],
    level: Level,
    *,
    seconds: float,
    seed: str,
    patience: float | None = None,
    epoch: float = EPOCH,
    settles: float = 0.0,
    really: bool = False,
    released: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    tell: Callable[[int, str], object] = lambda number, why: None,
) -> Ran:
    """Each may compute for `seconds`, and take real seconds of `patience`, generous if not given: a busy machine is nobody's
    fault. `files` lie beside the notebook. It is `epoch` when the first cell begins. `settles`: virtual seconds behind each
    cell, in which what it has started goes on. `really`: in real time at once. `released`: versions of packages that are told,
    beside those that the cells ask for. `variables`: of the environment, which the cells find beside their own. `tell` is
    called for each that is stopped.
    Raises GraderFault where no process can be had.
    """
    real = 3 * seconds + 10 if patience is None else patience
    told = tuple((released or {}).items()), tuple((variables or {}).items())
    bounds = _Bounds(seconds, real, epoch, settles, really, *told)
    ran, left = Ran(really=really, shell=any(one.raw for one in cells)), list(cells)
    while left and not ran.outputs.keys() >= {one.number for one in left}:
        try:
            lost = _once(left, files, level, bounds, seed, ran, tell)
            if lost is None:
                break
            number, why = _who_began_it(left, files, level, bounds, seed, ran, lost)
        except _InDoubt:
            ran.anew()
            bounds, ran.really = bounds._replace(really=True), True
            continue
        ran.lost[number], ran.outputs[number] = why, [_died(why)]
        tell(number, why)
        left = [one for one in left if one.number != number]
        if len(ran.lost) == _MOST_LOST:
            for one in left:
                ran.outputs.setdefault(one.number, [_died("not run: too many cells before it ended the process")])
    return ran


def _who_began_it(
    cells: Sequence[Code],
    files: Mapping[str, bytes],
    level: Level,
    bounds: _Bounds,
    seed: str,
    ran: Ran,
    lost: tuple[int, str],
) -> tuple[int, str]:
    """The earlier cell whose thread does the same when it has time, before the cell that was `lost` has begun; else that."""
    number, why = lost
    before = [one for one in cells if one.number < number]
    if not before or not why.startswith(_ENDED):
        return lost
    again = Ran(dict(ran.outputs), dict(ran.lost), dict(ran.ended), dict(ran.spent))
    found = _once(before, files, level, bounds._replace(settles=SETTLES), seed, again)
    return found if found is not None and found[1] == why else lost


def _once(
    cells: Sequence[Code],
    files: Mapping[str, bytes],
    level: Level,
    bounds: _Bounds,
    seed: str,
    ran: Ran,
    tell: Callable[[int, str], object] = lambda number, why: None,
) -> tuple[int, str] | None:
    """The cell at which it ended, and why; None where all of them are over."""
    limits = complete(msgspec.structs.replace(_LIMITS, cpu_seconds=bounds.seconds))
    process = level.process(limits)
    try:
        word = token_hex(16)
        start = _start(cells, files, process, limits, seed) | {"epoch": bounds.epoch, "word": word}
        settles = min(bounds.settles, _SETTLES_REALLY) if bounds.really else bounds.settles
        start |= {"settles": settles, "less": bounds.less, "patience": [bounds.less_patience, bounds.patience]}
        start |= {"really": bounds.really, "still": _STILL, "variables": dict(bounds.variables)}
        start["versions"] |= dict(bounds.released)
        start |= {"spent": [*{*ran.spent.values()}], "in_full": ran.in_full()}
        return _Conversation(process, bounds, ran, word, tell).held(start)
    finally:
        process.stop()


def _start(
    cells: Sequence[Code], files: Mapping[str, bytes], process: Process, limits: Limits, seed: str
) -> dict[str, Any]:
    texts = {name: content.decode("latin-1") for name, content in files.items()}
    path = process.place({name: text for name, text in texts.items() if "/" not in name})
    return {
        "cells": [list(one[:3]) for one in cells],
        "raw": [[one.number, one.raw] for one in cells if one.raw],
        "files": {} if path else texts,
        "path": path,
        "filename": "notebook",
        "seed": seed,
        "versions": versions(one.text for one in cells),
        "limits": runner_limits(limits),
    }


class _Conversation:
    def __init__(self, process: Process, bounds: _Bounds, ran: Ran, word: str, tell: Callable[[int, str], object]):
        self._process, self._ran, self._bounds, self._word, self._tell = process, ran, bounds, word, tell
        self._in_full = frozenset(ran.in_full())
        self._wire = Wire(process.connection)
        self._at: int | None = None
        self._over_now: list[int] = []  # those that this process came to the end of
        self._stays: Place | None = None  # where its time was up
        self._again = self._is_early = False  # whether an earlier one stayed there; whether it has still to be asked

    def held(self, start: dict[str, Any]) -> tuple[int, str] | None:
        numbers = iter([one[0] for one in start["cells"]])
        self._wire.new_case(_STARTING)
        try:
            self._wire.send(start)
            for message in self._heard():
                self._take(message, numbers)
            return None
        except Closed:
            why = self._how(self._process.how_it_ended())
        except Late:
            why = f"it was not over after {self._patience:g} s{self._where()}"
        except DoorError as error:
            why = f"{TAMPERED}: {error}"
        return self._lost(why, len(start["cells"]))

    @property
    def _patience(self) -> float:
        return self._bounds.less_patience if self._again else self._bounds.patience

    def _heard(self) -> Iterator[Any]:
        while True:
            try:
                line = self._wire.receive()
            except Late:
                line = self._rung()
            message = decoded(line)
            if message.word != self._word:
                raise DoorError("a message of nobody's")
            if isinstance(message, Bye):
                return
            if isinstance(message, Really) and not self._bounds.really:
                raise _InDoubt
            yield message

    def _rung(self) -> bytes:
        """It is told that the time is up, and may go on with the next cell; first, if it may be where others stayed, that it is
        to see to that."""
        if self._is_early:
            self._is_early = False
            self._process.ring()
            self._wire.prolong(self._bounds.patience - self._bounds.less_patience)
            with suppress(Late):
                return self._wire.receive()
        self._process.ring()
        self._wire.prolong(LAST_WORDS)
        return self._wire.receive()

    def _take(self, message: Heard, numbers: Iterator[int]) -> None:
        if isinstance(message, Cell) and self._at is None and message.number == next(numbers, None):
            self._at, self._stays, self._again = message.number, None, False
            self._is_early = self._bounds.really or (bool(self._ran.spent) and self._at not in self._in_full)
            self._wire.prolong(self._bounds.less_patience if self._is_early else self._bounds.patience)
        elif isinstance(message, Spent) and message.number == self._at and self._stays is None:
            self._stays, self._is_early = (message.file, message.name, message.line), False
            self._again = self._stays in self._ran.spent.values()
            if message.number not in self._ran.outputs:  # else that of its first run stands
                (self._ran.early.add if self._again else self._ran.early.discard)(message.number)
            self._ran.spent.setdefault(message.number, self._stays)
            self._wire.prolong(self._bounds.less_patience)
        elif isinstance(message, Over) and message.number == self._at:
            if message.number not in self._ran.outputs:
                self._over(message)
            self._at = None
            self._over_now.append(message.number)
        else:
            raise DoorError("cells in another order")

    def _over(self, message: Over) -> None:
        self._ran.outputs[message.number] = [_output(one, message.number) for one in message.outputs]
        self._ran.reached[message.number] = list(message.reached)
        self._ran.kept |= message.kept
        if message.kind:
            self._ran.ended[message.number] = message.kind
        if message.kind or self._stays is not None:
            self._tell(message.number, _STOPPED.get(message.kind, "it never came to an end") + self._where())

    def _where(self) -> str:
        """The function in which it stayed, as far as that is known and a name."""
        said = "" if self._stays is None or not _NAME.fullmatch(self._stays[1]) else f" in {self._stays[1]}"
        return f"{said}, as an earlier one did" if self._again else said

    def _how(self, code: int) -> str:
        import signal

        ignored = code == -signal.SIGKILL and self._process.cpu_seconds > self._bounds.seconds  # the first signal
        if code == -signal.SIGXCPU or ignored:
            seconds = self._bounds.less if self._again else self._bounds.seconds
            return f"it computed for more than {seconds:g} s{self._where()}"
        itself, killed = _ENDED
        return f"{itself} (exit status {code})" if code >= 0 else f"{killed} (signal {-code})"

    def _lost(self, why: str, cells: int) -> tuple[int, str] | None:
        """Between cells there is only what those in front have left behind; behind the last one nothing is lost."""
        one = self._over_now[-1:] if self._at is None else [self._at]
        if not one:
            raise GraderFault(f"the process that runs the cells: {why}")
        return None if len(self._over_now) == cells else (one[0], why)


def _output(said: Sequence[str], number: int) -> Output:
    """As Jupyter keeps it."""
    match said:
        case ["stream", "stdout" | "stderr" as name, text]:
            return {"output_type": "stream", "name": name, "text": text}
        case ["result", *forms]:
            return {"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": _data(forms)}
        case ["display", *forms]:
            return {"output_type": "display_data", "metadata": {}, "data": _data(forms)}
        case ["error", name, value, lines]:
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines.split("\n")}
    raise DoorError("no output of a cell")


def _data(forms: Sequence[str]) -> dict[str, Any]:
    names, texts = forms[::2], forms[1::2]
    if not names or len(names) != len(texts):
        raise DoorError("no output of a cell")
    return dict(zip(names, texts, strict=True))


def _died(why: str) -> Output:
    said = f"not yet: {why}; the other cells were run without this one"
    return {"output_type": "error", "ename": DIED, "evalue": said, "traceback": [said]}
