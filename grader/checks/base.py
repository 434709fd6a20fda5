"""What a check sees and what it finds; which operations count.

A check is a pure function of a View. Operations that the entry's return came before are never credited, and a cancelled
one never counts as having run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from grader.checks.failures import in_words
from grader.checks.source import Source
from grader.checks.words import in_line
from grader.course.expressions import evaluate, fill
from grader.course.model import Case
from grader.door.messages import AT_IMPORT
from grader.referee.ledger import Row
from grader.referee.outcome import Failure
from grader.referee.record import Record
from grader.ticks import to_ticks


class View(msgspec.Struct, frozen=True):
    """One run, with everything that a check may look at.

    `names` are the case's values and what its world gives. `operations` are the names that the exercise offers.
    `may_raise`: the entry has a check for the exception that it has to raise, so an exception ends it as a return does.
    `ticker`: the operation that the grader's own hand calls beside the entry. `module`: the name of a file that is graded as it
    is; None for any other. `theirs`: the earlier files that run as the learner's own, if they were handed in.
    """

    case: Case
    names: Mapping[str, Any]
    record: Record
    source: Source
    operations: frozenset[str] = frozenset()
    may_raise: bool = False
    ticker: str | None = None
    folder: str = ""
    solutions: str | None = None
    module: str | None = None
    theirs: frozenset[str] = frozenset()

    def value(self, value: Any) -> Any:
        """`value` with its expressions evaluated."""
        return evaluate(value, self.names)

    def left(self) -> tuple[Row, ...]:
        """The operations that still ran when the entry returned; the grader's own is none of them."""
        ledger = self.record.ledger
        rows = ledger.begun_before_return()
        return tuple(row for row in rows if row.operation != self.ticker and not ledger.done(row))

    def late(self) -> tuple[Row, ...]:
        """The operations that the program began only when the entry had returned, as a thread does that nobody waits for."""
        rows = self.record.ledger.rows[len(self.record.ledger.begun_before_return()) :]
        return tuple(row for row in rows if row.origin == "learner" and row.operation != self.ticker)


@dataclass(frozen=True, slots=True)
class Finding:
    """`rationale` is what was observed, `help` what to do; both are empty when the check passed, but for a warning.

    `particular`: the help is about what was observed just here, where the author's, written for all, would mislead.
    """

    passed: bool
    rationale: str = ""
    help: str = ""
    particular: bool = False


PASSED = Finding(True)


def not_yet(rationale: str, help: str = "") -> Finding:
    return Finding(False, rationale, help)


# ---------------------------------------------------------------- selection


class Selected(msgspec.Struct, frozen=True):
    """The operations that a selector stands for, in the order in which they began before the entry's return.

    `late` are those that match but began after it, `over` says what it was. `unawaited` says of a call that stands there and
    did not begin what became of it.
    """

    label: str
    rows: tuple[Row, ...]
    late: tuple[Row, ...] = ()
    over: str = "your function returned"
    unawaited: str = ""

    @property
    def keyed(self) -> bool:
        return self.label.endswith(")")

    def absent(self) -> str:
        """Why there is nothing to look at, as a sentence without its full stop."""
        if self.late:
            return f"{self.label} had not started when {self.over}"
        if self.unawaited and self.keyed:  # of which key it was nobody knows
            return f"{self.label} did not begin: {self.unawaited}"
        if self.unawaited:
            return f"{self.unawaited}, so it did not begin"
        return f"{self.label} was never called"


def selected(selector: str, view: View, *, literal: bool = False) -> Selected:
    """Rows by `operation`, `operation[*]` or `operation[key]`; keys are compared as text.

    Between braces stands an expression, unless `literal` is true.
    """
    operation, key = split(selector)
    if key is not None and not literal:
        key = fill(key, view.names)
    ledger = view.record.ledger
    every = [row for row in ledger.rows if row.operation == operation and (key is None or key == str(row.key))]
    end = ledger.returned_at_event
    in_time = len(every)
    while in_time and end is not None and every[in_time - 1].begun >= end:
        in_time -= 1
    label = operation if key is None else f"{operation}({key})"
    lost = "" if every else _unawaited(operation, view)
    return Selected(label, tuple(every[:in_time]), tuple(every[in_time:]), over(view), lost)


