"""A notebook as exercise files, and files as a notebook: every cell is in one of them at least, and comes back as it was,
but for prompts that a file cannot have.

An exercise's file has as code what its functions need; whatever else the notebook has stands as comments in the file of the
exercise beside it. What a notebook's cells put out is in no file: it stays where the notebook itself is still there.
"""

import ast
import json
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from grader.course.model import Exercise
from grader.errors import UsageError
from grader.intake.asking import open_to, sure_of
from grader.intake.kinds import module_of, stem
from grader.intake.magic import as_module
from grader.intake.pasted import plain
from grader.notebooks.needed import defined, needed, unreadable
from grader.notebooks.old import OLD, of_today
from grader.notebooks.percent import Cell, Page, in_order, read, written

_SHOWS = {"check", "display"}
_NOT_THERE = ("grader.notebooks", "IPython")
_OUTPUT = ("outputs", "execution_count")
_PLAIN = {
    "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 4,
}
Book = Mapping[str, Any]


class Extracted(NamedTuple):
    """One exercise's file. `awaits`: its cells, counted from 1, that await outside of functions, which no file can do."""

    exercise: str
    module: str
    text: str
    awaits: tuple[int, ...]


def parsed(content: bytes, name: str) -> dict[str, Any]:
    """A notebook of today's format, which one of an older becomes. Raises UsageError for all else."""
    try:
        found = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
        if found.get("nbformat") in OLD:
            found = of_today(found, name)
        cells, minor = found["cells"], found["nbformat_minor"]
        whole = isinstance(minor, int) and all(isinstance(_text(cell), str) and cell["cell_type"] for cell in cells)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UsageError(f"{name}: this is no notebook that can be read") from None
    if found.get("nbformat") != 4 or not whole:
        raise UsageError(f"{name}: a notebook of an unknown format; save it again with a Jupyter of today")
    return dict(found)


def _text(cell: Book) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def asking(book: Book, name: str, exercises: Sequence[Exercise]) -> list[Exercise]:
    """Those of `exercises` that ask for a function that the notebook defines.

    A function that several ask for counts for the one that the notebook is named after, else for those of which there is
    another function, too. Raises UsageError where neither tells.
    """
    names = defined(_ran(book))
    sure = sure_of(names, module_of(stem(name)), exercises)
    for entry, every in open_to(names, sure, exercises).items():
        slugs = ", ".join(one.slug for one in every)
        raise UsageError(
            f"{name}: {slugs} all ask for a function {entry}; say --exercise, or name the notebook after one"
        )
    return [one for one in exercises if one in sure]


def _ran(book: Book) -> list[tuple[int, str]]:
    return [(at, _text(cell)) for at, cell in enumerate(book["cells"]) if cell["cell_type"] == "code"]


def extracted(book: Book, name: str, exercises: Sequence[Exercise]) -> list[Extracted]:
    """A file for each of `exercises`, in their order, that asks for a function that the notebook defines."""
    ran = _ran(book)
    names = defined(ran)
    uses = {one.module: needed(ran, one.file.entries) for one in exercises if names & one.file.entries.keys()}
    homes = _homes(len(book["cells"]), uses)
    about = {key: value for key, value in book.items() if key != "cells"} | {"name": name}
    return [_extracted(one, about, book["cells"], uses[one.module], homes) for one in exercises if one.module in uses]


def broken(book: Book) -> tuple[int, ...]:
    """The cells of code, counted from 1 among all, that are not valid Python."""
    return tuple(at + 1 for at in unreadable(_ran(book)))


def _homes(count: int, uses: Mapping[str, Collection[int]]) -> dict[int, str]:
    """For each cell that nobody needs the exercise that it goes with: the one that comes next, else the one before."""
    first = {at: module for module, used in reversed(list(uses.items())) for at in used}
    homes, waiting, last = dict[int, str](), list[int](), ""
    for at in range(count):
        waiting.append(at)
        if at in first:
            last = first[at]
            homes |= dict.fromkeys(waiting, last)
            waiting.clear()
    return homes | dict.fromkeys(waiting, last)


def _extracted(
    exercise: Exercise, about: dict[str, Any], cells: Sequence[Book], used: Collection[int], homes: Mapping[int, str]
) -> Extracted:
    mine = [at for at in range(len(cells)) if at in used or homes.get(at) == exercise.module]
    made = [_cell(at, cells[at], at in used) for at in mine]
    awaits = tuple(at + 1 for at in mine if at in used and any(map(_cannot_stand, _statements(_text(cells[at])))))
    return Extracted(exercise.slug, exercise.module, written(Page(about, tuple(made))), awaits)


