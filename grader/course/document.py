"""A file of the course as data that knows its lines: for every path in it the line on which an author wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.errors import Problem

MAX_MESSAGE = 500
_HEAD, _TAIL = 330, 160

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its data and its lines. `name` is the file as errors call it.

    `problems` are those of the text, `broken` the paths whose value could not be read and is None. `doubted` are paths that
    were written twice: what stands under both is here. `written` is the spelling of scalars that are not text.
    """

    name: str
    data: Any
    lines: Mapping[Path, int]
    problems: tuple[Problem, ...] = ()
    broken: frozenset[Path] = frozenset()
    doubted: frozenset[Path] = frozenset()
    written: Mapping[Path, str] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest part above it that was written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(self.name, self.line(path), cut(message))


def cut(message: str) -> str:
    """A message on one line, of bounded length; its middle is left out, because what to do stands at its end."""
    message = "\\n".join(message.splitlines())
    return message if len(message) <= MAX_MESSAGE else f"{message[:_HEAD]} ... {message[-_TAIL:]}"
