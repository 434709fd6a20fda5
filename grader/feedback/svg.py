"""A timeline as a picture in a page: the same spans, words and scale as in the terminal, readable without colour.

It is as wide as the page lets it be, from a telephone to a sheet of paper: what stands along the time is placed in percent,
names and times stand above their bars. It carries no style of its own but class names, so the page's light and dark colours
hold for it too.
"""

from collections.abc import Sequence

from grader.feedback.characters import columns, distinct, wrapped
from grader.feedback.markup import Html, joined, tag
from grader.feedback.spans import Abridged, Span, abridged, end_of, end_word, scale_marks, seconds
from grader.feedback.timeline import BOX, KEEP, note_of
from grader.verdict import Timeline

_LINE, _BAR, _GAP, _SCALE = 18, 9, 11, 22
_LABEL_COLUMNS = 26
_NARROW = 46  # columns of text that stand side by side on a telephone
_LEAST_BAR = 0.8  # percent
_MARKS, _LAST_MARK = 6, 84.0  # a mark further right would touch the last one


class _Frame:
    """Where things stand; one for all timelines that are compared, so that they share a scale."""

    __slots__ = ("kept", "labels", "lines", "marks", "until")

    def __init__(self, timelines: Sequence[Timeline]):
        self.kept = [abridged(timeline, KEEP) for timeline in timelines]
        spans = [span for kept in self.kept for span in kept.drawn]
        self.labels = distinct({span.label: span.label for span in spans}, _LABEL_COLUMNS, BOX.ellipsis)
        widest = max((columns(self.labels[span.label]) + columns(note_of(span, BOX)) for span in spans), default=0)
        self.lines = 1 if widest <= _NARROW else 2
        self.until = end_of(timelines)
        self.marks = _marks(self)

    @property
    def row(self) -> int:
        return self.lines * _LINE + _BAR + _GAP

    def x(self, moment: float) -> float:
        """In percent."""
        return moment / self.until * 100 if self.until else 0.0


def pictures(shown: Sequence[tuple[str, Timeline]]) -> tuple[Html, ...]:
    """One picture for each (name, timeline), all on the same scale; an empty one says so in words."""
    frame = _Frame([timeline for _, timeline in shown])
    return tuple(
        _picture(name, timeline, kept, frame) for (name, timeline), kept in zip(shown, frame.kept, strict=True)
    )


def _picture(name: str, timeline: Timeline, kept: Abridged, frame: _Frame) -> Html:
    if not kept.drawn:
        return tag("p", "(no operation had started)", class_="quiet")
    drawn, top = list[Html](), 0.0
    for row in _rows(kept, timeline):
        if isinstance(row, str):
            lines = wrapped(row, _NARROW)
            drawn += [_remark(line, top + _LINE * at) for at, line in enumerate(lines)]
            top += _LINE * len(lines) + _GAP
        else:
            drawn.append(_row(row, top, timeline, frame))
            top += frame.row
    return tag(
        "svg",
        tag("title", name),
        tag("desc", "; ".join(_told(span) for span in kept.drawn)),
        _grid(top, frame),
        _return_line(timeline, top, frame),
        *drawn,
        _scale(top, frame),
        class_="timeline",
        role="img",
        aria_label=name,
        width="100%",
        height=top + _SCALE,
    )


def _rows(kept: Abridged, timeline: Timeline) -> list[Span | str]:
    """Spans, and in their places the remarks on what is left out and where the function returned."""
    rows: list[Span | str] = [*kept.first, *filter(None, (kept.left_out,)), *kept.last]
    when = f"at {seconds(timeline.returned)} s" if timeline.returned is not None else ""
    if kept.after:
        where = f" ({when})" if when else ""
        rows += [
            f"after your function had {end_word(timeline)}{where}:",
            *kept.after,
            *filter(None, (kept.after_left_out,)),
        ]
    elif when and any(span.kind == "running" for span in kept.drawn):
        rows += [f"your function {end_word(timeline)} {when}"]
    return rows


def _told(span: Span) -> str:
    return f"{span.label}: {note_of(span, BOX)}"


def _remark(text: str, top: float) -> Html:
    return tag("text", text, x=0, y=top + 13, class_="remark")


def _row(span: Span, top: float, timeline: Timeline, frame: _Frame) -> Html:
    note = {"x": "100%", "text_anchor": "end"} if frame.lines == 1 else {"x": "0"}
    return tag(
        "g",
        tag("title", _told(span)),
        tag("text", frame.labels[span.label], x=0, y=top + 13, class_="label"),
        tag("text", note_of(span, BOX), y=top + 13 + (frame.lines - 1) * _LINE, class_="note", **note),
        _bar(span, top + frame.lines * _LINE, timeline, frame),
    )


def _bar(span: Span, top: float, timeline: Timeline, frame: _Frame) -> Html:
    end = frame.until if span.end is None else span.end
    split = timeline.returned
    if span.kind == "running" and split is not None and span.start < split < end:
        return joined(_box(span.start, split, top, "ok", frame), _box(split, end, top, "after", frame))
    return _box(span.start, end, top, "open" if span.end is None else span.kind, frame)


def _box(start: float, end: float, top: float, kind: str, frame: _Frame) -> Html:
    width = max(frame.x(end) - frame.x(start), _LEAST_BAR)
    left = min(frame.x(start), 100 - width)
    return tag("rect", x=_percent(left), y=top, width=_percent(width), height=_BAR, rx=2, class_=f"span {kind}")


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def _marks(frame: _Frame) -> list[float]:
    marks = [mark for mark in scale_marks(frame.until, _MARKS) if frame.x(mark) < _LAST_MARK]
    return [*marks, frame.until] if frame.until else [0.0]


def _grid(height: float, frame: _Frame) -> Html:
    lines = [tag("line", x1=x, x2=x, y1=0, y2=height) for x in (_percent(frame.x(mark)) for mark in frame.marks)]
    return tag("g", *lines, class_="grid")


def _return_line(timeline: Timeline, height: float, frame: _Frame) -> Html:
    late = any(bar.outcome in ("running", "after") for bar in timeline.bars)
    if timeline.returned is None or not late:
        return joined()
    x = _percent(frame.x(timeline.returned))
    said = tag("title", f"your function {end_word(timeline)} at {seconds(timeline.returned)} s")
    return tag("g", said, tag("line", x1=x, x2=x, y1=0, y2=height, class_="return"))


def _scale(height: float, frame: _Frame) -> Html:
    *marks, last = frame.marks
    texts = [_mark(seconds(mark), frame.x(mark), height, "middle" if mark else "start") for mark in marks]
    end = _mark(f"{seconds(last)} s", frame.x(last), height, "end" if last else "start")
    return tag("g", *texts, end, class_="scale")


def _mark(text: str, x: float, height: float, anchor: str) -> Html:
    return tag("text", text, x=_percent(x), y=height + 15, text_anchor=anchor)
