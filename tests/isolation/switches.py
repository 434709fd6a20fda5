"""Single defences of the clock's and the door's, switched off in a process of the tests' own: there is no other way to do it.

Each is a context; what it takes away is away on both sides of the door, where the program is played in this process or a fork
of it. Those of the system (namespaces, Landlock, seccomp, limits) are left out by name, see `tests.isolation.playing`.
"""

import asyncio
import contextlib
import json
import pickle
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import msgspec

from grader import checks
from grader.checks import amounts, base, outcome, overlap
from grader.checks.base import PASSED, Finding, Selected, View, not_yet
from grader.clock.clock import Clock
from grader.clock.loops.loop import VirtualLoop
from grader.course.check_model import CallsCheck, ParallelCheck
from grader.course.expressions import fill
from grader.door import pipe, values
from grader.feedback import markup
from grader.grading import marks
from grader.referee import clerk, decode, manifest, referee
from grader.referee.facts import Facts
from grader.referee.ledger import Ledger
from grader.run import child, wire
from grader.runner import desk, found, play_case, proxies, traces
from grader.runner.report import Report
from grader.runner.surroundings import make_loop

Switch = Callable[[], "contextlib.AbstractContextManager[Any]"]


def _patched(owner: Any, name: str, value: Any) -> Switch:
    return lambda: mock.patch.object(owner, name, value)


def _all(*switches: Switch) -> Switch:
    @contextlib.contextmanager
    def off() -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for each in switches:
                stack.enter_context(each())
            yield

    return off


# ---------------------------------------------------------------- the referee's


def _believes(self: referee.Referee, at: int) -> None:
    self.schedule.now = at


def _takes_any_number(self: referee.Referee, id: int) -> None:
    self.schedule.order = self.schedule.cause = id


def _hears_the_last(self: referee.Referee, at: int, how: str, value: Any) -> None:
    self._arrive(at)
    self.finished = how, value
    self.clerk.entry_over(at, returned=how in ("result", "raised"))


def _without_an_end(self: clerk.Clerk, end: int) -> Ledger:
    at, _ = self.over or (None, None)
    return Ledger(tuple(self.rows), at, None, end - self.origin)


# ---------------------------------------------------------------- the decoding


def _loosely(line: bytes) -> Any:
    """What is a message of any kind is taken as it stands; what is none is passed over."""
    try:
        name, *rest = json.loads(line)
        return _KINDS[name](*rest)
    except (TypeError, ValueError, KeyError):
        return None


_KINDS: dict[str, Any] = {
    "enter": decode.Enter,
    "begin": decode.Begin,
    "call": decode.Call,
    "cancel": decode.Cancel,
    "block": decode.Block,
    "idle": decode.Idle,
    "finish": decode.Finish,
    "bye": lambda facts: decode.Bye(msgspec.convert(facts, Facts)),
}


# ---------------------------------------------------------------- values


class _Itself:
    """A value that crosses as it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


_unpacked = values.unpack


def _as_it_is(value: Any, refer: Callable[[Any], Any]) -> Any:
    reference = refer(value)
    return _Itself(value) if reference is None else reference


def _taken_as_it_is(packed: Any, *rest: Any) -> Any:
    return packed.value if isinstance(packed, _Itself) else _unpacked(packed, *rest)


def _pickled(value: Any, refer: Callable[[Any], Any]) -> Any:
    reference = refer(value)
    return ["pickle", pickle.dumps(value).decode("latin-1")] if reference is None else reference


def _unpickled(packed: Any, *rest: Any) -> Any:
    if isinstance(packed, list) and packed[0] == "pickle":
        return pickle.loads(packed[1].encode("latin-1"))
    return _unpacked(packed, *rest)


def _selected_as_it_says(selector: str, view: View, *, literal: bool = False) -> Selected:
    operation, key = base.split(selector)
    key = key if key is None or literal else fill(key, view.names)
    rows = [row for row in view.record.ledger.rows if row.operation == operation and (key is None or row.key == key)]
    return Selected(selector, tuple(rows))


def _selected_without_keys(selector: str, view: View, *, literal: bool = False) -> Selected:
    return Selected(selector, tuple(row for row in view.record.ledger.rows if row.operation == base.split(selector)[0]))


# ---------------------------------------------------------------- checks


def _by_the_source(check: ParallelCheck, view: View) -> Finding:
    text = view.source.text
    return PASSED if "gather(" in text or "create_task(" in text else not_yet("there is no gather")


# ---------------------------------------------------------------- the program's own operations


async def _own_operation(at: "desk.Desk", ref: int, method: str, args: tuple[Any, ...], line: int | None) -> Any:
    """A download as it would be without a referee: in the program's own process, on whatever says the time there."""
    trusted: referee.Referee = at.door._referee  # type: ignore[attr-defined]
    thing = trusted._thing(ref)
    function, _, operation = manifest.operation_of(thing, method)  # type: ignore[misc]
    row = trusted.clerk.open(_now(), operation, manifest.key_of(thing, args), args, "learner", line)
    world = function(*args)
    try:
        while True:
            await asyncio.sleep(world.send(None) / 1e9)
    except StopIteration as stop:
        trusted.clerk.close(row, _now(), "ok")
        return stop.value


