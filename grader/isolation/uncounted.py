"""What there is when a zygote is ready, its forks use without counting it.

To count an object writes where it lies, and in a fork the page is copied for that: of what a job costs before its program
begins, that is the most. Since Python 3.12 an object whose count stands at one value is never counted, and never goes
(PEP 683); `None` is one. There is no function for it, so the count is written where it lies, if it is where it should be.
"""

import gc
import sys
from ctypes import c_ssize_t
from types import FunctionType

_FOR_EVER = 0xFFFF_FFFF  # that of `None`


def use_uncounted() -> bool:
    """No object that exists now is counted any more, or freed; False where this Python counts them all, or in another way.

    Values that hold no others (texts, numbers) are left as they are, but for the code of functions: to find them would take
    longer than most programs do.
    """
    if not _can_be():
        return False
    there = gc.get_objects()
    there += [one.__code__ for one in there if type(one) is FunctionType]
    for one in there:
        c_ssize_t.from_address(id(one)).value = _FOR_EVER
    return True


def _can_be() -> bool:
    """Whether a count lies where it is written, and such a one as is written there is that of what is never counted."""
    one = object()
    before = _count(one)
    held = [one] * 100
    return _count(one) - before == len(held) and _count(None) == sys.getrefcount(None) == _FOR_EVER


def _count(one: object) -> int:
    return c_ssize_t.from_address(id(one)).value
