"""Proofreading of what is drawn: vars, conditions and cases, visible and hidden.

A value sees only the values above it: so drawing goes once from top to bottom.
"""

from collections.abc import Sequence
from typing import Any

from grader.course.draws import MAX_LIST
from grader.course.model import CaseSpec, Draw
from grader.course.nearest import did_you_mean
from grader.course.proof import Proof, is_amount
from grader.course.shapes import seen
from grader.course.yaml_marks import Path

DRAWS = ("number", "int", "word", "choice", "shuffle")


def drawn_kinds(draw: Draw) -> list[str]:
    """The keys that say what is drawn."""
    return [name for name in DRAWS if getattr(draw, name) not in (None, False)]


def proofread_vars(proof: Proof) -> None:
    order = list(proof.file.vars)
    for name, value in proof.file.vars.items():
        path: Path = ("vars", name)
        proof.name(path, name, "var")
        above, later = frozenset(order[: order.index(name)]), order[order.index(name) :]
        if isinstance(value, Draw):
            _draw(proof, path, value)
            for part in ("list", "shuffle", "choice"):
                proof.value((*path, part), getattr(value, part), above, later)
        else:
            proof.value(path, value, above, later)
    for at, condition in enumerate(proof.file.such_that):
        proof.value(("such_that", at), condition, proof.declared.vars)


def _draw(proof: Proof, path: Path, draw: Draw) -> None:
    kinds = drawn_kinds(draw)
    if len(kinds) != 1 and proof.sure_of(path, *(() if kinds else DRAWS)):
        what = f"has {' and '.join(kinds)}" if kinds else "says nothing of what is drawn"
        proof.tell(path, f"the draw {path[-1]!r} {what}; give it exactly one of {', '.join(DRAWS)}")
    for kind in ("number", "int"):
        bounds = getattr(draw, kind)
        if bounds is not None and len(bounds) == 2 and bounds[0] > bounds[1]:
            proof.add((*path, kind), f"the range {bounds} of {path[-1]!r} ends below its start; swap the two")
    if draw.choice == []:
        proof.add((*path, "choice"), f"{path[-1]!r} has nothing to choose from; give at least one value")
    if draw.step is not None and draw.number is None and kinds and proof.sure_of(path, "number"):
        proof.tell((*path, "step"), f"'step' of {path[-1]!r} is for 'number' only; remove it")
    if draw.distinct and draw.list is None and proof.sure_of(path, "list"):
        proof.tell((*path, "distinct"), f"'distinct' of {path[-1]!r} is for lists; add 'list', or remove it")
    if draw.shuffle is not None and draw.list is not None:
        proof.add((*path, "list"), f"{path[-1]!r} is a list already, because it is shuffled; remove 'list'")
    if not (draw.list is None or _is_count(draw.list)):
        proof.add(
            (*path, "list"),
            f"'list' of {path[-1]!r} is {seen(draw.list)}; it must be a whole number or an expression, at most {MAX_LIST}",
        )


def _is_count(value: Any) -> bool:
    return is_amount(value, whole=True) and (isinstance(value, str) or value <= MAX_LIST)


def proofread_cases(proof: Proof, cases: Sequence[CaseSpec]) -> None:
    """`cases` of the proof's own document."""
    proof.unique(((("cases", at, "name"), case.name) for at, case in enumerate(cases)), "case")
    for at, case in enumerate(cases):
        _case(proof, ("cases", at), case)


