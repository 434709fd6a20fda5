"""A notebook whose test cells somebody wrote by hand: which of its cells are the author's, what it needs, what is beside it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, read
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory

from grader.intake.magic import as_module
from grader.intake.pasted import plain
from grader.notebooks.kernel_needed import why_kernel
from grader.run.outside import Code

_MOST_FILES, _MOST_BYTES = 200, 3_000_000  # of what a job may write to the disk of its own
_NOT_RUN = "skip-execution"
_KERNELS = {"python3", "python"}


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


def codes(nb: NotebookNode, authors: Collection[str], left_out: Collection[int]) -> list[Code]:
    """The cells that are to be run; `left_out` by their identity."""
    given = {*authors}
    return [
        Code(
            number,
            "\n".join(as_module(plain(cell.source.split("\n")))),
            utils.is_locked(cell) or cell.source in given,
        )
        for number, cell in _run(nb)
        if id(cell) not in left_out
    ]


def numbers(nb: NotebookNode) -> dict[int, int]:
    """The numbers of the cells that are run, by their identity."""
    return {id(cell): number for number, cell in _run(nb)}


def _run(nb: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """The cells that a kernel would be given, with the numbers that it would give them."""
    given = (cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip())
    return enumerate((cell for cell in given if _NOT_RUN not in cell.metadata.get("tags", ())), 1)


def needs(
    nb: NotebookNode, texts: Iterable[str], folders: Sequence[Path], packages: Collection[str], *, given: bool = False
) -> list[str]:
    """Why a kernel is needed, as the texts have it, and the files in the first folder; empty where none is. Modules may lie in
    any. `given`: texts and first folder are the author's, for nobody else's files decide that.
    """
    name = nb.metadata.get("kernelspec", {}).get("name", "python3")
    if name not in _KERNELS:
        return [f"the kernel {name}"]
    known = {
        *packages,
        *(path.stem for folder in folders for path in folder.glob("*.py")),
        *(path.parent.name for folder in folders for path in folder.glob("*/*.py")),
    }
    reasons = list(why_kernel(("\n".join(plain(text.split("\n"))) for text in texts), known, given=given))
    sizes = [path.stat().st_size for path in _paths(folders[0])]
    if len(sizes) > _MOST_FILES or sum(sizes) > _MOST_BYTES:
        reasons.append(f"{len(sizes)} files of {sum(sizes)} bytes beside it")
    return reasons


def beside(folder: Path) -> dict[str, bytes]:
    """The files beside the notebook, by their paths from there, as many of them as have room."""
    found, room = dict[str, bytes](), _MOST_BYTES
    for path in _paths(folder):
        if len(found) < _MOST_FILES and path.stat().st_size <= room:
            found[path.relative_to(folder).as_posix()] = content = path.read_bytes()
            room -= len(content)
    return found


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The same files somewhere else."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb" and not path.name.startswith("."):
            yield path


def put(nb: NotebookNode, outputs: Mapping[int, Sequence[Any]]) -> None:
    """Each cell's number is the one in brackets beside it."""
    from nbformat import from_dict

    for number, cell in _run(nb):
        if number in outputs:
            cell.execution_count = number
            cell.outputs = [from_dict(one) for one in outputs[number]]  # type: ignore[no-untyped-call]
