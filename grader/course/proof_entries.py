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
    HoldsCheck,
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
from grader.course.expressions import complaints, names_in
from grader.course.model import Entry, Operation
from grader.course.nearest import did_you_mean
from grader.course.proof import Names, Proof, is_amount, joined
from grader.course.proof_misconceptions import OBSERVED, proofread_observed
from grader.course.shapes import seen
from grader.course.world_code import read_python
from grader.course.yaml_marks import Path, read_file, shown
from grader.errors import CourseError

Part = tuple[Path, Any]


def proofread_entries(proof: Proof) -> None:
    for name, entry in proof.file.entries.items():
        path: Path = ("entries", name)
        proof.name(path, name, "entry")
        proof.value((*path, "args"), entry.args, joined(proof.declared.values, proof.declared.operations))
        _ticker(proof, path, entry)
        if entry.returns is not None and entry.kind != "function_in_loop":
            message = f"'returns' is for a function that is called while a loop runs, and {name!r} is a {entry.kind}; remove it"
            if proof.sure((*path, "kind")):
                proof.add((*path, "returns"), message)
        proof.unique((((*path, "checks", at, "id"), check.id) for at, check in enumerate(entry.checks)), "check")
        for at, check in enumerate(entry.checks):
            proofread_check(proof, (*path, "checks", at), check)
    for path, another in proof.also:
        _values(proof, path, another)
    _all_run(proof)


def _ticker(proof: Proof, path: Path, entry: Entry) -> None:
    operations = proof.file.world.operations
    if entry.ticker is None or proof.declared.operations is None:
        return
    if entry.ticker not in operations:
        why = did_you_mean(entry.ticker, operations) or "; add one that is plain, or remove 'ticker'"
        proof.tell((*path, "ticker"), f"the ticker {entry.ticker!r} is no operation{why}")
    elif not _ticks(operations[entry.ticker]):
        message = f"the ticker {entry.ticker!r} must be plain, without params; add 'plain: true'"
        if operations[entry.ticker].blocking:
            message = f"the ticker {entry.ticker!r} is blocking, and would hold up the loop; remove 'blocking: true'"
        if proof.sure_of(("world", "operations", entry.ticker), "plain", "params", "blocking", "duration"):
            proof.tell((*path, "ticker"), message)


def _ticks(operation: Operation) -> bool:
    """Plain, or it takes time: what takes none, awaited again and again, would let nobody else have a turn."""
    takes_time = not operation.blocking and operation.duration not in (0, None)
    return not operation.params and (operation.plain or takes_time)


def _all_run(proof: Proof) -> None:
    # Where no case could be read, or one names an entry that is not there, that is the mistake.
    cases, entries = proof.file.cases, proof.file.entries
    if not cases or any(name not in entries for case in cases for name in case.only):
        return
    for name in entries:
        if not any(not case.only or name in case.only for case in cases):
            proof.tell(("entries", name), f"entry {name!r} is run by no visible case; add it to 'only' of one")


def proofread_check(proof: Proof, path: Path, check: Check) -> None:
    for name, value in check.for_each.items():
        proof.name((*path, "for_each", name), name, "the name in 'for_each',")
        proof.value((*path, "for_each", name), value, proof.declared.values)
    _values(proof, path, check)
    lack = _lack(check)
    if lack and proof.sure_of(path, *_own_keys(check)):
        proof.tell(path, f"check {check.id!r} {lack}")
    if isinstance(check, PythonCheck):
        _python(proof, path, check)
    if isinstance(check, SourceCheck) and check.level == "warn":
        for key in ("points", "gate"):
            if getattr(check, key):
                proof.add(
                    (*path, key), f"check {check.id!r} is a warning and costs nothing; remove {key!r}, or 'level'"
                )


def _own_keys(check: Check) -> list[str]:
    return [key for key in check.__struct_fields__ if key not in Check.__struct_fields__]


def _values(proof: Proof, path: Path, check: Check) -> None:
    sure = proof.sure((*path, "for_each"))
    names: Names | None = joined(proof.declared.values, frozenset(check.for_each)) if sure else None
    for place, selector in selectors_of(check):
        proof.selector((*path, *place), selector, names)
    for place, value in values_of(check):
        proof.value((*path, *place), value, names)
    proofread_amounts(proof, path, check)
    if isinstance(check, HoldsCheck):
        _holds(proof, path, check, joined(names, OBSERVED))


