"""Proofreading: what is well-formed and still cannot be meant, collected with its place.

A `Proof` belongs to one file. Nothing is said of what rests on something that could not be read, so that one mistake is
not reported again by what it leads to.
"""

import builtins
import keyword
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from grader.course.check_model import Check
from grader.course.document import Document, Path
from grader.course.expressions import FUNCTIONS, complaints, complaints_in_text, names_in_text, names_written
from grader.course.model import ExerciseFile
from grader.course.names import OVERLOADED
from grader.course.nearest import did_you_mean
from grader.course.salvage import sure
from grader.course.shapes import UNKNOWN
from grader.errors import Problem

Names = frozenset[str]
MAX_AMOUNT = 10**9
LONGEST = 120  # of an author's text in a message


@dataclass(frozen=True, slots=True)
class Declared:
    """The names that an exercise declares; each None where the part that declares them cannot be read."""

    vars: Names | None
    gives: Names | None
    operations: Names | None
    records: Names | None
    entries: dict[str, Names | None] | None

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


def declared(data: Any, holes: frozenset[Path]) -> Declared:
    """Read from an exercise's raw data, whatever its shape."""
    world = _part(data, "world", holes, ())
    entries = _part(data, "entries", holes, (), missing=None)
    return Declared(
        vars=_keys(_part(data, "vars", holes, ())),
        gives=_words(_part(world, "gives", holes, ("world",), missing=[])),
        operations=_keys(_part(world, "operations", holes, ("world",))),
        records=_words(_part(world, "records", holes, ("world",), missing=[])),
        entries={name: _check_ids(entry) for name, entry in entries.items()} if isinstance(entries, dict) else None,
    )


def _part(data: Any, key: str, holes: frozenset[Path], path: Path, missing: Any = {}) -> Any:  # noqa: B006
    """`missing` where it was left out; None where it may stand under a key that is not known."""
    if not isinstance(data, dict):
        return None
    return data.get(key, None if (*path, UNKNOWN) in holes else missing)


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
    """One file's proofreading in progress. `file` is the exercise's, also where `document` is its hidden cases.

    `holes` are the paths of the document that cannot be relied on, `also` checks that stand at a path beside another.
    """

    document: Document
    file: ExerciseFile
    declared: Declared
    folder: str
    holes: frozenset[Path] = frozenset()
    also: tuple[tuple[Path, Check], ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def tell(self, path: Path, message: str) -> None:
        self.problems.append(self.document.problem(path, message))

    def add(self, path: Path, message: str, *rests: Path) -> None:
        """Tell it, unless one of the paths that it rests on (`path`, if none is named) is not sure."""
        if all(map(self.sure, rests or (path,))):
            self.tell(path, message)

    def sure(self, path: Path) -> bool:
        return sure(self.holes, path)

    def sure_of(self, path: Path, *keys: str) -> bool:
        """Whether what stands under these keys of a mapping was read, and nothing unknown beside them that might be it."""
        return path not in self.holes and all(self.sure((*path, key)) for key in (*keys, UNKNOWN))

    def value(self, path: Path, value: Any, names: Names | None, later: Iterable[str] = ()) -> None:
        """Every expression in `value` can be read and names nothing but `names` (None: not known here)."""
        if isinstance(value, list):
            for at, item in enumerate(value):
                self.value((*path, at), item, names, later)
        elif isinstance(value, dict):
            for key, item in value.items():
                self.value((*path, key), item, names, later)
        elif isinstance(value, str) and value.startswith("="):
            for message in complaints(value):
                self.tell(path, f"{message} (in {_quoted(value)})")
            self._names(path, value, names_written(value), names, frozenset(later))

    def _names(self, path: Path, text: str, used: Names, names: Names | None, later: Names = frozenset()) -> None:
        for name in sorted(used - names) if names is not None else ():
            where = f"{name!r} in {_quoted(text)}"
            if name in later:
                self.tell(path, f"{where} has no value yet; move it above")
            elif name in FUNCTIONS:
                self.tell(path, f"{where} is a function; call it as {name}(...)")
            else:
                self.tell(path, f"unknown name {where}{did_you_mean(name, names or ()) or '; there are no names here'}")

    def text(self, path: Path, text: str, names: Names | None) -> None:
        """The fields of `text` can be read, and name nothing but `names`."""
        found = complaints_in_text(text)
        for message in found:
            self.tell(path, f"{message} (in {_quoted(text)})")
        if not found:
            self._names(path, text, names_in_text(text), names)

    def selector(self, path: Path, text: str, names: Names | None) -> None:
        """`text` names an operation of the world, and the fields of its key can be read."""
        self.text(path, text, names)
        self.operation(path, text.partition("[")[0], _quoted(text))

    def operation(self, path: Path, name: object, told: str) -> None:
        """`name` is an operation of the world; `told` is how it stands there."""
        known = joined(self.declared.operations, self.declared.records)
        if known is not None and name not in known:
            why = did_you_mean(name, known) or "; the world has no operations"
            self.add(path, f"{told} selects no operation of the world{why}")

    def name(self, path: Path, name: str, what: str) -> None:
        """`name` can be used as a name in expressions and in Python."""
        if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
            self._name(path, f"{what} {_quoted(name)} is not a name; use letters, digits and '_', a letter first")
        elif name != (normal := unicodedata.normalize("NFKC", name)):
            self._name(path, f"{what} {_quoted(name)} has letters that Python reads as others; write it {normal!r}")
        elif name in FUNCTIONS:
            self._name(path, f"{what} {name!r} has the name of a function of expressions; choose another")

    def _name(self, path: Path, message: str) -> None:
        if path not in self.holes:
            self.tell(path, message)

    def unique(self, places: Iterable[tuple[Path, str]], what: str, remedy: str = "choose another") -> None:
        first: dict[str, Path] = {}
        for path, name in places:
            if not name or any(path[:at] in self.holes for at in range(len(path))):
                continue
            if name in first:
                line = self.document.line(first[name])
                self.tell(path, f"{what} {_quoted(name)} stands here twice (first on line {line}); {remedy}")
            first.setdefault(name, path)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...")


def is_amount(value: Any, *, whole: bool = False) -> bool:
    """Whether `value` may be a number from 0 on: it is one, or an expression, or was left out."""
    if isinstance(value, str):
        return value.startswith("=")
    kinds = int if whole else int | float
    return value is None or (isinstance(value, kinds) and not isinstance(value, bool) and 0 <= value <= MAX_AMOUNT)


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
