"""The cells of a notebook, run one after the other as a kernel runs them, each with what a kernel would show below it.

On one loop, in virtual time; one that fails, hangs or computes without end leaves what it had defined, and the next is run.
What begins and what is over is told at once, so that who hears it knows which cell ended the process.
"""

import _sitebuiltins
import asyncio
import builtins
import linecache
import os
import random
import sys
import tempfile
import threading
import types
import warnings
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import Context
from typing import Any

from grader.clock.over import RunOver
from grader.clock.threads import children
from grader.door.messages import SLEEPS, EventPacked, Lease
from grader.door.pipe import Pipe
from grader.runner import deaths, ipython, text, way_in
from grader.runner.bounds import SLACK, bound_cpu
from grader.runner.cells import (
    below,
    bundle,
    computed,
    evaluator,
    faults,
    figures,
    nesting,
    player,
    screen,
    semaphores,
    shell,
    versions,
)
from grader.runner.cells.apart import apart
from grader.runner.cells.attempts import Attempts
from grader.runner.cells.computing import Computing
from grader.runner.cells.descriptors import Written, descriptors
from grader.runner.cells.doubts import LOOKS, Doubts
from grader.runner.cells.kept_turns import KeptTurns
from grader.runner.cells.player import Tell
from grader.runner.cells.reached import met_a_lock, reached
from grader.runner.cells.spending import CellLimit, Cells
from grader.runner.cells.stillness import watched
from grader.runner.cells.stream import CELL, Stream
from grader.runner.play_case import Play
from grader.ticks import to_ticks

_MOST_TIME = to_ticks(86_400.0)  # of one cell's, virtual
_TURNS_BETWEEN = 10  # of tasks that a cell has started, before the next one
_OVER = {
    "deadlock": "it waits for something that never comes",
    "livelock": "it goes round without end while no time passes",
    "busy_loop": "it computes for too long without waiting",
    "time_out": "it waits in real time for too long",
    "virtual_limit": "it goes on for more than a day of virtual time",
    SLEEPS: "it waits again and again, and never ends",
    "threads": "it has more threads at once than it may have",
}
Start = dict[str, Any]


class _Alone:
    """The door of a run that has nobody behind it: time passes as the program's own timers say, a day for each cell."""

    def __init__(self) -> None:
        self.until = _MOST_TIME
        self.end_of_run: Any = None

    def block(self, at: int, to: int) -> Lease:
        return self._not_beyond(to)

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, Lease, list[EventPacked]]:
        if timer is None:
            return None, self.until, []
        return max(at, timer), self._not_beyond(timer), []

    def _not_beyond(self, tick: int) -> Lease:
        if tick >= self.until:
            raise self.end_of_run("virtual_limit", "")
        return self.until


def play_cells(pipe: Pipe, start: Start) -> None:
    """`start`: the `cells`, each [number, text, given]; the `files` (or the `path`) beside them; `filename`, `seed`, `epoch`
    and `limits`; the seconds that pass behind each cell (`settles`); the `word` that each message is to hold; where cells took
    all their time before (`spent`), the seconds that others have there (`less`, and real ones: `patience`), and the numbers of
    those that have all the time even so (`in_full`). One that is `given` is its author's, and finds the builtins as they were.
    `still`: the real seconds for which others may have no turn, since somebody waits who has it.
    `really`: in real time, since it is in doubt what becomes of them in virtual time.
    """
    nothing: Start = {"module": "__main__", "entry": "", "kind": "function", "args": [], "replaced": {}, "ticker": None}
    cells, tell = [tuple(one) for one in start.pop("cells")], teller(pipe, start.pop("word"))
    with descriptors() as written:
        door = _Alone()
        kind = _InRealTime if start["really"] else _Cells
        run = kind(door, {"source": "", **nothing, **start}, cells, tell, written)
        door.end_of_run = run.end_of_run
        with run.watched():
            run.play()
    tell("bye")


def teller(pipe: Pipe, word: str) -> Tell:
    """Says (kind, ...) to whoever started this, who believes only what holds the word."""
    encode, write, flush = pipe._encode, pipe._file.write, pipe._file.flush

    def tell(kind: str, *more: Any) -> None:
        write(encode([kind, word, *more]).encode() + b"\n")
        flush()

    return tell


