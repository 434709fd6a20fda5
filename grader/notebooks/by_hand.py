"""A notebook whose test cells somebody wrote by hand: which of its cells are the author's, what it needs, what is beside it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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


def authors(nb: NotebookNode, coursedir: CourseDirectory, about: Mapping[str, str]) -> list[str]:
    """The texts of the cells of the source's notebook; where that is not at hand, of what is locked in this one."""
    folder = coursedir.format_path(coursedir.source_directory, ".", about["assignment"])
    try:
        cells = read(Path(folder, f"{about['notebook']}.ipynb"), as_version=4).cells  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        cells = [cell for cell in nb.cells if utils.is_locked(cell)]
    return [cell.source for cell in cells if cell.cell_type == "code"]


def codes(nb: NotebookNode, authors: Collection[str], left_out: Collection[int]) -> list[Code]:
    """The cells that are to be run; `left_out` by their identity."""
    given = {*authors}
    return [
        Code(
            number, "\n".join(as_module(plain(cell.source.split("\n")))), utils.is_locked(cell) or cell.source in given
        )
        for number, cell in _run(nb)
        if id(cell) not in left_out
    ]


def _run(nb: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """The cells that a kernel would be given, with the numbers that it would give them."""
    given = (cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip())
    return enumerate((cell for cell in given if _NOT_RUN not in cell.metadata.get("tags", ())), 1)


def needs(nb: NotebookNode, texts: Sequence[str], folder: Path, packages: Collection[str]) -> list[str]:
    """Why a kernel is needed, as the texts have it; empty where none is."""
    name = nb.metadata.get("kernelspec", {}).get("name", "python3")
    if name not in _KERNELS:
        return [f"the kernel {name}"]
    known = {
        *packages,
        *(path.stem for path in folder.glob("*.py")),
        *(path.parent.name for path in folder.glob("*/*.py")),
    }
    reasons = list(why_kernel(texts, known))
    sizes = [path.stat().st_size for path in _paths(folder)]
    if len(sizes) > _MOST_FILES or sum(sizes) > _MOST_BYTES:
        reasons.append(f"{len(sizes)} files of {sum(sizes)} bytes beside it")
    return reasons


def beside(folder: Path) -> dict[str, bytes]:
    """The files beside the notebook, by their paths from there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _paths(folder)}


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
