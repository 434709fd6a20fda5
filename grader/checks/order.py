"""Checks on what comes before what: sequential, and the order of starts and of ends.

Order is the order of the run's events, so operations that take no time have one too.
"""

from collections.abc import Sequence
from itertools import pairwise

from grader.checks.base import PASSED, Finding, Selected, View, finished, not_yet, over, ran, selected, several
from grader.checks.intervals import sequential as in_sequence
from grader.checks.spans import first_to_start, idle_reason, last_to_end, span
from grader.checks.words import at, started, times
from grader.course.check_model import EndsInOrderCheck, SequentialCheck, StartsInOrderCheck
from grader.referee.ledger import Row

_ONE_BY_ONE = "Await the first before you start the second: each needs the one before it to be finished."
_AWAIT = "Await it before you return."


def sequential(check: SequentialCheck, view: View) -> Finding:
    if isinstance(check.sequential, str):
        return _one_at_a_time(selected(check.sequential, view), view)
    groups = several(check.sequential, view)
    for chosen in groups:
        reason = idle_reason(chosen, view)
        if reason:
            return not_yet(reason, _ONE_BY_ONE)
    findings = (_after(ran(one.rows, view), ran(two.rows, view), view) for one, two in pairwise(groups))
    return next((found for found in findings if not found.passed), PASSED)


def _one_at_a_time(chosen: Selected, view: View) -> Finding:
    rows = ran(chosen.rows, view)
    if len(rows) < 2:
        return not_yet(idle_reason(chosen, view) or f"{chosen.label} ran only once: there is nothing to put in order")
    for a, b in pairwise(rows):
        if not in_sequence(span(a, view), span(b, view)):
            return not_yet(_together(a, b, view), "Let one be finished before you start the next.")
    return PASSED


def _after(one: Sequence[Row], two: Sequence[Row], view: View) -> Finding:
    """All of `one` before all of `two`: the last to end before the first to start."""
    left = _unfinished(one, view)
    if left is not None:
        return not_yet(f"{left.label} was not finished when {over(view)}", "Await it before you go on.")
    for a in last_to_end(one, view):
        for b in first_to_start(two, view):
            if not in_sequence(span(a, view), span(b, view)):
                return not_yet(_together(a, b, view), _ONE_BY_ONE)
    left = _unfinished(two, view)
    if left is not None:
        return not_yet(f"{left.label} was not finished when {over(view)}", _AWAIT)
    return PASSED


def _unfinished(rows: Sequence[Row], view: View) -> Row | None:
    return next((row for row in rows if not finished(row, view)), None)


def _together(a: Row, b: Row, view: View) -> str:
    if in_sequence(span(b, view), span(a, view)):
        return f"{started(b)}, before {a.label}, which started {at(a.start, a.line)}"
    until = span(a, view).end
    return f"{started(b)}, while {a.label} was still running (it ended {at(until, None)})"


# ---------------------------------------------------------------- starts and ends


def starts_in_order(check: StartsInOrderCheck, view: View) -> Finding:
    groups, lacking = _ready(several(check.starts_in_order, view), view)
    if lacking:
        return not_yet(lacking)
    for one, two in pairwise(groups):
        last, first = max(one, key=lambda row: row.begun), min(two, key=lambda row: row.begun)
        if last.begun > first.begun:
            return not_yet(f"{started(first)}, before {last.label}, which started {at(last.start, last.line)}")
    return PASSED


def ends_in_order(check: EndsInOrderCheck, view: View) -> Finding:
    groups, lacking = _ready(several(check.ends_in_order, view), view)
    if lacking:
        return not_yet(lacking)
    unfinished = _unfinished([row for group in groups for row in group], view)
    if unfinished is not None:
        return not_yet(f"{unfinished.label} was not finished when {over(view)}", _AWAIT)
    for one, two in pairwise(groups):
        last, first = max(one, key=_ended), min(two, key=_ended)
        if _ended(last) > _ended(first):
            ends = f"{first.label} ended {at(first.end or 0, None)}, before {last.label}"
            return not_yet(f"{ends}, which ended {at(last.end or 0, None)}")
    return PASSED


def _ended(row: Row) -> int:
    return row.ended or 0


def _ready(groups: Sequence[Selected], view: View) -> tuple[list[tuple[Row, ...]], str]:
    """The rows of each group that ran, and why one has none.

    A selector that stands in the list several times stands for one operation each time, in turn.
    """
    labels = [chosen.label for chosen in groups]
    found = []
    for place, chosen in enumerate(groups):
        rows, turn, last = (
            ran(chosen.rows, view),
            labels[:place].count(chosen.label),
            chosen.label not in labels[place + 1 :],
        )
        mine = rows[turn:] if last else rows[turn : turn + 1]
        if not mine:
            return [], idle_reason(chosen, view) or f"{chosen.label} ran only {times(turn)}"
        found.append(mine)
    return found, ""