class _Cells(Play):
    may_set_alarms = True  # as in a kernel
    hears_all = False  # but by the descriptors themselves

    def __init__(self, door: _Alone, start: Start, cells: Sequence[Any], tell: Tell, written: Written):
        super().__init__(door, start)  # type: ignore[arg-type]  # of a door it is asked for time alone
        self._alone, self._cells, self._tell, self._written = door, cells, tell, written
        self._numbers = [number for number, *_ in cells]
        self._attempts, self._folder = Attempts(), "/"
        vars(self.report)["refused"] = self._attempts.refused
        kept = start["limits"]["output_kb"] * 1024
        self._streams = {name: Stream(kept, name) for name in ("stdout", "stderr")}
        # as Python does it, for what is written on standard error costs points in nbgrader
        self._never_awaited = vars(warnings)["_warn_unawaited_coroutine"]
        self._computing, self._number = Computing(self.clock), 0
        texts = {_file(number): text for number, text, _ in cells}
        learners = {_file(number) for number, _, given in cells if not given}
        self._doubts = self._doubts_of()
        self._kept_turns = None if self._doubts is None else KeptTurns(self.clock)
        self.limit: CellLimit = CellLimit(self.desk, start, Cells(texts, learners), tell, self._doubts)
        self._loop: Any = None

    def _doubts_of(self) -> Doubts | None:
        return Doubts(self.clock, self.report, lambda: self._tell("really", self._number))

    def watched(self) -> AbstractContextManager[None]:
        if self._doubts is None:
            return nullcontext()
        return watched(self._doubts.look_from_outside, self.start["still"] / LOOKS)

    def make_loop(self) -> Any:
        loop = self._computing.counted(super().make_loop())
        loop.set_exception_handler(None)  # what it says stands below the cell, as in a kernel
        return loop

    def finish(self, how: str, value: Any) -> None:
        """There is nobody who asks."""
        self.finished = True

    def _run(self) -> None:
        self.module = types.ModuleType("__main__")  # not sooner, or who looks for referrers would not find its names
        self.module.__builtins__ = builtins  # type: ignore[attr-defined]  # else it would have those of whoever runs it
        _beside(self.start)
        self._folder = os.getcwd()
        semaphores.put_in_place()  # whose trial is no attempt of a cell's
        sys.modules["__main__"] = self.module
        versions.tell(self.start["versions"])
        self._shell = shell.made(self.module, dict(self.start["raw"]), self.start["versions"], self._attempts.tells)
        computed.tell()
        screen.put_in_place()
        nesting.put_in_place(self.start["versions"])
        self._attempts.begin(self._folder, really=self.start["really"])
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__ = self._streams.values()  # type: ignore[misc]
        sys.unraisablehook = sys.__unraisablehook__
        vars(warnings)["_warn_unawaited_coroutine"] = self._never_awaited
        deaths.as_ever()  # who started this process knows which cell ended it, and goes on without
        _warn_as_usual()
        _as_in_a_shell(self.names, self.start["variables"])
        CELL.set(0)
        self._loop = self.make_loop()
        play = apart(text, faults, bundle, below, evaluator, player)["player"](self, self._tell)
        cells = [(number, self._shell.plain(number, source), given) for number, source, given in self._cells]
        self._cells = ()
        for number, source, given in cells:
            play(number, f"{source.removesuffix(chr(10))}\n", given)  # as IPython has it, for whoever asks for a source

    # ------------------------------------------------------------ what a player asks for

    @property
    def names(self) -> dict[str, Any]:
        return vars(self.module)

    def stand_in(self, display: Any, clear_output: Any, failed: Any) -> None:
        self._shell.stand_in(self.names, display, clear_output, failed)

    def interactivity(self) -> str:
        return self._shell.interactivity()

    def text(self, source: str) -> str:
        return self._shell.text(source)

    def prepare(self, number: int, source: str) -> str:
        """Limits and a name for the cell that is to be run now."""
        self._number = number
        self._shell.began(number)
        self.desk.file = name = _file(number)
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        self._bound(number)
        self.limit.cell(number)
        self._alone.until = self.clock.now + _MOST_TIME
        self.clock.lease(self._alone.until)
        self.names.pop("__warningregistry__", None)  # cells warn anew, and modules do not, as in a kernel
        self._listen(number)
        return name

    def _bound(self, number: int) -> None:
        """For good, and lower before each cell: what this one and those behind it may take together, and the slack of each."""
        left, seconds = sum(other >= number for other in self._numbers), self.start["limits"]["cpu_seconds"]
        bound_cpu(seconds * left + SLACK * (left - 1))

    def _listen(self, number: int) -> None:
        for stream in self._streams.values():
            stream.cell = number

    def stream(self, name: str) -> str:
        """What was written there since it was asked last, by Python or past it."""
        return self._streams[name].taken() + self._written(name)

    def run(self, coroutine: Any, context: Context) -> None:
        context.run(CELL.set, self._streams["stdout"].cell)
        self.limit.awaited = coroutine
        try:
            self._loop.run_until_complete(self._loop.create_task(self._heard(coroutine), context=context))
        finally:
            self.limit.awaited = None
            figures.close()
            self._settle()
        way_in.run(self._loop, _turns())

    def _settle(self) -> None:
        """A thread that an earlier cell has started would do later what it does now, and another would be named for it."""
        if self.start["settles"]:
            way_in.run(self._loop, asyncio.sleep(self.start["settles"]))

    async def _heard(self, coroutine: Any) -> None:
        try:
            with self._shell.heard():
                await coroutine
        finally:
            self._listen(0)

    def reached(self, error: BaseException | None) -> list[list[str]]:
        """For what the cell reached that is not there: (kind, what it is), as `grader.runner.cells.reached` has them."""
        if self._doubts is not None and met_a_lock(error):
            self._doubts.end()
        return [list(one) for one in (*reached(error, self._folder), *self._attempts.taken())]

    def kept_a_turn(self) -> bool:
        """Whether a thread did that another would have had in real time."""
        return self._kept_turns is not None and self._kept_turns.taken()

    def stopped(self, error: BaseException | None) -> tuple[str, str] | None:
        """How the cell was ended, if it had to be, and what is to be said of it."""
        over = self.clock.broken or (error if isinstance(error, RunOver) else None)
        if over is None:
            return None
        self.limit.over()
        line = self.report.forget_hang() or over.line
        self.clock.mend()
        for task in sorted(asyncio.all_tasks(self._loop), key=lambda task: getattr(task, "number", 0)):
            task.cancel()
        kind = "time_out" if over.detail.startswith("waits in real time") else over.kind
        kind = over.detail if over.detail == "threads" else kind  # a bound that a kernel has not
        return kind, f"not yet: {_OVER.get(over.detail) or _OVER.get(kind, over.detail)}" + (
            f" (line {line})" if line else ""
        )


