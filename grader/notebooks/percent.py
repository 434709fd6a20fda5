"""Cells of a notebook in the text of a Python file, and back, without loss: `# %%` begins one, as in jupytext and VS Code.

What stands behind it is what the notebook says of the cell. Of a cell of code, single lines may be comments (`#nb: `); text
and cells that are only tried out are comments as a whole. One blank line between two cells belongs to neither.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

Kind = Literal["code", "tried", "markdown", "raw"]
_ENCODING = "# -*- coding: utf-8 -*-"  # whatever the notebook's own words are
_MARK = re.compile(r"# %%(?: \[(?P<kind>markdown|raw|tried|notebook)\])? (?P<about>\{.*\})")
_LIKE_A_MARK = re.compile(r"# (\\*)%%(?: \[\w+\])? \{.*\}")
_BARE = re.compile(r"# ?%%(?P<title>.*)")
_OFF = "#nb: "
_OFF_IN_BLOCK = re.compile(r"([ \t]+)pass  #nb: (.*)", re.DOTALL)


class Cell(NamedTuple):
    """`about`: what a notebook has of it beside its text and what it put out; `at`: where it stands among all, from 0.

    None where nothing says so: it stands behind the one before it. `off`: lines that are no Python, counted from 0.
    """

    kind: Kind
    text: str
    about: dict[str, Any]
    at: int | None = None
    off: Collection[int] = ()


class Page(NamedTuple):
    """What one file holds: `notebook` is all that its notebook has beside cells, and its name; empty where none is said."""

    notebook: dict[str, Any]
    cells: tuple[Cell, ...]


def written(page: Page) -> str:
    head = f"# %% [notebook] {_packed(page.notebook)}"
    parts = [f"{_ENCODING}\n{head}", *("\n".join(_block(cell)) for cell in page.cells)]
    return "\n\n".join(parts) + "\n"


def _block(cell: Cell) -> Iterator[str]:
    said = cell.about if cell.at is None else cell.about | {"at": cell.at}
    yield f"# %% {'' if cell.kind == 'code' else f'[{cell.kind}] '}{_packed(said)}"
    lines = cell.text.split("\n") if cell.text else []
    for at, line in enumerate(lines):
        shown = _code(line, at in cell.off) if cell.kind == "code" else f"# {line}" if line else "#"
        yield _LIKE_A_MARK.sub(_covered, shown, count=1) if _LIKE_A_MARK.fullmatch(shown) else shown


def _packed(about: dict[str, Any]) -> str:
    return json.dumps(about, sort_keys=True)


def _covered(match: re.Match[str]) -> str:
    """What only looks like the beginning of a cell has one backslash more."""
    return f"# \\{match[0][2:]}"


def _code(line: str, off: bool) -> str:
    if line.startswith("#nb:") or _OFF_IN_BLOCK.fullmatch(line):  # it is text that looks like ours
        return _OFF + line
    if not off:
        return line
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return f"{indent}pass  {_OFF}{line[len(indent) :]}" if indent and line.strip() else _OFF + line


def read(text: str) -> Page:
    """A file in which nothing of the kind stands is one cell; so is what stands above the first, if it says anything."""
    lines = text.removesuffix("\n").split("\n")
    ours = any(_MARK.fullmatch(line) for line in lines)
    blocks = _blocks(lines[1:] if ours and lines[0] == _ENCODING else lines, ours)
    if len(blocks) > 1 and not any(blocks[0][2]):
        del blocks[0]
    notebook = next((about for kind, about, _ in blocks if kind == "notebook"), {})
    return Page(notebook, tuple(_cell(*block) for block in blocks if block[0] != "notebook"))


def _blocks(lines: Sequence[str], ours: bool) -> list[tuple[str, dict[str, Any], list[str]]]:
    """What each begins with, and its lines; the first begins with nothing."""
    blocks: list[tuple[str, dict[str, Any], list[str]]] = [("code", {}, [])]
    for line in lines:
        mark = _mark(line, ours)
        if mark is None:
            blocks[-1][2].append(line)
        else:
            if blocks[-1][2][-1:] == [""]:
                blocks[-1][2].pop()
            blocks.append((*mark, []))
    return blocks


def _mark(line: str, ours: bool) -> tuple[str, dict[str, Any]] | None:
    match = _MARK.fullmatch(line)
    if match is not None:
        try:
            return match["kind"] or "code", json.loads(match["about"])
        except ValueError:
            return None
    bare = None if ours else _BARE.fullmatch(line)
    if bare is None:
        return None
    return ("markdown" if "[markdown]" in bare["title"] else "code"), {}


def _cell(kind: str, about: dict[str, Any], block: Sequence[str]) -> Cell:
    about = dict(about)
    at = about.pop("at", None)
    lines = [_LIKE_A_MARK.sub(_uncovered, line) if _LIKE_A_MARK.fullmatch(line) else line for line in block]
    plain = [_from_code(line) if kind == "code" else _from_comment(line) for line in lines]
    known: Kind = kind if kind in ("tried", "markdown", "raw") else "code"  # type: ignore[assignment]
    return Cell(known, "\n".join(plain), about, at if isinstance(at, int) else None)


def _uncovered(match: re.Match[str]) -> str:
    return f"# {match[0][3:]}" if match[1] else match[0]


def _from_comment(line: str) -> str:
    return line[2:] if line.startswith("# ") else line[1:] if line.startswith("#") else line


def _from_code(line: str) -> str:
    if line.startswith(_OFF):
        return line[len(_OFF) :]
    if line == _OFF.rstrip():
        return ""
    return _OFF_IN_BLOCK.sub(r"\1\2", line) if _OFF_IN_BLOCK.fullmatch(line) else line


def in_order(cells: Iterable[Cell]) -> list[Cell]:
    """By where they stand; one that does not say so, behind the one before it."""
    placed, last = list[tuple[int, int, Cell]](), -1
    for count, cell in enumerate(cells):
        last = last if cell.at is None else cell.at
        placed.append((last, count, cell))
    return [cell for _, _, cell in sorted(placed, key=lambda one: one[:2])]
