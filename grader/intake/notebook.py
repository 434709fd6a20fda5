"""A notebook as a module: the code of its cells, in their order, and a first line that says where each of them stands.

The text is read, never compiled: a hostile cell could take the process that reads it with it.
"""

import re

import msgspec

from grader.door.cells import MOST, joined
from grader.door.text import LARGEST
from grader.intake.helpers import Beside, with_helpers
from grader.intake.magic import as_module
from grader.intake.pasted import plain

_OLD = (2, 3)  # whose cells stand elsewhere, in the same order


class NotebookError(Exception):
    """A notebook that cannot be graded; the text is the reason."""


class _Language(msgspec.Struct):
    name: str = ""
    language: str = ""


class _About(msgspec.Struct):
    kernelspec: _Language = msgspec.field(default_factory=_Language)
    language_info: _Language = msgspec.field(default_factory=_Language)


class _Cell(msgspec.Struct):
    """`input` is what the code of a cell is in an old format."""

    cell_type: str
    source: str | list[str] = ""
    input: str | list[str] | None = None


class _Sheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    """`worksheets` are where cells stand in an old format."""

    nbformat: int
    cells: list[_Cell] = []
    worksheets: list[_Sheet] = []
    metadata: _About = msgspec.field(default_factory=_About)


def module_of_notebook(content: bytes, beside: Beside | None = None) -> bytes:
    """The module. Its cells count from 1 among all cells, text included, as they are seen.

    What only a notebook understands is made a comment, and prompts are taken off, so that lines keep their places. Raises
    NotebookError. `beside`: the files that cells may import, by the names of their modules.
    """
    cells = code_of_notebook(content, beside)
    if not cells:
        raise NotebookError("a notebook without code")
    if len(cells) > MOST:
        raise NotebookError(f"a notebook with more than {MOST} cells of code")
    module = joined(cells).encode("utf-8", "surrogatepass")
    if len(module) > LARGEST:
        raise NotebookError(f"a notebook with more than {LARGEST >> 20} MiB of code")
    return module


def code_of_notebook(content: bytes, beside: Beside | None = None) -> list[tuple[int, list[str]]]:
    """Each cell of code with its number, as lines of Python. Raises NotebookError."""
    listed, cells = _read(content).cells, list[tuple[int, list[str]]]()
    for number, cell in enumerate(listed, 1):
        if cell.cell_type != "code":
            continue
        written = cell.source if cell.input is None else cell.input
        lines = plain(_lines(written if isinstance(written, str) else "".join(written)))
        if lines:
            cells.append((number, lines))
    if beside is not None:
        cells = with_helpers(cells, len(listed) + 1, beside)
    return [(number, as_module(lines)) for number, lines in cells]


def why_not(content: bytes) -> str | None:
    """Why it is no notebook that could be graded, if it is none."""
    try:
        code_of_notebook(content)
    except NotebookError as error:
        return str(error)
    return None


def _lines(source: str) -> list[str]:
    return source.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n") if source.strip() else []


# Halves of characters as JSON can write them; what is escaped itself is passed over, and so are two that belong together.
_HALVES = re.compile(
    rb"(?:\\\\)+|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def _of_whole_characters(content: bytes) -> bytes:
    """Jupyter writes what a program printed, and reads it again; half a character stands for one that is not known."""
    if b"\\ud" not in content and b"\\uD" not in content:
        return content
    return _HALVES.sub(lambda found: rb"\ufffd" if found[1] else found[0], content)


def _read(content: bytes) -> _Notebook:
    try:
        found = msgspec.json.decode(_of_whole_characters(content.removeprefix(b"\xef\xbb\xbf")), type=_Notebook)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise NotebookError(f"not a notebook ({error})") from None
    if found.nbformat in _OLD:
        cells = [cell for sheet in found.worksheets for cell in sheet.cells]
        found = msgspec.structs.replace(found, cells=cells)
    elif found.nbformat != 4:
        raise NotebookError(f"a notebook of format {found.nbformat}; save it again with a Jupyter of today")
    language = found.metadata.language_info.name or found.metadata.kernelspec.language or "python"
    if not language.lower().startswith("python"):
        raise NotebookError(f"a notebook in {language}, not in Python")
    return found
