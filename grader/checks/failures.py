"""What an exception of the learner's concerns, completed from their text and from what every Python says alike.

`about` then means the same on every version, whichever of them raised it.
"""

import re

from msgspec.structs import replace

from grader.checks.base import View
from grader.checks.source import Source
from grader.referee.outcome import Failure
from grader.referee.record import Record

_NOT_IN = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


def failures(view: View) -> tuple[Failure, ...]:
    """The entry's own exception and the first of its tasks', as far as there were any."""
    found = (view.record.outcome.failure, view.record.facts.first_failure)
    return tuple(completed(failure, view.source) for failure in found if failure is not None)


def alike(record: Record) -> Record:
    """`record` as every version of Python would have it: what cannot be awaited is a TypeError.

    3.11 takes a generator for a coroutine, and fails later and otherwise.
    """
    outcome, facts = record.outcome, record.facts
    if outcome.failure is not None:
        outcome = replace(outcome, failure=_alike(outcome.failure))
    if facts.first_failure is not None:
        facts = replace(facts, first_failure=_alike(facts.first_failure))
    return replace(record, outcome=outcome, facts=facts)


def _alike(failure: Failure) -> Failure:
    if failure.type == "RuntimeError" and failure.message.startswith("Task got bad yield"):
        return replace(failure, type="TypeError", bases=("TypeError", "Exception", "BaseException"))
    return failure


def completed(failure: Failure, source: Source) -> Failure:
    """A SyntaxError is about its line of text; `from asyncio import x` that fails is about `asyncio.x`."""
    if "SyntaxError" in (failure.type, *failure.bases):
        # What the compiler refuses after parsing comes without its line of text; we have the text.
        return replace(failure, about=source.line(failure.line) or failure.about)
    missing = _NOT_IN.match(failure.message) if failure.type == "ImportError" else None
    return replace(failure, about=f"{missing[2]}.{missing[1]}") if missing else failure
