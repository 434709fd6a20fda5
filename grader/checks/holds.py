"""The check on what is true of the values and of what was observed: a relation that no other kind of check can state.

An expression that has no value for what this program did does not hold; that it has one for a right program is proved by the
reference.
"""

from collections.abc import Mapping
from typing import Any

from grader.checks.base import PASSED, Finding, View, needs_return, not_yet
from grader.checks.observed import observed
from grader.checks.words import article, listed, shorten, steady
from grader.course.check_model import HoldsCheck
from grader.course.expressions import ExpressionError, evaluate, fill, names_in, names_in_text
from grader.referee.outcome import Opaque

REPORTED = frozenset({"tasks", "runs", "loops", "yields"})
_WORDS = {"result": "your function returned", "elapsed": "it took", "yields": "its items came after"}
_BY_OPERATION = {
    "calls": "calls of {}",
    "keys": "{} was called with",
    "starts": "{} started at",
    "ends": "{} ended at",
    "durations": "{} took",
    "at_once": "at once {}",
}
_LONGEST = 60


def holds(check: HoldsCheck, view: View) -> Finding:
    why_not = needs_return(view)
    if why_not is not None:
        return why_not
    wanted = names_in(check.holds) | (names_in_text(check.says) if check.says else frozenset())
    seen = observed(view, wanted)
    names = {**view.names, **seen}
    try:
        if evaluate(check.holds, names):
            return PASSED
    except ExpressionError:
        pass  # what was observed is of another kind than a right program's
    return not_yet(_said(check, names) or _seen({name: seen[name] for name in seen if name in names_in(check.holds)}))


def is_reported(check: HoldsCheck) -> bool:
    """Whether it hangs on what the program's side says of itself."""
    return not names_in(check.holds).isdisjoint(REPORTED)


def _said(check: HoldsCheck, names: Mapping[str, Any]) -> str:
    try:
        return steady(shorten(fill(check.says, names), 4 * _LONGEST))
    except ExpressionError:
        return ""


def _seen(seen: Mapping[str, Any]) -> str:
    """What the expression looked at, in plain words."""
    parts = [part for name, value in seen.items() for part in _parts(name, value)]
    return listed(parts) if parts else "what was observed is not what is asked for"


def _parts(name: str, value: Any) -> list[str]:
    if name in _WORDS:
        unit = " s" if name == "elapsed" else ""
        return [f"{_WORDS[name]} {_shown(value)}{unit}"]
    if name in _BY_OPERATION and isinstance(value, dict):
        told = {operation: one for operation, one in value.items() if one} or value
        return [f"{_BY_OPERATION[name].format(operation)}: {_shown(one)}" for operation, one in told.items()]
    return [f"{name}: {_shown(value)}"]


def _shown(value: Any) -> str:
    return article(value.type) if isinstance(value, Opaque) else shorten(steady(repr(value)), _LONGEST)
