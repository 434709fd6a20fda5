"""The spans of operations as the checks on order and overlap compare them.

An operation that still ran when the entry returned lasts up to the return and no longer. Pairs are never all tried: a
program may call an operation thousands of times.
"""

from collections.abc import Iterator, Sequence

from grader.checks.base import Selected, View, over, ran
from grader.checks.intervals import Span, sequential
from grader.checks.words import at, started
from grader.referee.ledger import Row

_NEVER = 2**62  # greater than the number of any event


def span(row: Row, view: View) -> Span:
    """The span of `row` up to the return."""
    ledger = view.record.ledger
    last = ledger.returned_at_event
    if row.end is not None and row.ended is not None and (last is None or row.ended < last):
        return Span(row.start, row.begun, row.end, row.ended)
    if ledger.returned is not None and last is not None:
        return Span(row.start, row.begun, ledger.returned, last)
    # An operation that never ended is over after everything that did.
    return Span(row.start, row.begun, ledger.end, _NEVER)


def lasted(row: Row, view: View) -> bool:
    """Whether there is anything to share: an operation cut off by the return as it began has had no time."""
    return view.record.ledger.done(row) or not span(row, view).empty


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


# ---------------------------------------------------------------- the few pairs that decide


def last_to_start(rows: Sequence[Row], view: View) -> Iterator[Row]:
    """Of the rows that take time and of those that take none, the one that started last."""
    for some in _by_length(rows, view):
        yield max(some, key=lambda row: row.begun)


def first_to_start(rows: Sequence[Row], view: View) -> Iterator[Row]:
    for some in _by_length(rows, view):
        yield min(some, key=lambda row: row.begun)


def last_to_end(rows: Sequence[Row], view: View) -> Iterator[Row]:
    for some in _by_length(rows, view):
        yield max(some, key=lambda row: span(row, view).ended)


def _by_length(rows: Sequence[Row], view: View) -> Iterator[list[Row]]:
    # Events decide between two spans only where one has no length, so the extremes of both sorts are needed.
    lasting, empty = list[Row](), list[Row]()
    for row in rows:
        (empty if span(row, view).empty else lasting).append(row)
    yield from filter(None, (lasting, empty))


def strangers(rows: Sequence[Row], view: View) -> tuple[Row, Row] | None:
    """Two of the rows of which one was over when the other began, if there are such.

    If there are, the last to start began after one of them was over.
    """
    latest = tuple(last_to_start(rows, view))
    pairs = ((row, last) for row in rows for last in latest)
    return next((pair for pair in pairs if sequential(span(pair[0], view), span(pair[1], view))), None)
