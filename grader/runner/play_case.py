"""Play one case: load the learner's file anew, enter their function, say how it ended, clean up, report.

The door hears `finish` exactly once, whatever the file does.
"""

import asyncio
import builtins
import contextlib
import os
import sys
import types
from _random import Random as _Dice
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from itertools import count
from typing import Any

from grader.clock.clock import Clock
from grader.clock.loops.loop import VirtualLoop
from grader.clock.over import BrokenOffError, LimitError, RunOver
from grader.door.messages import AT_IMPORT, Door
from grader.runner import ipython, way_in
from grader.runner.calls import Calls, WrongKind
from grader.runner.desk import Desk
from grader.runner.folder import RunFolder
from grader.runner.kinds import fits, kind_of, makes_a_coroutine
from grader.runner.limits import CpuLimit
from grader.runner.notebook import Notebook, run_cells
from grader.runner.noted import Notes
from grader.runner.origins import without_origin
from grader.runner.output import Output
from grader.runner.places import Places
from grader.runner.plain_values import plain_value
from grader.runner.replacements import replacement
from grader.runner.report import Report
from grader.runner.source import compile_source
from grader.runner.surroundings import collect, make_loop, surroundings
from grader.runner.ticker import Ticker
from grader.runner.traces import Names

Start = dict[str, Any]
_NOTHING: Any = object()  # there is no such name
# hashlib's, without all that it loads; 3.12 gave its module another name
_sha512 = import_module("_sha2" if sys.version_info >= (3, 12) else "_sha512").sha512


