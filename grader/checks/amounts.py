"""Checks that count and measure: calls, and the time until the entry's return.

Times are compared as ticks, exactly; what an author gives in seconds is turned into ticks once.
"""

from collections.abc import Callable
from typing import Any

from grader.checks.base import PASSED, Finding, View, needs_return, not_yet, number, selected, ticks
from grader.checks.words import seconds, times
from grader.course.check_model import Bounds, CallsCheck, ElapsedCheck


def calls(check: CallsCheck, view: View) -> Finding:
    chosen = selected(check.calls, view)
    made = len(chosen.rows)
    wanted = _outside(made, Bounds(at_least=check.at_least, at_most=check.at_most), check.count, _whole(view))
    if wanted is None:
        return PASSED
    bound, limit = wanted
    lost = not made and (chosen.late or chosen.unawaited)
    found = chosen.absent() if lost else f"{chosen.label} was called {times(made)}"
    lines = sorted({row.line for row in chosen.rows if row.line is not None})
    where = f" ({'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines))})" if lines else ""
    return not_yet(f"{found}{where}; {bound}{times(limit)} is asked for")


def _whole(view: View) -> Callable[[Any], int]:
    return lambda value: int(number(value, view))


def _outside(found: int, bounds: Bounds, exact: Any, read: Callable[[Any], int]) -> tuple[str, int] | None:
    """The first bound that `found` breaks, in words and as a number."""
    if exact is not None and found != read(exact):
        return "", read(exact)
    if bounds.at_least is not None and found < read(bounds.at_least):
        return "at least ", read(bounds.at_least)
    if bounds.at_most is not None and found > read(bounds.at_most):
        return "at most ", read(bounds.at_most)
    return None


def elapsed(check: ElapsedCheck, view: View) -> Finding:
    missing = needs_return(view)
    took = view.record.elapsed
    if missing is not None or took is None:
        return missing or not_yet("your function never returned, so there is no time to look at")
    bounds = check.elapsed if isinstance(check.elapsed, Bounds) else Bounds()
    exact = None if isinstance(check.elapsed, Bounds) else check.elapsed
    wanted = _outside(took, bounds, exact, lambda value: ticks(value, view))
    if wanted is None:
        return PASSED
    return _took(took, *wanted)


def _took(took: int, bound: str, limit: int) -> Finding:
    if took > limit:
        return not_yet(
            f"your function took {seconds(took)} of virtual time; it can take {seconds(limit)}",
            "Look in the timeline for a wait that nothing needed: what could have started earlier?",
        )
    return not_yet(
        f"your function took {seconds(took)} of virtual time; the work takes {bound}{seconds(limit)}",
        "Await everything that you start before you return.",
    )
