"""Checks on what came of the entry: its result, or the exception that it has to raise.

A result is the same only if it is so type for type; the learner's own code has no say in the comparison.
"""

from collections.abc import Sequence
from typing import Any

from grader.checks.base import PASSED, Finding, View, not_yet, without_return
from grader.checks.equality import same, same_unordered
from grader.checks.failures import in_words, refused_call
from grader.checks.many import are_many, beginning
from grader.checks.words import article, shorten, steady
from grader.course.check_model import RaisesCheck, ResultCheck
from grader.referee.outcome import Opaque

_LONG, _WIDE = 80, 120
_AWAITABLE = ("task", "coroutine", "future", "generator")


def result(check: ResultCheck, view: View) -> Finding:
    why_not = without_return(view)
    if why_not:
        return not_yet(f"{why_not}, so there is no result yet")
    found, expected = view.record.outcome.value, view.value(check.result)
    if (same_unordered if check.unordered else same)(found, expected):
        return PASSED
    return _difference(found, expected, check.unordered)


def _difference(found: Any, expected: Any, unordered: bool) -> Finding:
    held = _opaque(found)
    thing = next((word for word in _AWAITABLE if held is not None and word in held.type.lower()), None)
    if thing is not None:
        verb = "is" if isinstance(found, Opaque) else "holds"
        return not_yet(
            f"what your function returned {verb} a {thing}, not the result of one",
            "Await it: the await gives you the result.",
        )
    asked = f"{_named(expected)} is asked for"
    if found is None:
        return not_yet(f"your function returned None; {asked}", "Is there a `return` with the value?")
    order = ", in any order" if unordered else ""
    if type(found) is not type(expected):
        return not_yet(f"your function returned {_named(found)}; {asked}{order}")
    if isinstance(found, (list, tuple)) and not unordered and len(repr(found)) > _LONG:
        return not_yet(_first_difference(found, expected))
    return not_yet(f"your function returned {_shown(found)}; {_shown(expected)} is asked for{order}")


def _first_difference(found: Sequence[Any], expected: Sequence[Any]) -> str:
    """Of two long sequences only the first place where they part is worth reading."""
    place = next((n for n, (one, two) in enumerate(zip(found, expected, strict=False)) if not same(one, two)), None)
    kind = type(found).__name__
    if place is not None:
        return (
            f"item {place} of the {kind} that your function returned is {_shown(found[place])}; "
            f"{_shown(expected[place])} is asked for there"
        )
    more = "its beginning is right" if len(found) < len(expected) else "it goes on for too long"
    return f"your function returned a {kind} of length {len(found)}, not {len(expected)}; {more}"


def _opaque(value: Any) -> Opaque | None:
    if isinstance(value, Opaque):
        return value
    if type(value) in (list, tuple):
        return next((item for item in value if isinstance(item, Opaque)), None)
    return None


def _shown(value: Any) -> str:
    if isinstance(value, Opaque):
        return article(value.type)
    return beginning(value, _WIDE) if are_many(value) else shorten(steady(repr(value)), _WIDE)


def _named(value: Any) -> str:
    if isinstance(value, Opaque):
        return _shown(value)
    return "None" if value is None else f"the {type(value).__name__} {_shown(value)}"


def raises(check: RaisesCheck, view: View) -> Finding:
    outcome = view.record.outcome
    if outcome.kind == "result":
        return not_yet(f"your function returned {_shown(outcome.value)}; it has to raise {check.raises}")
    if outcome.kind != "raised" or outcome.failure is None:
        return not_yet(f"{without_return(view)}; it has to raise {check.raises}")
    failure, message = outcome.failure, str(view.value(check.message))
    if check.raises not in (failure.type, *failure.bases) or refused_call(failure, view.source) is not None:
        return not_yet(f"{in_words(failure, view)}; it has to raise {check.raises}")
    if message not in failure.message:
        return not_yet(f"{in_words(failure, view)}, but its text does not hold {_shown(message)}")
    return PASSED
