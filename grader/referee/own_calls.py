"""A ledger in which calls of the learner's own functions stand beside what was witnessed: reported, so they give no points.

Each stands where it was: at a tick before all that the referee wrote down there if the entry had not returned, else after it.
"""

from collections.abc import Collection, Iterator
from math import isfinite

from msgspec.structs import replace

from grader.referee.facts import Facts, Moment, OwnCall
from grader.referee.ledger import Ledger, Row

_Place = tuple[int, int, int]  # tick; reported before, witnessed, reported after the return; number among those


def with_own_calls(ledger: Ledger, facts: Facts, operations: Collection[str]) -> Ledger:
    """`ledger` with the reported calls of these operations; all events are numbered anew, in their order."""
    calls = [call for call in facts.own_calls if call.operation in operations and _is_sound(call)]
    if not calls:
        return ledger
    places = sorted([*_witnessed(ledger), *(_reported(one) for call in calls for one in (call.begin, call.end) if one)])
    number = {place: at for at, place in enumerate(places, 1)}
    rows = [
        replace(
            row,
            begun=number[_begun(row)],
            ended=None if row.end is None or row.ended is None else number[row.end, 1, row.ended],
        )
        for row in ledger.rows
    ]
    rows += [
        Row(
            call.operation,
            call.key,
            (),
            "learner",
            call.line,
            call.begin.at,
            number[_reported(call.begin)],
            call.end.at if call.end else None,
            number[_reported(call.end)] if call.end else None,
            call.outcome if call.end else None,
            cancelled_at=call.end.at if call.end and call.outcome == "cancelled" else None,
        )
        for call in calls
    ]
    over = None if ledger.returned_at_event is None else number[_over(ledger, ledger.returned_at_event)]
    return replace(ledger, rows=tuple(sorted(rows, key=lambda row: row.begun)), returned_at_event=over)


def _is_sound(call: OwnCall) -> bool:
    """No program that forges its report makes of it an error of the grader's."""
    backwards = call.end is not None and _reported(call.end) < _reported(call.begin)
    finite = not isinstance(call.key, float) or isfinite(call.key)
    return finite and not backwards and (call.end is None) == (call.outcome is None)


def _reported(moment: Moment) -> _Place:
    return moment.at, 2 if moment.late else 0, moment.number


def _begun(row: Row) -> _Place:
    return row.start, 1, row.begun


def _over(ledger: Ledger, event: int) -> _Place:
    """Where it never returned it was over after all that had happened before."""
    before = (at for at, _, number in _rows(ledger) if number < event)
    return max(before, default=0) if ledger.returned is None else ledger.returned, 1, event


def _witnessed(ledger: Ledger) -> Iterator[_Place]:
    yield from _rows(ledger)
    if ledger.returned_at_event is not None:
        yield _over(ledger, ledger.returned_at_event)


def _rows(ledger: Ledger) -> Iterator[_Place]:
    for row in ledger.rows:
        yield _begun(row)
        if row.end is not None and row.ended is not None:
            yield row.end, 1, row.ended
