"""Which modules there are, and which came or are others since.

All that is imported is several hundred modules. To go through them counts each, and so writes where it lies: in a process that
was forked that is some hundred pages, and a tenth of all that a file costs. So they are gone through before the fork, and the
memory of the dictionary tells that they are the same; those that came are its last ones.
"""

import sys
from collections.abc import Mapping
from itertools import islice
from types import ModuleType

from grader.clock.library.dict_memory import CAN_LOOK, DictMemory


class Imported:
    """`before`: those that there were when this was made, by their names."""

    def __init__(self) -> None:
        self.before: Mapping[str, ModuleType] = dict(sys.modules)
        self._modules, self._look = sys.modules, _look()

    def same(self) -> bool:
        """Whether there are these and no others."""
        return sys.modules is self._modules and self._look is not None and self._look.same()

    def others(self) -> list[str]:
        """The names of those that came, or are others than those that had them."""
        came = None if self._look is None or sys.modules is not self._modules else self._look.came()
        if came is not None and came >= 0:
            return [*islice(reversed(sys.modules), came)]
        return [name for name, module in [*sys.modules.items()] if self.before.get(name) is not module]

    def put_back(self) -> None:
        """Of these none is another, and none is gone."""
        if not self.same() and not sys.modules.items() >= self.before.items():
            sys.modules.update(self.before)


def _look() -> DictMemory | None:
    try:
        return DictMemory(sys.modules) if CAN_LOOK else None
    except ValueError:
        return None


_standing: list[Imported] = []


def imported() -> Imported:
    """Those that there are now, of a process that plays nothing but runs."""
    if not _standing or not _standing[0].same():
        _standing[:] = [Imported()]
    return _standing[0]
