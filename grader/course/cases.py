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
from grader.course.syntax import shorten
from grader.course.yaml_marks import Path, read_yaml, shown
from grader.errors import CourseError, Problem

MAX_TRIES = 1_000
MAX_SECONDS = 10**9


def cases_of(exercise: Exercise, seed: str, *, hidden: bool) -> tuple[Case, ...]:
    """One case for each case of the file, draw and entry, in this order; with `hidden`, the hidden ones last.

    Raises CourseError with all the cases whose values cannot be drawn.
    """
    found, problems = draw_cases(exercise, seed, hidden=hidden)
    if problems:
        raise CourseError(problems)
    return tuple(found)


def draw_cases(exercise: Exercise, seed: str, *, hidden: bool) -> tuple[list[Case], list[Problem]]:
    """Those that can be drawn, and why the others cannot."""
    found: list[Case] = []
    problems: dict[tuple[Path, bool], Problem] = {}
    for at, spec, secret in _specs(exercise, hidden=hidden):
        try:
            found += _drawn(exercise, spec, seed, hidden=secret)
        except _Undrawable as error:
            own = error.path[0] == "case"
            path = ("cases", at, *error.path[1:]) if own else error.path
            # What is no case's own is told once.
            problems.setdefault((path, own and secret), _problem(exercise, path, spec, error, hidden=own and secret))
    return found, list(problems.values())


def _specs(exercise: Exercise, *, hidden: bool) -> Iterator[tuple[int, CaseSpec, bool]]:
    yield from ((at, spec, False) for at, spec in enumerate(exercise.file.cases))
    yield from ((at, spec, True) for at, spec in enumerate(exercise.hidden if hidden else ()))


def hidden_count(exercise: Exercise) -> int:
    """How many cases `hidden` adds."""
    return sum(spec.draws * len(_entries(exercise, spec)) for spec in exercise.hidden)


def _entries(exercise: Exercise, spec: CaseSpec) -> list[str]:
    return [name for name in exercise.file.entries if spec.runs(name)]


def _drawn(exercise: Exercise, spec: CaseSpec, seed: str, *, hidden: bool) -> Iterator[Case]:
    for number in range(1, spec.draws + 1) if spec.draws > 1 else [0]:
        place = f"{seed}/{exercise.slug}/{spec.name}/{number}"
        values = draw_values(exercise, spec, _derived("draw", place))
        cancel_at = _seconds(_value(("case", "cancel_at"), spec.cancel_at, values))
        for entry in _entries(exercise, spec):
            own = _derived("run", f"{place}/{entry}")
            yield Case(
                entry, spec.name, number, hidden, own, values, cancel_at, spec.repeat, spec.omit, tuple(spec.checks)
            )


class _Undrawable(ExpressionError):
    """Where the mistake stands, too; a path that begins with "case" is one below the case."""

    def __init__(self, path: Path, message: str):
        super().__init__(message)
        self.path = path


def _value(path: Path, value: Any, names: Mapping[str, Any]) -> Any:
    try:
        return evaluate(value, names)
    except ExpressionError as error:
        raise _Undrawable(path, f"{shorten(repr(value))} has no value: {error}; mend the expression") from None


def _derived(purpose: str, place: str) -> str:
    return hashlib.sha256(f"{purpose}/{place}".encode()).hexdigest()


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SECONDS:
        message = f"'cancel_at' is {shorten(repr(value))}; it must be a number of seconds from 0 to {MAX_SECONDS}"
        raise _Undrawable(("case", "cancel_at"), message)
    return float(value)


def draw_values(exercise: Exercise, spec: CaseSpec, seed: str) -> dict[str, Any]:
    """The values of one draw, in the order of the vars: fixed, computed or drawn until all conditions hold."""
    file = exercise.file
    conditions: list[tuple[Path, str]] = [(("such_that", at), text) for at, text in enumerate(file.such_that)]
    conditions += [(("case", "such_that", at), text) for at, text in enumerate(spec.such_that)]
    chance = bool(left_to_draw(exercise, spec))
    broken = ""
    for turn in range(MAX_TRIES if chance else 1):
        values = _values(file.vars, spec.with_, f"{seed}/{turn}")
        broken = next((text for path, text in conditions if not _value(path, text, values)), "")
        if not broken:
            return values
    broken = shorten(repr(broken))
    if chance:
        raise _Undrawable(
            ("case",), f"{MAX_TRIES} draws in a row did not meet {broken}; loosen it, or widen the ranges"
        )
    raise _Undrawable(("case",), f"the fixed values do not meet {broken}; change them")


def left_to_draw(exercise: Exercise, spec: CaseSpec) -> list[str]:
    """The vars that `spec` does not fix: another seed draws other values for them."""
    return [name for name, value in exercise.file.vars.items() if isinstance(value, Draw) and name not in spec.with_]


def _values(specs: Mapping[str, Any], fixed: Mapping[str, Any], seed: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, spec in specs.items():
        if name in fixed:
            values[name] = _value(("case", "with", name), fixed[name], values)
        elif isinstance(spec, Draw):
            try:
                values[name] = draw(spec, name, seed, values)
            except ExpressionError as error:
                raise _Undrawable(("vars", name), f"{name}: {error}") from None
        else:
            values[name] = _value(("vars", name), spec, values)
    return values


def _problem(exercise: Exercise, path: Path, spec: CaseSpec, error: _Undrawable, *, hidden: bool) -> Problem:
    folder = exercise.solutions if hidden and exercise.solutions is not None else exercise.folder
    file = os.path.join(folder, "hidden.yaml" if hidden else "exercise.yaml")
    return problem_at(file, path, f"case {spec.name!r}: {error}")


def problem_at(file: str, path: Path, message: str) -> Problem:
    """A problem in a file that was read before: its lines are looked up only now."""
    try:
        return read_yaml(file).problem(path, message)
    except CourseError:
        return Problem(shown(file), 0, message)
