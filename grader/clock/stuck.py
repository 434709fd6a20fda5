"""Who waits where, for what, and why nobody can give it: a deadlock explained from the tasks and threads that are left.

Read from what is suspended, and from nothing that was kept while it ran: explaining costs nothing until it is asked for.
"""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.clock.chains import frames_of
from grader.clock.pools import waits_for_work
from grader.clock.waits import Name, Present, call_of, what_for

if TYPE_CHECKING:
    from grader.clock.clock import Clock

Ours = Callable[[str], bool]
_LIBRARY = str(Path(threading.__file__).parent)
_CLOCK = str(Path(__file__).parent)
_ELSEWHERE = "; threads that are elsewhere are waited for by an OutsideLoop (docs/clock.md)"


class Wait(NamedTuple):
    """A task or thread, the file, function and line of the program where it stands, and what it waits for (may be empty).

    Without a line it stands in nothing of the program's: `function` is what it runs of the library, if it is known.
    """

    task: str
    file: str
    function: str
    line: int | None
    waits_for: str

    def __str__(self) -> str:
        place = f"{self.task} ({self.function})" if self.function else self.task
        if self.line is not None:
            place += f", {Path(self.file).name}, line {self.line}"
        return f"{place}: waits for {self.waits_for}" if self.waits_for else place


def of_a_program(filename: str) -> bool:
    """Whether a file is neither the standard library's nor the clock's."""
    installed = "site-packages" in filename
    return not filename.startswith((_CLOCK, "<frozen")) and (installed or not filename.startswith(_LIBRARY))


def plain_name(code: CodeType) -> str:
    """The function's name; a comprehension is part of the function that it stands in, as it is since 3.12."""
    name = code.co_qualname
    while name.endswith(("<listcomp>", "<setcomp>", "<dictcomp>")):
        name = name.rpartition(".")[0].removesuffix(".<locals>")
    return name


def called(call: str, frame: FrameType | None, ours: Ours) -> str:
    """What the program called when it came to `call` in `frame`: `Event.wait`, not the lock beneath it."""
    seen = call
    while frame is not None and not ours(frame.f_code.co_filename):
        if frame.f_code.co_name == "run_forever":
            return call  # the loop itself called it, as it was told to
        seen, frame = frame.f_code.co_qualname, frame.f_back
    return call if frame is None else seen


def place_of(frame: FrameType | None, ours: Ours = of_a_program) -> str:
    """The file and line of the program's own from which `frame` was reached."""
    while frame is not None and not ours(frame.f_code.co_filename):
        frame = frame.f_back
    return "something" if frame is None else f"{Path(frame.f_code.co_filename).name}, line {frame.f_lineno}"


def wrong_thread(ident: int, frame: FrameType, ours: Ours = of_a_program) -> str:
    """What the present thread does in `frame` to a loop of the thread `ident`, and what it could do instead."""
    loops = next((thread.name for thread in threading.enumerate() if thread.ident == ident), "another thread")
    call = called("", frame, ours).replace("Scheduling.", "loop.")
    what = f"{call} was called" if call else "a future, a task or the loop was changed"
    return (
        "Non-thread-safe operation invoked on an event loop other than the current one: "  # as asyncio's debug mode says it
        f"{what} in the thread {threading.current_thread().name}, but the loop runs in {loops}, which does not hear of it; "
        "use loop.call_soon_threadsafe, or asyncio.run_coroutine_threadsafe for a coroutine"
    )


