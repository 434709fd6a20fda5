"""Checks: pure functions of what was seen of one run; they import neither the clock nor the runner.

Each kind stands on what the referee witnessed or on what the run reported about itself, and says which.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, Literal

from msgspec import structs

from grader.checks.amounts import calls, elapsed
from grader.checks.at_return import at_return, cancelled, cleaned
from grader.checks.base import NOT_RUN, PASSED, Finding, View, not_yet, without_return
from grader.checks.holds import holds, is_reported
from grader.checks.hygiene import hygiene
from grader.checks.order import ends_in_order, sequential, starts_in_order
from grader.checks.outcome import raises, result
from grader.checks.overlap import concurrency, parallel, relation
from grader.checks.python_check import python
from grader.checks.source import Source, check_pattern
from grader.checks.source_check import source
from grader.checks.tasks import tasks
from grader.course import check_model as kinds

__all__ = ["EVIDENCE", "SEES_WORK", "Finding", "Source", "View", "check_pattern", "evidence_of", "kind_of", "run_check"]

Evidence = Literal["witnessed", "reported"]

# The reasons stand in docs/checks.md.
EVIDENCE: Mapping[str, Evidence] = {
    "result": "witnessed",
    "raises": "witnessed",
    "calls": "witnessed",
    "starts_in_order": "witnessed",
    "ends_in_order": "witnessed",
    "elapsed": "witnessed",
    "sequential": "witnessed",
    "parallel": "witnessed",
    "relation": "witnessed",
    "concurrency": "witnessed",
    "at_return": "witnessed",
    "cancelled": "witnessed",
    "cleaned": "witnessed",
    "tasks": "reported",
    "source": "reported",
    "hygiene": "reported",
    "holds": "witnessed",
    "python": "reported",
}

# The kinds that cannot pass unless operations were done, or unless a drawn answer was given.
SEES_WORK = frozenset(
    {"result", "raises", "calls", "starts_in_order", "ends_in_order", "sequential", "parallel"}
    | {"relation", "concurrency", "cancelled", "cleaned"}
)

_RUN: Mapping[type[kinds.Check], Callable[[Any, View], Finding]] = {
    kinds.ResultCheck: result,
    kinds.RaisesCheck: raises,
    kinds.CallsCheck: calls,
    kinds.StartsInOrderCheck: starts_in_order,
    kinds.EndsInOrderCheck: ends_in_order,
    kinds.ElapsedCheck: elapsed,
    kinds.SequentialCheck: sequential,
    kinds.ParallelCheck: parallel,
    kinds.RelationCheck: relation,
    kinds.ConcurrencyCheck: concurrency,
    kinds.AtReturnCheck: at_return,
    kinds.CancelledCheck: cancelled,
    kinds.CleanedCheck: cleaned,
    kinds.TasksCheck: tasks,
    kinds.SourceCheck: source,
    kinds.HygieneCheck: hygiene,
    kinds.HoldsCheck: holds,
    kinds.PythonCheck: python,
}

# msgspec makes what it says of a struct anew whenever it is asked
_KINDS: Mapping[type[kinds.Check], str] = {check: str(check.__struct_config__.tag) for check in _RUN}


def kind_of(check: kinds.Check) -> str:
    """The kind as YAML and verdicts name it."""
    return _KINDS[type(check)]


def evidence_of(check: kinds.Check) -> Evidence:
    """What this very check stands on: one that states a relation stands on what it names."""
    if isinstance(check, kinds.HoldsCheck) and is_reported(check):
        return "reported"
    return EVIDENCE[kind_of(check)]


def run_check(check: kinds.Check, view: View) -> Finding:
    """What `check` finds in one run; the author's own help comes before ours, unless that is particular.

    Whatever this raises is the course's fault: an expression that cannot be evaluated, a Python check that fails.
    """
    if view.record.outcome.kind in NOT_RUN:
        return PASSED if _is_warning(check) else not_yet(without_return(view))
    for one in _each(check, view) if check.for_each else (view,):
        found = _RUN[type(check)](check, one)
        if not found.passed:
            told = found if found.particular else replace(found, help=check.help or found.help)
            return replace(told, passed=_is_warning(check))
    return PASSED


def _is_warning(check: kinds.Check) -> bool:
    """What it finds is said, and costs nothing."""
    return isinstance(check, kinds.SourceCheck) and check.level == "warn"


def _each(check: kinds.Check, view: View) -> Iterator[View]:
    """The view once for each value of `for_each`, with that value among its names."""
    values = [[(name, item) for item in view.value(items)] for name, items in check.for_each.items()]
    for chosen in product(*values):
        yield structs.replace(view, names={**view.names, **dict(chosen)})
