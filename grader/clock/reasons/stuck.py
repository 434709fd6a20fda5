"""Who waits where, for what, and why nobody can give it: a deadlock explained from the tasks and threads that are left.

Read from what is suspended, and from nothing that was kept while it ran: explaining costs nothing until it is asked for.
"""

import asyncio
import functools
import gc
import sys
import threading
from asyncio.events import _get_running_loop
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.clock.lines import (
    CLOCK,
    NOWHERE,
    Place,
    Whose,
    choose,
    frame_of,
    innermost,
    nearness,
    package_of,
    path,
    plain_name,
    said,
)
from grader.clock.reasons import going
from grader.clock.reasons.chains import awaiters, frames_of, function_of
from grader.clock.reasons.jobs import job_in, submitted_at
from grader.clock.reasons.names import Frames, by_number, owners, variables
from grader.clock.reasons.waiters import Name, Present, thread_name
from grader.clock.reasons.waits import call_of, what_for
from grader.clock.threads import selects
from grader.clock.threads.pools import is_a_worker, waits_for_work
from grader.clock.threads.threads import started_at

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_ELSEWHERE = "; threads that are elsewhere are waited for by an OutsideLoop (docs/clock.md)"


_LOOPS_OWN = ("_run_once", "_first_turn")  # what asyncio's loop, and one of ours, runs all callbacks in
_ALIKE = 3  # of more that wait in one place for one thing only so many are shown


class Wait(NamedTuple):
    """A task or thread, the file, function and line of the program where it stands, and what it waits for (may be empty).

    Without a line it stands in nothing of the program's: `function` is what it runs of the library, if it is known. `further`
    is what else is known of its place: where in a package it is, or where it was made or is awaited.
    """

    task: str
    file: str
    function: str
    line: int | None
    waits_for: str
    further: str = ""

    def __str__(self) -> str:
        place = f"{self.task} ({self.function})" if self.function else self.task
        for more in (said((self.file, self.line or 0)), self.further):
            place += f", {more}" if more else ""
        return f"{place}: waits for {self.waits_for}" if self.waits_for else place


Which = Callable[[Any], bool]  # of tasks and threads


def _everyone(each: Any) -> bool:
    return True


def waits_of(
    loops: Iterable[asyncio.AbstractEventLoop],
    clock: "Clock",
    whose: Whose = nearness,
    everyone: bool = False,
    which: Which = _everyone,
    goes_on: Which = going.nobody_does,
) -> list[Wait]:
    """One Wait for each task and thread that stands in the program's own code; sorted by line, so that two runs agree.

    With `everyone` also, after them, for those that run something of the library from the beginning: for a loop that stands
    alone, whose user may be told of clocks and of other loops. `which` are looked at; who `goes_on` has no reason why not.
    """
    loops = [*loops, *_others(clock.idents())]
    running = {loop._thread_id: asyncio.current_task(loop) for loop in loops}  # type: ignore[attr-defined]
    frames, seated = sys._current_frames(), clock.idents()
    tasks = [task for loop in loops for task in asyncio.all_tasks(loop) if task not in running.values()]
    hint = _ELSEWHERE if everyone and clock.lookout is None else ""
    known = (
        (awaiters(tasks), functools.cache(lambda: variables(_standing(tasks, seated)) | owners())) if everyone else ()
    )
    present = Present(loops, seated, everyone, hint, *known)
    each_of: list[tuple[Any, Wait]] = [(task, _of_task(task, whose, present)) for task in tasks if which(task)]
    for thread in threading.enumerate():
        if thread.ident in seated and thread.ident in frames and which(thread):
            wait = _of_thread(thread, frames[thread.ident], running.get(thread.ident), whose, present)
            each_of.append((thread, wait))
    found = [going.said_of(wait) if goes_on(each) else wait for each, wait in each_of]
    shown = [wait for wait in found if wait.line is not None or (everyone and wait.function)]
    return sorted(shown, key=lambda wait: (-whose(wait.file), wait.line or 0, by_number(wait.task)))


def _standing(tasks: Iterable["asyncio.Task[Any]"], idents: Iterable[int]) -> Frames:
    """All frames of the user's that tasks and threads are in."""
    frames, running = [frame for task in tasks for frame in frames_of(task.get_coro())], sys._current_frames()
    for frame in map(running.get, idents):
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
    return [frame for frame in frames if nearness(frame.f_code.co_filename) > 1]


def grouped(waits: Iterable[Wait]) -> list[str]:
    """One line for each; of many that wait in one place for one thing the first few, and how many more there are."""
    waits = list(waits)
    many = Counter(wait._replace(task="") for wait in waits)
    shown: Counter[Wait] = Counter()
    said = []
    for wait in waits:
        like = wait._replace(task="")
        shown[like] += 1
        if shown[like] <= _ALIKE or many[like] == _ALIKE + 1:
            said.append(str(wait))
        elif shown[like] == _ALIKE + 1:
            said.append(f"and {many[like] - _ALIKE} more like it")
    return said


