"""The cells of a notebook, run one after the other as a kernel runs them, each with what a kernel would show below it.

On one loop, in virtual time; one that fails, hangs or computes without end leaves what it had defined, and the next is run.
What begins and what is over is told at once, so that who hears it knows which cell ended the process.
"""

import __future__

import ast
import asyncio
import builtins
import io
import linecache
import os
import sys
import tokenize
import traceback
import types
import warnings
from _ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from collections.abc import Mapping
from types import CodeType
from typing import Any

from grader.clock.over import RunOver
from grader.door.messages import SLEEPS, EventPacked, Lease
from grader.door.pipe import Pipe
from grader.runner import deaths, ipython, way_in
from grader.runner.bounds import limit_cpu
from grader.runner.output import Output
from grader.runner.play_case import Play
from grader.runner.text import whole
from grader.ticks import to_ticks

_LATER = __future__.annotations.compiler_flag
_AWAITS = 0x80  # inspect.CO_COROUTINE
_MOST_TIME = to_ticks(86_400.0)  # of one cell's, virtual
_TURNS_BETWEEN = 10  # of tasks that a cell has started, before the next one
_LONGEST, _MOST_LINES = 10_000, 60
_OVER = {
    "deadlock": "it waits for something that never comes",
    "livelock": "it goes round without end while no time passes",
    "busy_loop": "it computes for too long without waiting",
    "time_out": "it waits in real time for too long",
    "virtual_limit": "it goes on for more than a day of virtual time",
    SLEEPS: "it waits again and again, and never ends",
}
Start = dict[str, Any]


class _Alone:
    """The door of a run that has nobody behind it: time passes as the program's own timers say, a day for each cell."""

    def __init__(self, pipe: Pipe):
        self._pipe, self.until = pipe, _MOST_TIME
        self.end_of_run: Any = None

    def tell(self, *message: Any) -> None:
        self._pipe.tell(*message)

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


class _Stream(Output):
    def taken(self) -> str:
        """What was written since this was asked last."""
        text = self.text()
        self._kept.data.clear()
        self._kept.cut = False
        return text


def play_cells(pipe: Pipe, start: Start) -> None:
    """`start`: the `cells`, each [number, text, given]; the `files` (or the `path`) beside them; `filename`, `seed`, `epoch`
    and `limits`. A cell that is `given` is its author's: it finds the builtins as they were.
    """
    door = _Alone(pipe)
    nothing: Start = {"module": "__main__", "entry": "", "kind": "function", "args": [], "replaced": {}, "ticker": None}
    run = _Cells(door, {"source": "", **nothing, **start})
    door.end_of_run = run.end_of_run
    run.play()
    pipe.tell("bye")


