"""Operations that YAML describes, as functions of the world.

What depends on the case alone is computed before the run, so that an author's mistake is an author's error; what is left
depends on the learner's arguments, and so does its failure.
"""

import builtins
import copy
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any

from msgspec import Struct

from grader.course.cases import MAX_SECONDS, problem_at
from grader.course.expressions import ExpressionError, evaluate, names_in
from grader.course.model import Case, Exercise, Operation
from grader.course.names import OVERLOADED
from grader.course.params import NUMBER, defaults_of, names_of
from grader.course.same import Same
from grader.course.syntax import shorten
from grader.course.yaml_marks import Path
from grader.errors import CourseError, Problem
from grader.referee.world import Offered, World

_PARTS = ("duration", "result", "fails", "message", "cleanup")
_CONSTANT = frozenset({int, float, bool, str, bytes, type(None)})


class _Plan(Struct, frozen=True):
    """What an operation is in every case.

    `constant` are the parts that are the same in all cases, `of_case` those that depend on the case, or may be wrong, and
    `open` those that depend on a call's arguments.
    """

    params: list[str]
    defaults: Mapping[str, Any]
    constant: Mapping[str, Any]
    of_case: tuple[str, ...]
    open: Mapping[str, Any]


@lru_cache(maxsize=1024)
def _plan(one: Same[Operation], numbered: bool) -> _Plan:
    """`numbered`: no value of the case's hides the number of the call."""
    spec = one.it
    params = names_of(spec.params)
    varying = {*params, NUMBER} if numbered else {*params}
    opened = {part: value for part in _PARTS if not names_in(value := getattr(spec, part)).isdisjoint(varying)}
    known = {part: getattr(spec, part) for part in (*_PARTS, "capacity") if part not in opened}
    constant = {part: value for part, value in known.items() if _is_constant(value) and not _unfit(part, value)}
    return _Plan(
        params, defaults_of(spec.params), constant, tuple(part for part in known if part not in constant), opened
    )


def _is_constant(value: Any) -> bool:
    return type(value) in _CONSTANT and not (type(value) is str and value.startswith("="))


class _Script(Struct, frozen=True):
    """One operation in one run. `known` are the parts that do not depend on a call's arguments, `open` those that do.

    `lasting`: nothing of what is known can be changed, so all calls can have the same.
    """

    name: str
    spec: Operation
    params: list[str]
    defaults: Mapping[str, Any]
    values: Mapping[str, Any]
    known: Mapping[str, Any]
    open: Mapping[str, Any]
    error: type[Exception]
    overloaded: type[Exception]
    lasting: bool


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
    plan = _plan(Same(spec), NUMBER not in case.values)
    known = _known(exercise, case, name, plan) if plan.of_case else plan.constant
    lasting = not plan.of_case or all(type(value) in _CONSTANT for value in known.values())
    params, defaults = plan.params, plan.defaults
    script = _Script(name, spec, params, defaults, case.values, known, plan.open, error, overloaded, lasting)
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


def _known(exercise: Exercise, case: Case, name: str, plan: _Plan) -> dict[str, Any]:
    known, spec = dict(plan.constant), exercise.file.world.operations[name]
    mistakes = Mistakes()
    for part in plan.of_case:
        path = ("world", "operations", name, part)
        try:
            known[part] = _fitting(exercise, path, computed(exercise, path, getattr(spec, part), case.values))
        except CourseError as error:
            mistakes.problems += error.problems
    mistakes.insist()
    return known


def _fitting(exercise: Exercise, path: Path, value: Any) -> Any:
    """`value`, if the part at `path` can be that."""
    unfit = _unfit(str(path[-1]), value)
    if unfit:
        raise _mistake(exercise, path, unfit)
    return value


def _unfit(part: str, value: Any) -> str:
    """Why that part cannot be `value`; empty where it can."""
    if part in {"duration", "cleanup"} and not (_is_seconds(value) and value >= 0):
        return f"{part!r} is {_seen(value)}; it must be a number of seconds from 0 on"
    if part == "capacity" and not (value is None or (type(value) is int and value > 0)):
        return f"'capacity' is {_seen(value)}; it must be a whole number from 1 on"
    return ""


def misfit(spec: Operation, part: str, names: Mapping[str, Any], calls: int) -> str:
    """Why that part of an operation cannot be what it is in one of its first calls, as far as no argument decides it."""
    value = getattr(spec, part)
    if not names_in(value).isdisjoint(names_of(spec.params)) or names_in(value).isdisjoint({NUMBER}):
        return ""
    for number in range(calls):
        try:
            unfit = _unfit(part, evaluate(value, {NUMBER: number, **names}))
        except ExpressionError:
            return ""  # a list that is at its end, because nobody ought to call so often
        if unfit:
            return f"call {number + 1}: {unfit}"
    return ""


def _is_seconds(value: Any) -> bool:
    kind = type(value)
    if kind is not int and kind is not float and (kind is bool or not isinstance(value, (int, float))):
        return False
    within: bool = abs(value) <= MAX_SECONDS
    return within


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
        known = script.known if script.lasting else _afresh(script.known)
        parts = {**known, **evaluate(script.open, {NUMBER: number, **script.values, **args})}
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
