"""Proofreading: what is well-formed and still cannot be meant, collected with its place.

A `Proof` belongs to one file. What a name may be is asked of all that was written down, also of parts that could not be
read, so that one mistake is not reported again at every use.
"""

import builtins
import keyword
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from grader.course.expressions import (
    FUNCTIONS,
    ExpressionError,
    check_syntax,
    check_text,
    names_in,
    names_in_text,
)
from grader.course.model import ExerciseFile
from grader.course.nearest import did_you_mean
from grader.course.yaml_marks import Document, Path
from grader.errors import Problem

Names = frozenset[str]
OVERLOADED = "Overloaded"


@dataclass(frozen=True, slots=True)
class Declared:
    """The names that an exercise declares; each None where the part that declares them cannot be read."""

    vars: Names | None
    gives: Names | None
    operations: Names | None
    records: Names | None
    entries: dict[str, Names | None]

    @property
    def values(self) -> Names | None:
        """What checks may name: the case's values and what the world gives."""
        return joined(self.vars, self.gives)


def joined(*parts: Names | None) -> Names | None:
    found: Names = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found


def declared(whole: Any) -> Declared:
    """Read from an exercise's raw data, whatever its shape."""
    data = whole if isinstance(whole, dict) else {}
    world = data.get("world", {})
    entries = data.get("entries")
    return Declared(
        vars=_keys(data.get("vars", {})),
        gives=_words(world.get("gives", [])) if isinstance(world, dict) else None,
        operations=_keys(world.get("operations", {})) if isinstance(world, dict) else None,
        records=_words(world.get("records", [])) if isinstance(world, dict) else None,
        entries={name: _check_ids(entry) for name, entry in entries.items()} if isinstance(entries, dict) else {},
    )


def _keys(value: Any) -> Names | None:
    return frozenset(value) if isinstance(value, dict) else None


def _words(value: Any) -> Names | None:
    return frozenset(word for word in value if isinstance(word, str)) if isinstance(value, list) else None


def _check_ids(entry: Any) -> Names | None:
    checks = entry.get("checks") if isinstance(entry, dict) else None
    if not isinstance(checks, list):
        return None
    return frozenset(str(check["id"]) for check in checks if isinstance(check, dict) and "id" in check)


@dataclass(slots=True)
class Proof:
    """One file's proofreading in progress. `file` is the exercise's, also where `document` is its hidden cases."""

    document: Document
    file: ExerciseFile
    declared: Declared
    folder: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        self.problems.append(self.document.problem(path, message))

    def value(self, path: Path, value: Any, names: Names | None, later: Iterable[str] = ()) -> None:
        """Every expression in `value` can be read and names nothing but `names` (None: not known here)."""
        if isinstance(value, list):
            for at, item in enumerate(value):
                self.value((*path, at), item, names, later)
        elif isinstance(value, dict):
            for key, item in value.items():
                self.value((*path, key), item, names, later)
        elif isinstance(value, str) and value.startswith("="):
            self._expression(path, value, names, frozenset(later))

    def _expression(self, path: Path, text: str, names: Names | None, later: Names) -> None:
        try:
            check_syntax(text)
        except ExpressionError as error:
            self.add(path, f"{error} (in {text!r})")
            return
        self._names(path, text, names_in(text), names, later)

    def _names(self, path: Path, text: str, used: Names, names: Names | None, later: Names = frozenset()) -> None:
        if names is None:
            return
        for name in sorted(used - names):
            if name in later:
                self.add(path, f"{name!r} in {text!r} has no value yet; move it above")
            elif name in FUNCTIONS:
                self.add(path, f"{name!r} in {text!r} is a function; call it as {name}(...)")
            else:
                self.add(path, f"unknown name {name!r} in {text!r}{did_you_mean(name, names)}")

    def selector(self, path: Path, text: str, names: Names | None) -> None:
        """`text` names an operation of the world, and the fields of its key can be read."""
        try:
            check_text(text)
        except ExpressionError as error:
            self.add(path, f"{error} (in {text!r})")
            return
        self._names(path, text, names_in_text(text), names)
        known = joined(self.declared.operations, self.declared.records)
        operation = text.partition("[")[0]
        if known is not None and operation not in known:
            why = did_you_mean(operation, known) or "; the world has no operations"
            self.add(path, f"{text!r} selects no operation of the world{why}")

    def name(self, path: Path, name: str, what: str) -> None:
        """`name` can be used as a name in expressions and in Python."""
        if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
            self.add(path, f"{what} {name!r} is not a name; use letters, digits and '_', a letter first")
        elif name in FUNCTIONS:
            self.add(path, f"{what} {name!r} has the name of a function of expressions; choose another")

    def unique(self, places: Iterable[tuple[Path, str]], what: str) -> None:
        first: dict[str, Path] = {}
        for path, name in places:
            if name in first:
                line = self.document.line(first[name])
                self.add(path, f"{what} {name!r} stands here twice (first on line {line}); choose another")
            first.setdefault(name, path)


def is_exception(name: str) -> bool:
    """Whether a YAML operation may raise it: one that a message is enough for, and that a coroutine can raise."""
    if name == OVERLOADED:
        return True
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return False
    return not issubclass(kind, BaseExceptionGroup | UnicodeError | StopIteration | StopAsyncIteration)


def exception_names() -> list[str]:
    return [name for name in vars(builtins) if is_exception(name)]
