"""What the program prints, kept up to a bound; a flood costs nothing."""

import io

from grader.runner.text import whole


class Output(io.TextIOBase):
    """Stands for stdout and stderr during a run. `cut` tells whether anything was left out; `bound` in characters."""

    encoding = "utf-8"

    def __init__(self, bound: int):
        super().__init__()
        self.bound, self.cut = bound, False
        self._parts: list[str] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = self.bound - self._length
        if len(text) > room:
            self.cut = True
        if room > 0:
            self._parts.append(text[:room])
            self._length += len(self._parts[-1])
        return len(text)

    def text(self) -> str:
        return whole("".join(self._parts))
