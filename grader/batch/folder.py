"""A folder of pages that are made anew each time: what has not changed is left alone, and what is no longer made goes.

A page is replaced in one step; what somebody else put into the folder stays.
"""

from collections.abc import Iterable
from pathlib import Path

from grader.batch.atomic import write

_NEAR = 1000  # bytes from the beginning of a page, in which its sign stands


class Folder:
    """`sign` is what the pages that may be taken away have near their beginning."""

    def __init__(self, path: Path, sign: bytes):
        self.path, self._sign = path, sign
        self._put: set[str] = set()
        self._made: set[Path] = set()

    def put(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Writes `files`, named by their paths in the folder."""
        for name, content in files:
            path = self.path / name
            self._put.add(name)
            if path.parent not in self._made:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._made.add(path.parent)
            if not _has(path, content):
                write(path, content, lasting=False)  # should the power fail, the same command makes it anew

    def sweep(self) -> None:
        """Takes away the pages that were made before and were not put now."""
        for path in self.path.rglob("*.html"):
            name = path.relative_to(self.path).as_posix()
            if name not in self._put and path.is_file() and self._sign in _beginning(path):
                path.unlink()


def _has(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_NEAR)
