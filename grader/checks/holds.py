"""The check on what is true of the values and of what was observed: a relation that no other kind of check can state.

An expression that has no value for what this program did does not hold; that it has one for a right program is proved by the
reference.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from grader.checks.base import PASSED, Finding, View, needs_return, not_yet
from grader.checks.many import are_many, breaking, brief
from grader.checks.observed import observed
from grader.checks.words import article, listed, shorten, steady
from grader.course.check_model import HoldsCheck
from grader.course.expressions import ExpressionError, evaluate, fill, looked_up, names_in, names_in_text
from grader.referee.outcome import Opaque

REPORTED = frozenset({"tasks", "runs", "loops", "yields", "output", "in_loop", "in_thread"})
_WORDS = {
    "result": "your function returned",
    "elapsed": "it took",
    "yields": "its items came after",
    "output": "it printed",
}
_BY_OPERATION = {
    "calls": "calls of {}",
    "keys": "{} was called with",
    "starts": "{} started at",
    "ends": "{} ended at",
    "durations": "{} took",
    "in_loop": "{} began in loop",
    "in_thread": "{} began in thread",
    "at_once": "at once {}",
}
_LONGEST = 60
_ROOM = 240  # for an author's own words


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
    broken = _broken(check, seen, names, view)
    looked_at = {name: _asked(check, name, seen[name]) for name in seen if name in names_in(check.holds)}
    return not_yet(_said(check, names, broken) or _seen(looked_at, broken))


def is_reported(check: HoldsCheck) -> bool:
    """Whether it hangs on what the program's side says of itself."""
    return not names_in(check.holds).isdisjoint(REPORTED)


def _named(seen: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each value, by what a relation calls it: `result`, `durations['get']`."""
    for name, value in seen.items():
        if name in _BY_OPERATION:
            yield from ((f"{name}[{operation!r}]", one) for operation, one in value.items())
        else:
            yield name, value


def _broken(check: HoldsCheck, seen: Mapping[str, Any], names: Mapping[str, Any], view: View) -> dict[str, str]:
    """Of all that is many, by what the relation calls it, which of it breaks the relation."""
    calls = view.case.repeat > 1
    return {
        written: breaking(check.holds, written, names, called="call" if calls and written == "result" else "item")
        for written, value in _named(seen)
        if are_many(value)
    }


def _asked(check: HoldsCheck, name: str, value: Any) -> Any:
    """What an expression looks up by operations' names, `keys['get']`: others do not break it, and to have none may."""
    operations = {operation for _, operation in looked_up(check.holds, {name})} if name in _BY_OPERATION else set()
    return {one: value[one] for one in value if one in operations} if operations else value


def _said(check: HoldsCheck, names: Mapping[str, Any], broken: Mapping[str, str]) -> str:
    """The author's words; more values than have room, that stand there by their name alone, are told in few."""
    words = check.says
    for written, which in broken.items():
        value = evaluate(f"={written}", names)
        if len(repr(value)) < _ROOM:
            continue
        told = "; ".join(filter(None, [brief(value, _LONGEST), which]))
        in_text = told.replace("\\", r"\\").replace("{", "{{").replace("}", "}}")
        words = re.sub(rf"(?<!\{{)\{{\s*{re.escape(written)}\s*\}}(?!\}})", in_text, words)
    try:
        return steady(shorten(fill(words, names), _ROOM))
    except ExpressionError:
        return ""


def _seen(seen: Mapping[str, Any], broken: Mapping[str, str]) -> str:
    """What the expression looked at, in plain words."""
    parts = [part for name, value in seen.items() for part in _parts(name, value, broken)]
    return listed(parts) if parts else "what was observed is not what is asked for"


def _parts(name: str, value: Any, broken: Mapping[str, str]) -> list[str]:
    if name in _BY_OPERATION and isinstance(value, dict):
        told = {operation: one for operation, one in value.items() if one} or value
        return [
            f"{_BY_OPERATION[name].format(operation)}: {_shown(one)}{_more(broken.get(f'{name}[{operation!r}]'))}"
            for operation, one in told.items()
        ]
    unit = " s" if name == "elapsed" else ""
    before = f"{_WORDS[name]} " if name in _WORDS else f"{name}: "
    return [f"{before}{_shown(value)}{unit}{_more(broken.get(name))}"]


def _more(which: str | None) -> str:
    return f"; {which}" if which else ""


def _shown(value: Any) -> str:
    return article(value.type) if isinstance(value, Opaque) else brief(value, _LONGEST)
