"""A file as its struct, whatever is wrong with it: what cannot be read is reported, and all the rest is kept.

So no mistake hides another, and what comes after always has a struct to look at. Where something cannot be relied on, a
hole is noted, so that a mistake is not reported again by what it leads to.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect as shape

from grader.course.check_model import Check
from grader.course.document import Document, Path
from grader.course.kinds import KINDS, kinds_of, with_kinds
from grader.course.meant import as_meant
from grader.course.shapes import Misfit, alternatives, is_of, kind_shape, misfits, shape_of
from grader.course.syntax import shorten
from grader.course.yaml_marks import read_yaml
from grader.errors import CourseError, Problem

Shape = TypeVar("Shape", bound=msgspec.Struct)


@dataclass(frozen=True)
class Salvaged(Generic[Shape]):
    """`value` holds what could be read, `document` the same data with its lines.

    `holes` are the paths that cannot be relied on. `also` are checks that one with several kinds might have been meant
    for, beside the one that stands in `value`.
    """

    value: Shape
    document: Document
    problems: tuple[Problem, ...] = ()
    holes: frozenset[Path] = frozenset()
    also: tuple[tuple[Path, Check], ...] = ()

    def sure(self, *path: str | int) -> bool:
        """Whether all that was written at `path`, and below it, could be read."""
        return sure(self.holes, path)


def sure(holes: frozenset[Path], path: Path) -> bool:
    """Whether none of `holes` is at `path` or below it."""
    return not any(hole[: len(path)] == path for hole in holes)


def salvage(document: Document, type_: type[Shape]) -> Salvaged[Shape]:
    """Read all of `document` that can be read as `type_`."""
    if not document.problems and not misfits(document.data, type_):
        return Salvaged(msgspec.convert(with_kinds(document.data), type_), document)
    meant, misspelt = as_meant(document, type_)
    found = [one for one in misfits(meant.data, type_) if one.path not in meant.broken]
    problems = (*document.problems, *misspelt, *(_problem(meant, one) for one in found))
    building = _Building()
    value = building.made(meant.data, shape_of(type_), ())
    holes = {*meant.broken, *meant.doubted, *(one.hole for one in found)}
    return Salvaged(value, meant, problems, frozenset(holes), tuple(building.also))


def read_part(path: str, type_: type[Shape]) -> Salvaged[Shape]:
    """The same for a file; where nothing of it can be looked at, it is empty, and all of it is a hole."""
    try:
        return salvage(read_yaml(path), type_)
    except CourseError as error:
        name = error.problems[0].path
        return Salvaged(_empty(type_), Document(name, None, {}), error.problems, frozenset({()}))


def _problem(document: Document, misfit: Misfit) -> Problem:
    message = misfit.message
    if misfit.unquoted:
        message += f'; put it in quotes: "{shorten(document.written.get(misfit.path, "..."))}"'
    return document.problem(misfit.path, message)


def _empty(type_: type[Shape]) -> Shape:
    value: Shape = _Building().made({}, shape_of(type_), ())
    return value


class _Building:
    """Structs from what fits; what does not has its default, or is empty."""

    def __init__(self) -> None:
        self.also: list[tuple[Path, Check]] = []

    def made(self, value: Any, kind: shape.Type, path: Path) -> Any:
        fitting = [one for one in alternatives(kind) if is_of(value, one)]
        if not fitting:
            return _neutral(kind)
        one = fitting[0]
        if isinstance(one, shape.StructType):
            return self._struct(value, one, path) if one.tag_field is None else self._check(value, path)
        if isinstance(one, shape.DictType):
            return {key: self.made(item, one.value_type, (*path, key)) for key, item in value.items()}
        if isinstance(one, shape.ListType):
            return [self.made(item, one.item_type, (*path, at)) for at, item in enumerate(value)]
        if isinstance(one, shape.FloatType):
            return float(value) if abs(value) < _LARGE else 0.0
        return value

    def _struct(self, value: dict[str, Any], kind: shape.StructType, path: Path) -> Any:
        fields = {}
        for field in kind.fields:
            key = field.encode_name
            if key in value and any(is_of(value[key], one) for one in alternatives(field.type)):
                fields[field.name] = self.made(value[key], field.type, (*path, key))
            elif field.required:
                fields[field.name] = _neutral(field.type)
        return kind.cls(**fields)

    def _check(self, value: dict[str, Any], path: Path) -> Any:
        first, *others = [self._struct(value, kind_shape(KINDS[kind]), path) for kind in kinds_of(value)] or [
            self._struct(value, kind_shape(Check), path)
        ]
        self.also += [(path, other) for other in others]
        return first


def _neutral(kind: shape.Type) -> Any:
    """A value of the type that says nothing."""
    one = next(iter(alternatives(kind)))
    if any(isinstance(other, shape.NoneType) for other in alternatives(kind)):
        return None
    if isinstance(one, shape.StructType):
        return one.cls(**{field.name: _neutral(field.type) for field in one.fields if field.required})
    if isinstance(one, shape.LiteralType):
        return one.values[0]
    return _NEUTRAL[type(one)]()


_LARGE = 10**300
_NEUTRAL: dict[type, Any] = {
    shape.ListType: list,
    shape.DictType: dict,
    shape.StrType: str,
    shape.IntType: int,
    shape.FloatType: float,
    shape.BoolType: bool,
    shape.AnyType: lambda: None,
}
