"""Proofreading of misconceptions: each asks for something, and for nothing that cannot be.

A rule that names what is not there would never match, and nobody would notice.
"""

from collections.abc import Mapping
from typing import Any

from grader.course.expressions import ExpressionError, looked_up
from grader.course.model import Misconception
from grader.course.nearest import did_you_mean
from grader.course.proof import Names, Proof, joined
from grader.course.yaml_marks import Path

BY_OPERATION = frozenset({"calls", "keys", "starts", "ends", "durations", "in_loop", "in_thread", "at_once"})
OBSERVED: Names = BY_OPERATION | {
    "result",
    "returned",
    "objects",
    "elapsed",
    "tasks",
    "runs",
    "loops",
    "yields",
    "output",
}
# Events that are about nothing that has a name.
NAMELESS = frozenset({"awaited_twice", "missing", "import_error", "unclosed_bracket", "raised"})


def proofread_misconceptions(proof: Proof) -> None:
    found = proof.file.misconceptions
    proof.unique(((("misconceptions", at, "id"), one.id) for at, one in enumerate(found)), "misconception")
    for at, misconception in enumerate(found):
        _misconception(proof, ("misconceptions", at), misconception)


def _misconception(proof: Proof, path: Path, misconception: Misconception) -> None:
    when, place = misconception.when, (*path, "when")
    if not any(getattr(when, name) for name in when.__struct_fields__):
        proof.add(place, f"misconception {misconception.id!r} matches everything; say when")
    entries = proof.declared.entries
    if entries is not None and when.entry is not None and when.entry not in entries:
        proof.add((*place, "entry"), f"{when.entry!r} is no entry{did_you_mean(when.entry, entries)}")
        _fails(proof, place, when.fails, None, entries)
    elif entries is not None:
        _fails(proof, place, when.fails, when.entry, entries)
    _what(proof, place, misconception)
    proof.value((*place, "elapsed"), when.elapsed, proof.declared.values)
    proof.value((*place, "where"), when.where, joined(proof.declared.values, OBSERVED))
    proofread_observed(proof, (*place, "where"), when.where)


def proofread_observed(proof: Proof, path: Path, text: Any) -> None:
    """What is looked up by operation (`keys['get']`) is that of one of the world: of another there is nothing, ever."""
    try:
        found = looked_up(text, BY_OPERATION) if isinstance(text, str) else []
    except ExpressionError:
        return  # told where it is read
    for name, key in found:
        proof.operation(path, key, f"{name}[{key!r}]")


def _what(proof: Proof, path: Path, misconception: Misconception) -> None:
    when = misconception.when
    if when.what is None:
        return
    if when.event is None:
        proof.add((*path, "what"), f"{when.what!r} is what an event was about; say which under 'event'")
    elif when.event in NAMELESS:
        proof.add((*path, "what"), f"{when.event!r} is about nothing that has a name, {when.what!r}; leave 'what' out")


def _fails(proof: Proof, path: Path, fails: list[str], entry: str | None, entries: Mapping[str, Names | None]) -> None:
    asked = [entries[entry]] if entry is not None else list(entries.values())
    known = [ids for ids in asked if ids is not None]
    if len(known) < len(asked):
        return
    every = frozenset().union(*known)
    strange = [(at, name) for at, name in enumerate(fails) if name not in every]
    for at, name in strange:
        where = f" of {entry!r}" if entry is not None else ""
        proof.add((*path, "fails", at), f"{name!r} is no check{where}{did_you_mean(name, every)}")
    if not strange and fails and not any(frozenset(fails) <= ids for ids in known):
        proof.add((*path, "fails"), f"no entry has all of the checks {', '.join(fails)}; name those of one entry")
