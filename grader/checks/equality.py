"""Whether two values are the same, type for type, without running a line of the learner's code.

Only exact builtin types are ever equal to anything, so no `__eq__` of the learner's is called, and 1, 1.0 and True are
three different values.
"""

from collections.abc import Iterable
from typing import Any

_PLAIN = (bool, int, float, complex, str, bytes, type(None))


def same(found: Any, expected: Any) -> bool:
    """Whether `found` is what `expected` is; a NaN is the same as a NaN."""
    kind = type(expected)
    if type(found) is not kind:
        return False
    if kind in (list, tuple):
        return len(found) == len(expected) and all(map(same, found, expected))
    if kind in (set, frozenset):
        return same_bag(found, expected)
    if kind is dict:
        return same_bag(found.items(), expected.items())
    if kind not in _PLAIN:
        return False
    return bool(found == expected) or (found != found and expected != expected)


def same_bag(found: Iterable[Any], expected: Iterable[Any]) -> bool:
    """Whether the two hold the same items, each as often, in any order."""
    left = list(found)
    wanted = list(expected)
    if len(left) != len(wanted):
        return False
    for item in wanted:
        place = next((index for index, other in enumerate(left) if same(other, item)), None)
        if place is None:
            return False
        del left[place]
    return True


def same_unordered(found: Any, expected: Any) -> bool:
    """As `same`, but the order of the outermost list or tuple does not count."""
    if type(expected) in (list, tuple) and type(found) is type(expected):
        return same_bag(found, expected)
    return same(found, expected)
