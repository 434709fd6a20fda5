"""Which wrong model of asyncio a program shows: the first rule that fits a run in which something failed.

Rules hang on what was observed. One that cannot be evaluated does not fit, and no rule is ever stretched to fit.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from grader.checks.base import View, ticks
from grader.checks.failures import failures, refused_call
from grader.checks.reading import blocking_calls, never_awaited
from grader.checks.tasks import redundant
from grader.course.expressions import ExpressionError, evaluate
from grader.course.model import Misconception, When
from grader.course.parts import Event
from grader.ticks import to_seconds

Failing = tuple[View, frozenset[str]]
# What Python says, in every version that is supported, when a coroutine object is awaited again.
_TWICE = ("already awaited", "being awaited already")


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
        and (when.event is None or happened(when.event, view))
        and _raised(when, view)
        and (when.source is None or bool(view.source.places(when.source)))
        and (when.elapsed is None or _took(when.elapsed, view))
        and (when.where is None or _where(when.where, view))
    )


# ---------------------------------------------------------------- events


def happened(event: Event, view: View) -> bool:
    return _EVENTS[event](view)


def _stuck(kind: str) -> Callable[[View], bool]:
    """The program stopped in this way by itself: where a task of the learner's failed first, that is the cause."""
    return lambda view: view.record.outcome.kind == kind and view.record.facts.first_failure is None


def _kind(kind: str) -> Callable[[View], bool]:
    return lambda view: view.record.outcome.kind == kind


def _awaited_twice(view: View) -> bool:
    return any(
        failure.type == "RuntimeError" and any(t in failure.message for t in _TWICE) for failure in failures(view)
    )


def _background(view: View) -> bool:
    ledger = view.record.ledger
    if view.record.outcome.kind != "result":  # an exception or a stop leaves things behind too, and is another matter
        return False
    left = any(not ledger.done(row) for row in ledger.begun_before_return())
    return left or bool(view.record.facts.pending_at_return)


_EVENTS: Mapping[Event, Callable[[View], bool]] = {
    "never_awaited": lambda v: bool(v.record.facts.never_awaited or never_awaited(v.source, v.case.entry)),
    "awaited_twice": _awaited_twice,
    "background_at_return": _background,
    "nested_run": lambda view: view.record.facts.nested_run is not None,
    "blocking_call": lambda v: bool(v.record.facts.blocked or blocking_calls(v.source, v.case.entry)),
    "lost_exception": lambda view: bool(view.record.facts.lost_exceptions),
    "redundant_task": lambda view: bool(redundant(view)),
    "deadlock": _stuck("deadlock"),
    "livelock": _stuck("livelock"),
    "busy_loop": _stuck("busy_loop"),
    "missing": _kind("missing"),
    "wrong_kind": _kind("wrong_kind"),
    "import_error": _kind("import"),
    "raised": _kind("raised"),
    "refused": lambda view: bool(view.record.facts.refused),
}


# ---------------------------------------------------------------- exceptions


def _raised(when: When, view: View) -> bool:
    if when.raised is None and when.about is None:
        return True
    return any(
        when.raised in (None, failure.type, *failure.bases)
        and (when.about is None or fnmatchcase(failure.about or "", when.about))
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
        return bool(evaluate(condition, {**view.names, **observed(view)}))
    except ExpressionError:
        return False


def observed(view: View) -> dict[str, Any]:
    """The names that a `where` has beside the case's own; `result` is None where there is none, and `returned` says which."""
    record = view.record
    made = Counter(row.operation for row in record.ledger.begun_before_return())
    return {
        "result": record.outcome.value if record.outcome.kind == "result" else None,
        "returned": record.outcome.kind == "result",
        "elapsed": None if record.elapsed is None else to_seconds(record.elapsed),
        "calls": {**dict.fromkeys(view.operations, 0), **made},
        "tasks": record.facts.tasks,
    }
