"""A file as its struct, whatever is wrong with it: what cannot be read is reported and left out, the rest is kept.

So one typing mistake does not hide the others, and what comes after always has a struct to look at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from grader.course.kinds import with_kinds
from grader.course.shapes import misfits
from grader.course.yaml_marks import Document, Path
from grader.errors import Problem

Shape = TypeVar("Shape", bound=msgspec.Struct)

# The smallest parts that can be left out by themselves, by the length of their paths below these keys.
_PARTS: tuple[tuple[str | None, ...], ...] = (
    ("entries", None, "checks", None),
    ("entries", None, None),
    ("entries", None),
    ("world", "operations", None),
    ("vars", None),
    ("cases", None),
    ("misconceptions", None),
    ("such_that", None),
    ("units", None, "exercises", None),
    ("units", None),
    (None,),
)


@dataclass(frozen=True)
class Salvaged(Generic[Shape]):
    """`value` holds what could be read; `document` has the same data with its lines, and `whole` all that was written."""

    value: Shape
    document: Document
    whole: Document
    problems: tuple[Problem, ...]


def salvage(document: Document, type_: type[Shape]) -> Salvaged[Shape]:
    """Read all of `document` that can be read as `type_`."""
    found = [one for one in misfits(document.data, type_) if one[0] not in document.broken]
    problems = [*document.problems, *(document.problem(path, message) for path, message in found)]
    if not problems:
        return Salvaged(msgspec.convert(with_kinds(document.data), type_), document, document, ())
    left = _without(document, {_part(path) for path in [*document.broken, *(path for path, _ in found)]})
    # What was left out may have been needed by the part around it.
    left = _without(left, {_part(path) for path, _ in misfits(left.data, type_)})
    return Salvaged(_build(with_kinds(left.data), type_), left, document, tuple(problems))


def _part(path: Path) -> Path:
    """The smallest part around `path` that can be left out."""
    for shape in _PARTS:
        if len(path) >= len(shape) and all(key is None or key == step for key, step in zip(shape, path, strict=False)):
            return path[: len(shape)]
    return path


def _without(document: Document, dropped: Iterable[Path]) -> Document:
    lines: dict[Path, int] = {}
    data = _copy(document, document.data, (), (), frozenset(dropped), lines)
    return Document(document.name, data, lines)


def _copy(
    document: Document, value: Any, old: Path, new: Path, dropped: frozenset[Path], lines: dict[Path, int]
) -> Any:
    """The data without what was dropped, and the lines of what is left at its new places."""
    lines[new] = document.line(old)
    if isinstance(value, dict):
        return {
            key: _copy(document, item, (*old, key), (*new, key), dropped, lines)
            for key, item in value.items()
            if (*old, key) not in dropped
        }
    if isinstance(value, list):
        kept = [at for at in range(len(value)) if (*old, at) not in dropped]
        return [_copy(document, value[at], (*old, at), (*new, to), dropped, lines) for to, at in enumerate(kept)]
    return value


def _build(data: Any, type_: type[Shape]) -> Shape:
    """The struct from what fits, field by field; what does not is empty."""
    fields: dict[str, Any] = {}
    for field in msgspec.structs.fields(type_):
        raw = data.get(field.encode_name, msgspec.UNSET) if isinstance(data, dict) else msgspec.UNSET
        try:
            fields[field.name] = msgspec.convert(raw, field.type)
        except msgspec.ValidationError:
            if field.required:
                fields[field.name] = _empty(field.type)
    return type_(**fields)


def _empty(type_: Any) -> Any:
    candidates: tuple[Any, ...] = ([], {}, "", 1)
    for candidate in candidates:
        try:
            return msgspec.convert(candidate, _unbounded(type_))
        except msgspec.ValidationError:
            continue
    return None


def _unbounded(type_: Any) -> Any:
    """The type without the bounds that are written beside it."""
    return getattr(type_, "__origin__", type_) if hasattr(type_, "__metadata__") else type_