def _case(proof: Proof, path: Path, case: CaseSpec) -> None:
    order = list(proof.file.vars)
    known = proof.declared.vars
    for name, value in case.with_.items():
        place: Path = (*path, "with", name)
        if known is not None and name not in known:
            why = did_you_mean(name, known) or "; there are no vars"
            proof.tell(place, f"'with' fixes {seen(name)}, which is no var{why}")
            proof.value(place, value, known)
        else:
            at = order.index(name) if name in order else 0
            proof.value(place, value, known and frozenset(order[:at]), order[at:])
            _drawn_so(proof, place, value, proof.file.vars.get(name))
    for at, condition in enumerate(case.such_that):
        proof.value((*path, "such_that", at), condition, known)
    entries = proof.declared.entries
    for at, entry in enumerate(case.only):
        if entries is not None and entry not in entries:
            message = f"'only' names {entry!r}, which is no entry{did_you_mean(entry, entries)}"
            proof.add((*path, "only", at), message)
    proof.value((*path, "cancel_at"), case.cancel_at, known)
    if not is_amount(case.cancel_at):
        message = f"'cancel_at' is {seen(case.cancel_at)}; it must be a number from 0 on, or an expression"
        proof.add((*path, "cancel_at"), message)
    if case.repeat > 1 and case.cancel_at is not None:
        message = f"case {case.name!r} repeats the entry, which is cancelled once; remove 'repeat', or 'cancel_at'"
        proof.add((*path, "repeat"), message)
    _repeats(proof, path, case)
    _checks(proof, path, case)
    for name, asked in proof.file.entries.items():
        if case.omit > len(asked.args) and case.runs(name) and proof.sure_of(("entries", name), "args"):
            has = f"{name!r} has {len(asked.args)}"
            message = f"case {case.name!r} omits {case.omit} arguments, and {has}; name fewer, or others under 'only'"
            proof.add((*path, "omit"), message)


def _drawn_so(proof: Proof, place: Path, value: Any, var: Any) -> None:
    """What a case fixes is of the kind that would be drawn: YAML reads `no` as false and `1` as a number."""
    if not isinstance(var, Draw) or value is None or _is_written(value) or not proof.sure(("vars", place[-1])):
        return
    kinds = drawn_kinds(var)
    if len(kinds) != 1 or kinds[0] not in _FIXED:
        return
    types, called = _FIXED[kinds[0]]
    if isinstance(value, list) != (var.list is not None):
        asked = "a list is drawn for it" if var.list is not None else f"one {called} is drawn for it"
        proof.add(place, f"'with' fixes {place[-1]!r} at {seen(value)}, and {asked}; fix it at such a one")
        return
    items = enumerate(value) if isinstance(value, list) else [(None, value)]
    for at, item in items:
        if item is not None and type(item) not in types and not _is_written(item):
            remedy = "quote it" if kinds == ["word"] else "write such a one"
            told = f"'with' fixes {place[-1]!r} at {seen(item)}, and what is drawn for it is a {called}; {remedy}"
            proof.add(place if at is None else (*place, at), told)


def _is_written(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


# A number that would not be drawn may be meant, and so may nothing at all, in the place of a default.
_FIXED = {"word": ((str,), "text"), "int": ((int, float), "whole number"), "number": ((int, float), "number")}


def _checks(proof: Proof, path: Path, case: CaseSpec) -> None:
    asked = {name: [one.id for one in entry.checks] for name, entry in proof.file.entries.items() if case.runs(name)}
    known = {one for ids in asked.values() for one in ids}
    for at, name in enumerate(case.checks):
        if asked and name not in known and all(proof.sure_of(("entries", entry), "checks") for entry in asked):
            message = f"'checks' names {name!r}, which is no check of what the case runs{did_you_mean(name, known)}"
            proof.add((*path, "checks", at), message)
    for entry, ids in asked.items():
        if case.checks and known.issuperset(case.checks) and not set(ids).intersection(case.checks):
            message = f"case {case.name!r} runs {entry!r}, and is for none of its checks; name the others under 'only'"
            proof.add((*path, "checks"), message)


def _repeats(proof: Proof, path: Path, case: CaseSpec) -> None:
    drawn = {name for name, value in proof.file.vars.items() if isinstance(value, Draw)}
    if case.draws > 1 and proof.declared.vars is not None and drawn <= case.with_.keys():
        message = f"case {case.name!r} has {case.draws} draws, and draws nothing; remove 'draws'"
        proof.add((*path, "draws"), message)
