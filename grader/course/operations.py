"""The world of one run: the operations of an exercise, and what its `world.py` builds.

A mistake of the author shows before the run begins, and is an author's error; nothing is offered that the exercise does not
name.
"""

import copy
import os
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from grader.course.expressions import ExpressionError, evaluate
from grader.course.model import Case, Exercise, Operation
from grader.course.names import SLEEP
from grader.course.params import names_of
from grader.course.replaces import replacement
from grader.course.scripted import Mistakes, computed, offer
from grader.course.world_code import build_world, line_of_build
from grader.course.yaml_marks import shown
from grader.errors import CourseError, Problem
from grader.referee.world import Offered, World


class Setting(Struct, frozen=True):
    """What one run starts from.

    `args` are the entry's arguments and may hold offered things; `gives` is plain data, for expressions. `replaced`
    holds the functions that stand for asyncio's, `ticker` is called at every turn, `records` are the operations that
    stand in the ledger, `modules` what of the exercise each of the files that it provides has.
    """

    args: list[Any]
    gives: dict[str, Any]
    replaced: dict[str, Offered]
    ticker: Offered | None
    records: frozenset[str]
    modules: dict[str, dict[str, Offered]]


class Values:
    """A case's values as world code sees them: attributes, and none can be set."""

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self, values: Mapping[str, Any]):
        object.__setattr__(self, "_values", copy.deepcopy(dict(values)))

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            known = ", ".join(self._values)
            raise AttributeError(f"there is no var {name!r}; there are {known or 'none'}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"the values of a case cannot be changed: {name!r}")


def set_up(exercise: Exercise, case: Case, world: World) -> Setting:
    """Make the world of `case`; raises CourseError where the exercise does not allow it."""
    spec = exercise.file.world
    offered: dict[str, Offered] = {}
    gives: dict[str, Any] = {}
    replaced: dict[str, Offered] = {}
    mistakes = Mistakes()
    for name in spec.operations:
        with mistakes:
            offered[name] = offer(exercise, case, world, name)
    with mistakes:
        if spec.python is not None:
            gives, replaced = _build(exercise, case, world)
    mistakes.insist()
    if SLEEP in spec.replaces:
        replaced[SLEEP] = offered["sleep"]
    return Setting(
        args=_args(exercise, case, {**case.values, **gives, **offered}),
        gives={name: value for name, value in gives.items() if is_plain(value)},
        replaced=replaced,
        ticker=offered.get(exercise.file.entries[case.entry].ticker or ""),
        records=frozenset([*spec.operations, *spec.records]),
        modules={
            module: {name: offered[name] for name in provided.operations} for module, provided in spec.modules.items()
        },
    )


def is_foreseen(sleep: Operation) -> bool:
    """Whether a call says all about itself: it lasts for its first argument, and gives the second, or nothing.

    Then nobody has to ask the world when it ends, nor with what.
    """
    delay, *result = names_of(sleep.params)
    rest = replace(sleep, duration=0, result=None, key=None, params=[])
    return (
        rest == Operation(params=[])
        and sleep.key in (None, delay)
        and sleep.duration == f"={delay}"
        and (sleep.result is None or [sleep.result] == [f"={name}" for name in result])
    )


def is_plain(value: Any) -> bool:
    """Whether `value` is data all through, so that expressions may use it."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    return value is None or type(value) in {bool, int, float, str, bytes}


def _args(exercise: Exercise, case: Case, names: Mapping[str, Any]) -> list[Any]:
    args = exercise.called(case).args
    try:
        return [evaluate(value, names) for value in args]
    except ExpressionError:  # all that is wrong with them is told together
        mistakes = Mistakes()
        for at, value in enumerate(args):
            with mistakes:
                computed(exercise, ("entries", case.entry, "args", at), value, names)
        mistakes.insist()
        raise


def _build(exercise: Exercise, case: Case, world: World) -> tuple[dict[str, Any], dict[str, Offered]]:
    spec = exercise.file.world
    path = os.path.join(exercise.folder, spec.python or "")
    built = build_world(path, world, Values(case.values))
    gives, replaces = built.get("gives", {}), built.get("replaces", {})
    theirs = [name for name in spec.replaces if name != SLEEP]
    for what, found, asked in (("gives", gives, spec.gives), ("replaces", replaces, theirs)):
        if not isinstance(found, dict) or set(found) != set(asked):
            seen = ", ".join(map(repr, found)) if isinstance(found, dict) else type(found).__name__
            message = (
                f"build() {what} {seen or 'nothing'}, and the exercise names {', '.join(map(repr, asked)) or 'none'}"
            )
            raise CourseError(Problem(shown(path), line_of_build(path), f"{message}; make the two the same"))
    return gives, {name: replacement(world, name, function, path) for name, function in replaces.items()}
