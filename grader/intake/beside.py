"""The file of a module beside a notebook: of a folder that is one learner's, or of what they handed in."""

from collections.abc import Iterable
from pathlib import Path

from grader.intake.kinds import largest
from grader.intake.layouts.base import Piece


def of_folder(folder: Path, name: str) -> bytes | None:
    """None for what is no file of its own there, or too large."""
    file = folder / f"{name}.py"
    return None if file.is_symlink() else _read(file)


def of_pieces(pieces: Iterable[Piece], book: Piece, name: str) -> bytes | None:
    """Of those in the notebook's own folder, under the name that its learner gave it."""
    above = book.file.called.rpartition("/")[0]
    found = (one for one in pieces if one.name == f"{name}.py" and one.file.called.rpartition("/")[0] == above)
    return next((_read(one.file.target or one.file.path) for one in found), None)


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.stat().st_size <= largest(file.name) else None
    except OSError:
        return None
