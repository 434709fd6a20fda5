"""Checks on what runs at the same time: parallel, Allen's relations, and how many at once.

Two operations are parallel only if they share a stretch of time before the entry's return, so one that is merely
started, or started and cancelled, is no company for another.
"""

from collections.abc import Sequence
from itertools import combinations

from grader.checks.base import PASSED, Finding, Selected, View, not_yet, number, ran, selected, several, was_cancelled
from grader.checks.intervals import parallel as share
from grader.checks.intervals import peak, sequential
from grader.checks.intervals import relation as related
from grader.checks.spans import idle_reason, lasted, span, strangers
from grader.checks.words import at, on_line, seconds, started, times
from grader.course.check_model import ConcurrencyCheck, ParallelCheck, RelationCheck
from grader.course.parts import AllenRelation
from grader.referee.ledger import Row

_MOST_PAIRS = 100_000
_START = "Start it, and await it before you return."
_TOGETHER = "Start both before you await either: with tasks, or with gather."


def parallel(check: ParallelCheck, view: View) -> Finding:
    if isinstance(check.parallel, str):
        return _each_two(selected(check.parallel, view), view)
    groups = several(check.parallel, view)
    for chosen in groups:
        reason = idle_reason(chosen, view)
        if reason:
            return _cut_short(reason) if chosen.rows and not ran(chosen.rows, view) else not_yet(reason, _START)
    rows = [_lasting(chosen, view) for chosen in groups]
    if _one_of_each(rows, view):
        return PASSED
    # Two to name: of two that are there once each, those; else the first two.
    pairs = ((a[0], b[0]) for a, b in combinations(rows, 2))
    named = next((pair for pair in pairs if not share(span(pair[0], view), span(pair[1], view))), None)
    return not_yet(_apart(*(named or (rows[0][0], rows[1][0])), view), _TOGETHER)


def _lasting(chosen: Selected, view: View) -> tuple[Row, ...]:
    return tuple(row for row in ran(chosen.rows, view) if lasted(row, view))


def _each_two(chosen: Selected, view: View) -> Finding:
    rows = _lasting(chosen, view)
    if len(rows) < 2:
        return _alone(chosen, view)
    pair = strangers(rows, view)
    return PASSED if pair is None else not_yet(_apart(*pair, view), _TOGETHER)


def _alone(chosen: Selected, view: View) -> Finding:
    """Why there are no two to compare; the advice is another where the others were there and were cancelled."""
    cancelled = next((row for row in chosen.rows if was_cancelled(row, view)), None)
    idle = idle_reason(chosen, view)
    if cancelled is None:
        return not_yet(idle or f"only one {chosen.label} ran, so nothing ran beside it", _TOGETHER)
    moment = at(cancelled.start if cancelled.cancelled_at is None else cancelled.cancelled_at, None)
    alone = f"{started(cancelled)}, and was cancelled {moment}, so only one {chosen.label} ran to its end"
    return _cut_short(idle or alone)


def _cut_short(reason: str) -> Finding:
    advice = "Let each of them come to its end: a timeout, a cancel() or an error beside it cuts it short."
    return Finding(False, reason, advice, particular=True)


def _one_of_each(groups: Sequence[tuple[Row, ...]], view: View) -> bool:
    """Whether one of each group can be chosen so that every two of them share time.

    Spans that pairwise share time share one moment (Helly's theorem on a line): the start of the last to begin. So at each
    start it is asked whether, of every other group, the one that goes on longest is still there (of those that take time, and
    of those that take none: events decide between two spans only where one is empty).
    """
    longest: dict[tuple[int, bool], Row] = {}
    placed = [(place, row) for place, group in enumerate(groups) for row in group]
    for place, row in sorted(placed, key=lambda item: item[1].begun):
        others = (
            [longest.get((other, empty)) for empty in (False, True)] for other in range(len(groups)) if other != place
        )
        if all(any(one is not None and _beside(one, row, view) for one in both) for both in others):
            return True
        sort = place, span(row, view).empty
        if sort not in longest or span(longest[sort], view).ended < span(row, view).ended:
            longest[sort] = row
    return False


def _beside(other: Row, row: Row, view: View) -> bool:
    return other is not row and share(span(other, view), span(row, view))


def _apart(a: Row, b: Row, view: View) -> str:
    first, second = (a, b) if a.begun < b.begun else (b, a)
    if not sequential(span(first, view), span(second, view)):
        return f"{first.label} and {second.label} were not running together with all the others at any moment"
    return f"{started(second)}, when {first.label} had finished: they never ran at the same time"


# ---------------------------------------------------------------- Allen's relations


def relation(check: RelationCheck, view: View) -> Finding:
    a, b = selected(check.relation.a, view), selected(check.relation.b, view)
    for chosen in (a, b):
        reason = idle_reason(chosen, view)
        if reason:
            return not_yet(reason)
    ones, twos = ran(a.rows, view), ran(b.rows, view)
    if len(ones) * len(twos) > _MOST_PAIRS:
        return not_yet(f"{a.label} ran {times(len(ones))} and {b.label} {times(len(twos))}: far more often than needed")
    for one in ones:
        for two in twos:
            if one is not two and related(span(one, view), span(two, view)) not in check.relation.is_:
                return not_yet(_against(one, two, check, view))
    return PASSED


def _against(a: Row, b: Row, check: RelationCheck, view: View) -> str:
    found = _IN_WORDS[related(span(a, view), span(b, view))].format(_from_to(b, view))
    asked = " or ".join(_IN_WORDS[name].format("the other") for name in check.relation.is_)
    return f"{_from_to(a, view)} {found}; what is asked for: it {asked}"


def _from_to(row: Row, view: View) -> str:
    cut = span(row, view)
    return f"{row.label} ({seconds(cut.start)} to {seconds(cut.end)}{on_line(row.line)})"


_IN_WORDS: dict[AllenRelation, str] = {
    "before": "ended before {} started",
    "after": "started when {} had ended before",
    "meets": "ended just as {} started",
    "met_by": "started just as {} ended",
    "overlaps": "started before {} and ended while that ran",
    "overlapped_by": "started while {} ran and ended after that",
    "starts": "started together with {} and ended before it",
    "started_by": "started together with {} and ended after it",
    "during": "started and ended while {} ran",
    "contains": "ran from before {} started until after that had ended",
    "finishes": "started after {} and ended together with it",
    "finished_by": "started before {} and ended together with it",
    "equals": "started and ended together with {}",
}


# ---------------------------------------------------------------- how many at once


def concurrency(check: ConcurrencyCheck, view: View) -> Finding:
    chosen = selected(check.concurrency, view)
    if check.min is not None:
        reached, moment = peak(span(row, view) for row in _lasting(chosen, view))
        wanted = int(number(check.min, view))
        if reached < wanted:
            return not_yet(
                _at_once(chosen, reached, moment, f"{wanted} can run at once"),
                "Start more of them before you wait for one to finish.",
            )
    if check.max is not None:
        reached, moment = peak(span(row, view) for row in chosen.rows)
        allowed = int(number(check.max, view))
        if reached > allowed:
            return not_yet(
                _at_once(chosen, reached, moment, f"at most {allowed} may run at once"),
                "Let the next one start only when another has finished.",
            )
    return PASSED


def _at_once(chosen: Selected, reached: int, moment: int, asked: str) -> str:
    if not reached:
        return f"{chosen.absent() if not chosen.rows else f'{chosen.label} did not get to run'}; {asked}"
    return f"{reached} of {chosen.label} ran at once, the first time {at(moment, None)}; {asked}"
