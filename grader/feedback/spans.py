"""What a timeline shows, before it is drawn in characters or as a picture: spans in the order in which they began.

What is left out of a long one is counted and named; what began after the return stands apart from what counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.door.cells import place as placed
from grader.feedback.characters import visible
from grader.verdict import Bar, Cell, Timeline

Kind = Literal["ok", "error", "cancelled", "running", "after", "blocked"]

_MARKS: dict[str, str] = {
    "error": "failed",
    "cancelled": "cancelled",
    "running": "still running",
    "blocked": "the loop stopped",
}
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Span:
    """One operation or one blocked stretch, in virtual seconds; `end` None if it never ended.

    `place` is the line that began it, in words.
    """

    label: str
    start: float
    end: float | None
    place: str
    kind: Kind

    @property
    def mark(self) -> str:
        """What is to be said about it in two or three words; empty for one that just ran."""
        return "never ended" if self.end is None else _MARKS.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Abridged:
    """The spans that are drawn: `first`, then what `left_out` counts, then `last`; and those `after` the return."""

    first: tuple[Span, ...]
    left_out: str
    last: tuple[Span, ...]
    after: tuple[Span, ...]
    after_left_out: str

    @property
    def drawn(self) -> tuple[Span, ...]:
        return self.first + self.last + self.after


class InCells(Timeline, frozen=True, kw_only=True):
    """The timeline of a notebook."""

    cells: tuple[Cell, ...]


def place(cells: Sequence[Cell], line: int | None) -> str:
    """Where a line stands, as its author counts: `line 12`, `cell 3, line 2`; empty for none."""
    return placed(cells, line) if line else ""


def seconds(value: float) -> str:
    """Virtual seconds as people write them: `0`, `1.25`, `0.001`."""
    if value and abs(value) < 0.001:
        return f"{value:.3g}"
    return f"{value:.3f}".rstrip("0").rstrip(".")


def label(bar: Bar) -> str:
    return visible(bar.operation if bar.key is None else f"{bar.operation}({bar.key})")


def spans_of(timeline: Timeline) -> tuple[Span, ...]:
    """Bars and blocked stretches, the bars in the order given, each stretch after what began at or before its start.

    Of a program that was stopped, what began while it was cleared away is nothing that it did.
    """
    cells = timeline.cells if isinstance(timeline, InCells) else ()
    blocked = [
        Span(visible(name), start, end, place(cells, line), "blocked") for start, end, name, line in timeline.blocked
    ]
    ended = timeline.returned is not None
    spans = [_span(bar, cells) for bar in timeline.bars if ended or bar.outcome != "after"]
    return tuple(sorted(spans + blocked, key=lambda span: span.start))


def _span(bar: Bar, cells: Sequence[Cell]) -> Span:
    kinds: dict[str, Kind] = {"error": "error", "cancelled": "cancelled", "running": "running", "after": "after"}
    return Span(label(bar), bar.start, bar.end, place(cells, bar.line), kinds.get(bar.outcome, "ok"))


def abridged(timeline: Timeline, keep: int) -> Abridged:
    """At most `keep` spans that count and as many as a quarter of that (at least two) after the return."""
    spans = spans_of(timeline)
    counted = [span for span in spans if span.kind != "after"]
    late = [span for span in spans if span.kind == "after"]
    first, gap, last = _ends(counted, keep)
    shown_late = late if len(late) <= max(2, keep // 4) else late[: max(2, keep // 4)]
    return Abridged(first, _said(gap), last, tuple(shown_late), _said(late[len(shown_late) :]))


def _ends(spans: Sequence[Span], keep: int) -> tuple[tuple[Span, ...], Sequence[Span], tuple[Span, ...]]:
    if len(spans) <= keep:
        return tuple(spans), (), ()
    front = keep - keep // 3
    back = len(spans) - keep // 3
    return tuple(spans[:front]), spans[front:back], tuple(spans[back:])


def _said(gap: Sequence[Span]) -> str:
    if not gap:
        return ""
    start, end = min(span.start for span in gap), max(span.end or span.start for span in gap)
    count = "1 more operation" if len(gap) == 1 else f"{len(gap)} more operations"
    when = f"at {seconds(end)} s" if start == end else f"between {seconds(start)} s and {seconds(end)} s"
    return f"... {count} {when}"


def end_word(timeline: Timeline) -> str:
    """What the function did at `timeline.returned`."""
    return "raised" if timeline.raised else "returned"


def end_of(timelines: Iterable[Timeline]) -> float:
    """The last moment that any of `timelines` shows."""
    moments = [0.0]
    for timeline in timelines:
        moments += [span.end if span.end is not None else span.start for span in spans_of(timeline)]
        moments.append(timeline.returned or 0.0)
    return max(moments)


def scale_marks(until: float, most: int) -> tuple[float, ...]:
    """Round moments from 0 to at most `until`, at most `most` of them, 1, 2 or 5 times a power of ten apart."""
    if until <= 0 or most < 2:
        return (0.0,)
    step = _step(until / (most - 1))
    # A millionth of a step forgives the rounding of `until / step`: 0.6 / 0.2 is just below 3.
    return tuple(round(number * step, 9) for number in range(int(until / step + 1e-6) + 1))


def _step(least: float) -> float:
    power = 1e-9
    while True:
        for factor in _STEPS:
            if factor * power >= least * (1 - 1e-9):
                return round(factor * power, 9)
        power *= 10
