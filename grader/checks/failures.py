"""What an exception of the learner's concerns, completed from their text and from what every Python says alike; and its name.

`about` then means the same on every version, whichever of them raised it. A name is one that anybody may know.
"""

import builtins
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from grader.checks.fstrings import told_alike
from grader.checks.source import Source
from grader.checks.words import on_line
from grader.referee.ledger import Row
from grader.referee.outcome import Failure
from grader.referee.record import Record

if TYPE_CHECKING:
    from grader.checks.base import View

_NOT_IN = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_ASYNCIO = frozenset({"CancelledError", "InvalidStateError", "QueueEmpty", "QueueFull", "BrokenBarrierError"})
_REFUSED = (
    "RefusedError"  # what the run raises for what an exercise does not have; it is a RuntimeError to those who catch it
)


def failures(view: "View") -> tuple[Failure, ...]:
    """The entry's own exception and the first of its tasks', as far as there were any."""
    found = (view.record.outcome.failure, view.record.facts.first_failure)
    return tuple(completed(failure, view.source) for failure in found if failure is not None)


def alike(record: Record, source: Source) -> Record:
    """`record` with the lines that every Python would give: the end of a `with` over several lines stands in its first.

    3.13 gives it the line of the context that ends. What cannot be read in an f-string of several lines has its own one. A file
    that the learner has not is not named, whatever was reported.
    """

    def moved(found: Any) -> Any:
        if found is None:
            return None
        if found.file is not None and found.file not in source.beside:
            found = replace(found, line=None, file=None)
        if isinstance(found, Failure) and "SyntaxError" in (found.type, *found.bases):
            found = told_in(found, source.of(found.file))
        lines = source.of(found.file).heads
        return replace(found, line=lines[found.line]) if found.line in lines else found

    facts = record.facts
    if not (record.outcome.failure or facts.first_failure or facts.lost_exceptions or facts.waiting or facts.spinning):
        return record
    facts = replace(
        facts,
        first_failure=moved(facts.first_failure),
        lost_exceptions=tuple(map(moved, facts.lost_exceptions)),
        waiting=tuple(map(moved, facts.waiting)),
        spinning=moved(facts.spinning),
    )
    return replace(record, outcome=replace(record.outcome, failure=moved(record.outcome.failure)), facts=facts)


def told_in(failure: Failure, source: Source) -> Failure:
    """What cannot be read in this file, or in the cell of a notebook that has the line, which is read alone."""
    lines = source.text.split("\n")
    cell = next((one for one in source.cells if failure.line and one.first <= failure.line <= one.last), None)
    return told_alike(
        failure, "\n".join([""] * (cell.first - 1) + lines[cell.first - 1 : cell.last] if cell else lines)
    )


def completed(failure: Failure, source: Source) -> Failure:
    """A SyntaxError is about its line of text; `from asyncio import x` that fails is about `asyncio.x`."""
    source = source.of(failure.file)
    if "SyntaxError" in (failure.type, *failure.bases):
        # What the compiler refuses after parsing comes without its line of text; we have the text.
        return replace(failure, about=source.line(failure.line) or failure.about)
    missing = _NOT_IN.match(failure.message) if failure.type == "ImportError" else None
    return replace(failure, about=f"{missing[2]}.{missing[1]}") if missing else failure


# ---------------------------------------------------------------- the name


def known_name(failure: Failure, source: Source, rows: Iterable[Row] = ()) -> str:
    """The nearest type among the exception's bases that a learner may know.

    It is Python's own, or stands in the learner's file, or an operation of the exercise failed with it.
    """
    source = source.of(failure.file)
    theirs = {row.error.partition(":")[0] for row in rows if row.error}
    for name in (failure.type, *failure.bases):
        if name in theirs or name in _ASYNCIO or isinstance(getattr(builtins, name, None), type):
            return name
        if defines(source, name):
            return name
    return "an exception"


def defines(source: Source, name: str) -> bool:
    """Whether the learner's file has a class of that name."""
    return re.search(rf"\bclass {re.escape(name)}\b", source.text) is not None


def refused_call(failure: Failure, source: Source) -> str | None:
    """What the run refused, as its message names it; None for any other exception. Empty where it names no call."""
    source = source.of(failure.file)
    if failure.type != _REFUSED or "RuntimeError" not in failure.bases or defines(source, _REFUSED):
        return None
    call, needs, _ = failure.message.partition(" needs ")
    return call if needs else ""


def in_words(failure: Failure, view: "View") -> str:
    """What the entry's exception was, with its line, as part of a sentence."""
    place = on_line(failure.line, failure.file)
    call = refused_call(failure, view.source)
    if call:
        return f"your function was refused `{call}`{place}"
    return f"your function raised {known_name(failure, view.source, view.record.ledger.rows)}{place}"
