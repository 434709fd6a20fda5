"""Proofreading of the policy in `course.yaml`, wherever it stands: every date is a moment, and every penalty is one."""

from collections.abc import Iterator

from grader.course.document import Path
from grader.course.due import read_due
from grader.course.model import CourseFile
from grader.course.policy_model import Late, Policy, overlaid
from grader.course.salvage import Salvaged
from grader.errors import Problem


def policy_of(file: CourseFile, path: Path) -> Policy:
    """The policy of the exercise that is listed at `path`: its own before the unit's, before the course's."""
    _, unit, _, place = path
    of_unit = file.units[int(unit)]
    own = of_unit.exercises[int(place)].policy
    return overlaid(overlaid(file.policy, of_unit.policy), own)


def proofread_policy(course: Salvaged[CourseFile]) -> list[Problem]:
    told = [
        course.document.problem(path, message)
        for place, policy in _policies(course.value)
        for path, message in (*_due(place, policy), *_late(place, policy.late))
        if course.sure(*path)
    ]
    return [*told, *_weights(course)]


def _policies(file: CourseFile) -> Iterator[tuple[Path, Policy]]:
    yield ("policy",), file.policy
    for at, unit in enumerate(file.units):
        yield ("units", at, "policy"), unit.policy
        for place, one in enumerate(unit.exercises):
            yield ("units", at, "exercises", place, "policy"), one.policy


def _due(place: Path, policy: Policy) -> Iterator[tuple[Path, str]]:
    if policy.due:
        try:
            read_due(policy.due)
        except ValueError as error:
            yield (*place, "due"), f"'due' is {policy.due!r}, which {error}"


def _late(place: Path, late: Late | None) -> Iterator[tuple[Path, str]]:
    if late is None:
        return
    path = (*place, "late")
    if (late.percent is None) == (late.points is None):
        both = "both 'percent' and 'points'" if late.percent is not None else "neither 'percent' nor 'points'"
        yield path, f"'late' has {both}; write one of them"
    if late.percent is not None and late.cap is not None and late.cap > 100:
        yield (*path, "cap"), f"'cap' is {late.cap:g}, and a percentage here; it must be at most 100"


def _weights(course: Salvaged[CourseFile]) -> Iterator[Problem]:
    units = course.value.units
    given = [unit.weight for unit in units if unit.weight is not None]
    if not given or not all(course.sure("units", at, "weight") for at in range(len(units))):
        return
    for at, unit in enumerate(units):
        if unit.weight is None:
            message = f"unit {unit.id!r} has no 'weight', and others have one; give one to each, or to none"
            yield course.document.problem(("units", at), message)
    if not any(given):
        message = "the weights of all units are 0, so nothing would count; give one of them more"
        yield course.document.problem(("units", 0, "weight"), message)