def _holds(proof: Proof, path: Path, check: HoldsCheck, names: Names | None) -> None:
    proof.value((*path, "holds"), check.holds, names)
    proof.text((*path, "says"), check.says, names)
    for key, text in (("holds", check.holds), ("says", check.says)):
        proofread_observed(proof, (*path, key), text)
    if not check.holds or complaints(check.holds):  # what cannot be read names nothing that could be looked for
        return
    if names_in(check.holds).isdisjoint(OBSERVED):
        message = f"check {check.id!r} looks at nothing that was observed; name one of {', '.join(sorted(OBSERVED))}"
        proof.add((*path, "holds"), message)


def _python(proof: Proof, path: Path, check: PythonCheck) -> None:
    file, _, name = check.python.partition(":")
    place = os.path.join(proof.folder, file)
    if not proof.sure((*path, "python")):
        return
    if not os.path.isfile(place):
        proof.tell((*path, "python"), f"there is no file {file!r} beside the exercise; write it")
        return
    try:
        tree = read_python(read_file(place), shown(place))
    except CourseError as error:
        proof.problems += error.problems
        return
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    if name not in functions:
        why = did_you_mean(name, functions) or "; write it"
        proof.tell((*path, "python"), f"there is no function {name!r} in {file}{why}")


def _listed(key: str, value: Any, *above: str) -> list[Part]:
    """A selector, or a list of them; an expression is neither, nor is a text that could not be read."""
    if isinstance(value, list):
        return [((*above, key, at), item) for at, item in enumerate(value) if item]
    return [] if value.startswith("=") or not value else [((*above, key), value)]


def selectors_of(check: Check) -> list[Part]:
    """Every selector of `check` with its place in it."""
    for kind, keys in _SELECTORS.items():
        if isinstance(check, kind):
            return [part for key in keys for part in _listed(key, getattr(check, key))]
    if isinstance(check, RelationCheck):
        return _listed("a", check.relation.a, "relation") + _listed("b", check.relation.b, "relation")
    if isinstance(check, AtReturnCheck) and isinstance(check.at_return, AtReturn):
        both = check.at_return
        return _listed("running", both.running, "at_return") + _listed("finished", both.finished, "at_return")
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
    return [part for key in _VALUES.get(type(check), ()) for part in _bounded(key, getattr(check, key))]


def _bounded(key: str, value: Any) -> list[Part]:
    if isinstance(value, Bounds):
        return [((key, "at_least"), value.at_least), ((key, "at_most"), value.at_most)]
    return [((key,), value)]


_WHOLE: dict[type[Check], tuple[str, ...]] = {
    CallsCheck: ("count", "at_least", "at_most"),
    ConcurrencyCheck: ("min", "max"),
    TasksCheck: ("tasks",),
}


def amounts_of(check: Check) -> tuple[list[Part], bool]:
    """The numbers that are compared with what was observed, with their places, and whether they are whole."""
    keys, whole = (("elapsed",), False) if isinstance(check, ElapsedCheck) else (_WHOLE.get(type(check), ()), True)
    return [
        (place, value) for key in keys for place, value in _bounded(key, getattr(check, key)) if value is not None
    ], whole


def proofread_amounts(proof: Proof, path: Path, check: Check) -> None:
    """They are such that it could be so."""
    parts, whole = amounts_of(check)
    for place, value in parts:
        if value != "none_redundant" and not is_amount(value, whole=whole):
            kind = "a whole number" if whole else "a number"
            message = f"{place[-1]!r} is {seen(value)}; it must be {kind} from 0 on, or an expression"
            proof.add((*path, *place), message)
    bounds = {place[-1]: value for place, value in parts if type(value) in (int, float)}
    for low, high in (("at_least", "at_most"), ("min", "max")):
        if low in bounds and high in bounds and bounds[low] > bounds[high]:
            message = (
                f"check {check.id!r} can never pass: {low!r} is {bounds[low]} and {high!r} {bounds[high]}; swap them"
            )
            proof.tell(path, message)


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
