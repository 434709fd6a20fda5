"""Whether a dictionary holds what it held: by its memory, which is read and not touched.

To compare its values counts each of them, and so writes where it lies: in a process that was forked that is a page more for a
few of them, and dearer than all else. The layout is that of CPython 3.11 to 3.13, and is tried out before it is relied on.
"""

import sys
from collections.abc import Callable, Iterable
from ctypes import c_char, c_ssize_t, c_uint8, c_void_p
from functools import partial
from itertools import pairwise
from struct import Struct
from typing import Any

HAS_VERSIONS = sys.version_info < (3, 13)  # since then a dictionary does not count its changes
# in a dictionary: how many names it has; the number of its last change; where its keys are, and its values, if these are apart
_USED, _VERSION, _KEYS = 16, 24, 32
# in its keys: log2 of the index's bytes, kind, entries; where the index begins
_INDEX, _KIND, _ENTRIES, _AFTER = 9, 10, 24, 32
_POINTER = 8


class DictMemory:
    """`same` until a name is bound anew, or one comes or goes. Raises ValueError for a dictionary that cannot be looked at."""

    __slots__ = ("_held", "_looks")

    def __init__(self, names: dict[str, Any]) -> None:
        there = id(names)
        keys, apart = (c_void_p.from_address(there + _KEYS + at).value for at in (0, _POINTER))
        if not keys or apart:
            raise ValueError("its values are apart from its keys")
        index, kind = (c_uint8.from_address(keys + at).value for at in (_INDEX, _KIND))
        size = c_ssize_t.from_address(keys + _ENTRIES).value * (2 if kind else 3) * _POINTER
        begins = keys + _AFTER + (1 << index)
        looks = ((there + _USED, _POINTER), (there + _KEYS, 2 * _POINTER), (begins, size))
        self._looks = [(c_char * length).from_address(address) for address, length in looks]
        self._held = [look.raw for look in self._looks]

    def same(self) -> bool:
        # in this order: where the keys are others, the old ones are gone
        used, keys, entries = self._looks
        held = self._held
        return used.raw == held[0] and keys.raw == held[1] and entries.raw == held[2]

    def came(self) -> int | None:
        """How many names came to those that there were; None where these are not as they were, or that cannot be told."""
        used, keys, entries = self._looks
        held = self._held
        if keys.raw != held[1] or entries.raw != held[2]:
            return None
        return int.from_bytes(used.raw, sys.byteorder) - int.from_bytes(held[0], sys.byteorder)


def changes(dictionaries: Iterable[dict[str, Any]]) -> Callable[[], tuple[int, ...]]:
    """Gives, each time that it is called, the number of the last change of each of these, in the order in which they lie in
    memory (that of `id`, each once), where HAS_VERSIONS. Whoever calls it keeps the dictionaries.

    All are read in one go, from where they lie: an object for each of them would be counted whenever it is asked.
    """
    places = sorted({id(each) + _VERSION for each in dictionaries})
    if not places:
        return tuple
    gaps = [after - before - _POINTER for before, after in pairwise(places)]
    numbers = Struct("=Q" + "".join([f"{gap}xQ" for gap in gaps]))
    return partial(numbers.unpack_from, (c_char * numbers.size).from_address(places[0]))


def _is_as_expected() -> bool:
    """Tried on dictionaries of the kinds that there are."""
    few: dict[Any, Any] = {"a": [], "b": 1}
    many: dict[Any, Any] = {each: str(each) for each in range(300)}
    for found in (few, many):
        try:
            look = DictMemory(found)
            (values,) = [bytes(each) for each in look._looks[2:]]
        except (ValueError, MemoryError):
            return False
        if any(id(value).to_bytes(_POINTER, "little") not in values for value in found.values()) or not look.same():
            return False
        count = changes([found])
        version = count() if HAS_VERSIONS else ()
        found["c"] = 1
        if look.came() not in (1, None):  # None: its keys had no room left
            return False
        del found["c"]
        if look.came() not in (0, None):
            return False
        found["a"] = found
        if look.same() or look.came() == 0 or (HAS_VERSIONS and count() == version):
            return False
    return True


CAN_LOOK = _is_as_expected()
