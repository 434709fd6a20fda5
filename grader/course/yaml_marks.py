"""YAML that knows its lines: plain data, and for every path in it the line on which an author wrote it.

Only what reads the same to a person and to YAML passes: no duplicate keys, no keys that are not text, no tags, no
numbers in disguise, and no aliases that grow without bounds.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.errors import CourseError, Problem

MAX_BYTES = 1_000_000
MAX_NODES = 50_000
MAX_DEPTH = 60
MAX_COMPOSED = 500

Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"
_DISGUISED = re.compile(r"[-+]?(0[0-7_]+|0b[01_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its data and its lines. `name` is the file as errors call it.

    `problems` are those of the text, `broken` the paths whose value could not be read and is None.
    """

    name: str
    data: Any
    lines: Mapping[Path, int]
    problems: tuple[Problem, ...] = ()
    broken: frozenset[Path] = frozenset()

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest part above it that was written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(self.name, self.line(path), message)


def shown(path: str | os.PathLike[str]) -> str:
    """A file's name as errors call it: relative where it lies below the present folder."""
    relative = os.path.relpath(path)
    return os.path.abspath(path) if relative.startswith("..") else relative


def read_yaml(path: str | os.PathLike[str]) -> Document:
    """Read a file; raises CourseError only where it holds nothing that can be looked at."""
    name = shown(path)
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(Problem(name, 0, f"cannot be read: {error.strerror}")) from None
    if len(data) > MAX_BYTES:
        raise CourseError(Problem(name, 0, f"the file is larger than {MAX_BYTES} bytes; make it smaller"))
    return parse_yaml(data, name)


def parse_yaml(data: bytes, name: str) -> Document:
    """The same for bytes at hand. A byte order mark and Windows line ends are as good as none."""
    text = _decode(data, name)
    node = _compose(text, name)
    if node is None:
        raise CourseError(Problem(name, 1, "the file is empty; it needs at least 'schema: 1'"))
    reading = _Reading(name)
    plain = reading.convert(node, (), 0, frozenset())
    return Document(name, plain, reading.lines, tuple(reading.problems), frozenset(reading.broken))


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise CourseError(Problem(name, line, message)) from None
    return text.replace("\r\n", "\n")


def _compose(text: str, name: str) -> Any:
    # Imported late: most of what the grader does after the start needs no YAML.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(text, name, loader)
        return yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 0
        raise CourseError(Problem(name, line, f"not valid YAML: {_reason(error)}")) from None
    except yaml.YAMLError as error:
        raise CourseError(Problem(name, _line_of_reader(text, error), f"not valid YAML: {_reason(error)}")) from None
    except RecursionError:
        raise CourseError(Problem(name, 0, "not valid YAML: too deeply nested")) from None


def _check_depth(text: str, name: str, loader: Any) -> None:
    """Composing recurses in C, and would overflow the stack; reading the events one by one does not."""
    if sum(map(text.count, ("[", "{", "- ", "? "))) < MAX_COMPOSED and "  " * MAX_COMPOSED not in text:
        return
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark is not None else 0
            raise CourseError(Problem(name, line, "too deeply nested; write it flatter"))


def _reason(error: Exception) -> str:
    parts = [getattr(error, "context", None), getattr(error, "problem", None) or getattr(error, "reason", None)]
    text = ", ".join(part for part in parts if isinstance(part, str)) or "it cannot be read"
    if "cannot start any token" in text:
        text += "; quote texts that begin with a special character or a tab"
    elif "mapping values are not allowed" in text:
        text += "; quote texts that hold ': '"
    return text


def _line_of_reader(text: str, error: Exception) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 0


class _Reading:
    """One conversion of nodes to plain data: collects lines and problems while it goes."""

    def __init__(self, name: str):
        self.name = name
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.broken: set[Path] = set()
        self.nodes = 0

    def report(self, node: Any, message: str) -> None:
        self.problems.append(Problem(self.name, node.start_mark.line + 1, message))

    def convert(self, node: Any, path: Path, depth: int, above: frozenset[int]) -> Any:
        self.nodes += 1
        self.lines.setdefault(path, node.start_mark.line + 1)
        if self.nodes > MAX_NODES:
            raise CourseError(Problem(self.name, self.lines[path], f"more than {MAX_NODES} values; use fewer aliases"))
        if depth > MAX_DEPTH or id(node) in above:
            self.report(node, "too deeply nested, or an alias inside itself; write it out")
            self.broken.add(path)
            return None
        above |= {id(node)}
        if node.id == "mapping":
            return self._mapping(node, path, depth, above)
        if node.id == "sequence":
            return self._sequence(node, path, depth, above)
        before = len(self.problems)
        value = self._scalar(node)
        if len(self.problems) > before:
            self.broken.add(path)
        return value

    def _mapping(self, node: Any, path: Path, depth: int, above: frozenset[int]) -> dict[str, Any]:
        self._has_tag(node, {"map"})
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key is None:
                continue
            if key in found:
                first = self.lines[(*path, key)]
                self.report(key_node, f"key {key!r} stands here twice (first on line {first}); keep one of them")
                continue
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            found[key] = self.convert(value_node, (*path, key), depth + 1, above)
        return found

    def _key(self, node: Any) -> str | None:
        if node.id != "scalar":
            self.report(node, f"a {node.id} cannot be a key; keys are text")
        elif node.tag == _TAG + "merge":
            self.report(node, "merge keys ('<<') are not supported; write the keys out")
        elif node.tag != _TAG + "str":
            self.report(node, f"key {node.value!r} is not read as text; put it in quotes")
        else:
            return str(node.value)
        return None

    def _sequence(self, node: Any, path: Path, depth: int, above: frozenset[int]) -> list[Any]:
        self._has_tag(node, {"seq"})
        return [self.convert(item, (*path, at), depth + 1, above) for at, item in enumerate(node.value)]

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
            self.report(node, f"{node.value!r} is not a value of the type {kind}")
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
