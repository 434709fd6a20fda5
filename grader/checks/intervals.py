"""Allen's thirteen relations of two spans (CACM 26(11), 1983).

Exactly one holds for any two spans. Ticks decide; where a span has no length, the order of the events decides, for then
much happens at one tick.
"""

from collections.abc import Iterable

import msgspec

from grader.course.parts import AllenRelation

CONVERSE: dict[AllenRelation, AllenRelation] = {
    "before": "after",
    "after": "before",
    "meets": "met_by",
    "met_by": "meets",
    "overlaps": "overlapped_by",
    "overlapped_by": "overlaps",
    "starts": "started_by",
    "started_by": "starts",
    "during": "contains",
    "contains": "during",
    "finishes": "finished_by",
    "finished_by": "finishes",
    "equals": "equals",
}
SEQUENTIAL: frozenset[AllenRelation] = frozenset({"before", "meets"})
APART: frozenset[AllenRelation] = SEQUENTIAL | {"after", "met_by"}
PARALLEL: frozenset[AllenRelation] = frozenset(CONVERSE) - APART

# By the signs of the comparison of the starts and of the ends, once the spans are known to share something.
_SHARING: dict[tuple[int, int], AllenRelation] = {
    (-1, -1): "overlaps",
    (-1, 0): "finished_by",
    (-1, 1): "contains",
    (0, -1): "starts",
    (0, 0): "equals",
    (0, 1): "started_by",
    (1, -1): "during",
    (1, 0): "finishes",
    (1, 1): "overlapped_by",
}


class Span(msgspec.Struct, frozen=True):
    """From tick `start` to tick `end`; `begun` and `ended` are the numbers of the two events, `begun < ended`."""

    start: int
    begun: int
    end: int
    ended: int

    @property
    def empty(self) -> bool:
        return self.start == self.end


def relation(a: Span, b: Span) -> AllenRelation:
    """The one relation of `a` to `b` that holds."""
    exact = a.empty or b.empty
    if _sign(a.end, a.ended, b.start, b.begun, exact) <= 0:
        return "meets" if a.end == b.start else "before"
    if _sign(b.end, b.ended, a.start, a.begun, exact) <= 0:
        return "met_by" if b.end == a.start else "after"
    starts = _sign(a.start, a.begun, b.start, b.begun, exact)
    return _SHARING[starts, _sign(a.end, a.ended, b.end, b.ended, exact)]


def _sign(tick: int, event: int, other_tick: int, other_event: int, exact: bool) -> int:
    if tick != other_tick or not exact:
        return (tick > other_tick) - (tick < other_tick)
    return (event > other_event) - (event < other_event)


def sequential(a: Span, b: Span) -> bool:
    """Whether `a` was over when `b` began."""
    return _sign(a.end, a.ended, b.start, b.begun, a.empty or b.empty) <= 0


def parallel(a: Span, b: Span) -> bool:
    """Whether the two share a stretch of time."""
    return not (sequential(a, b) or sequential(b, a))


def peak(spans: Iterable[Span]) -> tuple[int, int]:
    """The greatest number of spans at once, and the first tick at which there were so many (0 for none)."""
    running = most = moment = 0
    for tick, step in _steps(spans):
        running += step
        if running > most:
            most, moment = running, tick
    return most, moment


def _steps(spans: Iterable[Span]) -> Iterable[tuple[int, int]]:
    # At one tick: first the ends of what had lasted, then all the rest in the order of its events.
    marks: list[tuple[int, int, int, int]] = []
    for span in spans:
        marks.append((span.start, 1, span.begun, 1))
        marks.append((span.end, int(span.empty), span.ended, -1))
    return ((tick, step) for tick, _, _, step in sorted(marks))
