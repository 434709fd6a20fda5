"""Of several attempts at an exercise the one that counts, told before grading where it can be; the others are listed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.batch.grading import Graded
from grader.feedback.gradebook import Line
from grader.intake.attempts import Attempt, Policy
from grader.intake.model import Handed, Intake, Stray

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """`intake` is what was taken in, with the attempts that do not count among the strays."""

    intake: Intake
    graded: Graded


def to_grade(intake: Intake, policy: Policy) -> Intake:
    """What has to be graded: with a policy that needs no points, only what counts."""
    if policy.needs_points:
        return intake
    kept, strays = list[Handed](), list(intake.strays)
    for items in _by_exercise(intake.handed).values():
        count = policy.chosen([_attempt(item, None) for item in items]).number
        kept += [item for item in items if item.attempt == count]
        strays += [_other(item, count) for item in items if item.attempt != count]
    return replace(intake, handed=tuple(kept), strays=tuple(strays))


def counted(intake: Intake, graded: Graded, policy: Policy) -> Counted:
    """One line for each learner and exercise. Where an attempt waits to be graded, nobody knows yet which one counts."""
    lines = {(line.learner, line.exercise, line.file): line for line in graded.lines}
    kept, strays = list[Line](), list(intake.strays)
    for items in _by_exercise(intake.handed).values():
        found = {item.attempt: lines.get((item.learner, item.exercise, item.file)) for item in items}
        if any(line is None for line in found.values()):
            continue
        count = policy.chosen([_attempt(item, found[item.attempt]) for item in items]).number
        kept += [line for attempt, line in found.items() if line is not None and attempt == count]
        strays += [_other(item, count, found[item.attempt]) for item in items if item.attempt != count]
    return Counted(replace(intake, strays=tuple(strays)), replace(graded, lines=tuple(kept)))


def _by_exercise(handed: Sequence[Handed]) -> Mapping[Key, list[Handed]]:
    found: dict[Key, list[Handed]] = defaultdict(list)
    for item in handed:
        found[item.learner, item.exercise].append(item)
    return found


def _attempt(item: Handed, line: Line | None) -> Attempt:
    known = line is not None and line.verdict is not None and line.standing != "error"
    possible = line.verdict.max_points if line is not None and line.verdict is not None else 1.0
    return Attempt(item.attempt, line.points if known and line else None, possible, item.submitted, item.late)


def _other(item: Handed, count: int, line: Line | None = None) -> Stray:
    earned = ""
    if line is not None:
        earned = " could not be marked" if line.standing == "error" else f" earned {line.points:g} points"
    return Stray(item.file, f"attempt {item.attempt} at {item.exercise}{earned}; attempt {count} counts")
