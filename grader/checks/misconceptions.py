"""Which wrong model of asyncio a program shows: the first rule that fits a run in which something failed.

Rules hang on what was observed. One that cannot be evaluated does not fit, and no rule is ever stretched to fit.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from grader.checks.base import View, ticks
from grader.checks.events import things
from grader.checks.failures import failures, refused_call
from grader.checks.observed import observed
from grader.course.expressions import ExpressionError, evaluate, names_in
from grader.course.model import Misconception, When
from grader.course.parts import Event

Failing = tuple[View, frozenset[str]]


def first_match(
    misconceptions: Sequence[Misconception], failing: Sequence[Failing]
) -> tuple[Misconception, int] | None:
    """The first misconception of the list that fits any failing run, and the place of the first run that it fits."""
    for misconception in misconceptions:
        for place, (view, failed) in enumerate(failing):
            if matches(misconception.when, view, failed):
                return misconception, place
    return None


def matches(when: When, view: View, failed: frozenset[str]) -> bool:
    """Whether all that `when` gives holds in this run, in which the checks `failed` did not pass."""
    return (
        when.entry in (None, view.case.entry)
        and failed.issuperset(when.fails)
        and (when.event is None or happened(when.event, view, when.what or "*"))
        and _raised(when, view)
        and (when.source is None or bool(view.source.places(when.source)))
        and (when.elapsed is None or _took(when.elapsed, view))
        and (when.where is None or _where(when.where, view))
    )


# ---------------------------------------------------------------- events


def happened(event: Event, view: View, what: str = "*") -> bool:
    """Whether it did, and was about something of that name; `*` stands for anything, and for nothing at all."""
    about = things(event, view)
    return about is not None and (what == "*" or any(fnmatchcase(name, what) for name in about))


# ---------------------------------------------------------------- exceptions


def _raised(when: When, view: View) -> bool:
    if when.raised is None and when.about is None and when.message is None:
        return True
    return any(
        when.raised in (None, failure.type, *failure.bases)
        and (when.about is None or fnmatchcase(failure.about or "", when.about))
        and (when.message is None or fnmatchcase(failure.message, when.message))
        for failure in failures(view)
        if refused_call(failure, view.source) is None  # which is an event of its own
    )


# ---------------------------------------------------------------- expressions


def _took(expected: str, view: View) -> bool:
    try:
        return view.record.elapsed is not None and view.record.elapsed == ticks(expected, view)
    except (ExpressionError, ValueError, OverflowError):
        return False


def _where(condition: str, view: View) -> bool:
    try:
        return bool(evaluate(condition, {**view.names, **observed(view, names_in(condition))}))
    except ExpressionError:
        return False