class _Cells(Play):
    def __init__(self, door: _Alone, start: Start):
        super().__init__(door, start)  # type: ignore[arg-type]  # of a door it is asked for time alone
        self._alone = door
        kept = start["limits"]["output_kb"] * 1024
        self._out, self._err = _Stream(kept), _Stream(kept)
        # as Python does it, for what is written on standard error costs points in nbgrader
        vars(self.report)["never_awaited"] = vars(warnings)["_warn_unawaited_coroutine"]
        self._stopped_by = ""  # how the present cell was ended, if it had to be
        self._flags = PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._builtins = dict(vars(builtins))

    def finish(self, how: str, value: Any) -> None:
        """There is nobody who asks."""
        self.finished = True

    def _run(self) -> None:
        _beside(self.start)
        self.module = module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        vars(module).update(ipython.NAMES)
        sys.modules.update(ipython.MODULES)
        sys.stdout, sys.stderr, sys.unraisablehook = self._out, self._err, sys.__unraisablehook__
        deaths.as_ever()  # who started this process knows which cell ended it, and goes on without
        _warn_as_usual()
        loop = self.make_loop()
        loop.set_exception_handler(None)
        for number, text, given in self.start["cells"]:
            self._alone.tell("cell", number)
            self._stopped_by = ""
            outputs = self._put_out(loop, number, text, given)
            self._alone.tell("over", number, self._stopped_by, outputs)

    def _put_out(self, loop: Any, number: int, text: str, given: bool) -> list[list[str]]:
        self.desk.file = name = f"cell {number}"
        text = text.removesuffix("\n") + "\n"  # as IPython has it, for whoever asks for the source of a function
        linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
        seconds = self.start["limits"]["cpu_seconds"]
        limit_cpu(seconds)
        self.limit.phase(seconds)
        self._alone.until = self.clock.now + _MOST_TIME
        self.clock.lease(self._alone.until)
        if given:
            vars(builtins).update(self._builtins)
        with warnings.catch_warnings():  # by which each cell warns anew, as in a kernel
            pass
        try:
            ended = self._ended(loop, name, text)
        except BaseException as error:  # an alarm that was late
            ended = self._failure(loop, error)
        streams = [["stdout", self._out.taken()], ["stderr", self._err.taken()]]
        return [["stream", *each] for each in streams if each[1]] + ended

    def _ended(self, loop: Any, name: str, text: str) -> list[list[str]]:
        """The value that the cell ends in, or the exception."""
        shown: list[Any] = []
        try:
            body, last = self._compiled(text, name)
            way_in.run(loop, self._cell(body, last, shown))
            way_in.run(loop, _turns())
            if self.clock.broken is not None:  # it was told, and caught that
                return self._failure(loop, self.clock.broken)
            if shown and not _is_quiet(text):
                return [["result", whole(repr(shown[0]))[:_LONGEST]]]
        except BaseException as error:
            return self._failure(loop, error)
        return []

    def _compiled(self, text: str, name: str) -> tuple[CodeType, CodeType | None]:
        tree = compile(text, name, "exec", ast.PyCF_ONLY_AST | self._flags, dont_inherit=True)
        assert isinstance(tree, ast.Module)
        end = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        body = compile(tree, name, "exec", self._flags, dont_inherit=True)
        self._flags |= body.co_flags & _LATER
        if not isinstance(end, ast.Expr):
            return body, None
        return body, compile(ast.Expression(end.value), name, "eval", self._flags, dont_inherit=True)

    async def _cell(self, body: CodeType, last: CodeType | None, shown: list[Any]) -> None:
        names = vars(self.module)
        await _evaluated(body, names)
        value = None if last is None else await _evaluated(last, names)
        if value is not None:
            names["_"] = value
            shown.append(value)

    def _failure(self, loop: Any, error: BaseException) -> list[list[str]]:
        over = self.clock.broken or (error if isinstance(error, RunOver) else None)
        if over is None:
            return [_described(error)]
        line = self.report.forget_hang() or over.line
        self.clock.mend()
        for task in sorted(asyncio.all_tasks(loop), key=lambda task: getattr(task, "number", 0)):
            task.cancel()
        self._stopped_by = "time_out" if over.detail.startswith("waits in real time") else over.kind
        said = f"not yet: {_OVER.get(over.detail) or _OVER.get(self._stopped_by, over.detail)}"
        where = f" (line {line})" if line else ""
        return [["error", "CellTimeoutError", said + where, said + where]]


async def _turns() -> None:
    for _ in range(_TURNS_BETWEEN):
        await asyncio.sleep(0)


async def _evaluated(code: CodeType, names: dict[str, Any]) -> Any:
    made = eval(code, names)
    return await made if code.co_flags & _AWAITS else made


def _beside(start: Mapping[str, Any]) -> None:
    """The folder in which the notebook is, with its files."""
    if start["path"] is not None:
        os.chdir(start["path"])
    for name, text in start["files"].items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "wb") as file:
            file.write(text.encode("latin-1"))
    sys.path.insert(0, os.getcwd())


def _warn_as_usual() -> None:
    sys.set_coroutine_origin_tracking_depth(0)
    warnings.resetwarnings()
    for kind in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", kind)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _is_quiet(text: str) -> bool:
    """Whether a cell ends in a semicolon, by which its value is not shown."""
    try:
        tokens = [
            token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.string.strip()
        ]
    except (tokenize.TokenError, SyntaxError):
        return False
    return next((token == ";" for token in reversed(tokens) if not token.startswith("#")), False)


def _described(error: BaseException) -> list[str]:
    """Its name, its text, and the lines of the cells that it came through."""
    try:
        text = whole(str(error)[:_LONGEST])
    except Exception:  # a learner's own __str__
        text = ""
    return ["error", type(error).__name__[:200], text, "\n".join(_lines(error))]


def _lines(error: BaseException) -> list[str]:
    try:
        told = traceback.TracebackException.from_exception(error, limit=-_MOST_LINES)
        told.stack = traceback.StackSummary.from_list([one for one in told.stack if one.filename.startswith("cell ")])
        lines = [whole(line.rstrip("\n"))[:_LONGEST] for line in told.format(chain=False)]
    except Exception:
        lines = [type(error).__name__[:200]]
    return lines[-_MOST_LINES:]
