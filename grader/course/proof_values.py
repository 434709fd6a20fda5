"""Proofreading of what is drawn: vars, conditions and cases, visible and hidden.

A value sees only the values above it: so drawing goes once from top to bottom.
"""

from collections.abc import Sequence
from typing import Any

from grader.course.model import CaseSpec, Draw
from grader.course.nearest import did_you_mean
from grader.course.proof import Proof
from grader.course.yaml_marks import Path

DRAWS = ("number", "int", "word", "choice", "shuffle")


def drawn_kinds(draw: Draw) -> list[str]:
    """The keys that say what is drawn."""
    return [name for name in DRAWS if getattr(draw, name) not in (None, False)]


def proofread_vars(proof: Proof) -> None:
    order = list(_written(proof))
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


def _written(proof: Proof) -> Sequence[str]:
    """All vars in their order, also those that could not be read (they stand above all, lest they be missed)."""
    missing = (proof.declared.vars or frozenset()) - proof.file.vars.keys()
    return [*sorted(missing), *proof.file.vars]


def _draw(proof: Proof, path: Path, draw: Draw) -> None:
    kinds = drawn_kinds(draw)
    if len(kinds) != 1:
        seen = f"has {' and '.join(kinds)}" if kinds else "says nothing of what is drawn"
        proof.add(path, f"the draw {path[-1]!r} {seen}; give it exactly one of {', '.join(DRAWS)}")
    for kind in ("number", "int"):
        bounds = getattr(draw, kind)
        if bounds is not None and bounds[0] > bounds[1]:
            proof.add((*path, kind), f"the range {bounds} of {path[-1]!r} ends below its start; swap the two")
    if draw.choice == []:
        proof.add((*path, "choice"), f"{path[-1]!r} has nothing to choose from; give at least one value")
    if draw.step is not None and draw.number is None:
        proof.add((*path, "step"), f"'step' of {path[-1]!r} is for 'number' only; remove it")
    if draw.distinct and draw.list is None:
        proof.add((*path, "distinct"), f"'distinct' of {path[-1]!r} is for lists; add 'list', or remove it")
    if draw.shuffle is not None and draw.list is not None:
        proof.add((*path, "list"), f"{path[-1]!r} is a list already, because it is shuffled; remove 'list'")
    if not (draw.list is None or _is_count(draw.list)):
        proof.add(
            (*path, "list"), f"'list' of {path[-1]!r} is {draw.list!r}; it must be a whole number or an expression"
        )


def _is_count(value: Any) -> bool:
    if isinstance(value, str):
        return value.startswith("=")
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def proofread_cases(proof: Proof, cases: Sequence[CaseSpec]) -> None:
    """`cases` of the proof's own document."""
    proof.unique(((("cases", at, "name"), case.name) for at, case in enumerate(cases)), "case")
    for at, case in enumerate(cases):
        _case(proof, ("cases", at), case)


def _case(proof: Proof, path: Path, case: CaseSpec) -> None:
    order = list(_written(proof))
    known = proof.declared.vars
    for name, value in case.with_.items():
        place: Path = (*path, "with", name)
        if known is not None and name not in known:
            proof.add(place, f"'with' fixes {name!r}, which is no var{did_you_mean(name, known)}")
        else:
            at = order.index(name) if name in order else 0
            proof.value(place, value, known and frozenset(order[:at]), order[at:])
    for at, condition in enumerate(case.such_that):
        proof.value((*path, "such_that", at), condition, known)
    for at, entry in enumerate(case.only):
        if entry not in proof.declared.entries:
            proof.add((*path, "only", at), f"'only' names {entry!r}, which is no entry{_entries(proof, entry)}")
    proof.value((*path, "cancel_at"), case.cancel_at, known)
    _repeats(proof, path, case)


def _entries(proof: Proof, entry: str) -> str:
    return did_you_mean(entry, proof.declared.entries)


def _repeats(proof: Proof, path: Path, case: CaseSpec) -> None:
    drawn = {name for name, value in proof.file.vars.items() if isinstance(value, Draw)}
    complete = proof.declared.vars == proof.file.vars.keys()
    if case.draws > 1 and complete and drawn <= case.with_.keys():
        proof.add((*path, "draws"), f"case {case.name!r} has {case.draws} draws, and draws nothing; remove 'draws'")
