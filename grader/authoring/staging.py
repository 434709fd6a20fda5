"""Every case drawn and its world built, with nothing played: what cannot even begin is told with its own line.

A course that passes this has a value for everything that a check compares, in every case of every seed.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from grader.checks.base import split
from grader.course.cases import draw_cases, problem_at
from grader.course.check_model import Check
from grader.course.expressions import ExpressionError, evaluate, fill
from grader.course.model import Case, Exercise
from grader.course.names import EXERCISE
from grader.course.proof import is_amount
from grader.course.proof_entries import amounts_of, selectors_of, values_of
from grader.course.scripted import misfit
from grader.course.shapes import seen
from grader.course.yaml_marks import Path
from grader.errors import CourseError, Problem
from grader.run.limits import complete
from grader.run.stage import stage_case

MAX_SEEDS = 5  # the others are drawn when the programs are played
CALLS = 3  # of each operation that are looked at; how many there ought to be is not known
Complaint = tuple[Path, str]


def staged(exercise: Exercise, seeds: int) -> list[Problem]:
    """What the first seed shows that shows anything; each line is told once."""
    for seed in (exercise.slug, *(f"{exercise.slug}/{number}" for number in range(min(seeds, MAX_SEEDS)))):
        found = _with_seed(exercise, seed)
        if found:
            return found
    return []


def _with_seed(exercise: Exercise, seed: str) -> list[Problem]:
    cases, found = draw_cases(exercise, seed, hidden=True)
    for case in cases:
        known = {(problem.path, problem.line) for problem in found}
        found += [problem for problem in _staged(exercise, case) if (problem.path, problem.line) not in known]
    return found


def _staged(exercise: Exercise, case: Case) -> list[Problem]:
    try:
        stage = stage_case(exercise, case, complete(exercise.limits))
    except CourseError as error:
        return list(error.problems)
    file, names = os.path.join(exercise.folder, EXERCISE), {**case.values, **stage.gives}
    found = [
        problem_at(file, ("world", "operations", name, part), f"in case {case.name!r}, {unfit}")
        for name, spec in exercise.file.world.operations.items()
        for part in ("duration", "cleanup")
        if (unfit := misfit(spec, part, case.values, CALLS))
    ]
    asked = exercise.called(case).checks
    for at, check in enumerate(exercise.file.entries[case.entry].checks):
        if check not in asked:
            continue
        for place, message in _complaints(check, names):
            path = ("entries", case.entry, "checks", at, *place)
            found.append(problem_at(file, path, f"check {check.id!r} in case {case.name!r}: {message}"))
    return found


def _complaints(check: Check, names: Mapping[str, Any]) -> Iterator[Complaint]:
    try:
        chosen = _choices(check, names)
    except ExpressionError as error:
        yield ("for_each",), f"'for_each' has no value: {error}; mend the expression"
        return
    for more in chosen:
        found = list(_without_value(check, {**names, **more}))
        yield from found
        if found:
            return


def _choices(check: Check, names: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the names of `for_each` stand for, each time."""
    values = []
    for name, items in check.for_each.items():
        found = evaluate(items, names)
        if not isinstance(found, list | tuple | set | frozenset | dict | str):
            raise ExpressionError(f"{items!r} gives {seen(found)}, which has no items")
        values.append([(name, item) for item in found])
    return [dict(chosen) for chosen in product(*values)]


def _without_value(check: Check, names: Mapping[str, Any]) -> Iterator[Complaint]:
    amounts, whole = amounts_of(check)
    for place, selector in selectors_of(check):
        try:
            fill(split(selector)[1] or "", names)
        except ExpressionError as error:
            yield place, f"{seen(selector)} has no value: {error}; mend the expression"
    for place, value in values_of(check):
        try:
            found = evaluate(value, names)
        except ExpressionError as error:
            yield place, f"{seen(value)} has no value: {error}; mend the expression"
        else:
            if (place, value) in amounts and value != "none_redundant" and not _is_amount(found, whole=whole):
                kind = "whole number" if whole else "number"
                yield place, f"{seen(value)} gives {seen(found)}; it must give a {kind} from 0 on"


def _is_amount(value: Any, *, whole: bool) -> bool:
    return not isinstance(value, str) and is_amount(value, whole=whole)
