"""Operations that YAML describes, as functions of the world.

What depends on the case alone is computed before the run, so that an author's mistake is an author's error; what is left
depends on the learner's arguments, and so does its failure.
"""

import builtins
import copy
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from grader.course.cases import MAX_SECONDS, problem_at
from grader.course.expressions import ExpressionError, evaluate, names_in
from grader.course.model import Case, Exercise, Operation
from grader.course.params import NUMBER, defaults_of, names_of
from grader.course.proof import OVERLOADED
from grader.course.syntax import shorten
from grader.course.yaml_marks import Path
from grader.errors import CourseError, Problem
from grader.referee.world import Offered, World

_PARTS = ("duration", "result", "fails", "message", "cleanup")
_CONSTANT = frozenset({int, float, bool, str, bytes, type(None)})


@dataclass(frozen=True, slots=True)
class _Script:
    """One operation in one run. `known` are the parts that do not depend on a call's arguments, `open` those that do."""

    name: str
    spec: Operation
    params: list[str]
    defaults: Mapping[str, Any]
    values: Mapping[str, Any]
    known: Mapping[str, Any]
    open: Mapping[str, Any]
    error: type[Exception]
    overloaded: type[Exception]


@dataclass(slots=True)
class _Load:
    """How many calls of an operation have begun, and how many run now; all about it that changes."""

    begun: int = 0
    running: int = 0

    def begin(self) -> int:
        """The number of the call that begins."""
        self.begun += 1
        return self.begun - 1


def offer(exercise: Exercise, case: Case, world: World, name: str) -> Offered:
    """The operation `name` of the exercise, made for `case`; raises CourseError where a part of it has no value."""
    spec = exercise.file.world.operations[name]
    overloaded = _overloaded(world, spec)
    error = overloaded if spec.raises == OVERLOADED else getattr(builtins, spec.raises)
    known = _known(exercise, case, name, spec)
    left = {part: getattr(spec, part) for part in _PARTS if part not in known}
    params, defaults = names_of(spec.params), defaults_of(spec.params)
    script = _Script(name, spec, params, defaults, case.values, known, left, error, overloaded)
    function = _plain(script) if spec.plain else _timed(script, world)
    function.__name__ = function.__qualname__ = name
    offered = world.function(function, name, _key(script), params, spec.blocking)
    offered.defaults.update(defaults)
    return offered


def _overloaded(world: World, spec: Operation) -> type[Exception]:
    needed = spec.capacity is not None or spec.raises == OVERLOADED
    return world.error(OVERLOADED, RuntimeError) if needed else RuntimeError


def _key(script: _Script) -> Callable[..., Any] | None:
    key = script.spec.key
    if key is None:
        return None
    at, default = script.params.index(key), script.defaults.get(key)
    return lambda *args: args[at] if at < len(args) else default


def computed(exercise: Exercise, path: Path, value: Any, names: Mapping[str, Any]) -> Any:
    """The value of a part of `exercise.yaml`; raises CourseError with its line where it has none."""
    try:
        return evaluate(value, names)
    except ExpressionError as error:
        raise _mistake(exercise, path, f"{_seen(value)} has no value: {error}; mend the expression") from None


def _mistake(exercise: Exercise, path: Path, message: str) -> CourseError:
    return CourseError(problem_at(os.path.join(exercise.folder, "exercise.yaml"), path, message))


class Mistakes:
    """The author's mistakes of several parts, told together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __enter__(self) -> "Mistakes":
        """A mistake in the block is kept for later."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, CourseError):
            return False
        self.problems += error.problems
        return True

    def insist(self) -> None:
        """Raises CourseError if there was any."""
        if self.problems:
            raise CourseError(self.problems)


