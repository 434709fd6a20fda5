"""One process for several plain files of one learner, one after the other.

A process is left here only by a file whose runs all ended by themselves and left nothing, and is taken only by the next plain
file with the same bounds. Whoever plays something else first closes this: no other program runs beside what lies here.
"""

from grader.course.model import Limits
from grader.run.levels import Level, Process
from grader.run.wire import Wire

_Key = tuple[str, int | None, int | None, int]


class Succession:
    """One learner's, at one level of isolation or several."""

    def __init__(self) -> None:
        self._left: tuple[_Key, Process, Wire] | None = None

    def take(self, level: Level, limits: Limits) -> tuple[Process, Wire] | None:
        """What the file before has left, if it fits; what does not is gone then."""
        left, self._left = self._left, None
        if left is None:
            return None
        key, process, wire = left
        if key != _key(level, limits):
            process.stop()
            return None
        return process, wire

    def leave(self, level: Level, limits: Limits, process: Process, wire: Wire) -> None:
        self.close()
        self._left = _key(level, limits), process, wire

    def close(self) -> None:
        """Nothing is left; returns when the process has ended."""
        left, self._left = self._left, None
        if left is not None:
            left[1].stop()


def _key(level: Level, limits: Limits) -> _Key:
    """The bounds that a process has for good."""
    return level.name, limits.memory_mb, limits.open_files, (limits.processes or 0) + (limits.threads or 0)
