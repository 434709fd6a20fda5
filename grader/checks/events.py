"""What happened in a run: whether it did, and what each of it was about.

An event that a rule asks for is a cause and no mere trace: what was left undone only because something else failed is none.
"""

from collections.abc import Callable, Iterable, Mapping

from grader.checks.base import View
from grader.checks.brackets import unclosed
from grader.checks.failures import failures
from grader.checks.reading import blocking_calls
from grader.checks.tasks import redundant
from grader.checks.unawaited import left_unawaited
from grader.course.parts import Event
from grader.referee.facts import Place
from grader.referee.outcome import Kind

Things = tuple[str, ...]
# What Python says, in every version that is supported, when a coroutine object is awaited again.
_TWICE = ("already awaited", "being awaited already")


def things(event: Event, view: View) -> Things | None:
    """What `event` was about, each by its name (none where it has no name); None if it did not happen."""
    return _EVENTS[event](view)


def _places(places: Iterable[Place]) -> Things | None:
    return tuple(place.name for place in places) or None


def _kind(kind: Kind) -> Callable[[View], Things | None]:
    return lambda view: () if view.record.outcome.kind == kind else None


# ---------------------------------------------------------------- how it ended


def _of_its_own(kind: Kind, view: View) -> bool:
    """The program stopped in this way by itself: where a task of the learner's failed first, that is the cause."""
    return view.record.outcome.kind == kind and view.record.facts.first_failure is None


def _deadlock(view: View) -> Things | None:
    waits = tuple(waiting.waits_for for waiting in view.record.facts.waiting)
    return waits if _of_its_own("deadlock", view) else None


def _spinning(kind: Kind) -> Callable[[View], Things | None]:
    def spins(view: View) -> Things | None:
        spinning, outcome = view.record.facts.spinning, view.record.outcome
        return (outcome.detail if spinning is None else spinning.name,) if _of_its_own(kind, view) else None

    return spins


def _wrong_kind(view: View) -> Things | None:
    outcome = view.record.outcome
    found, _, named = outcome.detail.partition(": ")  # `returns value: list`
    told = (found, f"returns {named}") if named else (found,)
    return told if outcome.kind == "wrong_kind" else None


def _unclosed_bracket(view: View) -> Things | None:
    return () if view.record.outcome.kind == "import" and unclosed(view.source.text) else None


# ---------------------------------------------------------------- what was done, or left


def _awaited_twice(view: View) -> Things | None:
    texts = [failure.message for failure in failures(view) if failure.type == "RuntimeError"]
    return () if any(said in text for said in _TWICE for text in texts) else None


def _background(view: View) -> Things | None:
    if view.record.outcome.kind != "result":  # an exception or a stop leaves things behind too, and is another matter
        return None
    left = [row.operation for row in (*view.left(), *view.late())]
    return (*left, *(place.name for place in view.record.facts.pending_at_return)) or None


def _nested_run(view: View) -> Things | None:
    nested = view.record.facts.nested_run
    return None if nested is None else (nested.name,)


def _blocking_call(view: View) -> Things | None:
    seen = tuple(blocked.name for blocked in view.record.facts.blocked)
    return seen or _places(blocking_calls(view.source, view.case.entry))


_EVENTS: Mapping[Event, Callable[[View], Things | None]] = {
    "never_awaited": lambda view: _places(left_unawaited(view)),
    "awaited_twice": _awaited_twice,
    "background_at_return": _background,
    "nested_run": _nested_run,
    "blocking_call": _blocking_call,
    "lost_exception": lambda view: tuple(failure.type for failure in view.record.facts.lost_exceptions) or None,
    "redundant_task": lambda view: _places(redundant(view)),
    "deadlock": _deadlock,
    "livelock": _spinning("livelock"),
    "busy_loop": _spinning("busy_loop"),
    "missing": _kind("missing"),
    "wrong_kind": _wrong_kind,
    "import_error": _kind("import"),
    "unclosed_bracket": _unclosed_bracket,
    "raised": _kind("raised"),
    "refused": lambda view: _places(view.record.facts.refused),
}