def _known(exercise: Exercise, case: Case, name: str, spec: Operation) -> dict[str, Any]:
    known: dict[str, Any] = {}
    mistakes = Mistakes()
    varying = {*names_of(spec.params), *({NUMBER} - case.values.keys())}
    for part in (*_PARTS, "capacity"):
        value, path = getattr(spec, part), ("world", "operations", name, part)
        if part == "capacity" or names_in(value).isdisjoint(varying):
            try:
                known[part] = _fitting(exercise, path, computed(exercise, path, value, case.values))
            except CourseError as error:
                mistakes.problems += error.problems
    mistakes.insist()
    return known


def _fitting(exercise: Exercise, path: Path, value: Any) -> Any:
    """`value`, if the part at `path` can be that."""
    part = path[-1]
    if part in {"duration", "cleanup"} and not (_is_seconds(value) and value >= 0):
        raise _mistake(exercise, path, f"{part!r} is {_seen(value)}; it must be a number of seconds from 0 on")
    if part == "capacity" and not (value is None or (type(value) is int and value > 0)):
        raise _mistake(exercise, path, f"'capacity' is {_seen(value)}; it must be a whole number from 1 on")
    return value


def _is_seconds(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MAX_SECONDS


def _timed(script: _Script, world: World) -> Any:
    load, capacity = _Load(), script.known["capacity"]

    async def operation(*args: Any) -> Any:
        parts = _parts(script, _bound(script, args), load.begin())
        if capacity is not None and load.running >= capacity:
            raise script.overloaded(f"{script.name} takes at most {capacity} calls at once")
        load.running += 1
        try:
            await _live(world, parts)
        finally:
            load.running -= 1
        return _end(script, parts)

    return operation


async def _live(world: World, parts: Mapping[str, Any]) -> None:
    try:
        await world.sleep(parts["duration"])
    except GeneratorExit:
        raise
    except BaseException:
        # Only a cancellation ends a sleep early; what it is called is the world's affair.
        if parts["cleanup"]:
            await world.sleep(parts["cleanup"])
        raise


def _plain(script: _Script) -> Any:
    load = _Load()

    def operation(*args: Any) -> Any:
        return _end(script, _parts(script, _bound(script, args), load.begin()))

    return operation


def _bound(script: _Script, args: tuple[Any, ...]) -> dict[str, Any]:
    """The parameters' values; raises TypeError where they are too few or too many, as a Python function would."""
    params, given = script.params, len(args)
    if given < len(params) and params[given] in script.defaults:
        args = (*args, *(script.defaults[name] for name in params[given:]))
    if len(args) != len(params):
        plural = "argument" if len(params) == 1 else "arguments"
        listed = f" ({', '.join(params)})" if params else ""
        raise TypeError(f"{script.name}() takes {len(params)} {plural}{listed}, {len(args)} given")
    return dict(zip(params, args, strict=True))


def _parts(script: _Script, args: dict[str, Any], number: int) -> dict[str, Any]:
    """All parts of the call of this number; raises ValueError or TypeError where its arguments are none that are expected."""
    try:
        parts = {**_afresh(script.known), **evaluate(script.open, {NUMBER: number, **script.values, **args})}
    except ExpressionError:
        # Why not is not said: it could quote values that the learner's side must not know.
        raise ValueError(f"{script.name}() cannot be called with {_shown(args)}") from None
    if not (_is_seconds(parts["duration"]) and _is_seconds(parts["cleanup"])):
        raise TypeError(f"{script.name}() cannot be called with {_shown(args)}: it needs a number of seconds")
    return parts


def _afresh(known: Mapping[str, Any]) -> dict[str, Any]:
    """What can be changed is copied: each call's result is its own."""
    return {part: value if type(value) in _CONSTANT else copy.deepcopy(value) for part, value in known.items()}


def _shown(args: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_seen(value)}" for name, value in args.items()) or "no arguments"


def _seen(value: Any) -> str:
    try:
        return shorten(repr(value))
    except (ValueError, RecursionError):
        return "..."  # an integer of thousands of digits, a list inside itself


def _end(script: _Script, parts: Mapping[str, Any]) -> Any:
    if not parts["fails"]:
        return parts["result"]
    raise script.error(*([str(parts["message"])] if parts["message"] != "" else []))
