"""The spans of operations as the checks on order and overlap compare them.

An operation that still ran when the entry returned lasts up to the return and no longer.
"""

from grader.checks.base import Selected, View, over, ran
from grader.checks.intervals import Span
from grader.checks.words import at, started
from grader.referee.ledger import Row


def span(row: Row, view: View) -> Span:
    """The span of `row` up to the return."""
    ledger = view.record.ledger
    if row.end is not None and row.ended is not None and ledger.done(row):
        return Span(row.start, row.begun, row.end, row.ended)
    if ledger.returned is not None and ledger.returned_at_event is not None:
        return Span(row.start, row.begun, ledger.returned, ledger.returned_at_event)
    # No event has this number yet: an operation that never ended is over after everything that did.
    return Span(row.start, row.begun, ledger.end, 1 + max(max(r.begun, r.ended or 0) for r in ledger.rows))


def lasted(row: Row, view: View) -> bool:
    """Whether there is anything to share: an operation cut off by the return as it began has had no time."""
    cut = span(row, view)
    return view.record.ledger.done(row) or not cut.empty


def idle_reason(chosen: Selected, view: View) -> str:
    """Why none of the chosen operations ran; empty if one did."""
    if not chosen.rows:
        return chosen.absent()
    running = ran(chosen.rows, view)
    if not running:
        first = chosen.rows[0]
        return f"{started(first)}, and was cancelled {at(first.cancelled_at or first.start, None)}"
    if not any(lasted(row, view) for row in running):
        return f"{started(running[0])}, just as {over(view)}"
    return ""
