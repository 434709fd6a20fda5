"""What came with a notebook and is nobody's work: the definitions and stubs beside it, with which its cells are tried.

A program in such a folder, of whose exercise there is no notebook beside it, is a learner's as any other; and where there is
one, whoever changed the stub is told that the notebook was graded.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from grader.course.model import Exercise
from grader.intake.kinds import DEFINITION, DEFINITIONS, is_notebook, module_of, stem
from grader.intake.layouts.base import Piece


def without_handed_out(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Of the folder `exercises/05_say_after` of an exercise whose `say-after.ipynb` is beside `exercises` the stub alone."""
    every = [(piece, _above(piece)) for piece in pieces]
    books = {_book(piece) for piece, _ in every if is_notebook(piece.name)}
    defined = {above for piece, above in every if piece.file.name == DEFINITION}
    gone = tuple(f"{folder}/" for folder in defined if _book_of(folder) in books)
    return tuple(
        piece
        for piece, above in every
        if not piece.file.called.startswith(gone) or piece.name == f"{module_of(above.rpartition('/')[2])}.py"
    )


def came_with(piece: Piece, books: Iterable[Piece], exercise: Exercise) -> bool:
    """Whether it is no notebook, and the course's own file or one that lies where that is handed out with one of `books`."""
    if is_notebook(piece.name):
        return False
    return is_stub(piece, exercise) or _book_of(_above(piece)) in {_book(one) for one in books}


def _above(piece: Piece) -> str:
    return piece.file.called.rpartition("/")[0]


def _book(piece: Piece) -> str:
    return f"{_above(piece)}/{module_of(stem(piece.name))}"


def _book_of(folder: str) -> str | None:
    """Where the notebook of this folder's exercise is, without its ending; None for a folder that lies elsewhere."""
    above, _, name = folder.rpartition("/")
    top, _, last = above.rpartition("/")
    return f"{top}/{module_of(name)}" if last == DEFINITIONS else None


def is_stub(piece: Piece, exercise: Exercise) -> bool:
    """Whether it is the course's own file, with nothing done to it."""
    try:
        return _plain((piece.file.target or piece.file.path).read_bytes()) == _stub(exercise.folder, exercise.module)
    except OSError:
        return False


def is_courses_own(piece: Piece, exercise: Exercise | None) -> bool:
    """Whether it stands beside the course's stub, and nothing was done to it: a definition, a README, a text to be read."""
    if exercise is None:
        return False
    try:
        given = Path(exercise.folder, piece.name)
        return given.is_file() and _plain((piece.file.target or piece.file.path).read_bytes()) == _plain(
            given.read_bytes()
        )
    except OSError:
        return False


@lru_cache(maxsize=64)
def _stub(folder: str, module: str) -> bytes | None:
    try:
        return _plain(Path(folder, f"{module}.py").read_bytes())
    except OSError:
        return None


def _plain(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").strip()
