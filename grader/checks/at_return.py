"""Checks on how things stood when the entry returned: what still ran, what was cancelled, what had cleaned up.

What is cancelled only because the entry has returned counts as left running.
"""

from collections.abc import Iterable, Sequence

from grader.checks.base import PASSED, Finding, View, finished, needs_return, not_yet, over, selected, was_cancelled
from grader.checks.words import at, listed, on_line, started
from grader.course.check_model import AtReturnCheck, CancelledCheck, CleanedCheck
from grader.referee.facts import Place
from grader.referee.ledger import Row

_AWAIT = "Await everything that you start before you return."


def at_return(check: AtReturnCheck, view: View) -> Finding:
    missing = needs_return(view)
    if missing is not None:
        return missing
    if check.at_return == "idle":
        return _idle(view)
    return _first(
        *(_running(selector, view) for selector in check.at_return.running),
        *(_finished(selector, view) for selector in check.at_return.finished),
    )


def _first(*findings: Finding) -> Finding:
    return next((found for found in findings if not found.passed), PASSED)


def _idle(view: View) -> Finding:
    left = view.left()
    if left:
        verb = "was" if len(left) == 1 else "were"
        return not_yet(f"{_named(left)} {verb} still running when {over(view)}", _AWAIT)
    pending = view.record.facts.pending_at_return
    if pending:
        verb = "was" if len(pending) == 1 else "were"
        count = "a task" if len(pending) == 1 else f"{len(pending)} tasks"
        return not_yet(f"{count} of yours{_lines(pending)} {verb} not done when {over(view)}", _AWAIT)
    return PASSED


def _named(rows: Sequence[Row], most: int = 4) -> str:
    shown = [row.label for row in rows[:most]]
    return listed([*shown, f"{len(rows) - most} more"] if len(rows) > most else shown)


def _lines(places: Iterable[Place]) -> str:
    lines = sorted({place.line for place in places if place.line is not None})
    if not lines:
        return ""
    return f" ({'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines))})"


def _running(selector: str, view: View) -> Finding:
    chosen = selected(selector, view)
    if not chosen.rows:
        return not_yet(chosen.absent())
    if any(not view.record.ledger.done(row) and not was_cancelled(row, view) for row in chosen.rows):
        return PASSED
    last = chosen.rows[-1]
    return not_yet(
        f"{last.label} had ended {at(last.end or 0, None)}; it is to go on when your function has returned",
        "Start it as a task, and return without awaiting it.",
    )


def _finished(selector: str, view: View) -> Finding:
    chosen = selected(selector, view)
    if not chosen.rows:
        return not_yet(chosen.absent())
    for row in chosen.rows:
        if was_cancelled(row, view):
            return not_yet(f"{row.label} was cancelled{_when(row)}; it has to be finished when your function returns")
        if not finished(row, view):
            return not_yet(f"{row.label} was not finished when {over(view)}", _AWAIT)
    return PASSED


def _when(row: Row) -> str:
    return "" if row.cancelled_at is None else f" {at(row.cancelled_at, None)}"


def cancelled(check: CancelledCheck, view: View) -> Finding:
    return _first(*(_cancelled(selector, view) for selector in check.cancelled))


def _cancelled(selector: str, view: View) -> Finding:
    chosen = selected(selector, view)
    if not chosen.rows:
        return not_yet(chosen.absent())
    for row in chosen.rows:
        if was_cancelled(row, view):
            continue
        if finished(row, view):
            return not_yet(f"{started(row)}, and went on to its end {at(row.end or 0, None)}; it has to be cancelled")
        return not_yet(
            f"{row.label}{on_line(row.line)} was still running when {over(view)}; it has to be cancelled",
            "Cancel its task, then await the task: it ends only when it has cleaned up.",
        )
    return PASSED


def cleaned(check: CleanedCheck, view: View) -> Finding:
    missing = needs_return(view)
    return missing or _first(*(_cleaned(selector, view) for selector in check.cleaned))


def _cleaned(selector: str, view: View) -> Finding:
    found = _cancelled(selector, view)
    if not found.passed:
        return found
    for row in selected(selector, view).rows:
        if not view.record.ledger.done(row):
            return not_yet(
                f"{row.label} was cancelled{_when(row)} and was still cleaning up when {over(view)}",
                "cancel() only asks. Await the cancelled task as well: it ends when it has cleaned up.",
            )
    return PASSED
