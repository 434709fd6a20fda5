"""A timeline in characters: pure layout, from spans to rows of one width; two timelines share one scale.

A span takes at least one column, so nothing that happened is invisible, and two that meet never share one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.feedback.characters import columns, distinct, in_ascii, padded
from grader.feedback.spans import Abridged, Kind, Span, abridged, end_of, end_word, scale_marks, seconds
from grader.verdict import Timeline

KEEP = 16
_LEAST = 16
_MOST = 100


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of a drawing: `late` is drawn from the return on, `instant` for what took no time."""

    full: str
    late: str
    blocked: str
    instant: str
    open_end: str
    edge: str
    rule: str
    arrow: str
    ellipsis: str


BOX = Glyphs("█", "░", "▒", "•", "►", "│", "─", "→", "…")
ASCII = Glyphs("=", ".", "#", "*", ">", "|", "-", "->", "...")


@dataclass(frozen=True, slots=True)
class Row:
    """A drawn line in three parts, padded, for painting; `kind` None for the scale and for remarks (in `label`)."""

    label: str
    cells: str
    note: str
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Geometry:
    """What timelines drawn together share. `stacked`: too narrow for one line, so the names stand above the bars.

    `labels` gives each name as it is drawn.
    """

    until: float
    labels: dict[str, str]
    label: int
    cells: int
    stacked: bool


def geometry(timelines: Sequence[Timeline], width: int, glyphs: Glyphs, keep: int = KEEP) -> Geometry:
    spans = [span for timeline in timelines for span in abridged(timeline, keep).drawn]
    plain = {span.label: in_ascii(span.label) if glyphs is ASCII else span.label for span in spans}
    labels = distinct(plain, max(12, width // 3), glyphs.ellipsis)
    label = max(map(columns, labels.values()), default=0)
    note = max((columns(note_of(span, glyphs)) for span in spans), default=0)
    cells = width - label - note - 4
    until = end_of(timelines)
    if cells < _LEAST:
        return Geometry(until, plain, 0, min(width - 4, _MOST), stacked=True)
    return Geometry(until, labels, label, min(cells, _MOST), stacked=False)


def note_of(span: Span, glyphs: Glyphs) -> str:
    """`0 -> 1  line 11, cancelled`."""
    said = ", ".join(filter(None, (span.place, span.mark)))
    end = "..." if span.end is None else seconds(span.end)
    times = f"at {end}" if span.start == span.end else f"{seconds(span.start)} {glyphs.arrow} {end}"
    return f"{times}  {said}" if said else times


def draw(timeline: Timeline, place: Geometry, glyphs: Glyphs, keep: int = KEEP) -> tuple[Row, ...]:
    """The rows of `timeline`, its scale last; none if nothing happened."""
    shown = abridged(timeline, keep)
    if not shown.drawn:
        return ()
    rows = [_row(span, timeline, place, glyphs) for span in shown.first]
    rows += [_remark(shown.left_out)] if shown.left_out else []
    rows += [_row(span, timeline, place, glyphs) for span in shown.last]
    rows += _after(shown, timeline, place, glyphs)
    return (*rows, _scale(place, glyphs))


def _after(shown: Abridged, timeline: Timeline, place: Geometry, glyphs: Glyphs) -> list[Row]:
    if timeline.returned is None:
        return []
    moment = f"{seconds(timeline.returned)} s"
    if not shown.after:
        left = any(span.kind == "running" for span in shown.drawn)
        return [_remark(f"your function {end_word(timeline)} at {moment}")] if left else []
    rows = [_remark(f"after your function had {end_word(timeline)} (at {moment}):")]
    rows += [_row(span, timeline, place, glyphs) for span in shown.after]
    return [*rows, _remark(shown.after_left_out)] if shown.after_left_out else rows


def _remark(text: str) -> Row:
    return Row(text, "", "", None)


def _row(span: Span, timeline: Timeline, place: Geometry, glyphs: Glyphs) -> Row:
    label = padded(place.labels[span.label], place.label)
    edge = glyphs.edge
    return Row(label, edge + _cells(span, timeline, place, glyphs) + edge, note_of(span, glyphs), span.kind)


def _cells(span: Span, timeline: Timeline, place: Geometry, glyphs: Glyphs) -> str:
    start = min(_column(span.start, place), place.cells - 1)
    end = place.cells if span.end is None else max(_column(span.end, place), start + 1)
    drawn = glyphs.instant if span.end == span.start else _drawn(span, start, end, timeline, place, glyphs)
    return " " * start + drawn + " " * (place.cells - end)


def _drawn(span: Span, start: int, end: int, timeline: Timeline, place: Geometry, glyphs: Glyphs) -> str:
    length = end - start
    if span.kind == "blocked":
        return glyphs.blocked * length
    late = length if span.kind == "after" else 0
    if span.kind == "running" and timeline.returned is not None:
        late = min(length, max(0, end - _column(timeline.returned, place)))
    drawn = glyphs.full * (length - late) + glyphs.late * late
    return drawn[:-1] + glyphs.open_end if span.end is None else drawn


def _column(moment: float, place: Geometry) -> int:
    return round(moment / place.until * place.cells) if place.until else 0


def _scale(place: Geometry, glyphs: Glyphs) -> Row:
    """Numbers at their columns on a rule: 0 under the left edge, the end of everything under the right one."""
    line = [glyphs.rule] * (place.cells + 2)
    end = seconds(place.until) if place.until else ""
    free = len(line) - len(end)
    line[free:] = end
    for moment in scale_marks(place.until, max(2, place.cells // 7 + 1)):
        text = seconds(moment)
        at = _column(moment, place) + (1 if moment else 0)
        if at + len(text) + 2 <= free:
            line[at : at + len(text)] = text
    return Row("" if place.stacked else " " * place.label, "".join(line), "s" if place.until else "", None)
