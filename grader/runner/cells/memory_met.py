"""That memory was not to be had, whatever a program makes of the error.

Where Python tells of each exception that is raised (3.12), that is heard. Before, what shows is the memory that there was: a
program that has filled more than half of what it may have is taken for one that has asked for more.
"""

import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

try:
    import resource as _resource
except ImportError:  # on Windows, where nothing is shut in
    resource: Any = None
else:
    resource = _resource

_monitoring: Any = getattr(sys, "monitoring", None)
_TOOLS = 4, 3  # the numbers that are nobody's
_MUCH = 0.5
_KIB = 1024
Met = Callable[[str], object]


class MemoryMet:
    """Tells `met`, in whichever thread it is."""

    def __init__(self, met: Met) -> None:
        self._met, self._hears, self._before = met, False, 0

    def begin(self) -> None:
        self._hears = _monitoring is not None and self._listens()
        self._before = 0 if resource is None else _peak()

    def _listens(self) -> bool:
        met = self._met

        def raised(code: CodeType, offset: int, error: BaseException) -> None:
            if isinstance(error, MemoryError):
                met("MemoryError")

        tool = next((one for one in _TOOLS if _monitoring.get_tool(one) is None), None)
        if tool is None:
            return False
        _monitoring.use_tool_id(tool, "bounds")
        _monitoring.register_callback(tool, _monitoring.events.RAISE, raised)
        _monitoring.set_events(tool, _monitoring.events.RAISE)
        return True

    def over(self) -> None:
        """A cell is over. What an earlier one has filled is not this one's."""
        if self._hears or resource is None:
            return
        before, self._before = self._before, _peak()
        bound = resource.getrlimit(resource.RLIMIT_AS)[0]
        if before < self._before and self._before > _MUCH * bound > 0:
            self._met("it took more than half of the memory that there is")


def _peak() -> int:
    """Bytes, of what was in use at once; a page that was never written to is none of them."""
    found: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found * _KIB if sys.platform == "linux" else found
