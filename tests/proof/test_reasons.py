"""Programs that are wrong in a way that a rule could take for another: each gets its own reason, or none at all.

The first line of each says which, and how many points it may keep at most where that matters.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.grading import grade
from tests.proof.the_course import EXERCISES, PROGRAMS

BY_MODULE = {exercise.module: exercise for exercise in EXERCISES.values()}
FOUND = sorted((PROGRAMS / "reasons").glob("*/*.py"))
# Those that are stopped after some real seconds only; once is enough for them.
SLOW = {"counter_never_counts"}
SEEDS = 3
_SAID = re.compile(r"# reason: ([a-z-]+)(?:; at most (\d+))?\n")


@dataclass(frozen=True)
class Plan:
    reason: str | None
    points: float


def plan_of(path: Path) -> Plan:
    said = _SAID.match(path.read_text())
    assert said, f"{path}: the first line has to be like '# reason: none; at most 6'"
    return Plan(None if said[1] == "none" else said[1], float(said[2] or BY_MODULE[path.parent.name].points - 0.25))


@pytest.mark.parametrize("path", FOUND, ids=[f"{path.parent.name}/{path.stem}" for path in FOUND])
def test_a_program_is_given_its_own_reason_or_none(path: Path) -> None:
    exercise, plan = BY_MODULE[path.parent.name], plan_of(path)
    for number in range(1 if path.stem in SLOW else SEEDS):
        verdict = grade(exercise, path, seed=f"{exercise.slug}/reasons/{number}", hidden=True)
        assert (verdict.status, verdict.misconception) == ("failed", plan.reason)
        assert verdict.points <= plan.points


def test_each_exercise_has_several_of_them() -> None:
    counted = {module: sum(path.parent.name == module for path in FOUND) for module in BY_MODULE}
    assert {module: count for module, count in counted.items() if count < 3} == {}


def test_a_reason_is_none_or_one_of_the_exercises_own() -> None:
    known = {module: {one.id for one in exercise.file.misconceptions} for module, exercise in BY_MODULE.items()}
    strange = [path.stem for path in FOUND if plan_of(path).reason not in {None, *known[path.parent.name]}]
    assert strange == []
