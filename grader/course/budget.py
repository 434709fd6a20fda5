"""How much one evaluation may do: steps, sizes and integers are counted, never timed.

The same expression is refused at the same point on every machine. What C code would do in one go is paid for before
it is done.
"""

from collections.abc import Iterable
from typing import Any

from grader.course.syntax import ExpressionError

MAX_STEPS = 200_000
MAX_ITEMS = 100_000
MAX_BITS = 4_096
MAX_DEPTH = 100
SHORT = 64  # characters of a text that is as cheap as a number
SEQUENCES = (list, tuple, set, frozenset, dict, str, bytes)
_TEXTS = (str, bytes)
_CONTAINERS = (list, tuple, set, frozenset, dict)
_SMALL = frozenset({int, float, bool, type(None)})


class Budget:
    """The steps that are left; mutable, and alive for one evaluation only."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def step(self) -> None:
        """Spend one."""
        self.left -= 1
        if self.left < 0:
            self.spend(0)

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise ExpressionError(f"the expression needs more than {MAX_STEPS} steps; make it or its values smaller")

    def weigh(self, value: Any, depth: int = 0) -> int:
        """Pay for a walk over all of `value`, shared parts as often as they are reached; return what was paid."""
        if depth > MAX_DEPTH:
            raise ExpressionError("the value is too deeply nested")
        if type(value) in _SMALL:
            return self._pay(1)
        if isinstance(value, _TEXTS):
            return self._pay(1 + len(value) // SHORT)
        weight = self._pay(1)
        if not isinstance(value, _CONTAINERS):
            return weight
        weight += self._weigh_items(value, depth + 1)
        if isinstance(value, dict):
            weight += self._weigh_items(value.values(), depth + 1)
        return weight

    def _weigh_items(self, items: Iterable[Any], depth: int) -> int:
        """Numbers and short texts are counted together, because lists of them are long."""
        weight = small = 0
        for item in items:
            kind = type(item)
            if (kind in _SMALL or (kind is str and len(item) < SHORT)) and depth <= MAX_DEPTH:
                small += 1
            else:
                weight += self._pay(small) + self.weigh(item, depth)
                small = 0
        return weight + self._pay(small)

    def _pay(self, steps: int) -> int:
        self.left -= steps
        if self.left < 0:
            self.spend(0)
        return steps


def check_items(count: int) -> None:
    if count > MAX_ITEMS:
        raise ExpressionError(f"a value of {count} items or characters is too large; at most {MAX_ITEMS} are allowed")


def check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise ExpressionError(f"an integer of more than {MAX_BITS} bits is too large")


def checked(value: Any) -> Any:
    """`value`, if it is within the sizes; its parts were checked when they were made."""
    if value is None or type(value) in (bool, float):
        return value
    if isinstance(value, int):
        check_bits(value.bit_length())
    elif isinstance(value, SEQUENCES):
        check_items(len(value))
    elif isinstance(value, complex):
        raise ExpressionError("the value is not a real number")
    return value


def kind_of(value: Any) -> str:
    """A value's type in an author's words."""
    return "None" if value is None else type(value).__name__
