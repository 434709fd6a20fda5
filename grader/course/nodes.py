"""YAML's nodes as plain data, with their lines and with all that must not stand there.

Whatever is reported is still read as well as it can be, so that one mistake hides no other.
"""

import re
from collections.abc import Callable
from typing import Any

from grader.course.document import Document, Path, cut
from grader.course.syntax import shorten
from grader.errors import CourseError, Problem

MAX_NODES = 50_000
MAX_DEPTH = 60
UNREADABLE = "\ufffd"  # stands for bytes that are no text

_TAG = "tag:yaml.org,2002:"
_DISGUISED = re.compile(r"[-+]?(0[0-7_]+|0b[01_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")


def document_of(node: Any, name: str, *, spoilt: bool = False) -> Document:
    """The document whose root is `node`; `spoilt`: some of its bytes were no text, and were reported."""
    reading = _Reading(name, spoilt)
    data = reading.convert(node, (), 0, frozenset())
    broken, doubted = frozenset(reading.broken), frozenset(reading.doubted)
    return Document(name, data, reading.lines, tuple(reading.problems), broken, doubted, reading.written)


class _Reading:
    """One conversion of nodes to plain data: collects lines and problems while it goes."""

    def __init__(self, name: str, spoilt: bool):
        self.name, self.spoilt = name, spoilt
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.broken: set[Path] = set()
        self.doubted: set[Path] = set()
        self.written: dict[Path, str] = {}
        self.nodes = 0

    def report(self, node: Any, message: str) -> None:
        self.problems.append(Problem(self.name, node.start_mark.line + 1, cut(message)))

    def convert(self, node: Any, path: Path, depth: int, above: frozenset[int]) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if not self._enter(node, path, depth, above):
            return None
        above |= {id(node)}
        if node.id == "mapping":
            self._has_tag(node, {"map"})
            return self._mapping(node, path, depth, above, {})
        if node.id == "sequence":
            self._has_tag(node, {"seq"})
            return self._sequence(node, path, depth, above, [])
        before = len(self.problems)
        value = self._scalar(node)
        if len(self.problems) > before or self._is_spoilt(value):
            self.broken.add(path)
            return None
        if not isinstance(value, str):
            self.written[path] = node.value
        return value

    def _enter(self, node: Any, path: Path, depth: int, above: frozenset[int]) -> bool:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise CourseError(Problem(self.name, self.lines[path], f"more than {MAX_NODES} values; use fewer aliases"))
        if depth > MAX_DEPTH or id(node) in above:
            self.report(node, "too deeply nested, or an alias inside itself; write it out")
            self.broken.add(path)
            return False
        return True

    def _is_spoilt(self, value: Any) -> bool:
        return self.spoilt and isinstance(value, str) and UNREADABLE in value

    def _mapping(
        self, node: Any, path: Path, depth: int, above: frozenset[int], found: dict[str, Any]
    ) -> dict[str, Any]:
        """`node`'s items added to `found`, which may hold those of another mapping with the same place."""
        own: dict[str, int] = {}
        merged = []
        for key_node, value_node in node.value:
            if key_node.tag == _TAG + "merge":
                self.report(key_node, "merge keys ('<<') are not supported; write the keys out")
                merged.append(value_node)
                continue
            key = self._key(key_node)
            if key is None:
                continue
            place, line = (*path, key), key_node.start_mark.line + 1
            if key in own:
                self.report(key_node, f"key {key!r} stands here twice (first on line {own[key]}); keep one of them")
                self.doubted.add(place)
            own.setdefault(key, line)
            self.lines.setdefault(place, line)
            if key in found:
                self._add(value_node, place, depth + 1, above, found[key])
            else:
                found[key] = self.convert(value_node, place, depth + 1, above)
        for value_node in merged:
            self._merge(value_node, path, depth, above, found)
        return found

    def _add(self, node: Any, path: Path, depth: int, above: frozenset[int], value: Any) -> None:
        """What stands at `path` once more is added to `value`, or only looked at where the two do not go together."""
        if node.id == "mapping" and isinstance(value, dict) and self._enter(node, path, depth, above):
            self._mapping(node, path, depth, above | {id(node)}, value)
        elif node.id == "sequence" and isinstance(value, list) and self._enter(node, path, depth, above):
            self._sequence(node, path, depth, above | {id(node)}, value)
        else:
            self.convert(node, (*path, "again"), depth, above)

    def _merge(self, node: Any, path: Path, depth: int, above: frozenset[int], found: dict[str, Any]) -> None:
        """What a merge key means: so what it brings is not missed."""
        for part in node.value if node.id == "sequence" else [node]:
            if part.id == "mapping" and self._enter(part, path, depth, above):
                fresh = [(key, value) for key, value in part.value if key.id == "scalar" and key.value not in found]
                part = type(part)(part.tag, fresh, part.start_mark, part.end_mark)
                self._mapping(part, path, depth, above, found)

    def _key(self, node: Any) -> str | None:
        """A key as text; None where it has none."""
        if node.id != "scalar":
            self.report(node, f"a {node.id} cannot be a key; keys are text")
            return None
        if node.tag != _TAG + "str":
            self.report(node, f"key {shorten(repr(node.value))} is not read as text; put it in quotes")
        return None if self._is_spoilt(node.value) else str(node.value)

    def _sequence(self, node: Any, path: Path, depth: int, above: frozenset[int], found: list[Any]) -> list[Any]:
        for item in node.value:
            found.append(self.convert(item, (*path, len(found)), depth + 1, above))
        return found

    def _has_tag(self, node: Any, allowed: set[str]) -> bool:
        if node.tag in {_TAG + kind for kind in allowed}:
            return True
        tag = node.tag.replace(_TAG, "!!")
        if tag == "!!timestamp":
            self.report(node, f"{node.value!r} is read as a date; put it in quotes")
        else:
            self.report(node, f"the tag {tag!r} is not supported; write plain data")
        return False

    def _scalar(self, node: Any) -> Any:
        if not self._has_tag(node, {"null", "bool", "int", "float", "str"}):
            return None
        kind = node.tag.removeprefix(_TAG)
        if kind in {"int", "float"} and _DISGUISED.fullmatch(node.value):
            self.report(node, f"{node.value!r} would be read in another base; put it in quotes or write it in tens")
            return None
        try:
            return _CONVERT[kind](node.value)
        except ValueError:
            self.report(node, f"{shorten(repr(node.value))} is not a value of the type {kind}")
            return None


def _integer(text: str) -> int:
    return int(text.replace("_", ""), 0)


def _number(text: str) -> float:
    text = text.replace("_", "").lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


def _boolean(text: str) -> bool:
    return text.lower() in {"true", "yes", "on"}


_CONVERT: dict[str, Callable[[str], Any]] = {
    "null": lambda text: None,
    "bool": _boolean,
    "int": _integer,
    "float": _number,
    "str": str,
}
