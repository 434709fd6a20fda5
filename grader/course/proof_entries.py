"""Proofreading of the entries: their arguments, and every check with what it selects and compares.

A check that could not fail, because nothing is asked of it, is a mistake.
"""

import ast
import os
from collections.abc import Callable
from typing import Any

from grader.course.check_model import (
    AtReturn,
    AtReturnCheck,
    Bounds,
    CallsCheck,
    CancelledCheck,
    Check,
    CleanedCheck,
    ConcurrencyCheck,
    ElapsedCheck,
    EndsInOrderCheck,
    HygieneCheck,
    ParallelCheck,
    PythonCheck,
    RaisesCheck,
    RelationCheck,
    ResultCheck,
    SequentialCheck,
    SourceCheck,
    StartsInOrderCheck,
    TasksCheck,
)
from grader.course.model import Entry
from grader.course.nearest import did_you_mean
from grader.course.proof import Names, Proof, joined
from grader.course.yaml_marks import Path, shown
from grader.errors import Problem

Part = tuple[Path, Any]


def proofread_entries(proof: Proof) -> None:
    for name, entry in proof.file.entries.items():
        path: Path = ("entries", name)
        proof.name(path, name, "entry")
        proof.value((*path, "args"), entry.args, joined(proof.declared.values, proof.declared.operations))
        _ticker(proof, path, entry)
        proof.unique((((*path, "checks", at, "id"), check.id) for at, check in enumerate(entry.checks)), "check")
        for at, check in enumerate(entry.checks):
            proofread_check(proof, (*path, "checks", at), check)
    _all_run(proof)


def _ticker(proof: Proof, path: Path, entry: Entry) -> None:
    operations = proof.file.world.operations
    if entry.ticker is None or proof.declared.operations is None:
        return
    if entry.ticker not in proof.declared.operations:
        why = did_you_mean(entry.ticker, operations)
        proof.add((*path, "ticker"), f"the ticker {entry.ticker!r} is no operation{why}")
    elif entry.ticker in operations and not (operations[entry.ticker].plain and not operations[entry.ticker].params):
        proof.add((*path, "ticker"), f"the ticker {entry.ticker!r} must be plain, without params; add 'plain: true'")


def _all_run(proof: Proof) -> None:
    # Where no case could be read, that is the mistake.
    for name in proof.file.entries:
        if proof.file.cases and not any(not case.only or name in case.only for case in proof.file.cases):
            proof.add(("entries", name), f"entry {name!r} is run by no visible case; add it to 'only' of one")


def proofread_check(proof: Proof, path: Path, check: Check) -> None:
    for name, value in check.for_each.items():
        proof.name((*path, "for_each", name), name, "the name in 'for_each',")
        proof.value((*path, "for_each", name), value, proof.declared.values)
    names: Names | None = joined(proof.declared.values, frozenset(check.for_each))
    for place, selector in selectors_of(check):
        proof.selector((*path, *place), selector, names)
    for place, value in values_of(check):
        proof.value((*path, *place), value, names)
    lack = _lack(check)
    if lack:
        proof.add(path, f"check {check.id!r} {lack}")
    if isinstance(check, PythonCheck):
        _python(proof, path, check)


def _python(proof: Proof, path: Path, check: PythonCheck) -> None:
    file, _, name = check.python.partition(":")
    try:
        with open(os.path.join(proof.folder, file), "rb") as code:
            tree = ast.parse(code.read())
    except OSError:
        proof.add((*path, "python"), f"there is no file {file!r} beside the exercise; write it")
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        proof.problems.append(
            Problem(shown(os.path.join(proof.folder, file)), line, "not valid Python; mend the syntax")
        )
    else:
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if name not in functions:
            why = did_you_mean(name, functions) or "; write it"
            proof.add((*path, "python"), f"there is no function {name!r} in {file}{why}")


def _listed(key: str, value: Any) -> list[Part]:
    """A selector, or a list of them; an expression is neither."""
    if isinstance(value, list):
        return [((key, at), item) for at, item in enumerate(value)]
    return [] if value.startswith("=") else [((key,), value)]


