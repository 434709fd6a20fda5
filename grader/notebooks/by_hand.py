"""A notebook whose test cells somebody wrote by hand: which of its cells are the author's, what it needs, what is beside it."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, read, reads, writes
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory

from grader.intake.magic import as_module
from grader.intake.pasted import plain
from grader.notebooks import shell_needed
from grader.notebooks.kernel_needed import why_kernel
from grader.run.outside import Code

_MOST_FILES, _MOST_BYTES = 200, 3_000_000  # of what a job may write to the disk of its own
_NOT_RUN = "skip-execution"
_NOTEBOOK = ".ipynb"
_KERNELS = {"python3", "python"}
_VARIABLE = re.compile(
    r"""(?:\benviron\s*(?:\[|\.\s*(?:get|pop|setdefault|__contains__)\s*\()|\bgetenv\s*\()\s*['"](\w+)['"]"""
    r"""|['"](\w+)['"]\s+(?:not\s+)?in\s+(?:\w+\.)?environ\b"""
)
_OF_ITS_OWN = {"HOME", "PATH", "TMPDIR", "TEMP", "TMP", "NBGRADER_EXECUTION"}  # which a job has otherwise


def source_folder(coursedir: CourseDirectory, about: Mapping[str, str]) -> Path:
    """The assignment's, with its author's files."""
    return Path(coursedir.format_path(coursedir.source_directory, ".", about["assignment"]))


def source(folder: Path, notebook: str) -> NotebookNode | None:
    """The author's notebook, if it is at hand."""
    try:
        found: NotebookNode = read(folder / f"{notebook}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        return None
    return found


def authors(nb: NotebookNode, source: NotebookNode | None) -> list[str]:
    """The texts of the cells of the source's notebook; where that is not at hand, of what is locked in this one."""
    cells = [cell for cell in nb.cells if utils.is_locked(cell)] if source is None else source.cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def variables(source: NotebookNode | None) -> dict[str, str]:
    """Of the environment here, those that the cells of the source's notebook name, as a kernel here would have them.

    A notebook that is handed in decides none of it: what is not named by its author stays unknown.
    """
    texts = [cell.source for cell in source.cells if cell.cell_type == "code"] if source is not None else []
    named = {next(filter(None, found.groups())) for text in texts for found in _VARIABLE.finditer(text)}
    return {name: os.environ[name] for name in sorted(named - _OF_ITS_OWN) if name in os.environ}


def codes(nb: NotebookNode, authors: Collection[str], left_out: Collection[int]) -> list[Code]:
    """The cells that are to be run; `left_out` by their identity."""
    given, cells = {*authors}, [(number, cell) for number, cell in _run(nb) if id(cell) not in left_out]
    by_shell = shell_needed.is_asked_for(cell.source for _, cell in cells)
    return [
        Code(
            number,
            "\n".join(as_module(plain(cell.source.split("\n")))),
            utils.is_locked(cell) or cell.source in given,
            cell.source if by_shell else "",
        )
        for number, cell in cells
    ]


def has_shell(codes: Sequence[Code]) -> bool:
    """Whether IPython's own shell runs their magics."""
    return any(code.raw for code in codes)


def installed(codes: Sequence[Code], *more: str) -> tuple[str, ...]:
    """As pip calls them, the distributions that the cells may import, as in a kernel here, and `more`."""
    raw = [code.raw for code in codes if code.raw]
    return tuple(dict.fromkeys((*more, *(shell_needed.distributions(raw) if raw else ()))))


def numbers(nb: NotebookNode) -> dict[int, int]:
    """The numbers of the cells that are run, by their identity."""
    return {id(cell): number for number, cell in _run(nb)}


def _run(nb: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """The cells that a kernel would be given, with the numbers that it would give them."""
    given = (cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip())
    return enumerate((cell for cell in given if _NOT_RUN not in cell.metadata.get("tags", ())), 1)


def needs(
    nb: NotebookNode,
    texts: Iterable[str],
    folders: Sequence[Path],
    packages: Collection[str],
    *,
    given: bool = False,
    shell: bool = False,
) -> list[str]:
    """Why a kernel is needed, as the texts have it, and the files in the first folder; empty where none is. Modules may lie in
    any. `given`: texts and first folder are the author's, for nobody else's files decide that. `shell`: IPython's own is there.
    """
    name = nb.metadata.get("kernelspec", {}).get("name", "python3")
    if name not in _KERNELS:
        return [f"the kernel {name}"]
    known = {
        *packages,
        *(path.stem for folder in folders for path in folder.glob("*.py")),
        *(path.parent.name for folder in folders for path in folder.glob("*/*.py")),
    }
    reasons = list(why_kernel(("\n".join(plain(text.split("\n"))) for text in texts), known, given=given, shell=shell))
    sizes = [path.stat().st_size for path in _paths(folders[0])]
    if len(sizes) > _MOST_FILES or sum(sizes) > _MOST_BYTES:
        reasons.append(f"{len(sizes)} files of {sum(sizes)} bytes beside it")
    return reasons


def beside(folder: Path, codes: Sequence[Code] = ()) -> dict[str, bytes]:
    """The files beside the notebook, by their paths from there, as many of them as have room; and of other notebooks, where
    the cells run them, what these define.
    """
    found, room = dict[str, bytes](), _MOST_BYTES
    for path in (*_paths(folder), *_notebooks(folder, shell_needed.notebooks(code.raw for code in codes))):
        if len(found) < _MOST_FILES and path.stat().st_size <= room:
            content = path.read_bytes() if path.suffix != _NOTEBOOK else _without_tests(path.read_bytes())
            found[path.relative_to(folder).as_posix()] = content
            room -= len(content)
    return found


def _without_tests(content: bytes) -> bytes:
    """Hidden tests are nobody's to be read, and what a cell has put out takes room."""
    try:
        nb = reads(content.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    except ValueError:
        return content
    nb.cells = [cell for cell in nb.cells if not utils.is_grade(cell) or utils.is_solution(cell)]
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return str(writes(nb)).encode()  # type: ignore[no-untyped-call]


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The same files somewhere else."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != _NOTEBOOK and not path.name.startswith("."):
            yield path


def _notebooks(folder: Path, names: Collection[str]) -> Iterator[Path]:
    return (path for path in map(folder.joinpath, sorted(names)) if path.is_file() and not path.is_symlink())


def put(nb: NotebookNode, outputs: Mapping[int, Sequence[Any]]) -> None:
    """Each cell's number is the one in brackets beside it."""
    from nbformat import from_dict

    for number, cell in _run(nb):
        if number in outputs:
            cell.execution_count = number
            cell.outputs = [from_dict(one) for one in outputs[number]]  # type: ignore[no-untyped-call]