def beside_time(loops: Iterable[Any], clock: "Clock") -> list[str]:
    """At the end of a clock's time: who waits for what, as in a deadlock, and then who goes on as time passes."""
    goes_on = going.by_time(loops, clock)
    waiting = waits_of(loops, clock, everyone=True, which=lambda each: not goes_on(each))
    passing = waits_of(loops, clock, everyone=True, which=goes_on, goes_on=goes_on)
    passing += [wait for loop in loops for handle in going.callbacks(loop) if (wait := of_handle(handle, nearness))]
    return [*map(going.but_for_others, grouped(waiting)), *(f"{going.GOES_ON}: {each}" for each in grouped(passing))]


def _others(idents: Iterable[int]) -> Iterator[Any]:
    """Loops of asyncio's own that these threads run; see `selects`."""
    frames = sys._current_frames()
    for ident in idents:
        frame = frames.get(ident)
        while frame is not None and frame.f_code is not selects.RUN_ONCE:
            frame = frame.f_back
        if frame is not None:
            yield frame.f_locals["self"]


def nobody(clock: "Clock") -> str:
    """For the text of a deadlock in which nobody is listed: why; empty if it is not known."""
    if clock.targets is not None or any(asyncio.all_tasks(loop) for loop in clock.loops):
        return ""
    hint = (
        "; a loop that other threads give work to is an OutsideLoop, or runs in a thread that was started on its clock"
    )
    return f": there is no task{f'{hint} (docs/clock.md)' if clock.lookout is None else ''}"


def not_begun(clock: "Clock") -> str:
    """For the text of a deadlock: that other loops on this clock do not run, and what makes them; empty if there are none."""
    if clock.lookout is not None or not clock.is_given:
        return ""  # to look for them takes as long as the process is large
    known = gc.get_referrers(clock)
    known = [vars(each) if issubclass(type(each), asyncio.BaseEventLoop) else each for each in known]
    known = [each for each in known if type(each) is dict and each.get("clock") is clock and "_ready" in each]
    loops = {id(each["_ready"]) for each in known if not each["_closed"] and each.get("_thread_id") is None}
    if not loops:
        return ""
    said = "another loop on this clock does" if len(loops) == 1 else f"{len(loops)} other loops on this clock do"
    return f"{said} not run; start all their threads within grader.clock.surroundings.on(clock) (docs/clock.md)"


def spinning(loops: Iterable[Any], whose: Whose = nearness) -> Wait | None:
    """Whose turn comes again and again: the present thread's, if it came to this by a call of the program's, or else the first
    that is ready and stands in code that is near enough; of several one that is ready by itself, and that nobody wakes.
    """
    here = spins_here(whose)
    if here is not None:
        return here
    loops = [*_others([threading.get_ident()])] or list(loops)
    ready = [handle for loop in loops for handle in list(loop._ready)]
    ready.sort(key=by_itself, reverse=True)
    found = [wait for handle in ready if (wait := of_handle(handle, whose)) is not None]
    if (
        not found
    ):  # what is ready is the library's own, of a time-out say; then it serves the only one that stands there
        tasks = [_of_task(task, whose, Present()) for loop in loops for task in asyncio.all_tasks(loop)]
        standing = [wait._replace(waits_for="") for wait in tasks if wait.line is not None]
        found = standing if len(standing) == 1 else []
    # whoever is ready waits for nothing any more, or only because all turn in a circle: a reason would not be true
    return max((wait._replace(waits_for="") for wait in found), key=lambda wait: whose(wait.file), default=None)


def by_itself(handle: Any) -> bool:
    """Whether a task goes on of its own accord, or a callback is called that was handed on, and not because of a future."""
    callback = handle._callback
    if isinstance(getattr(callback, "__self__", None), asyncio.Task):
        return type(callback).__name__ == "TaskStepMethWrapper" or getattr(callback, "__name__", "").endswith("__step")
    return not any(isinstance(each, asyncio.Future) for each in handle._args)


def spins_here(whose: Whose = nearness) -> Wait | None:
    """The present thread, if a call of the program's led to this, and not its loop's own turn."""
    frame = frame_of(sys._getframe(), whose)
    if frame is None:
        return None  # it is its loop's own turn
    task = asyncio.current_task() if _get_running_loop() is not None else None
    who = threading.current_thread().name if task is None else task.get_name()
    return _wait(who, frame, "", "", "")