def _unawaited(operation: str, view: View) -> str:
    place = next((one for one in view.record.facts.never_awaited if one.name == operation), None)
    return f"what {operation}(...){in_line(place.line, place.file)} gave was never awaited" if place else ""


def select(selector: str, view: View) -> tuple[Row, ...]:
    """The rows that count for `selector`."""
    return selected(selector, view).rows


@lru_cache(maxsize=1024)
def split(selector: str) -> tuple[str, str | None]:
    """Operation and key; None stands for every key."""
    operation, bracket, rest = selector.partition("[")
    key = rest[:-1] if bracket else "*"
    return operation, None if key == "*" else key


def several(selectors: Sequence[str] | str, view: View) -> tuple[Selected, ...]:
    """A list of selectors; from an expression they are taken as they come out of it."""
    if isinstance(selectors, str):
        found = view.value(selectors)
        if not isinstance(found, (list, tuple)) or not all(isinstance(item, str) for item in found):
            raise ValueError(f"{selectors!r} gives {found!r}, not a list of selectors")
        return tuple(selected(item, view, literal=True) for item in found)
    return tuple(selected(item, view) for item in selectors)


# ---------------------------------------------------------------- what had become of a row at the return


def finished(row: Row, view: View) -> bool:
    """Whether `row` had come to an end of its own when the entry returned."""
    return view.record.ledger.done(row) and not was_cancelled(row, view)


def was_cancelled(row: Row, view: View) -> bool:
    """Whether the learner's code cancelled `row`: what is cancelled because the entry has returned is not meant."""
    if row.cancelled_at is None and row.outcome != "cancelled":
        return False
    returned = view.record.ledger.returned
    if view.record.ledger.done(row):
        return row.outcome == "cancelled" or (row.cancelled_at is not None and row.outcome != "ok")
    return row.cancelled_at is not None and (returned is None or row.cancelled_at < returned)


def ran(rows: Sequence[Row], view: View) -> tuple[Row, ...]:
    return tuple([row for row in rows if not was_cancelled(row, view)])


# ---------------------------------------------------------------- numbers from the YAML


def number(value: Any, view: View) -> float:
    """An author's number; raises ValueError for anything else."""
    found = view.value(value)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise ValueError(f"{value!r} gives {found!r}, not a number")
    return found


def ticks(value: Any, view: View) -> int:
    return to_ticks(number(value, view))


# ---------------------------------------------------------------- no return

NOT_RUN = frozenset({"import", "import_loop", "empty", "missing", "wrong_kind"}).union(AT_IMPORT.values())
_WITHOUT_RETURN = {
    "import": "your file could not be loaded",
    "import_loop": "your file runs an event loop while it is imported",
    "import_limit": "your file is not imported in the time that it has",
    "import_time_out": "your file is not imported in the time that it has",
    "import_deadlock": "your file waits for something that can never come while it is imported",
    "import_died": "your file ends the whole program while it is imported",
    "empty": "your file is empty",
    "missing": "your function is not in the file",
    "wrong_kind": "your function is not of the kind that is asked for",
    "deadlock": "your function never returned: it waits for something that cannot come",
    "livelock": "your function never returned: it goes round and round while time stands still",
    "busy_loop": "your function never returned: it runs on without ever waiting",
    "virtual_limit": "your function never returned: it went beyond a limit",
    "time_out": "your function had not returned when its time was up",
    "died": "your program ended before your function returned",
}


def without_return(view: View) -> str:
    """Why the entry has no result, in words; empty if it has one."""
    outcome = view.record.outcome
    if outcome.kind == "result":
        return ""
    if outcome.kind == "raised":
        return in_words(outcome.failure or Failure("an exception", "", None), view)
    return _WITHOUT_RETURN[outcome.kind]


def over(view: View) -> str:
    """What the end was: an exception ends a function too, but nobody would call that a return."""
    return _ENDS.get(view.record.outcome.kind, "your program was stopped")


_ENDS = {"result": "your function returned", "raised": "your function ended"}


def needs_return(view: View) -> Finding | None:
    """For checks that look at the return: what to say where there was none."""
    if view.record.outcome.kind == "result" or (view.record.outcome.kind == "raised" and view.may_raise):
        return None
    return not_yet(f"{without_return(view)}, so there is no return to look at")
