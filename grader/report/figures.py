"""Small pieces that several pages have: numbers, bars, a distribution, tables that scroll in their own frame."""

from collections.abc import Iterable, Sequence

from grader.feedback.markup import Content, Html, joined, tag
from grader.feedback.statistics import BINS, Distribution

_PLOT, _HEAD, _AXIS = 120, 18, 20  # heights in pixels
_GAP = 0.7  # percent on each side of a column


def number(value: float) -> str:
    return f"{round(value, 2):g}"


def counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def figures(pairs: Iterable[tuple[Content, str]]) -> Html:
    """Large numbers with what they count."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", figure)) for figure, name in pairs), class_="figures")


def meter(part: float, whole: float) -> Html:
    """Beside a number that says the same, so it says nothing to who hears the page."""
    share = 100 * part / whole if whole else 0
    return tag(
        "svg",
        tag("rect", width="100%", height="100%", rx=4, class_="track"),
        tag("rect", width=f"{share:.1f}%", height="100%", rx=4, class_="part") if share else None,
        class_="meter",
        aria_hidden="true",
        focusable="false",
    )


def table(head: Sequence[Content], rows: Iterable[Html], caption: str, *, numbers: int = 0) -> Html:
    """In a frame of its own that scrolls when it has to; the last `numbers` columns are numbers."""
    first = len(head) - numbers
    cells = [tag("th", name, scope="col", class_="number" if at >= first else None) for at, name in enumerate(head)]
    drawn = tag(
        "table",
        tag("caption", caption, class_="hidden"),
        tag("thead", tag("tr", *cells)),
        tag("tbody", *rows),
        class_="list",
    )
    return framed(drawn, caption)


def framed(content: Html, name: str) -> Html:
    return tag("div", content, class_="scroll", tabindex="0", role="region", aria_label=name)


def row(first: Content, *cells: Content, numbers: int = 0) -> Html:
    start = len(cells) - numbers
    drawn = (tag("td", cell, class_="number" if at >= start else None) for at, cell in enumerate(cells))
    return tag("tr", tag("th", first, scope="row"), *drawn)


def histogram(found: Distribution, name: str, who: str) -> Html:
    """Columns of ten percent each, with their counts above them."""
    highest = max(found.bins) or 1
    said = "; ".join(f"{10 * at} to {10 * at + 10} %: {count}" for at, count in enumerate(found.bins))
    picture = tag(
        "svg",
        tag("title", name),
        tag("desc", said),
        *(_column(at, count, highest) for at, count in enumerate(found.bins)),
        tag("line", x1="0", x2="100%", y1=_HEAD + _PLOT + 0.5, y2=_HEAD + _PLOT + 0.5, class_="axis"),
        *(_tick(at) for at in range(0, BINS + 1, 2)),
        class_="histogram",
        role="img",
        aria_label=name,
        width="100%",
        height=_HEAD + _PLOT + _AXIS,
    )
    middle = f"mean {found.mean:.0f} %, median {found.median:.0f} %"
    return tag("figure", picture, tag("figcaption", f"{counted(found.count, who)}; {middle}"))


def _column(at: int, count: int, highest: int) -> Html:
    height = max(_PLOT * count / highest, 2) if count else 0
    top = _HEAD + _PLOT - height
    width = 100 / BINS
    return joined(
        tag(
            "rect",
            x=f"{at * width + _GAP:.1f}%",
            y=top,
            width=f"{width - 2 * _GAP:.1f}%",
            height=height,
            rx=2,
            class_="column",
        )
        if count
        else None,
        tag("text", str(count), x=f"{(at + 0.5) * width:.0f}%", y=top - 5, class_="count", text_anchor="middle")
        if count
        else None,
    )


def _tick(at: int) -> Html:
    anchor = "start" if at == 0 else "end" if at == BINS else "middle"
    said = f"{100 * at // BINS} %" if at == BINS else str(100 * at // BINS)
    return tag("text", said, x=f"{100 * at // BINS}%", y=_HEAD + _PLOT + 16, text_anchor=anchor)
