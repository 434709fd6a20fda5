"""What is possible, with the numbers that the learner's own program drew.

What a reference slept by chance is nobody's to meet, so it is not recorded: beside a learner's run it is what they drew, in the
same places. Where they drew another number of times, or it cannot be told how the reference's run hangs together, the numbers
are left out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from grader.course.model import Exercise
from grader.verdict import Bar, Timeline

MOST = 100  # of more nobody compares the numbers


def with_draws(possible: Timeline, theirs: Timeline, exercise: Exercise) -> Timeline:
    """`possible`, where an operation that has a key has none recorded because it was drawn; and what their program did."""
    drawn = [bar for bar in possible.bars if _is_drawn(bar, exercise)]
    if not drawn or possible.blocked:
        return possible
    needed = Counter(bar.operation for bar in drawn)
    given = {name: _draws(name, theirs) for name in needed}
    if len(drawn) > MOST or any(len(given[name]) != many for name, many in needed.items()):
        return possible
    return _moved(possible, drawn, {name: iter(bars) for name, bars in given.items()})


def _is_drawn(bar: Bar, exercise: Exercise) -> bool:
    described = exercise.file.world.operations.get(bar.operation)
    return bar.key is None and described is not None and described.key is not None


def _draws(operation: str, theirs: Timeline) -> list[Bar]:
    return [bar for bar in theirs.bars if bar.operation == operation and bar.outcome == "ok"]


def _moved(possible: Timeline, drawn: Sequence[Bar], given: dict[str, Iterator[Bar]]) -> Timeline:
    chance, ends, bars = {id(bar) for bar in drawn}, _Ends(), list[Bar]()
    for bar in possible.bars:
        start = ends.now_at(bar.start)
        one = next(given[bar.operation]) if id(bar) in chance else bar
        if start is None or one.end is None or bar.end is None:
            return possible
        now = replace(bar, key=one.key, start=start, end=start + (one.end - one.start))
        ends.add(bar.end, start + (one.end - one.start))
        bars.append(now)
    returned = None if possible.returned is None else ends.now_at(possible.returned)
    if returned is None:
        return possible
    return replace(possible, bars=tuple(sorted(bars, key=lambda bar: bar.start)), returned=returned)


class _Ends:
    """When things ended as it was recorded, and when they do now."""

    def __init__(self) -> None:
        self._now = {0.0: 0.0}
        self._last, self._last_now = 0.0, 0.0

    def add(self, before: float, now: float) -> None:
        self._now[before] = now
        self._last, self._last_now = max(self._last, before), max(self._last_now, now)

    def now_at(self, then: float) -> float | None:
        """When now is what was `then`: the end of something, or of all where nothing else went on; None if that is not told."""
        if then > 0 and then == self._last:
            return self._last_now
        return self._now.get(then)
