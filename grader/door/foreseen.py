"""Sleeps whose end both sides know from the call itself: they last for their first argument, and give back their second.

Nothing about such a sleep is a secret of the referee's, so nobody has to ask when it ends. Both sides go by the rule here.
"""

from collections.abc import Sequence

from grader.door.values import Packed
from grader.ticks import to_ticks

LONGEST = 10**6  # seconds; whatever lasts longer is asked for, as anything else
LONGEST_TEXT = 200
_PLAIN = frozenset({type(None), bool, int, float})
_SECONDS = (float, int)


def foreseen_ticks(args: Sequence[Packed], takes: int) -> int:
    """How many ticks a sleep lasts that is called with `args`, of which it `takes` so many; 0 where that is to be asked."""
    if len(args) != takes or type(args[0]) not in _SECONDS or not 0 < args[0] <= LONGEST:
        return 0
    for more in args[1:]:
        if type(more) not in _PLAIN and not (type(more) is str and len(more) <= LONGEST_TEXT):
            return 0
    return to_ticks(args[0])