def waits_of(
    loops: Iterable[asyncio.AbstractEventLoop], clock: "Clock", ours: Ours = of_a_program, everyone: bool = False
) -> list[Wait]:
    """One Wait for each task and thread that stands in the program's own code; sorted by line, so that two runs agree.

    With `everyone` also, after them, for those that run something of the library from the beginning: for a loop that stands
    alone, whose user may be told of clocks and of other loops.
    """
    loops = list(loops)
    running = {loop._thread_id: asyncio.current_task(loop) for loop in loops}  # type: ignore[attr-defined]
    frames, seated = sys._current_frames(), clock.idents()
    present = Present(loops, seated, everyone, _ELSEWHERE if everyone and clock.lookout is None else "")
    tasks = [task for loop in loops for task in asyncio.all_tasks(loop) if task not in running.values()]
    found = [_of_task(task, ours, present) for task in tasks]
    for thread in threading.enumerate():
        if thread.ident in seated and thread.ident in frames:
            found.append(_of_thread(thread, frames[thread.ident], running.get(thread.ident), ours, present))
    shown = [wait for wait in found if wait.line is not None or (everyone and wait.function)]
    return sorted(shown, key=lambda wait: (wait.line is None, wait.line or 0, wait.task))


def nobody(clock: "Clock") -> str:
    """For the text of a deadlock in which nobody is listed: why; empty if it is not known."""
    if clock.targets is not None or any(asyncio.all_tasks(loop) for loop in clock.loops):
        return ""
    hint = "; a loop that other threads give work to is an OutsideLoop (docs/clock.md)"
    return f": there is no task{hint if clock.lookout is None else ''}"


def spinning(loops: Iterable[Any], ours: Ours = of_a_program) -> Wait | None:
    """Whose turn comes again and again: the first that is ready and stands in the program's own code."""
    for loop in loops:
        for handle in list(loop._ready):
            task = getattr(handle._callback, "__self__", None)
            if isinstance(task, asyncio.Task):
                wait = _of_task(task, ours, Present())
                if wait.line is not None:
                    return wait
            code = getattr(handle._callback, "__code__", None)
            if code is not None and ours(code.co_filename):
                return Wait("a callback", code.co_filename, plain_name(code), code.co_firstlineno, "")
    return None


# ---------------------------------------------------------------- a task


def _of_task(task: "asyncio.Task[Any]", ours: Ours, present: Present) -> Wait:
    coroutine: Any = task.get_coro()
    waiter = getattr(task, "_fut_waiter", None)
    code = getattr(coroutine, "cr_code", None)
    runs = "" if code is None or code.co_filename.startswith(_CLOCK) else coroutine.__qualname__
    frames = list(frames_of(coroutine))
    at, place = _place(frames, ours)
    waits = what_for(frames[at:], waiter, Name(frames[:at], present, task)) if place or runs else ""
    return _wait(task.get_name(), place, runs, waits)


def _place(frames: list[FrameType], ours: Ours) -> tuple[int, FrameType | None]:
    """Of `frames`, outermost first, the innermost of the program; and the number of those up to it."""
    at = max((number for number, frame in enumerate(frames, 1) if ours(frame.f_code.co_filename)), default=0)
    return at, frames[at - 1] if at else None


def _wait(who: str, place: FrameType | None, runs: str, waits: str) -> Wait:
    if place is None:
        return Wait(who, "", runs, None, waits)
    return Wait(who, place.f_code.co_filename, plain_name(place.f_code), place.f_lineno, waits)


# ---------------------------------------------------------------- a thread


def _of_thread(
    thread: threading.Thread, frame: FrameType | None, task: "asyncio.Task[Any] | None", ours: Ours, present: Present
) -> Wait:
    """`task`: the one that its loop runs, if it has a loop and that runs one: it is what blocks the thread."""
    frames: list[FrameType] = []
    while frame is not None and frame.f_code.co_name != "_run_once":
        frames.insert(0, frame)
        frame = frame.f_back
    if frame is not None and task is None:
        return Wait("", "", "", None, "")  # it waits in its loop, whose tasks speak for themselves
    name = "the main thread" if thread is threading.main_thread() else thread.name
    at, place = _place(frames, ours)
    waits = what_for(frames[at:], None, Name(frames[:at], present, task, thread.ident))
    runs = "" if waits_for_work(thread.ident) else call_of(frames) or _innermost(frames)
    return _wait(name if task is None else task.get_name(), place, runs, waits)


def _innermost(frames: list[FrameType]) -> str:
    """Of the library."""
    names = [frame.f_code.co_qualname for frame in frames if not frame.f_code.co_filename.startswith(_CLOCK)]
    return names[-1] if names else ""
