"""The learner's text, read on the trusted side and never run.

Whatever the bytes are, reading them raises nothing: what cannot be read has an `error` and no tree.
"""

import ast
import codecs
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from grader.checks.fstrings import told_alike
from grader.checks.imports import Names, TangledError, may_be_tangled
from grader.checks.main_block import never_done
from grader.checks.patterns import check_pattern, find, parse
from grader.door.cells import Cell, cells_of
from grader.door.text import LARGEST, decoded
from grader.referee.outcome import Failure

__all__ = ["Source", "check_pattern"]

T = TypeVar("T")
TOO_LONG = "TooLong"
MOST_WORDS = 200_000  # a file of 1 MiB that people write has fewer; of two characters a line it has a million
_LONGEST_LINE = 1_000
_WORD = re.compile(r"\w+|[^\w\s#]")
_TOO_DEEP = ("too many nested parentheses", "too many levels of indentation")


@dataclass(frozen=True, slots=True)
class Source:
    """`refused`: why the text is none that can be parsed. What is read in it is read when somebody asks, which for a right
    program hardly anybody does.

    `cells`: of a notebook, whose tree has those of them that parse. `beside`: the learner's earlier files, by their names.
    """

    name: str
    text: str
    refused: Failure | None = None
    cells: tuple[Cell, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)
    _read: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, data: bytes, name: str) -> "Source":
        """Decodes as Python does: a BOM, a declared encoding, any line ends."""
        if len(data) > LARGEST:
            return cls._too_long(name, f"it has more than {LARGEST >> 20} MiB")
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return cls(name, data.decode("utf-16", "replace"), Failure("UTF-16", "", None))
        try:
            text = decoded(data)
        except (UnicodeError, SyntaxError, LookupError):  # not all that a codec raises is a UnicodeDecodeError
            text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
            line = _undecodable(data)
            kind, at = ("UnicodeDecodeError", line) if line is not None else ("UnknownEncoding", _declares(text))
            return cls(name, text, Failure(kind, "", at))
        if "\0" in text:
            return cls(name, text, Failure("NulByte", "", text.count("\n", 0, text.index("\0")) + 1))
        if _has_more_words(text):
            return cls._too_long(name, f"it has more than {MOST_WORDS:,} words and signs")
        read = cls(name, text, None, cells_of(text))
        if may_be_tangled(text):
            try:
                read.names  # noqa: B018 -- now, so that nobody else finds that out
            except TangledError:
                return cls._too_long(name, "too much stands inside one another in it")
        return read

    @property
    def tree(self) -> ast.Module | None:
        """None if the text does not parse."""
        return self._parsed()[0]

    @property
    def error(self) -> Failure | None:
        """Why it does not parse, for feedback to put in words that all Pythons share."""
        return self._parsed()[1]

    def _parsed(self) -> tuple[ast.Module | None, Failure | None]:
        if self.refused is not None:
            return None, self.refused
        return self.once("parsed", self._parse)

    def _parse(self) -> tuple[ast.Module | None, Failure | None]:
        return _parse_cells(self.text, self.name, self.cells) if self.cells else _parse(self.text, self.name)

    @property
    def names(self) -> Names:
        """What its names stand for, and its nodes."""
        tree = self.tree
        return self.once("names", lambda: Names.of(tree) if tree else Names())

    @property
    def heads(self) -> Mapping[int, int]:
        """For each line of the head of a `with` over several lines its first."""
        return self.once("heads", lambda: _heads(self.names.nodes) if "with" in self.text else {})

    @classmethod
    def _too_long(cls, name: str, why: str) -> "Source":
        """Nothing of it is looked at, so that no file holds up the grader, which reads outside of all limits."""
        return cls(name, "", Failure(TOO_LONG, why, None))

    @property
    def is_too_long(self) -> bool:
        return self.refused is not None and self.refused.type == TOO_LONG

    def of(self, file: str | None) -> "Source":
        """That of an earlier file; this one for None, and for a name that is none of theirs."""
        if file is None or file not in self.beside:
            return self
        data = self.beside[file]
        return self.once(("beside", file), lambda: Source.read(data, file))

    def once(self, what: object, read: Callable[[], T]) -> T:
        """What `read` gives, asked for once: it depends on the text and on `what` alone, and goes when the text does."""
        if what not in self._read:
            self._read[what] = read()
        found: T = self._read[what]
        return found

    def line(self, number: int | None) -> str:
        """The text of a line, without its indentation, and of a very long one the beginning; empty where there is none."""
        lines = self.once("lines", lambda: self.text.split("\n"))
        return lines[number - 1].strip()[:_LONGEST_LINE] if number is not None and 0 < number <= len(lines) else ""

    def places(self, pattern: str) -> tuple[int, ...]:
        """The lines on which `pattern` is found; raises ValueError for a pattern that is not understood."""
        parsed, tree = parse(pattern), self.tree
        if tree is None:
            return ()
        return self.once(("places", pattern), lambda: find(parsed, tree, self.names, self._never_done(tree)))

    def _never_done(self, tree: ast.Module) -> frozenset[int]:
        """The ids of all nodes in main blocks; in a notebook, whose cells are run as `__main__`, there are none."""

        def read() -> frozenset[int]:
            blocks = [] if self.cells else list(never_done(tree.body))
            return frozenset(id(node) for block in blocks for node in ast.walk(block))

        return self.once("never done", read)

    def is_empty(self) -> bool:
        """Whether nothing stands there that does anything: no statement but texts and `pass`."""
        return self.tree is not None and all(map(_does_nothing, self.tree.body))

    def functions(self) -> tuple[str, ...]:
        """The names of the functions at the top of the file."""
        body = self.tree.body if self.tree else []
        return tuple(node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _has_more_words(text: str) -> bool:
    return len(text) > MOST_WORDS and next(islice(_WORD.finditer(text), MOST_WORDS, None), None) is not None


def _does_nothing(node: ast.stmt) -> bool:
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or isinstance(node, ast.Pass)


def _heads(nodes: Iterable[ast.AST]) -> dict[int, int]:
    withs = [node for node in nodes if isinstance(node, (ast.With, ast.AsyncWith))]
    heads = [node for node in withs if _head_end(node) > node.lineno]
    return {line: node.lineno for node in heads for line in range(node.lineno, _head_end(node) + 1)}


def _head_end(node: ast.With | ast.AsyncWith) -> int:
    last = node.items[-1].optional_vars or node.items[-1].context_expr
    return last.end_lineno or node.lineno


def _parse(text: str, name: str) -> tuple[ast.Module | None, Failure | None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text, name), None
        except SyntaxError as error:
            kind = "TooDeep" if any(words in error.msg for words in _TOO_DEEP) else type(error).__name__
            about = (error.text or "").strip()[:_LONGEST_LINE] or None
            return None, told_alike(Failure(kind, error.msg, error.lineno, about=about), text)
        except (RecursionError, MemoryError):
            return None, Failure("TooDeep", "", None)
        except (ValueError, OverflowError):
            return None, Failure("SyntaxError", "", None)


def _parse_cells(text: str, name: str, cells: Iterable[Cell]) -> tuple[ast.Module, None]:
    """What one cell of a notebook is about does not hang on the others; of those that do not parse the run tells."""
    lines, body = text.split("\n"), list[ast.stmt]()
    for cell in cells:
        tree, _ = _parse("\n".join(lines[cell.first - 1 : cell.last]), name)
        if tree is not None:
            body += ast.increment_lineno(tree, cell.first - 1).body
    return ast.Module(body, []), None


def _declares(text: str) -> int | None:
    """Which of the first two lines declares an encoding."""
    return next((at for at, line in enumerate(text.split("\n")[:2], 1) if "coding" in line), None)


def _undecodable(data: bytes) -> int | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return None