class _InRealTime(_Cells):
    """On a loop of asyncio's own and on no clock, as in a kernel; with the same limits, and behind the same walls."""

    def _doubts_of(self) -> None:
        return None

    def make_loop(self) -> Any:
        return asyncio.SelectorEventLoop()

    def play(self) -> dict[str, Any]:
        """What is left is ended with the process."""
        self.clock.on_break = None
        random.seed(self.start["seed"])
        boot: Any = threading.Thread._bootstrap  # type: ignore[attr-defined]

        def bootstrap(thread: threading.Thread) -> None:
            children.block()  # the limits' signals are for the main thread, which would not hear of them at a lock
            boot(thread)

        threading.Thread._bootstrap = bootstrap  # type: ignore[attr-defined]
        with self.limit.kept():
            self._run()
        return {}


def _file(number: int) -> str:
    return f"cell {number}"


async def _turns() -> None:
    for _ in range(_TURNS_BETWEEN):
        await asyncio.sleep(0)


def _beside(start: Mapping[str, Any]) -> None:
    """The folder in which the notebook is, with its files; beside it one for temporary files, where any can be written."""
    if start["path"] is not None:
        os.chdir(start["path"])
    else:
        os.environ["TMPDIR"] = os.path.abspath("tmp")
        tempfile.tempdir = None  # what this process has found before it was shut in
        os.makedirs("tmp", exist_ok=True)
        os.makedirs("notebook", exist_ok=True)
        os.chdir("notebook")
    for name, content in start["files"].items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "wb") as file:
            file.write(content.encode("latin-1"))
    sys.path.insert(0, "")  # as in a kernel: whichever is the present folder when a module is looked for


def _as_in_a_shell(names: dict[str, Any], variables: Mapping[str, str]) -> None:
    """What `site` gives a program, and IPython where it has nobody at the keyboard; `variables` of the environment besides."""
    vars(builtins).update(help=_sitebuiltins._Helper(), input=ipython.nobody_there)
    for name in ("copyright", "credits", "license"):
        vars(builtins)[name] = _sitebuiltins._Printer(name, sys.copyright)
    names["__builtin__"] = builtins
    sys.argv[:] = ["ipykernel_launcher.py", "-f", "/tmp/kernel.json", "--HistoryManager.hist_file=:memory:"]
    vars(sys).update(ps1="In : ", ps2="...: ", ps3="Out: ")
    os.environ.update(variables)
    os.environ["NBGRADER_EXECUTION"] = "autograde"  # by which a test knows that it is graded
    os.environ.setdefault("HOME", os.getcwd())
    os.environ.setdefault("PATH", os.path.dirname(sys.executable) + os.pathsep + os.defpath)


def _warn_as_usual() -> None:
    sys.set_coroutine_origin_tracking_depth(0)
    warnings.resetwarnings()
    for kind in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", kind)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
