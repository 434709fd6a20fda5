"""Proofreading of lists of names: one that stands there twice was meant to be another."""

from collections.abc import Iterable

from grader.course.check_model import HygieneCheck, RelationCheck, SourceCheck
from grader.course.document import Path
from grader.course.proof import Proof


def proofread_lists(proof: Proof) -> None:
    for path, items in _lists(proof):
        places = (((*path, at), str(item)) for at, item in enumerate(items) if (*path, at) not in proof.holes)
        proof.unique(places, f"in {path[-1]!r},", "remove it, or write what you meant")


def _lists(proof: Proof) -> Iterable[tuple[Path, list[str] | list[int]]]:
    file = proof.file
    for key in ("concepts", "hints", "docs", "prerequisites", "covers"):
        yield (key,), getattr(file, key)
    for key in ("records", "replaces"):
        yield ("world", key), getattr(file.world, key)
    for number, case in enumerate(file.cases):
        yield ("cases", number, "only"), case.only
    for number, misconception in enumerate(file.misconceptions):
        yield ("misconceptions", number, "when", "fails"), misconception.when.fails
    yield from _lists_of_checks(proof)


def _lists_of_checks(proof: Proof) -> Iterable[tuple[Path, list[str]]]:
    for name, entry in proof.file.entries.items():
        for at, check in enumerate(entry.checks):
            path: Path = ("entries", name, "checks", at)
            if isinstance(check, RelationCheck):
                yield (*path, "relation", "is"), [str(one) for one in check.relation.is_]
            elif isinstance(check, HygieneCheck) and isinstance(check.hygiene, list):
                yield (*path, "hygiene"), [str(one) for one in check.hygiene]
            elif isinstance(check, SourceCheck):
                for rule in ("require", "forbid", "once"):
                    yield (*path, "source", rule), getattr(check.source, rule)
