"""Play one case: load the learner's file anew, enter their function, say how it ended, clean up, report.

The door hears `finish` exactly once, whatever the file does.
"""

import asyncio
import contextlib
import inspect
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from grader.clock.clock import Clock
from grader.clock.loop import VirtualLoop
from grader.clock.over import BrokenOffError, LimitError, RunOver
from grader.door.messages import Door
from grader.runner import failures, subprocesses
from grader.runner.desk import Desk
from grader.runner.output import Output
from grader.runner.report import Report
from grader.runner.source import compile_source
from grader.runner.surroundings import collect, make_loop, surroundings

Start = dict[str, Any]


class Play:
    """One run. `start` holds the fields of `grader.door.messages.START_FIELDS`.

    `interruptible`: Ctrl-C is for us, and ends the run without a verdict.
    """

    def __init__(self, door: Door, start: Start):
        limits = start["limits"]
        self.start, self.door = start, door
        self.clock = Clock(door, max_turns=limits["turns"])
        self.desk = Desk(self.clock, door, start["filename"], limits["reads_past_end"])
        self.report = Report(self.desk)
        self.output = Output(limits["output_kb"] * 1024)
        self.clock.on_break = self.report.broken_off
        self.desk.on_read = lambda read: self.report.add("reads", read)
        self.finished = self.interruptible = False

    def make_loop(self) -> VirtualLoop:
        return make_loop(self.desk, self.report, self.start["limits"]["tasks"])

    # ------------------------------------------------------------ how it ends

    def end_of_run(self, kind: str, detail: str) -> BaseException:
        """What a door raises when the referee will not go on."""
        reason = LimitError(detail) if kind == "virtual_limit" else BrokenOffError(detail)
        return self.clock.break_off(reason)

    def finish(self, how: str, value: Any) -> None:
        if not self.finished:
            self.finished = True
            self.door.finish(self.clock.now, how, value)
            self.report.entry_returned()

    def raised(self, error: BaseException) -> None:
        """The entry ended with an exception, or was ended by ours."""
        reason = self.clock.broken or (error if isinstance(error, RunOver) else None)
        if reason is None:
            self.finish("raised", failures.describe(error, self.desk.file))
            return
        self.finish(reason.kind, reason.detail)
        self.clock.mend()

    # ------------------------------------------------------------ the file

    def load(self) -> types.ModuleType | None:
        """The learner's module, executed; None if that failed."""
        module = types.ModuleType(self.start["module"])
        module.__file__ = self.start["filename"]
        sys.modules[module.__name__] = module  # dataclasses and pickling look for it there
        try:
            source = self.start["source"]
            code = source if isinstance(source, types.CodeType) else compile_source(source, self.desk.file)
            exec(code, vars(module))
        except BaseException as error:
            self._let_interrupt_through(error)
            if self.clock.broken is not None or isinstance(error, RunOver):
                self.raised(error)
            else:
                self.finish("import", failures.describe(error, self.desk.file))
            return None
        return module

    def entry(self, module: types.ModuleType) -> Callable[..., Any] | None:
        """The learner's function, of the kind that was asked for; None if it is not there."""
        found = getattr(module, self.start["entry"], None)
        if found is None:
            self.finish("missing", "")
            return None
        is_kind = kind_of(found)
        if is_kind != self.start["kind"]:
            self.finish("wrong_kind", is_kind)
            return None
        function: Callable[..., Any] = found
        return function

    # ------------------------------------------------------------ the entry

    async def main(self, function: Callable[..., Any], args: list[Any]) -> None:
        """The coroutine that the loop runs: everything that it makes from here on is the learner's."""
        task = asyncio.current_task()
        assert task is not None
        self.desk.on_cancel = task.cancel
        self._tick_at_every_turn()
        self.report.counting = True
        try:
            if self.start["kind"] == "async_generator":
                value: Any = [item async for item in function(*args)]
            else:
                value = await function(*args)
        except BaseException as error:
            self.raised(error)
        else:
            self.finish("result", self.desk.pack(value))
        finally:
            self.report.counting = False
            self.report.loops[0].on_turn = None

    def _tick_at_every_turn(self) -> None:
        """An operation is called at every turn of the loop: as often as another task could have had its turn."""
        if self.start["ticker"] is not None:
            self.report.loops[0].on_turn = self.desk.value(self.start["ticker"])

    def enter(self, function: Callable[..., Any]) -> None:
        if self.start["kind"] == "function":
            self.report.counting = True
            args = self.desk.value(self.start["args"])
            self.finish("result", self.desk.pack(function(*args)))
            return
        runner = asyncio.Runner(loop_factory=self.make_loop)
        try:
            runner.run(self._enter(function))
        except BaseException as error:
            self._let_interrupt_through(error)
            self.raised(error)  # heard before anything is cleaned up
        finally:
            with contextlib.suppress(RunOver):
                runner.close()

    async def _enter(self, function: Callable[..., Any]) -> None:
        await self.main(function, self.desk.value(self.start["args"]))

    # ------------------------------------------------------------ the whole

    def play(self) -> dict[str, Any]:
        """Returns the fields of Facts."""
        replaced = {name: subprocesses.starter(self.desk, packed) for name, packed in self.start["replaced"].items()}
        with (
            surroundings(self.desk, self.report, self.output, self.start | {"replaced": replaced}, self.make_loop),
            self._modules_restored(),
        ):
            self._run()
            self._clean_up()
            self._let_go()
        return self.report.facts() | {"output": self.output.text(), "output_cut": self.output.cut}

    def _run(self) -> None:
        try:
            module = self.load()
            function = self.entry(module) if module is not None else None
            if function is not None:
                self.enter(function)
        except BaseException as error:
            self._let_interrupt_through(error)
            self.raised(error)

    def _let_interrupt_through(self, error: BaseException) -> None:
        if self.interruptible and isinstance(error, KeyboardInterrupt):
            raise error

    def _clean_up(self) -> None:
        """Loops that the program left open are closed; then finalisers say what was left lying about."""
        for loop in self.report.loops:
            with contextlib.suppress(BaseException):
                if not loop.is_closed() and not loop.is_running():
                    self._cancel_all(loop)
                    loop.run_until_complete(loop.shutdown_asyncgens())
            with contextlib.suppress(BaseException):
                loop.close()
        with contextlib.suppress(BaseException):
            collect()

    def _let_go(self) -> None:
        """Undo the circles among a run's objects, so that they are gone when it is over."""
        self.report.forget()
        self.desk.forget()
        self.clock.forget()

    def _cancel_all(self, loop: VirtualLoop) -> None:
        left = asyncio.all_tasks(loop)
        for task in sorted(left, key=hash):
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*sorted(left, key=hash), return_exceptions=True))

    @contextlib.contextmanager
    def _modules_restored(self) -> Iterator[None]:
        name = self.start["module"]
        before = sys.modules.get(name)
        try:
            yield
        finally:
            if before is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = before


def kind_of(found: Any) -> str:
    """coroutine, async_generator, function, or what it is instead."""
    if inspect.isclass(found):
        return "class"
    if inspect.isasyncgenfunction(found):
        return "async_generator"
    if inspect.iscoroutinefunction(found):
        return "coroutine"
    if inspect.isgeneratorfunction(found):
        return "generator"
    return "function" if callable(found) else type(found).__name__


def play_case(door: Door, start: Start) -> dict[str, Any]:
    """Play the case that `start` describes through `door`; the report (the fields of Facts)."""
    return Play(door, start).play()