def of_handle(handle: Any, whose: Whose) -> Wait | None:
    """Who goes on when it is called; None if that stands in no code of the program's."""
    task = getattr(handle._callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        wait = _of_task(task, whose, Present())._replace(waits_for="")
        if wait.line is not None:
            return wait
    code = getattr(handle._callback, "__code__", None)
    if code is not None and whose(code.co_filename):
        return Wait("a callback", code.co_filename, plain_name(code), code.co_firstlineno, "")
    return None


# ---------------------------------------------------------------- a task


def _of_task(task: "asyncio.Task[Any]", whose: Whose, present: Present) -> Wait:
    waiter = getattr(task, "_fut_waiter", None)
    frames = list(frames_of(task.get_coro()))
    code = frames[0].f_code if frames else None
    runs = "" if code is None or code.co_filename.startswith(CLOCK) else function_of(task)
    at, place = innermost(frames, whose)
    name = Name(frames[:at] or _nearest(task, present), present, task)
    waits = what_for(frames[at:], waiter, name) if place or runs else ""
    return _wait(task.get_name(), place, runs, waits, _further(frames, at, name))


def _wait(who: str, place: FrameType | None, runs: str, waits: str, further: str) -> Wait:
    if place is None:
        return Wait(who, "", runs, None, waits, further)
    return Wait(who, place.f_code.co_filename, plain_name(place.f_code), place.f_lineno, waits, further)


# ---------------------------------------------------------------- what else is known of its place


def _further(frames: list[FrameType], at: int, name: Name) -> str:
    """`at`: the number of frames up to the one that is named. A line that is the user's own needs least."""
    if not name.present.alone:
        return ""
    if at and nearness(frames[at - 1].f_code.co_filename) > 1:
        method = name.method_of(frames[at:])
        return "" if method is None else f"in {plain_name(method.f_code)} of {package_of(method.f_code.co_filename)}"
    return "" if name.task is None else _begun(name.task, name.present)


def _begun(task: "asyncio.Task[Any]", present: Present) -> str:
    """The user's line that made it, if anybody kept that, or that waits for it."""
    made = made_at(task)
    if made[1]:
        return f"made in {said(made)}"
    return _awaited(_nearest(task, present))


def _awaited(frames: Frames) -> str:
    return f"awaited in {said(_place(frames[-1]))}" if frames else ""


def made_at(task: "asyncio.Future[Any]") -> Place:
    """The user's line that made a task or a future; kept by what watches tasks, and by asyncio's debug mode."""
    trace = getattr(task, "_source_traceback", None) or ()
    made: Place = getattr(task, "made", NOWHERE)
    return _own(made) or _own(choose(path((each.filename, each.name, each.lineno) for each in trace))) or NOWHERE


def _own(place: Place) -> Place | None:
    return place if nearness(place[0]) > 1 else None


def _nearest(awaited: Any, present: Present) -> Frames:
    """Of those that wait for a task or a job and stand in a line of the user's, the nearest to it, and of several the first in
    the order of the text: its frames down to that line.
    """
    known, last = {id(awaited)}, [awaited]
    while last:
        last = [each for one in last for each in present.awaiters.get(id(one), ()) if id(each) not in known]
        known.update(map(id, last))
        stand = [frames for frames in map(_stands, last) if frames and _own(_place(frames[-1]))]
        if stand:
            return min(stand, key=lambda frames: _place(frames[-1]))
    return []


def _stands(task: "asyncio.Task[Any]") -> Frames:
    frames = list(frames_of(task.get_coro()))
    return frames[: innermost(frames)[0]]


def _place(frame: FrameType) -> Place:
    return frame.f_code.co_filename, frame.f_lineno


# ---------------------------------------------------------------- a thread


def _of_thread(
    thread: threading.Thread, frame: FrameType | None, task: "asyncio.Task[Any] | None", whose: Whose, present: Present
) -> Wait:
    """`task`: the one that its loop runs, if it has a loop and that runs one: it is what blocks the thread."""
    frames: list[FrameType] = []
    while frame is not None and frame.f_code.co_name not in _LOOPS_OWN:
        frames.insert(0, frame)
        frame = frame.f_back
    if frame is not None and task is None:
        return Wait("", "", "", None, "")  # it waits in its loop, whose tasks speak for themselves
    name = thread_name(thread)
    at, place = innermost(frames, whose)
    job = None if at or not present.alone else job_in(frames)
    program = frames[:at] or ([] if job is None else _nearest(job.future, present))
    called = Name(program, present, task, thread.ident)
    waits = what_for(frames[at:], None, called)
    runs = "" if waits_for_work(thread.ident) else call_of(frames) or _innermost(frames)
    further = _further(frames, at, called) or (
        "" if at or not present.alone else _started(thread, frames, job, program)
    )
    return _wait(name if task is None else task.get_name(), place, runs, waits, further)


def _started(thread: threading.Thread, frames: Frames, job: Any, awaiting: Frames) -> str:
    """Where; a worker of a pool, which the first of its jobs started, does what was given to the pool somewhere else.

    What a task gives to it that runs nothing else, as `to_thread` in a gather, has a line with those that wait for it.
    """
    if job is not None:
        place = submitted_at(job)
        return f"submitted in {said(place)}" if place[1] else _awaited(awaiting)
    place = started_at(thread)
    return f"started in {said(place)}" if place[1] and not is_a_worker(frames) else ""


def _innermost(frames: list[FrameType]) -> str:
    """Of the library."""
    names = [frame.f_code.co_qualname for frame in frames if not frame.f_code.co_filename.startswith(CLOCK)]
    return names[-1] if names else ""
