"""One program against its role: the stub earns nothing, a right one everything, a wrong one is caught by its own name.

Proved over many seeds, because what is drawn may hide a difference that another draw shows.
"""

from collections.abc import Iterator, Sequence

from grader.authoring.programs import MOST_OF_THE_POINTS, Program, submitted
from grader.course.model import Exercise
from grader.course.yaml_marks import shown
from grader.errors import Problem
from grader.grading import grade
from grader.grading.marks import NO_WORK
from grader.verdict import CheckResult, Own, Verdict


def prove(exercise: Exercise, program: Program, seeds: int) -> list[Problem]:
    """What is not as promised, each kind once, with the first seed that shows it."""
    found: dict[str, str] = {}
    handed = submitted(exercise, program.path) if exercise.is_adopted else program.path
    for number in range(seeds):
        seed = f"{exercise.slug}/{number}"
        verdict = grade(exercise, handed, seed=seed, hidden=True, filename=str(program.path))
        for what, message in _complaints(program, verdict):
            found.setdefault(what, f"{message} (seed {seed!r})")
        if found:
            break  # one seed is enough to mend it by
    return [Problem(shown(program.path), 0, message) for message in found.values()]


def _complaints(program: Program, verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.status == "error":
        first, *others = verdict.error.splitlines() or [""]
        more = f"; and {len(others)} more, in other cases or checks" if others else ""
        yield "error", f"could not be graded: {first}{more}"
    elif program.role == "stub" and verdict.points:
        yield "stub", f"the stub earns {verdict.points:g} points; it must earn none, add a gate to the checks it passes"
    elif program.role == "right":
        yield from _not_full(verdict)
    elif program.role == "wrong":
        yield from _not_caught(program, verdict)


def _not_full(verdict: Verdict) -> Iterator[tuple[str, str]]:
    every = [check for check in verdict.checks if check.status != "passed"]
    failed = every[0] if every else None
    if verdict.points != verdict.max_points or failed is not None:
        reason = f"{failed.entry}, case {failed.case}, check {failed.id}: {failed.rationale}" if failed else "no work"
        remedy = (
            "; say 'work: false' where an entry needs no operation" if failed and failed.rationale == NO_WORK else ""
        )
        yield (
            "full",
            f"earns {verdict.points:g} of {verdict.max_points:g} points and must earn all; {reason}{remedy}{_others(every)}",
        )
    if isinstance(verdict.own, Own) and verdict.own.passed is False:
        remedy = "mend the files beside the reference, or say 'under: provided' where a check cannot hold with them"
        yield "own", f"is not right with its own earlier files: {verdict.own.says} {remedy}"


_MOST_OTHERS = 6


def _others(failed: Sequence[CheckResult]) -> str:
    """The checks that are not met beside the first, each once: who mends one at a time has to know how many there are."""
    names = list(dict.fromkeys(f"{check.entry}, {check.id}" for check in failed))[1:]
    more = f"; {len(names) - _MOST_OTHERS} more" if len(names) > _MOST_OTHERS else ""
    return f" [not met either: {'; '.join(names[:_MOST_OTHERS])}{more}]" if names else ""


def _not_caught(program: Program, verdict: Verdict) -> Iterator[tuple[str, str]]:
    one = program.misconception
    assert one is not None
    if verdict.misconception != one.id:
        caught = repr(verdict.misconception) if verdict.misconception else "none"
        yield (
            "caught",
            f"must be caught as {one.id!r}, but is caught as {caught}; mend 'when' or the order of the rules",
        )
    if verdict.points == verdict.max_points:
        yield "points", "earns all points; add a check that it fails"
    elif verdict.points > MOST_OF_THE_POINTS * verdict.max_points and not one.earns_more_because:
        share = f"{verdict.points:g} of {verdict.max_points:g} points"
        yield "points", f"earns {share}, more than 60 %; weigh the checks anew, or say why in 'earns_more_because'"
