"""Where a numbered thing stands in a set: one order for one salt, and for another salt another.

In asyncio the order of a set of tasks is that of memory addresses, and nobody can rely on it. An order by number would hide
that: it is the order in which the tasks were made, and a program that relies on it would be right by luck.
"""

_MASK = 2**64 - 1
# The finaliser of SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def place(number: int, salt: int) -> int:
    """A hash for `number`; the same on every Python and every machine, and never negative."""
    mixed = (number * _GOLDEN + salt) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * _FIRST) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * _SECOND) & _MASK
    return (mixed ^ (mixed >> 31)) >> 4