def selectors_of(check: Check) -> list[Part]:
    """Every selector of `check` with its place in it."""
    for kind, keys in _SELECTORS.items():
        if isinstance(check, kind):
            return [part for key in keys for part in _listed(key, getattr(check, key))]
    if isinstance(check, RelationCheck):
        return [(("relation", "a"), check.relation.a), (("relation", "b"), check.relation.b)]
    if isinstance(check, AtReturnCheck) and isinstance(check.at_return, AtReturn):
        parts = _listed("running", check.at_return.running) + _listed("finished", check.at_return.finished)
        return [(("at_return", *place), selector) for place, selector in parts]
    return []


_SELECTORS: dict[type[Check], tuple[str, ...]] = {
    CallsCheck: ("calls",),
    StartsInOrderCheck: ("starts_in_order",),
    EndsInOrderCheck: ("ends_in_order",),
    SequentialCheck: ("sequential",),
    ParallelCheck: ("parallel",),
    ConcurrencyCheck: ("concurrency",),
    CancelledCheck: ("cancelled",),
    CleanedCheck: ("cleaned",),
}
_VALUES: dict[type[Check], tuple[str, ...]] = {
    ResultCheck: ("result",),
    RaisesCheck: ("message",),
    CallsCheck: ("count", "at_least", "at_most"),
    ConcurrencyCheck: ("max", "min"),
    StartsInOrderCheck: ("starts_in_order",),
    EndsInOrderCheck: ("ends_in_order",),
    ElapsedCheck: ("elapsed",),
    TasksCheck: ("tasks",),
}


def values_of(check: Check) -> list[Part]:
    """Every value of `check` that may be an expression, with its place in it."""
    parts: list[Part] = [((key,), getattr(check, key)) for key in _VALUES.get(type(check), ())]
    found: list[Part] = []
    for place, value in parts:
        if isinstance(value, Bounds):
            found += [((*place, "at_least"), value.at_least), ((*place, "at_most"), value.at_most)]
        else:
            found.append((place, value))
    return found


def _lack(check: Check) -> str:
    """What must still be said for `check` to be able to fail."""
    for kind, lack in _LACKS.items():
        if isinstance(check, kind):
            return lack(check)
    return ""


def _bounds(value: Any) -> str:
    empty = isinstance(value, Bounds) and value.at_least is None and value.at_most is None
    return "has no bounds; give 'at_least' or 'at_most'" if empty else ""


def _calls(check: Any) -> str:
    if check.count is check.at_least is check.at_most is None:
        return "does not say how often; give 'count', 'at_least' or 'at_most'"
    if check.count is not None and not (check.at_least is check.at_most is None):
        return "has both 'count' and bounds; keep one of them"
    return ""


def _concurrency(check: Any) -> str:
    return "has no bounds; give 'max' or 'min'" if check.max is check.min is None else ""


def _at_return(check: Any) -> str:
    empty = isinstance(check.at_return, AtReturn) and not (check.at_return.running or check.at_return.finished)
    return "names no operation; give 'running' or 'finished'" if empty else ""


def _relation(check: Any) -> str:
    return "" if check.relation.is_ else "names no relation; give at least one under 'is'"


def _source(check: Any) -> str:
    rules = check.source
    return "" if rules.require or rules.forbid or rules.once else "has no rule; give 'require', 'forbid' or 'once'"


def _at_least(key: str, least: int) -> Callable[[Any], str]:
    def lack(check: Any) -> str:
        value = getattr(check, key)
        short = isinstance(value, list) and len(value) < least
        return (
            f"selects too little; give {key!r} at least {least} {'selector' if least == 1 else 'selectors'}"
            if short
            else ""
        )

    return lack


def _hygiene(check: Any) -> str:
    return "has no rule; write 'hygiene: default' for all" if check.hygiene == [] else ""


_LACKS: dict[type[Check], Callable[[Any], str]] = {
    CallsCheck: _calls,
    ElapsedCheck: lambda check: _bounds(check.elapsed),
    TasksCheck: lambda check: _bounds(check.tasks),
    ConcurrencyCheck: _concurrency,
    AtReturnCheck: _at_return,
    RelationCheck: _relation,
    SourceCheck: _source,
    HygieneCheck: _hygiene,
    StartsInOrderCheck: _at_least("starts_in_order", 2),
    EndsInOrderCheck: _at_least("ends_in_order", 2),
    SequentialCheck: _at_least("sequential", 2),
    ParallelCheck: _at_least("parallel", 2),
    CancelledCheck: _at_least("cancelled", 1),
    CleanedCheck: _at_least("cleaned", 1),
}
