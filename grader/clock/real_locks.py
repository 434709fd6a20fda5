"""A lock from outside that holds up a run for ever: who has the turn stands at it, and who has the lock waits for its turn.

A lock or simple queue that was made in no run is the interpreter's own, which waits in real time; nothing can stand in its
place. That is right while somebody outside has it. But if there is nobody outside, nobody will ever release it: so whoever
waits for a turn looks, now and then in real time, at the one that has it, and judges only what it can know for sure.

Read from the instructions of the frame that stands, checked on 3.11, 3.12 and 3.13.
"""

import _thread
import dis
import inspect
import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.clock.seats import Seat

_LOCKS = (type(_thread.allocate_lock()), type(_thread.RLock()))
_SIMPLE_QUEUE = queue.SimpleQueue
_CALLS = ("acquire", "__enter__", "get")
_LOCAL = ("LOAD_FAST", "LOAD_DEREF", "LOAD_NAME")


class Watch:
    """Looks again and again at the thread that has the turn; after `enough` looks at which it has not moved it is judged."""

    def __init__(self, enough: int):
        self._enough, self._unmoved = enough, 0
        self._place = (0, 0)

    def look(self, holder: "Seat | None", seats: "Iterable[Seat]") -> str:
        """Where it stands and at what, in words, if it can never go on; `seats` are those of all that take part."""
        frame = None if holder is None else sys._current_frames().get(holder.ident or 0)
        if frame is None:
            return ""
        place = id(frame), frame.f_lasti
        self._unmoved = self._unmoved + 1 if place == self._place else 0
        self._place = place
        if self._unmoved < self._enough or _outsiders({seat.ident for seat in seats}):
            return ""
        thing = stands_at(frame)
        return "" if thing is None else _said(thing, frame)


def _outsiders(seated: set[int | None]) -> bool:
    """Whether there is a thread that is not on the clock; it may be the one that has the lock, and release it."""
    return any(thread.ident not in seated for thread in threading.enumerate())


def stands_at(frame: FrameType) -> Any:
    """The real lock that is held, or the real queue that is empty, for which this very instruction waits; else None."""
    owner = thing = None
    for step in _line_so_far(frame):
        if step.offset == frame.f_lasti:
            at = thing if step.opname == "BEFORE_WITH" else owner if step.opname.startswith("CALL") else None
            return at if _closed(at) else None
        if step.opname.startswith("CALL"):
            owner = thing = None
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            owner = thing if step.argval in _CALLS else None
            thing = inspect.getattr_static(thing, step.argval, None)
        elif step.opname == "LOAD_GLOBAL":
            thing = frame.f_globals.get(step.argval)
        elif step.opname in _LOCAL:
            thing = frame.f_locals.get(step.argval)
    return None


def _line_so_far(frame: FrameType) -> Iterator[dis.Instruction]:
    """The instructions of the present line, up to the present one."""
    for step in dis.get_instructions(frame.f_code):
        if step.offset > frame.f_lasti:
            return
        if step.positions is not None and step.positions.lineno == frame.f_lineno:
            yield step


def _closed(thing: Any) -> bool:
    if type(thing) in _LOCKS:
        return repr(thing).startswith("<locked")  # an RLock has no other way of telling
    return type(thing) is _SIMPLE_QUEUE and thing.empty()


def _said(thing: Any, place: FrameType) -> str:
    from grader.clock.lines import innermost, of_a_program, plain_name, said
    from grader.clock.waits import named

    program: list[FrameType] = []
    frame: FrameType | None = place
    while frame is not None:
        if of_a_program(frame.f_code.co_filename):
            program.insert(0, frame)
        frame = frame.f_back
    place = innermost(program)[1] or place
    where = f"{plain_name(place.f_code)}, {said((place.f_code.co_filename, place.f_lineno))}"
    return (
        f"{where} waits in real time for {named(thing, program)}, which was made outside of the run, "
        "and time stands for who could give it; make it in the run"
    )
