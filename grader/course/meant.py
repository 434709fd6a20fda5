"""Data as its author most likely meant it: a misspelt key is read as the right one, and reported once.

So a slip of one letter hides nothing of what stands under it, and is not reported again as a key that is missing.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from msgspec import inspect as shape

from grader.course.check_model import Check
from grader.course.document import Document, Path
from grader.course.kinds import COMMON, KINDS, TAG, kinds_of
from grader.course.nearest import nearest
from grader.course.shapes import alternatives, is_of, kind_shape, shape_of
from grader.course.syntax import shorten
from grader.errors import Problem


def as_meant(document: Document, type_: type) -> tuple[Document, list[Problem]]:
    """The document with its keys put right, and a problem for each key that was not."""
    reading = _Reading(document)
    data = reading.read(document.data, shape_of(type_), ())
    if not reading.right:
        return document, []
    moved = replace(
        document,
        data=data,
        lines={reading.place(path): line for path, line in document.lines.items()},
        broken=frozenset(map(reading.place, {*document.broken, *reading.unfit})),
        doubted=frozenset(map(reading.place, document.doubted)),
        written={reading.place(path): text for path, text in document.written.items()},
    )
    return moved, reading.problems


class _Reading:
    """One walk; `right` holds the right key for the path of each that is misspelt."""

    def __init__(self, document: Document):
        self.document = document
        self.problems: list[Problem] = []
        self.right: dict[Path, str] = {}
        self.unfit: list[Path] = []

    def place(self, path: Path) -> Path:
        """Where it is now what stood at `path`."""
        return tuple(self.right.get(path[: at + 1], step) for at, step in enumerate(path))

    def read(self, value: Any, kind: shape.Type, path: Path) -> Any:
        kind = next((one for one in alternatives(kind) if is_of(value, one)), kind)
        if isinstance(value, dict) and isinstance(kind, shape.StructType):
            if kind.tag_field is not None:
                return self.check(value, path)
            return self.fields(value, _fields(kind), path)
        if isinstance(value, dict) and isinstance(kind, shape.DictType):
            return {key: self.read(item, kind.value_type, (*path, key)) for key, item in value.items()}
        if isinstance(value, list) and isinstance(kind, shape.ListType):
            return [self.read(item, kind.item_type, (*path, at)) for at, item in enumerate(value)]
        return value

    def check(self, value: dict[str, Any], path: Path) -> dict[str, Any]:
        """A check with no kind is of the kind that one of its keys is most like."""
        kinds = kinds_of(value)
        for key in value if not kinds else ():
            near = nearest(key, {*KINDS, *(COMMON - value.keys())}) if key not in {*COMMON, TAG} else None
            if near is not None and near in KINDS:
                self.rename(key, near, path)
                kinds = [near]
                break
        known = _fields(kind_shape(Check))
        for kind in kinds:
            known |= _fields(kind_shape(KINDS[kind]))
        return self.fields(value, known, path)

    def rename(self, key: str, right: str, path: Path) -> None:
        self.right[(*path, key)] = right
        message = f"unknown key {shorten(repr(key))}; did you mean {right!r}?{foreign(key)}"
        self.problems.append(self.document.problem((*path, key), message))

    def fields(self, value: dict[str, Any], known: dict[str, shape.Field], path: Path) -> dict[str, Any]:
        taken = {self.right.get((*path, key), key) for key in value}
        found = {}
        for key, item in value.items():
            place = (*path, key)
            if key not in known and key != TAG and place not in self.right:
                near = nearest(key, known.keys() - taken)
                if near is not None:
                    self.rename(key, near, path)
                    taken.add(near)
            name = self.right.get(place, key)
            if name not in known:
                found[name] = item
            elif place in self.right and not any(is_of(item, one) for one in alternatives(known[name].type)):
                self.unfit.append(place)  # it may have been meant for something else
                found[name] = None
            else:
                found[name] = self.read(item, known[name].type, place)
        return found


def _fields(kind: shape.StructType) -> dict[str, shape.Field]:
    return {field.encode_name: field for field in kind.fields}


def foreign(key: str) -> str:
    """The letters of a key that only look like those of a known one."""
    strange = [letter for letter in dict.fromkeys(key) if not letter.isascii()]
    return f" {_named(strange)}; write it with plain letters" if strange else ""


def _named(letters: Iterable[str]) -> str:
    return "it holds " + ", ".join(unicodedata.name(letter, f"U+{ord(letter):04X}") for letter in letters)