class Play:
    """One run. `start` holds the fields of `grader.door.messages.START_FIELDS`, and those of MORE_FIELDS that it needs.

    With `wall_seconds` among its limits it keeps that one too, and Ctrl-C ends the run without a verdict; without, whoever
    started this process does.
    """

    may_set_alarms = False
    hears_all = True  # what goes past Python's streams is its output, too

    def __init__(self, door: Door, start: Start):
        limits = start["limits"]
        self.start, self.door = start, door
        told = start.get("folder")
        self.folder = None if told is None else RunFolder(told, start["module"], start["home"], start["codes"])
        self.clock = Clock(door, max_turns=limits["turns"], start=start.get("begins", 0.0), epoch=start["epoch"])
        self.clock.max_threads = limits["threads"]
        vars(self.clock)["number"] = count(1).__next__  # at once: to make it when it is asked for takes a lock
        file = start["filename"] if self.folder is None else self.folder.file
        self.desk = Desk(self.clock, door, file, limits["reads_past_end"])
        self.desk.foreseen = start.get("foreseen")
        if self.folder is not None:
            self.desk.earlier, self.desk.home = self.folder.earlier, self.folder.path + os.sep
        self.report = Report(self.desk)
        self.notes = Notes(self.desk, self.report)
        self.calls = Calls(self.desk, self.report, start)
        self.output = Output(limits["output_kb"] * 1024)
        self.clock.on_break = self.report.broken_off
        self.desk.on_read = self.report.read
        seconds = limits["cpu_seconds"] if told is None else told["import_seconds"]
        self.limit = CpuLimit(self.desk, seconds, limits.get("wall_seconds"), limits.get("rings_after", 0.0))
        self.finished, self.guest = False, "wall_seconds" in limits
        self.builtins = Names(builtins) if self.guest else _names_of_builtins()
        self.module: types.ModuleType | None = None
        self.number = _number_of(start["seed"])
        self.salt = _Dice(self.number).getrandbits(64)

    def make_loop(self) -> VirtualLoop:
        return make_loop(self.report, self.start["limits"]["tasks"], self.salt)

    def debugged(self) -> None:
        """A person is at a debugger: nothing is limited."""
        self.limit.debugging()
        self.clock.max_turns = sys.maxsize

    # ------------------------------------------------------------ how it ends

    def end_of_run(self, kind: str, detail: str) -> BaseException:
        """What a door raises when the referee will not go on."""
        line = self.desk.running_line(sys._getframe(1))
        reason = LimitError(detail, line) if kind == "virtual_limit" else BrokenOffError(detail, line)
        return self.clock.break_off(reason)

    def finish(self, how: str, value: Any) -> None:
        if not self.finished:
            self.limit.restart()
            self.finished = True
            self.door.finish(self.clock.now, how, value)
            self.report.entry_returned()

    def called(self) -> None:
        """The entry is called now: what is made and what time passes from here on is the learner's."""
        self.report.counting, self.report.origin = True, self.clock.now
        self.desk.entered = True
        if self.start.get("told_where"):
            self.desk.here = Places(self.desk).here
        self.door.enter(self.clock.now)

    def returned(self, value: Any) -> None:
        """The entry came to a result, or had been ended by ours before, and caught that."""
        if self.clock.broken is not None:
            self.raised(self.clock.broken)
        else:
            self.finish("result", self.desk.pack(value if self.folder is None else plain_value(value)))

    def raised(self, error: BaseException) -> None:
        """The entry ended with an exception, or was ended by ours."""
        if GeneratorExit in type(error).__mro__ and self.desk.failure(error)["line"] is None:
            return  # not raised by the learner: the coroutine goes away with a run that is over
        if self.limit.interrupted:
            raise KeyboardInterrupt
        reason = self.clock.broken or (error if isinstance(error, RunOver) else None)
        if reason is None:
            self.finish("raised", self._described(error))
            return
        self.finish(self._kind(reason), reason.detail)
        self.clock.mend()

    def _kind(self, reason: RunOver) -> str:
        """An import is a phase of its own, and how it ends is told apart."""
        if not self.report.importing:
            return reason.kind
        return "import_exit" if reason.kind == "exit" else AT_IMPORT.get(reason.kind, reason.kind)

    def _described(self, error: BaseException) -> dict[str, Any]:
        told = self.desk.failure(error)
        return told if self.folder is None else told | {"message": self.folder.plain(told["message"])}

    # ------------------------------------------------------------ the file

    def load(self) -> Any:
        """The learner's module, executed; None if that failed."""
        try:
            module = self._executed() if self.folder is None else self._imported(self.folder)
        except BaseException as error:
            if self.clock.broken is not None or isinstance(error, RunOver):
                self.raised(error)
            else:
                self.finish("import", self._described(error))
            return None
        if self.folder is not None and self.clock.broken is not None:  # it was told that it is over, and caught that
            self.raised(self.clock.broken)
            return None
        return module

    def _executed(self) -> types.ModuleType:
        module = types.ModuleType(self.start["module"])
        module.__file__ = self.start["filename"]
        self.module = module
        sys.modules[module.__name__] = module  # dataclasses and pickling look for it there
        source = self.start["source"]
        code = compile_source(source, self.desk.file) if isinstance(source, bytes) else source
        if isinstance(code, Notebook):
            run_cells(self, code, module)
        else:
            exec(code, vars(module))
        return module

    def _imported(self, folder: RunFolder) -> Any:
        """A phase of its own: with its own limit, and before the time of the entry."""
        offers = self.start["folder"]["offers"]
        things = {name: self.desk.value(packed) for name, packed in offers.items()}
        folder.offer(things, self.notes.noted)
        self.report.importing = True
        try:
            return folder.load()
        finally:
            self.report.importing = self.clock.broken is not None  # how it ended is still to be said
            self.limit.phase(self.start["limits"]["cpu_seconds"])

    def entry(self, module: Any) -> Callable[..., Any] | None:
        """The learner's function, of the kind that was asked for; None if it is not there."""
        found = getattr(module, self.start["entry"], _NOTHING)
        if found is _NOTHING:
            failure = self.report.cell_without(self.start["entry"])
            self.finish(*(("missing", "") if failure is None else ("import", failure)))
            return None
        if not fits(found, self.start["kind"], wrapped=self.folder is not None):
            self.finish("wrong_kind", kind_of(found))
            return None
        function: Callable[..., Any] = found
        return function

    # ------------------------------------------------------------ the entry

    async def main(self, function: Callable[..., Any]) -> None:
        """The coroutine that the loop runs: everything that it makes once the entry is called is the learner's."""
        args = self.calls.args()
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        assert isinstance(loop, VirtualLoop)
        self.desk.on_cancel = task.cancel
        ticker = Ticker(self.desk, loop, self.start["ticker"])
        ticker.start()
        self.called()
        try:
            value = await (self._called_once(function, args) if self.calls.plain else self.calls.all(function))
        except WrongKind as wrong:
            self.finish("wrong_kind", wrong.found)
        except BaseException as error:
            self.raised(error)
        else:
            self.returned(value)
        finally:
            self.report.counting = False
            self.desk.on_cancel = _nobody  # it keeps the task, and there is nothing left to be cancelled
            ticker.stop()

    def _called_once(self, function: Callable[..., Any], args: Sequence[Any]) -> Any:
        """What it gives to be awaited, which is awaited at once."""
        return without_origin(function, *args) if makes_a_coroutine(function) else function(*args)

    def enter(self, function: Callable[..., Any]) -> None:
        if self.start["kind"] == "function":
            args = self.calls.args()
            self.called()
            try:
                self.returned(self.calls.outside(function, args, self.make_loop))
            finally:
                self.report.counting = False
            return
        loop = self.make_loop()
        try:
            way_in.run(loop, without_origin(self.main, function))
        except BaseException as error:
            self.raised(error)  # heard before anything is cleaned up
        finally:
            try:  # noqa: SIM105 -- for speed
                way_in.close(loop)
            except RunOver:
                pass

    # ------------------------------------------------------------ the whole

    def play(self) -> dict[str, Any]:
        """Returns the fields of Facts but for those of which there is nothing to say."""
        replaced = {name: replacement(self.desk, name, packed) for name, packed in self.start["replaced"].items()}
        with (
            surroundings(self, self.start | {"replaced": replaced}),
            self._modules_restored() if self.folder is None else self.folder.stands(self.guest),
        ):
            try:
                self._run()
            finally:
                self._clean_up()
                self._let_go()
        if self.limit.interrupted:
            raise KeyboardInterrupt
        text = self.output.text() if self.folder is None else self.folder.plain(self.output.text())
        facts = self.report.facts() | {"output": text, "output_cut": self.output.cut, "own_calls": self.notes.calls}
        facts["own_files"] = [] if self.folder is None else self.folder.noted()
        return {name: value for name, value in facts.items() if value}

    def _run(self) -> None:
        try:
            module = self.load()
            function = self.entry(module) if module is not None else None
            if function is not None:
                self.enter(function)
        except BaseException as error:
            self.raised(error)

    def _clean_up(self) -> None:
        """What the program left is ended, within a limit of its own: a verdict that was reached stands.

        Then finalisers say what was left lying about, while printing is still kept and forbidden things are refused.
        """
        self.builtins.put_back()  # first: what comes now is ours, and uses them
        self.limit.restart()
        while True:
            try:  # for speed without a context
                self._close_loops()
                self.output.hears(False)  # threads that are ended may say so
                try:
                    self.report.threads_left = not self.clock.end_threads(BrokenOffError("the run is over"))
                finally:
                    self.output.hears(True)
                self._close_loops()  # of the threads that were ended
                if self.module is not None:
                    vars(self.module).clear()
                for module in self.folder.modules() if self.folder is not None else ():
                    vars(module).clear()
                collect()
                break
            except BaseException:
                continue
        self.limit.off()

    def _close_loops(self) -> None:
        """All but those that another thread still runs: they are closed when that has been ended."""
        loops = self.report.loops
        loops.sort(key=_runs, reverse=True)
        while loops and not _runs(loops[-1]):
            loop = loops.pop()
            with contextlib.suppress(Exception, RunOver):
                if not loop.is_closed() and not loop.is_running():
                    self._cancel_all(loop)
                    loop.run_until_complete(loop.shutdown_asyncgens())
            with contextlib.suppress(Exception, RunOver):
                loop.close()

    def _let_go(self) -> None:
        """Undo the circles among a run's objects, so that they are gone when it is over."""
        self.report.forget()
        self.desk.forget()
        self.clock.forget()

    def _cancel_all(self, loop: VirtualLoop) -> None:
        left = asyncio.all_tasks(loop)
        for task in sorted(left, key=_number):
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*sorted(left, key=_number), return_exceptions=True))

    @contextlib.contextmanager
    def _modules_restored(self) -> Iterator[None]:
        name = self.start["module"]
        before, others = sys.modules.get(name), ipython.there()
        try:
            yield
        finally:
            ipython.taken_away(others)
            if before is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = before


@cache
def _names_of_builtins() -> Names:
    """Of a process that plays nothing but runs, before the first of them."""
    return Names(builtins)


def _number_of(seed: str) -> int:
    """By which `random` seeds itself when it is given that text; with the text it would do it twice, which is dear."""
    text = seed.encode()
    return int.from_bytes(text + _sha512(text).digest(), "big")


def _nobody() -> None:
    """Hears of it."""


def _runs(loop: VirtualLoop) -> bool:
    """Whatever the program has made of its method."""
    try:
        return loop.is_running()
    except Exception:
        return False


def _number(task: "asyncio.Task[Any]") -> int:
    """In the order in which they were made; a task that the learner's code made past the loop stands in front."""
    return getattr(task, "number", 0)
