"""Whether some names of modules and classes still hold what they held, told in a few microseconds.

A process that plays run after run asks before each of them. Where a dictionary counts its changes, that number is read, and
nothing that lies in it is touched: each object that is looked at would be counted, and in a process that was forked the page on
which it lies be copied for that.
"""

import gc
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import is_
from types import ModuleType
from typing import Any

from grader.clock.library.dict_memory import CAN_LOOK, HAS_VERSIONS, DictMemory

_GONE: Any = object()


class Held:
    """What these names of these owners hold when this is made."""

    __slots__ = ("_all", "_counted", "_others", "_parts", "_versions")

    def __init__(self, names: Iterable[tuple[Any, str]]) -> None:
        self._others: list[tuple[Any, str, Any]] = []  # of what is neither a module nor a class
        by_owner: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        for owner, name in names:
            if isinstance(owner, ModuleType | type):
                there = dictionary(owner)
                by_owner.setdefault(id(there), (there, {}))[1][name] = there[name]
            else:
                self._others.append((owner, name, getattr(owner, name)))
        self._parts = [([there] * len(held), [*held], [*held.values()]) for there, held in by_owner.values()]
        self._all = tuple([each for part in self._parts for each in part[at]] for at in range(3))
        self._counted = _versions([there for there, _ in by_owner.values()])
        self._versions = self._now()

    def _now(self) -> list[int]:
        return [version.value for version in self._counted]

    def same(self) -> bool:
        if not self._counted:
            return _holds(self._all) and self._others_hold()
        now = self._now()
        if now != self._versions:
            pairs = zip(self._parts, now, self._versions, strict=True)
            if not all(one == other or _holds(part) for part, one, other in pairs):
                return False
            self._versions = now
        return self._others_hold()

    def _others_hold(self) -> bool:
        return all(getattr(owner, name, None) is held for owner, name, held in self._others)


def _holds(part: Sequence[list[Any]]) -> bool:
    """Of the dictionaries in it, each name in one of them, and what was found there."""
    dictionaries, names, held = part
    return all(map(is_, map(dict.get, dictionaries, names, repeat(_GONE)), held))


def dictionary(owner: ModuleType | type) -> dict[str, Any]:
    """The dictionary itself, of which `vars` of a class gives a view that is dearer to go through."""
    if isinstance(owner, ModuleType):
        return vars(owner)
    return next(each for each in gc.get_referents(vars(owner)) if type(each) is dict)


def _versions(dictionaries: list[dict[str, Any]]) -> list[Any]:
    """By which changes of each of these are counted; none where one of them cannot be looked at so."""
    if not (CAN_LOOK and HAS_VERSIONS):
        return []
    try:
        return [DictMemory(each).version for each in dictionaries]
    except ValueError:
        return []
