"""Cases: an exercise and a seed made concrete, the same on every Python.

All entries of a case share its values. The runner's seed and the values derive from the seed one way and apart, so that
neither tells anything about the other.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from grader.course.draws import draw
from grader.course.expressions import ExpressionError, evaluate
from grader.course.model import Case, CaseSpec, Draw, Exercise
from grader.course.yaml_marks import Path, read_yaml, shown
from grader.errors import CourseError, Problem

MAX_TRIES = 1_000


def cases_of(exercise: Exercise, seed: str, *, hidden: bool) -> tuple[Case, ...]:
    """One case for each case of the file, draw and entry, in this order; with `hidden`, the hidden ones last.

    Raises CourseError where values cannot be drawn.
    """
    found = [*_expand(exercise, exercise.file.cases, seed, hidden=False)]
    if hidden:
        found += _expand(exercise, exercise.hidden, seed, hidden=True)
    return tuple(found)


def hidden_count(exercise: Exercise) -> int:
    """How many cases `hidden` adds."""
    return sum(spec.draws * len(_entries(exercise, spec)) for spec in exercise.hidden)


def _entries(exercise: Exercise, spec: CaseSpec) -> list[str]:
    return [name for name in exercise.file.entries if not spec.only or name in spec.only]


def _expand(
    exercise: Exercise, specs: tuple[CaseSpec, ...] | list[CaseSpec], seed: str, *, hidden: bool
) -> Iterator[Case]:
    for at, spec in enumerate(specs):
        for number in range(1, spec.draws + 1) if spec.draws > 1 else [0]:
            place = f"{seed}/{exercise.slug}/{spec.name}/{number}"
            try:
                values = draw_values(exercise, spec, _derived("draw", place))
                cancel_at = _seconds(evaluate(spec.cancel_at, values))
            except ExpressionError as error:
                raise CourseError(_problem(exercise, at, spec, str(error), hidden=hidden)) from None
            for entry in _entries(exercise, spec):
                own = _derived("run", f"{place}/{entry}")
                yield Case(entry, spec.name, number, hidden, own, values, cancel_at)


def _derived(purpose: str, place: str) -> str:
    return hashlib.sha256(f"{purpose}/{place}".encode()).hexdigest()


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ExpressionError(f"'cancel_at' is {value!r}; it must be a number of seconds from 0 on")
    return float(value)


def draw_values(exercise: Exercise, spec: CaseSpec, seed: str) -> dict[str, Any]:
    """The values of one draw, in the order of the vars: fixed, computed or drawn until all conditions hold."""
    file = exercise.file
    conditions = [*file.such_that, *spec.such_that]
    chance = any(isinstance(value, Draw) and name not in spec.with_ for name, value in file.vars.items())
    broken = ""
    for turn in range(MAX_TRIES if chance else 1):
        values = _values(file.vars, spec.with_, f"{seed}/{turn}")
        broken = next((condition for condition in conditions if not evaluate(condition, values)), "")
        if not broken:
            return values
    if chance:
        raise ExpressionError(f"{MAX_TRIES} draws in a row did not meet {broken!r}; loosen it, or widen the ranges")
    raise ExpressionError(f"the fixed values do not meet {broken!r}; change them")


def _values(specs: Mapping[str, Any], fixed: Mapping[str, Any], seed: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, spec in specs.items():
        try:
            if name in fixed:
                values[name] = evaluate(fixed[name], values)
            elif isinstance(spec, Draw):
                values[name] = draw(spec, name, seed, values)
            else:
                values[name] = evaluate(spec, values)
        except ExpressionError as error:
            raise ExpressionError(f"{name}: {error}") from None
    return values


def _problem(exercise: Exercise, at: int, spec: CaseSpec, message: str, *, hidden: bool) -> Problem:
    folder = exercise.solutions if hidden and exercise.solutions is not None else exercise.folder
    file = os.path.join(folder, "hidden.yaml" if hidden else "exercise.yaml")
    return problem_at(file, ("cases", at), f"case {spec.name!r}: {message}")


def problem_at(file: str, path: Path, message: str) -> Problem:
    """A problem in a file that was read before: its lines are looked up only now."""
    try:
        return read_yaml(file).problem(path, message)
    except CourseError:
        return Problem(shown(file), 0, message)
