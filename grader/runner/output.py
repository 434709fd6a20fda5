"""What the program prints, kept up to a bound; a flood costs nothing."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from grader.runner.text import whole


class _Kept(io.BufferedIOBase):
    """Takes bytes up to `bound`; `cut` tells whether any were left out."""

    name = "<stdout>"

    def __init__(self, bound: int):
        super().__init__()
        self.bound, self.cut, self.deaf = bound, False, False
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.deaf:
            return len(data)
        room = self.bound - len(self.data)
        self.cut = self.cut or len(data) > room
        self.data += bytes(data[: max(room, 0)])
        return len(data)


class Output(io.TextIOWrapper):
    """Stands for stdout and stderr during a run: a text stream like any, `buffer` and `reconfigure` too. `bound` in bytes."""

    def __init__(self, bound: int):
        self._kept = _Kept(bound)
        super().__init__(self._kept, encoding="utf-8", errors="replace", newline="\n", write_through=True)

    @property
    def cut(self) -> bool:
        return self._kept.cut

    @contextlib.contextmanager
    def unheard(self) -> Iterator[None]:
        """What is said in this time is not the program's."""
        self._kept.deaf = True
        try:
            yield
        finally:
            self._kept.deaf = False

    def text(self) -> str:
        return whole(self._kept.data.decode("utf-8", "ignore" if self.cut else "replace"))