def _now() -> int:
    return round(asyncio.get_running_loop().time() * 1e9)


def _by_the_module() -> int:
    return time.monotonic_ns()


_entry_over = clerk.Clerk.entry_over


def _over_by_its_own_clock(self: clerk.Clerk, at: int, returned: bool) -> None:
    with contextlib.suppress(RuntimeError):
        at = _now()
    _entry_over(self, at, returned)


# ---------------------------------------------------------------- what is around a run


_make_loop = make_loop


def _loop_with_a_clock_of_its_own(report: Report, max_tasks: int, salt: int) -> VirtualLoop:
    loop = _make_loop(report, max_tasks, salt)
    if report.loops_made > 1:
        loop.clock = Clock()
    return loop


class _Takes:
    """A connection whose reader takes in the descriptors that come with the bytes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def recv(self, size: int, flags: int = 0) -> bytes:
        return self._connection.recvmsg(size, socket.CMSG_LEN(800), flags)[0]


_wire = wire.Wire.__init__


def _taking(self: wire.Wire, connection: Any) -> None:
    _wire(self, _Takes(connection))  # type: ignore[arg-type]


SWITCHES: dict[str, Switch] = {
    "time is the referee's": _patched(referee.Referee, "_arrive", _believes),
    "numbers only grow": _patched(referee.Referee, "_number", _takes_any_number),
    "the first end counts": _patched(referee.Referee, "finish", _hears_the_last),
    "nothing counts after the return": _patched(clerk.Clerk, "ledger", _without_an_end),
    "operations are the referee's": _all(
        _patched(proxies, "operation_of", _own_operation),
        _patched(clerk.Clerk, "entry_over", _over_by_its_own_clock),
    ),
    "the time module's time counts for nothing": lambda: mock.patch.object(
        sys.modules[__name__], "_now", _by_the_module
    ),
    "strict decoding": _all(
        _patched(decode, "decode", _loosely),
        lambda: mock.patch.dict(child._ANSWERS, {type(None): lambda *passed_over: None}),
    ),
    "no message is an error of the grader's": _patched(decode, "decode", decode._decoder.decode),
    "values are packed": _all(
        _patched(desk, "pack", _as_it_is),
        _patched(decode, "unpack", _taken_as_it_is),
        _patched(referee, "unpack", _taken_as_it_is),
    ),
    "nothing is unpickled": _all(
        _patched(desk, "pack", _pickled),
        _patched(decode, "unpack", _unpickled),
        _patched(referee, "unpack", _unpickled),
    ),
    "compared type for type": _patched(outcome, "same", lambda one, expected: one == expected),
    "keys are plain": _all(
        _patched(manifest, "_plain", lambda key: key),
        *(_patched(module, "selected", _selected_as_it_says) for module in (amounts, base)),
    ),
    "each operation by its key": _all(
        *(_patched(module, "selected", _selected_without_keys) for module in (amounts, base))
    ),
    "what was cancelled did not run": _all(
        *(_patched(module, "was_cancelled", lambda row, view: False) for module in (base, overlap))
    ),
    "no points without work": _patched(marks, "worked", lambda *rest: True),
    "no points for what had to be stopped": _patched(marks, "RUNAWAY", frozenset()),
    "the ledger and not the text": lambda: mock.patch.dict(checks._RUN, {ParallelCheck: _by_the_source}),
    "written as it was at the start": _patched(
        pipe, "_ENCODE", lambda message: json.dumps(message, separators=(",", ":"))
    ),
    "nothing is done at the end of the process": _patched(found, "at_exit", lambda: []),
    "one clock for all loops": _patched(play_case, "make_loop", _loop_with_a_clock_of_its_own),
    "messages have an end": _all(
        _patched(wire, "MAX_MESSAGE", 2**30),
        _patched(wire, "MAX_BYTES", 2**30),
    ),
    "descriptors are not taken in": _patched(wire.Wire, "__init__", _taking),
    "what is shown is escaped": _patched(markup, "text", markup.Html),
    "the work is asked for in each case": lambda: mock.patch.dict(checks._RUN, {CallsCheck: lambda *seen: PASSED}),
    "builtins are put back": _patched(traces.Names, "put_back", lambda self: None),
}
