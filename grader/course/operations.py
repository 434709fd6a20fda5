"""The world of one run: YAML operations as functions of the world, and what `world.py` builds.

Durations, results and failures are known here alone. What depends on the case is computed before the run, so that an
author's mistake is an author's error; what is left depends on the learner's arguments.
"""

import builtins
import copy
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.course.cases import problem_at
from grader.course.expressions import ExpressionError, evaluate, names_in
from grader.course.model import Case, Exercise, Operation
from grader.course.proof import OVERLOADED
from grader.course.world_code import build_world
from grader.course.yaml_marks import Path, shown
from grader.errors import CourseError, Problem
from grader.referee.world import Offered, World

_PARTS = ("duration", "result", "fails", "message", "cleanup")


@dataclass(frozen=True, slots=True)
class Setting:
    """What one run starts from.

    `args` are the entry's arguments and may hold offered things; `gives` is plain data, for expressions. `replaced`
    holds the functions that stand for asyncio's, `ticker` is called at every turn, `records` are the operations that
    stand in the ledger.
    """

    args: list[Any]
    gives: dict[str, Any]
    replaced: dict[str, Offered]
    ticker: Offered | None
    records: frozenset[str]


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
    offered = {name: _offer(exercise, case, world, name) for name in spec.operations}
    gives: dict[str, Any] = {}
    replaced: dict[str, Offered] = {}
    if spec.python is not None:
        gives, replaced = _build(exercise, case, world)
    return Setting(
        args=_args(exercise, case, {**case.values, **gives, **offered}),
        gives={name: value for name, value in gives.items() if is_plain(value)},
        replaced=replaced,
        ticker=offered.get(exercise.file.entries[case.entry].ticker or ""),
        records=frozenset([*spec.operations, *spec.records]),
    )


def is_plain(value: Any) -> bool:
    """Whether `value` is data all through, so that expressions may use it."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    return value is None or type(value) in {bool, int, float, str, bytes}


def _args(exercise: Exercise, case: Case, names: Mapping[str, Any]) -> list[Any]:
    args = []
    for at, value in enumerate(exercise.file.entries[case.entry].args):
        path: Path = ("entries", case.entry, "args", at)
        args.append(_evaluated(exercise, path, value, names))
    return args


def _evaluated(exercise: Exercise, path: Path, value: Any, names: Mapping[str, Any]) -> Any:
    try:
        return evaluate(value, names)
    except ExpressionError as error:
        message = f"{value!r} has no value: {error}; mend the expression"
        raise CourseError(problem_at(os.path.join(exercise.folder, "exercise.yaml"), path, message)) from None


# ---------------------------------------------------------------- world.py


def _build(exercise: Exercise, case: Case, world: World) -> tuple[dict[str, Any], dict[str, Offered]]:
    spec = exercise.file.world
    path = os.path.join(exercise.folder, spec.python or "")
    built = build_world(path, world, Values(case.values))
    gives, replaces = built.get("gives", {}), built.get("replaces", {})
    for what, found, asked in (("gives", gives, spec.gives), ("replaces", replaces, spec.replaces)):
        if not isinstance(found, dict) or set(found) != set(asked):
            seen = ", ".join(map(repr, found)) if isinstance(found, dict) else type(found).__name__
            message = (
                f"build() {what} {seen or 'nothing'}, and the exercise names {', '.join(map(repr, asked)) or 'none'}"
            )
            raise CourseError(Problem(shown(path), 0, f"{message}; make the two the same"))
    return gives, {name: _replacement(world, name, function) for name, function in replaces.items()}


def _replacement(world: World, name: str, function: Any) -> Offered:
    return function if isinstance(function, Offered) else world.function(function, name.rpartition(".")[2])


# ---------------------------------------------------------------- operations in YAML


@dataclass(slots=True)
class _Load:
    """How many calls of an operation run now; the only thing about it that changes."""

    running: int = 0


def _offer(exercise: Exercise, case: Case, world: World, name: str) -> Offered:
    spec = exercise.file.world.operations[name]
    known = _known_parts(exercise, case, name, spec)
    function = _plain(name, spec, case, known, world) if spec.plain else _timed(name, spec, case, known, world)
    function.__name__ = function.__qualname__ = name
    return world.function(function, name, _key(spec))


def _key(spec: Operation) -> Callable[..., Any] | None:
    if spec.key is None:
        return None
    at, name = spec.params.index(spec.key), spec.key

    def key(*args: Any, **named: Any) -> Any:
        return args[at] if at < len(args) else named.get(name)

    return key


def _known_parts(exercise: Exercise, case: Case, name: str, spec: Operation) -> dict[str, Any]:
    """The parts that do not depend on the call's arguments."""
    known: dict[str, Any] = {}
    for part in (*_PARTS, "capacity"):
        value, path = getattr(spec, part), ("world", "operations", name, part)
        if part == "capacity" or not names_in(value) & set(spec.params):
            known[part] = _evaluated(exercise, path, value, case.values)
            if part in {"duration", "cleanup"} and not _is_seconds(known[part]):
                message = f"{part!r} is {known[part]!r}; it must be a number of seconds"
                raise CourseError(problem_at(os.path.join(exercise.folder, "exercise.yaml"), path, message))
    return known


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _timed(name: str, spec: Operation, case: Case, known: dict[str, Any], world: World) -> Any:
    load, capacity = _Load(), known["capacity"]

    async def operation(*args: Any, **named: Any) -> Any:
        parts = _parts(name, spec, case, known, _bound(name, spec, args, named))
        if capacity is not None and load.running >= capacity:
            raise world.error(OVERLOADED, RuntimeError)(f"{name} takes at most {capacity} calls at once")
        load.running += 1
        try:
            await _live(world, parts)
        finally:
            load.running -= 1
        return _end(spec, parts, world)

    return operation


