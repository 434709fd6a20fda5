"""Timelines: what was recorded of a run, in seconds, as it is drawn.

What had not ended when the entry returned is `running` and has no end; what began later is `after`.
"""

from operator import itemgetter

from grader.referee.facts import Read
from grader.referee.ledger import Ledger, Row
from grader.referee.record import Record
from grader.ticks import to_seconds
from grader.verdict import Bar, Timeline

_PLACE = itemgetter(0, 1)  # when, and operations before reads


def timeline(record: Record, ticker: str | None = None) -> Timeline:
    """`ticker`: an operation of the grader's own that is counted and not drawn."""
    ledger = record.ledger
    rows = [(row.start, 0, _bar(row, ledger)) for row in ledger.rows if row.operation != ticker]
    reads = [(read.start, 1, _read(read)) for read in record.facts.reads]
    return Timeline(
        bars=tuple(bar for _, _, bar in sorted([*rows, *reads], key=_PLACE)),
        returned=None if ledger.returned is None else to_seconds(ledger.returned),
        raised=record.outcome.kind == "raised",
        blocked=tuple((to_seconds(b.start), to_seconds(b.end), b.name, b.line) for b in record.facts.blocked),
    )


def _bar(row: Row, ledger: Ledger) -> Bar:
    if ledger.returned_at_event is not None and row.begun > ledger.returned_at_event:
        outcome = "after"
    elif not ledger.done(row):
        outcome = "running"
    else:
        outcome = row.outcome or "running"
    ends = row.end is not None and outcome != "running"
    return Bar(
        operation=row.operation,
        key=row.key,
        start=to_seconds(row.start),
        end=to_seconds(row.end) if ends and row.end is not None else None,
        line=row.line,
        outcome=outcome,
    )


def _read(read: Read) -> Bar:
    return Bar(
        operation=read.operation,
        key=read.key,
        start=to_seconds(read.start),
        end=None if read.end is None else to_seconds(read.end),
        line=read.line,
        outcome="running" if read.end is None else "ok",
    )
