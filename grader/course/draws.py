"""Drawn values: the same seed draws the same values on every Python and every machine.

The generator is ours, from SHA-256, because what the standard library draws from a seed may change with its version. Each
name has a stream of its own: a new var leaves the values of the others as they were.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.course.expressions import ExpressionError, evaluate
from grader.course.model import Draw
from grader.course.syntax import shorten

if TYPE_CHECKING:
    from decimal import Decimal

MAX_LIST = 1_000
MAX_MISSES = 10_000
STEP = 0.25
# Few letters: two of these syllables make no word that anybody would mind.
_CONSONANTS, _VOWELS = "bdlmnrstv", "aeiou"


class Stream:
    """Numbers without end from one seed; mutable, and alive for one draw only."""

    def __init__(self, seed: str):
        self._seed, self._count = seed, 0

    def below(self, end: int) -> int:
        """One of 0, 1, ..., end - 1, all alike: 256 bits leave no bias that could be seen."""
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}/{self._count}".encode()).digest()
        return int.from_bytes(digest, "big") % end


def draw(spec: Draw, name: str, seed: str, names: Mapping[str, Any]) -> Any:
    """The value of `spec` for the var `name`; raises ExpressionError where there is none.

    `names` are the values above it, for its expressions.
    """
    stream = Stream(f"{seed}/{name}")
    if spec.shuffle is not None:
        return _shuffled(evaluate(spec.shuffle, names), stream)
    if spec.list is None:
        return _one(spec, stream, names)
    count = evaluate(spec.list, names)
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MAX_LIST:
        raise ExpressionError(f"a list of {shorten(repr(count))} cannot be drawn; ask for 0 to {MAX_LIST}")
    return _distinct(spec, count, stream, names) if spec.distinct else [_one(spec, stream, names) for _ in range(count)]


def _distinct(spec: Draw, count: int, stream: Stream, names: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = []
    for _ in range(MAX_MISSES):
        if len(found) == count:
            return found
        value = _one(spec, stream, names)
        if value not in found:
            found.append(value)
    raise ExpressionError(f"{count} different values cannot be drawn; {len(found)} were found; widen the range")


def _shuffled(values: Any, stream: Stream) -> list[Any]:
    if not isinstance(values, list | tuple):
        raise ExpressionError(f"{type(values).__name__} cannot be shuffled; give a list")
    left = list(values)
    return [left.pop(stream.below(len(left))) for _ in range(len(values))]


def _one(spec: Draw, stream: Stream, names: Mapping[str, Any]) -> Any:
    if spec.number is not None:
        return _number(spec.number[0], spec.number[1], spec.step or STEP, stream)
    if spec.int is not None:
        low, high = spec.int
        return low + stream.below(high - low + 1)
    if spec.choice is not None:
        return evaluate(spec.choice[stream.below(len(spec.choice))], names)
    return _word(stream)


def _number(low: float, high: float, step: float, stream: Stream) -> float:
    first, width, count = _steps(low, high, step)
    return float(first + width * stream.below(count))


@lru_cache(maxsize=1024)
def _steps(low: float, high: float, step: float) -> "tuple[Decimal, Decimal, int]":
    """In tens, as the author wrote them: 0.1 + 2 * 0.1 is 0.3. Imported late: it takes longer than most draws."""
    from decimal import Decimal

    first, width = Decimal(str(low)), Decimal(str(step))
    return first, width, int((Decimal(str(high)) - first) / width) + 1


def _word(stream: Stream) -> str:
    """Four letters that can be said, and two digits: too many to guess, short enough for a timeline."""
    letters = "".join([row[stream.below(len(row))] for row in (_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS)])
    return f"{letters}{10 + stream.below(90)}"
