"""A timeline as a picture in a page: the same spans, words and scale as in the terminal, readable without colour.

It carries no style of its own but class names, so the page's light and dark colours hold for it too.
"""

from collections.abc import Sequence

from grader.feedback.characters import columns, distinct
from grader.feedback.markup import Html, joined, tag
from grader.feedback.spans import Abridged, Span, abridged, end_of, end_word, scale_marks, seconds
from grader.feedback.timeline import BOX, KEEP, note_of
from grader.verdict import Timeline

_ROW, _BAR, _TOP = 24, 14, 6
_TRACK = 380.0
_CHARACTER = 7.4
_LABEL_COLUMNS = 28
_LEAST_BAR = 3.0


class _Frame:
    """Where things stand; one for all timelines that are compared, so that they share a scale."""

    __slots__ = ("labels", "left", "until", "width")

    def __init__(self, timelines: Sequence[Timeline]):
        spans = [span for timeline in timelines for span in abridged(timeline, KEEP).drawn]
        self.labels = distinct({span.label: span.label for span in spans}, _LABEL_COLUMNS, BOX.ellipsis)
        self.left = _CHARACTER * max(map(columns, self.labels.values()), default=0) + 14
        notes = max((columns(note_of(span, BOX)) for span in spans), default=0)
        self.width = self.left + _TRACK + 14 + _CHARACTER * notes
        self.until = end_of(timelines)

    def x(self, moment: float) -> float:
        return self.left + (moment / self.until * _TRACK if self.until else 0.0)


def pictures(shown: Sequence[tuple[str, Timeline]]) -> tuple[Html, ...]:
    """One picture for each (name, timeline), all on the same scale; an empty one says so in words."""
    frame = _Frame([timeline for _, timeline in shown])
    return tuple(_picture(name, timeline, frame) for name, timeline in shown)


def _picture(name: str, timeline: Timeline, frame: _Frame) -> Html:
    kept = abridged(timeline, KEEP)
    if not kept.drawn:
        return tag("p", "(no operation had started)", class_="quiet")
    rows = _rows(kept, timeline)
    height = _TOP + _ROW * len(rows)
    drawn = [_row(row, _TOP + _ROW * at, timeline, frame) for at, row in enumerate(rows)]
    return tag(
        "svg",
        tag("title", name),
        tag("desc", "; ".join(_told(span) for span in kept.drawn)),
        _grid(height, frame),
        _return_line(timeline, height, frame),
        *drawn,
        _scale(height, frame),
        class_="timeline",
        role="img",
        aria_label=name,
        viewBox=f"0 0 {frame.width:.0f} {height + 24}",
        width=round(frame.width),
        height=height + 24,
    )


def _rows(kept: Abridged, timeline: Timeline) -> list[Span | str]:
    """Spans, and in their places the remarks on what is left out and where the function returned."""
    rows: list[Span | str] = [*kept.first, *filter(None, (kept.left_out,)), *kept.last]
    if kept.after:
        when = f" (at {seconds(timeline.returned)} s)" if timeline.returned is not None else ""
        rows += [
            f"after your function had {end_word(timeline)}{when}:",
            *kept.after,
            *filter(None, (kept.after_left_out,)),
        ]
    return rows


def _told(span: Span) -> str:
    return f"{span.label}: {note_of(span, BOX)}"


def _row(row: Span | str, top: float, timeline: Timeline, frame: _Frame) -> Html:
    middle = top + _ROW / 2 + 4
    if isinstance(row, str):
        return tag("text", row, x=frame.left, y=middle, class_="remark")
    return tag(
        "g",
        tag("title", _told(row)),
        tag("text", frame.labels[row.label], x=frame.left - 10, y=middle, class_="label", text_anchor="end"),
        _bar(row, top + (_ROW - _BAR) / 2, timeline, frame),
        tag("text", note_of(row, BOX), x=frame.left + _TRACK + 12, y=middle, class_="note"),
    )


def _bar(span: Span, top: float, timeline: Timeline, frame: _Frame) -> Html:
    end = frame.until if span.end is None else span.end
    split = timeline.returned
    if span.kind == "running" and split is not None and span.start < split < end:
        return joined(_box(span.start, split, top, "ok", frame), _box(split, end, top, "after", frame))
    return _box(span.start, end, top, "open" if span.end is None else span.kind, frame)


def _box(start: float, end: float, top: float, kind: str, frame: _Frame) -> Html:
    width = max(frame.x(end) - frame.x(start), _LEAST_BAR)
    left = min(frame.x(start), frame.left + _TRACK - width)
    return tag("rect", x=left, y=top, width=width, height=_BAR, rx=3, class_=f"span {kind}")


def _marks(frame: _Frame) -> list[float]:
    marks = [mark for mark in scale_marks(frame.until, 8) if frame.x(frame.until) - frame.x(mark) > 40]
    return [*marks, frame.until] if frame.until else [0.0]


def _grid(height: float, frame: _Frame) -> Html:
    lines = [tag("line", x1=x, x2=x, y1=0, y2=height) for x in map(frame.x, _marks(frame))]
    return tag("g", *lines, class_="grid")


def _return_line(timeline: Timeline, height: float, frame: _Frame) -> Html:
    late = any(bar.outcome in ("running", "after") for bar in timeline.bars)
    if timeline.returned is None or not late:
        return joined()
    x = frame.x(timeline.returned)
    said = tag("title", f"your function {end_word(timeline)} at {seconds(timeline.returned)} s")
    return tag("g", said, tag("line", x1=x, x2=x, y1=0, y2=height, class_="return"))


def _scale(height: float, frame: _Frame) -> Html:
    marks = _marks(frame)
    texts = [
        tag("text", seconds(mark) + (" s" if mark == marks[-1] else ""), x=frame.x(mark), y=height + 16)
        for mark in marks
    ]
    return tag("g", *texts, class_="scale", text_anchor="middle")
