"""Where a coroutine was made: kept for the learner's own, of which somebody may forget one, and not for those that know it.

Python looks up the line of each of some frames for that, which takes longer than all else of making a coroutine.
"""

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def without_origin(make: Callable[..., T], *args: object) -> T:
    """`make(*args)`, a coroutine whose `cr_origin` nobody needs; `make` runs none of the learner's code."""
    depth = sys.get_coroutine_origin_tracking_depth()
    if not depth:
        return make(*args)
    sys.set_coroutine_origin_tracking_depth(0)
    try:
        return make(*args)
    finally:
        sys.set_coroutine_origin_tracking_depth(depth)
