"""Whether some names of modules and classes still hold what they held, told in a few microseconds.

A process that plays run after run asks before each of them. Where a dictionary counts its changes, that number is read, and
nothing that lies in it is touched: each object that is looked at would be counted, and in a process that was forked the page on
which it lies be copied for that.
"""

import gc
from collections.abc import Callable, Iterable, Sequence
from itertools import compress, repeat
from operator import is_, ne
from types import ModuleType
from typing import Any

from grader.clock.library.dict_memory import CAN_LOOK, HAS_VERSIONS, DictMemory, changes

_GONE: Any = object()


class Held:
    """What these names of these owners hold when this is made."""

    __slots__ = ("_all", "_changes", "_others", "_parts", "_versions")

    def __init__(self, names: Iterable[tuple[Any, str]]) -> None:
        others: list[tuple[Any, str, Any]] = []  # of what is neither a module nor a class
        by_owner: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        for owner, name in names:
            if isinstance(owner, ModuleType | type):
                there = dictionary(owner)
                by_owner.setdefault(id(there), (there, {}))[1][name] = there[name]
            else:
                others.append((owner, name, getattr(owner, name)))
        self._others: list[list[Any]] = [*map(list, zip(*others, strict=True))] or [[], [], []]
        # as they lie, which is how their changes are told
        self._parts = [
            ([there] * len(held), [*held], [*held.values()]) for _, (there, held) in sorted(by_owner.items())
        ]
        self._all = tuple([each for part in self._parts for each in part[at]] for at in range(3))
        self._changes = _changes([there for there, _ in by_owner.values()])
        self._versions = () if self._changes is None else self._changes()

    def same(self) -> bool:
        if self._changes is None:
            return _holds(self._all) and self._others_hold()
        now = self._changes()
        if now != self._versions:
            if not all(map(_holds, compress(self._parts, map(ne, now, self._versions)))):
                return False
            self._versions = now
        return self._others_hold()

    def _others_hold(self) -> bool:
        owners, names, held = self._others
        return all(map(is_, map(getattr, owners, names, repeat(_GONE)), held))


def _holds(part: Sequence[list[Any]]) -> bool:
    """Of the dictionaries in it, each name in one of them, and what was found there."""
    dictionaries, names, held = part
    return all(map(is_, map(dict.get, dictionaries, names, repeat(_GONE)), held))


def dictionary(owner: ModuleType | type) -> dict[str, Any]:
    """The dictionary itself, of which `vars` of a class gives a view that is dearer to go through."""
    if isinstance(owner, ModuleType):
        return vars(owner)
    return next(each for each in gc.get_referents(vars(owner)) if type(each) is dict)


def _changes(dictionaries: list[dict[str, Any]]) -> Callable[[], tuple[int, ...]] | None:
    """What tells the changes of each of these; None where they are not counted, or one of them cannot be looked at so."""
    if not (CAN_LOOK and HAS_VERSIONS):
        return None
    try:
        for each in dictionaries:
            DictMemory(each)
    except ValueError:
        return None
    return changes(dictionaries)