async def _live(world: World, parts: dict[str, Any]) -> None:
    try:
        await world.sleep(parts["duration"])
    except GeneratorExit:
        raise
    except BaseException:
        # Only a cancellation ends a sleep early; what it is called is the world's affair.
        if parts["cleanup"]:
            await world.sleep(parts["cleanup"])
        raise


def _plain(name: str, spec: Operation, case: Case, known: dict[str, Any], world: World) -> Any:
    def operation(*args: Any, **named: Any) -> Any:
        return _end(spec, _parts(name, spec, case, known, _bound(name, spec, args, named)), world)

    return operation


def _bound(name: str, spec: Operation, args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """The parameters' values; raises TypeError where the call does not fit, as a Python function would."""
    params = spec.params
    for word in named:
        if word not in params:
            raise TypeError(f"{name}() got an unexpected keyword argument {word!r}")
        if params.index(word) < len(args):
            raise TypeError(f"{name}() got multiple values for argument {word!r}")
    if len(args) + len(named) != len(params):
        plural = "argument" if len(params) == 1 else "arguments"
        shown = f" ({', '.join(params)})" if params else ""
        raise TypeError(f"{name}() takes {len(params)} {plural}{shown}, {len(args) + len(named)} given")
    return {**dict(zip(params, args, strict=False)), **named}


def _parts(name: str, spec: Operation, case: Case, known: dict[str, Any], args: dict[str, Any]) -> dict[str, Any]:
    """All that is known of one call; raises ValueError or TypeError where its arguments are none the exercise expects."""
    names = {**case.values, **args}
    try:
        parts = {part: known[part] if part in known else evaluate(getattr(spec, part), names) for part in _PARTS}
    except ExpressionError:
        # Why not is not said: it could quote values that the learner's side must not know.
        raise ValueError(f"{name}() cannot be called with {_shown(args)}") from None
    for part in ("duration", "cleanup"):
        if not _is_seconds(parts[part]):
            raise TypeError(f"{name}() cannot be called with {_shown(args)}: it needs a number of seconds")
    return parts


def _shown(args: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in args.items()) or "no arguments"


def _end(spec: Operation, parts: dict[str, Any], world: World) -> Any:
    if not parts["fails"]:
        return copy.deepcopy(parts["result"])
    if spec.raises == OVERLOADED:
        raise world.error(OVERLOADED, RuntimeError)(str(parts["message"]))
    raise getattr(builtins, spec.raises, RuntimeError)(*([str(parts["message"])] if parts["message"] != "" else []))
