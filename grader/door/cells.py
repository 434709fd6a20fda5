"""Where the cells of a notebook stand in the module that is made of it: its first line says so, and belongs to no cell.

So what a verdict hangs on is all in the text, and both sides read it alike. A first line that does not add up, or names more
than MOST cells, is a comment.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

MOST = 1_000
_HEAD = "# -*- coding: utf-8 -*- cells of a notebook:"
_SIZES = re.compile(r"(?: [1-9]\d{0,6}\+[1-9]\d{0,6})+", re.ASCII)


class Cell(NamedTuple):
    """A code cell of a notebook in the module made of it: lines `first` to `last`, counted from 1."""

    number: int
    first: int
    last: int


class Stretch(Protocol):
    """A cell, in whatever form it is kept."""

    @property
    def number(self) -> int: ...

    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int: ...


def joined(sources: Iterable[tuple[int, Sequence[str]]]) -> str:
    """The module of these cells, at most MOST, each with its number and its lines, of which it has one at least."""
    listed = list(sources)
    head = "".join(f" {number}+{len(lines)}" for number, lines in listed)
    return "".join(f"{line}\n" for line in (f"{_HEAD}{head}", *(line for _, lines in listed for line in lines)))


def cells_of(text: str) -> tuple[Cell, ...]:
    """In their order; none where the text was not made of a notebook."""
    if not text.startswith(_HEAD):
        return ()
    head = text.partition("\n")[0].removeprefix(_HEAD)
    if not _SIZES.fullmatch(head) or head.count("+") > MOST:
        return ()
    found, line = list[Cell](), 2
    for told in head.split():
        number, _, size = told.partition("+")
        found.append(Cell(int(number), line, line + int(size) - 1))
        line = found[-1].last + 1
    return tuple(found) if text.count("\n") == line - 1 else ()


def place(cells: Sequence[Stretch], line: int) -> str:
    """Where a line stands: `cell 3, line 2`, or in what is no notebook, and in no cell, `line 12`."""
    cell = next((cell for cell in cells if cell.first <= line <= cell.last), None)
    return f"cell {cell.number}, line {line - cell.first + 1}" if cell else f"line {line}"
