"""Standard output and error as a kernel has them: no file of the system's, and no stream of bytes."""

import io
import os
from contextvars import ContextVar
from typing import Any, NoReturn

from grader.runner.output import Output

# 0 of the loop itself, which says what became of a callback or a task; a thread has none, nor has what it hands to a loop
CELL: ContextVar[int] = ContextVar("cell")


class Stream(Output):
    """What is written between cells, by what an earlier cell has started, or by the loop itself, does not stand below this
    one; and its descriptor is that of the process before it became a kernel.
    """

    def __init__(self, bound: int, name: str):
        super().__init__(bound)
        self._called = name
        self._descriptor, self.cell = os.open(os.devnull, os.O_WRONLY), 0

    def write(self, text: str) -> int:
        if self.cell and CELL.get(self.cell) == self.cell:
            return super().write(text)
        return len(text)

    def fileno(self) -> int:
        return self._descriptor

    @property
    def name(self) -> str:
        return self._called

    @property
    def buffer(self) -> Any:
        _has_not("buffer")

    @property
    def reconfigure(self) -> Any:
        _has_not("reconfigure")

    @property
    def mode(self) -> Any:  # type: ignore[override]
        _has_not("mode")

    @property
    def line_buffering(self) -> Any:
        _has_not("line_buffering")

    @property
    def write_through(self) -> Any:
        _has_not("write_through")

    def detach(self) -> Any:
        raise io.UnsupportedOperation("detach")

    def taken(self) -> str:
        """What was written since this was asked last."""
        text = self.text()
        self._kept.data.clear()
        self._kept.cut = False
        return text


def _has_not(name: str) -> NoReturn:
    raise AttributeError(f"'OutStream' object has no attribute {name!r}")


# so a kernel is known
Stream.__name__, Stream.__qualname__, Stream.__module__ = "OutStream", "OutStream", "ipykernel.iostream"
