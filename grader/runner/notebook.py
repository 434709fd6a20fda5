"""The cells of a notebook, run as Jupyter runs them: one that fails leaves what the others define, and is reported.

Where a cell awaits outside of any function, or asks there for the running loop, all of them run on one loop, in virtual time;
it is closed before the entry is called. What the exercise provides is not there for them.
"""

import __future__

import asyncio
import gc
import types
from _ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.clock.over import DeadlockError, LivelockError, RunOver
from grader.door.cells import Cell
from grader.runner import failures, ipython, way_in

if TYPE_CHECKING:
    from grader.clock.loops.loop import VirtualLoop
    from grader.runner.play_case import Play

_LATER = __future__.annotations.compiler_flag  # of what holds for all later cells, what may still be asked for
_AWAITS = 0x80  # inspect.CO_COROUTINE
# what works only where a loop runs, unless the cell runs one itself
_ASKS = {"create_task", "ensure_future", "get_running_loop", "current_task", "all_tasks"}
_RUNS = {"run", "run_until_complete", "run_forever"}
_HANGS = (DeadlockError, LivelockError)


class Compiled(NamedTuple):
    """A cell; `code` is None where its text does not compile, and `failure` says why."""

    code: CodeType | None
    failure: dict[str, Any] | None
    text: str


class Notebook(NamedTuple):
    cells: tuple[Compiled, ...]

    @property
    def on_a_loop(self) -> bool:
        return any(cell.code is not None and _is_on_a_loop(cell.code) for cell in self.cells)


def _is_on_a_loop(code: CodeType) -> bool:
    names = {*code.co_names}  # those outside of functions
    return bool(code.co_flags & _AWAITS) or (not names.isdisjoint(_ASKS) and names.isdisjoint(_RUNS))


def compile_cells(text: str, cells: Sequence[Cell], filename: str) -> Notebook:
    """Each by itself, with the numbers that its lines have in the module."""
    lines, flags = text.split("\n"), PyCF_ALLOW_TOP_LEVEL_AWAIT
    found = list[Compiled]()
    for cell in cells:
        own = "\n".join(lines[cell.first - 1 : cell.last]) + "\n"
        try:
            code = compile("\n" * (cell.first - 1) + own, filename, "exec", flags, dont_inherit=True)
        except (SyntaxError, RecursionError, MemoryError) as error:
            found.append(Compiled(None, failures.describe(error, filename), own))
        else:
            flags |= code.co_flags & _LATER
            found.append(Compiled(code, None, own))
    return Notebook(tuple(found))


def run_cells(play: "Play", notebook: Notebook, module: types.ModuleType) -> None:
    """Fills the module. Raises what ends the run: a limit, or that the other side is gone."""
    names = vars(module)
    names.update(ipython.NAMES)
    ipython.put_in_place()
    with _a_loop(play, notebook.on_a_loop) as loop:
        for cell in notebook.cells:
            failure = cell.failure or _failure(play, cell.code, names, loop)
            if failure is not None:
                play.report.cell_failed(failure, cell.text)
    gc.collect()  # what a cell left lying about is found now, and not when the entry runs
    play.report.forget_cells()


def _failure(
    play: "Play", code: CodeType | None, names: dict[str, Any], loop: "VirtualLoop | None"
) -> dict[str, Any] | None:
    assert code is not None
    try:
        if loop is None:
            eval(code, names)
        else:
            way_in.run(loop, _on_a_loop(code, names))
    except BaseException as error:
        if play.limit.interrupted or isinstance(error, GeneratorExit):
            raise
        over = play.clock.broken or (error if isinstance(error, RunOver) else None)
        if over is None:
            return failures.describe(error, play.desk.file)
        if not isinstance(over, _HANGS):
            raise
        return _hung(play, over, loop)
    return None


async def _on_a_loop(code: CodeType, names: dict[str, Any]) -> None:
    made: Any = eval(code, names)
    if made is not None:
        await made


def _hung(play: "Play", over: RunOver, loop: "VirtualLoop | None") -> dict[str, Any]:
    """In a notebook one stops such a cell by hand, and goes on."""
    line = play.report.forget_hang()
    play.clock.mend()
    for task in sorted(asyncio.all_tasks(loop) if loop else (), key=lambda task: getattr(task, "number", 0)):
        task.cancel()
    return {"type": over.kind, "message": "", "line": over.line or line, "bases": [], "about": None, "function": None}


@contextmanager
def _a_loop(play: "Play", wanted: bool) -> Iterator["VirtualLoop | None"]:
    if not wanted:
        yield None
        return
    loop = play.make_loop()
    play.report.loops_made -= 1  # it is none that the program made
    try:
        yield loop
    finally:
        if play.clock.broken is None:
            way_in.close(loop)
            play.report.loops.remove(loop)