def _cell(at: int, cell: Book, used: bool) -> Cell:
    about = {key: value for key, value in cell.items() if key not in ("source", "cell_type", *_OUTPUT)}
    if about.get("metadata") == {}:
        del about["metadata"]
    text, kind = _text(cell), cell["cell_type"]
    if kind != "code":
        return Cell("markdown" if kind == "markdown" else "raw", text, about, at)
    if used:
        text = "\n".join(plain(text.split("\n")))
    return Cell("code", text, about, at, _off(text)) if used else Cell("tried", text, about, at)


def _off(text: str) -> set[int]:
    """The lines of a cell, from 0, that are not for a file: magics, checks, what is shown, what awaits outside of functions."""
    lines = text.split("\n")
    off = {at for at, (line, made) in enumerate(zip(lines, as_module(lines), strict=True)) if line != made}
    found = [(one, _is_for_notebooks(one) or _awaits(one)) for one in _statements(text)]
    kept = {at for one, without in found if not without for at in _lines_of(one)}
    for one, without in found:
        if without and not kept & {*_lines_of(one)}:
            off |= {*_lines_of(one)}
    return off


def _statements(text: str) -> Sequence[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse("\n".join(as_module(plain(text.split("\n"))))).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _lines_of(one: ast.stmt) -> range:
    return range(one.lineno - 1, one.end_lineno or one.lineno)


def _is_for_notebooks(one: ast.stmt) -> bool:
    match one:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in _SHOWS
        case ast.Expr(value=ast.Await(value=ast.Call(func=ast.Name(id="check_async")))):
            return True
        case ast.ImportFrom(module=str(module)):
            return module.startswith(_NOT_THERE)
        case ast.Import(names=[ast.alias(name=name)]):
            return name.startswith(_NOT_THERE)
    return False


def _cannot_stand(one: ast.stmt) -> bool:
    return _awaits(one) and not _is_for_notebooks(one)


def _awaits(one: ast.AST) -> bool:
    if isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith) or (
        isinstance(one, ast.comprehension) and one.is_async
    ):
        return True
    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return False
    return any(map(_awaits, ast.iter_child_nodes(one)))


def notebooks(files: Iterable[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """The notebooks, by name, of files given as (name, text); those that were made of one notebook are one again.

    Raises UsageError where two of them do not agree on a cell that both have.
    """
    pages: dict[str, list[tuple[str, Page]]] = {}
    for name, text in files:
        page = read(text)
        said = page.notebook.get("name")
        book = (
            said if isinstance(said, str) and said.endswith(".ipynb") and "/" not in said and "\\" not in said else ""
        )
        pages.setdefault(book or f"{name.removesuffix('.py')}.ipynb", []).append((name, page))
    return {book: _book(parts) for book, parts in pages.items()}


def _book(parts: Sequence[tuple[str, Page]]) -> dict[str, Any]:
    about = {key: value for key, value in parts[0][1].notebook.items() if key != "name"} or _PLAIN
    cells = [_of_cell(cell) for cell in in_order(_agreed(parts))]
    return {**about, "cells": cells}


def _agreed(parts: Sequence[tuple[str, Page]]) -> Iterator[Cell]:
    known: dict[int, tuple[str, Cell]] = {}
    for name, page in parts:
        for cell in page.cells:
            if cell.at is None:
                yield cell
                continue
            first, other = known.setdefault(cell.at, (name, cell))
            if other is cell:
                yield cell
            elif other.text != cell.text:
                raise UsageError(
                    f"{first} and {name} do not agree on cell {cell.at + 1} of their notebook; make them the same"
                )


def _of_cell(cell: Cell) -> dict[str, Any]:
    code = cell.kind in ("code", "tried")
    output: dict[str, Any] = {"execution_count": None, "outputs": []} if code else {}
    kind = "code" if code else cell.kind
    return {"metadata": {}, **cell.about, "cell_type": kind, "source": cell.text.splitlines(keepends=True), **output}


def with_outputs(book: dict[str, Any], before: Book) -> dict[str, Any]:
    """With what the cells of `before` have put out, where they have the same text still."""
    there = {_known_by(at, cell): cell for at, cell in enumerate(before["cells"])}
    cells = []
    for at, cell in enumerate(book["cells"]):
        was = there.get(_known_by(at, cell))
        same = was is not None and was["cell_type"] == cell["cell_type"] == "code" and _text(was) == _text(cell)
        kept = {key: was[key] for key in _OUTPUT if key in was} if was is not None and same else {}
        cells.append({**cell, **kept})
    return {**book, "cells": cells}


def _known_by(at: int, cell: Book) -> Any:
    return cell.get("id", at)


def packed(book: Book) -> bytes:
    """As Jupyter writes it."""
    return (json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "surrogatepass")
