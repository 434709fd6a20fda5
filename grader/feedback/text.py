"""A verdict as text for a terminal: no line ends in a space, carries a live control character, or is wider than asked,
but for a link, which must stay whole.

The order is that of a good reviewer: what stopped the program, what is not yet right, what it did and what is possible,
the likely reason, one hint, where to read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from grader.feedback.characters import columns, cut, head, in_ascii, padded, visible, wrapped
from grader.feedback.colour import Paint, Tone
from grader.feedback.message import WORTH, Message, NotYet, compose, more_cases
from grader.feedback.output import ends
from grader.feedback.timeline import ASCII, BOX, Geometry, Glyphs, Row, draw, geometry
from grader.verdict import Fault, Timeline, Verdict

LEAST_WIDTH = 40
NEXT_HINT = "grader hint {exercise} {number}"
_PROSE = 96
_ID_COLUMN = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Where the text goes: `width` columns, `glyphs` the characters for drawings."""

    width: int
    glyphs: Glyphs
    paint: Paint
    next_hint: str = NEXT_HINT

    @property
    def prose(self) -> int:
        return min(self.width, _PROSE)

    def safe(self, text: str) -> str:
        shown = visible(text)
        return in_ascii(shown) if self.glyphs is ASCII else shown


def render(
    verdict: Verdict, *, width: int, colour: bool, ascii_only: bool, hints: int = 1, next_hint: str = NEXT_HINT
) -> str:
    """The whole feedback, ending in a newline; `hints` says how many of them to show, `next_hint` how to ask for one more."""
    page = Page(max(width, LEAST_WIDTH), ASCII if ascii_only else BOX, Paint(colour), next_hint)
    return "".join(f"{line.rstrip()}\n" for line in _lines(compose(verdict), page, hints))


def _lines(message: Message, page: Page, hints: int) -> Iterator[str]:
    yield _headline(message, page)
    if message.status == "error":
        yield from _own_fault(message, page)
    elif message.status == "passed":
        yield from _full_marks(message, page)
    else:
        for section in _sections(message, page, hints):
            lines = list(section)
            if lines:
                yield ""
                yield from lines


def _headline(message: Message, page: Page) -> str:
    if message.status == "error":
        return page.paint("bad", f"{page.safe(message.exercise)}: not marked")
    points = f"{_number(message.points)} of {_number(message.max_points)} points"
    tone: Tone = "good" if message.status == "passed" else "title"
    return page.paint(tone, f"{page.safe(message.exercise)}: {points}")


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def _own_fault(message: Message, page: Page) -> Iterator[str]:
    yield from _prose("This is the grader's own fault, not yours, and costs you nothing. Tell your instructor:", page)
    for line in (message.error or "no more is known").splitlines():
        yield from _prose(line, page, 4)


def _full_marks(message: Message, page: Page) -> Iterator[str]:
    more = message.not_yet or message.warnings
    yield from _prose(f"Everything that {'gives points' if more else 'was asked for'} is there.", page)
    if more_left := more_cases(message):
        yield from _prose(more_left, page)
    for note in (*message.left_out, *([message.own] if message.own else ())):
        yield from _prose(note, page)
    for section in (_not_yet(message, page), _warnings(message, page)):
        lines = list(section)
        if lines:
            yield ""
            yield from lines


def _sections(message: Message, page: Page, hints: int) -> Iterator[Iterable[str]]:
    yield _fault(message, page)
    for entry, fault in message.stopped:
        yield _stopped(replace(fault, title=f"in {entry}: {fault.title}"), message, page)
    yield _where(message, page)
    yield _not_yet(message, page)
    yield _warnings(message, page)
    yield from _timelines(message, page)
    yield _reason(message, page)
    yield _advice(message, page, hints)
    yield _output(message, page)


def _prose(text: str, page: Page, indent: int = 2, tone: Tone | None = None) -> Iterator[str]:
    for line in wrapped(page.safe(text), page.prose - indent):
        yield " " * indent + (page.paint(tone, line) if tone else line)


def _fault(message: Message, page: Page) -> Iterator[str]:
    fault = message.fault
    if fault is not None:
        yield from _stopped(fault, message, page)
    for note in (*message.left_out, *message.notes, *([message.own] if message.own else ())):
        yield from _prose(note, page)


def _stopped(fault: Fault, message: Message, page: Page) -> Iterator[str]:
    yield from _prose(fault.title, page, tone="bad")
    if fault.line is not None:
        source = page.safe(fault.source_line.strip())
        there = page.safe(message.place_of(fault))
        line = f"{there}: {source}" if source else there
        yield f"    {cut(line, page.width - 4, page.glyphs.ellipsis)}"
    if fault.detail:
        yield from _prose(fault.detail, page)


def _where(message: Message, page: Page) -> Iterator[str]:
    if not message.entry:
        return
    if message.hidden:
        yield from _prose(f"{message.entry}, hidden case {message.case}: its values are not shown", page, tone="quiet")
        return
    yield from _prose(f"{message.entry}, case {message.case}", page, tone="quiet")
    if message.call:
        yield from _prose(message.call, page, 4, tone="quiet")


def _not_yet(message: Message, page: Page) -> Iterator[str]:
    yield from _items("Not yet right:", message.not_yet, message, page)


def _warnings(message: Message, page: Page) -> Iterator[str]:
    yield from _items(f"{WORTH}:", message.warnings, message, page)


def _items(title: str, items: Sequence[NotYet], message: Message, page: Page) -> Iterator[str]:
    if not items:
        return
    yield page.paint("title", f"  {title}")
    room = max(columns(_names(item, page)) for item in items)
    entry = message.entry
    for item in items:
        if item.entry != entry:
            entry = item.entry
            yield from _prose(f"in {entry}:", page, 2)
        yield from _item(item, page, room if room <= _ID_COLUMN and page.width >= 60 else 0)


def _item(item: NotYet, page: Page, room: int) -> Iterator[str]:
    """Name and observation side by side, or, with no `room`, the name above."""
    said = page.safe(item.rationale) + _count(item)
    if not item.ids:
        yield from _prose(said, page, 4)
        return
    indent = 6 + room if room else 6
    lines = wrapped(said, page.prose - indent)
    if room:
        yield "    " + page.paint("note", padded(_names(item, page), room)) + "  " + (lines.pop(0) if lines else "")
    else:
        yield "    " + page.paint("note", _names(item, page))
    yield from (" " * indent + line for line in lines)
    yield from _prose(item.help, page, indent)


def _names(item: NotYet, page: Page) -> str:
    return page.safe(", ".join(item.ids))


def _count(item: NotYet) -> str:
    return f" ({item.failed} of {item.cases} cases)" if item.cases > 1 else ""


def _timelines(message: Message, page: Page) -> Iterator[Iterable[str]]:
    shown = [timeline for timeline in (message.yours, message.possible) if timeline is not None]
    place = geometry(shown, page.width - 4, page.glyphs)
    if message.yours is not None:
        about = "What your program did (virtual seconds; line: where your code started it):"
        yield _timeline(about, message.yours, place, page)
    if message.possible is not None:
        yield _timeline("What is possible:", message.possible, place, page)


def _timeline(about: str, timeline: Timeline, place: Geometry, page: Page) -> Iterator[str]:
    yield from _prose(about, page, tone="title")
    rows = draw(timeline, place, page.glyphs)
    if not rows:
        yield "    (no operation had started)"
    for row in rows:
        yield from _row(row, place, page)


def _row(row: Row, place: Geometry, page: Page) -> Iterator[str]:
    if not row.cells:
        yield from _prose(row.label, page, 4, tone="quiet")
        return
    cells = _painted(row, page)
    if not place.stacked:
        yield f"    {row.label} {cells} {row.note}"
        return
    if row.label and columns(row.label) + columns(row.note) + 6 <= page.width:
        yield f"    {row.label}  {row.note}"
    elif row.label:
        yield from _verbatim(row.label, page)
        yield f"      {row.note}"
    yield f"    {cells}" if row.label else f"    {cells} {row.note}"


def _painted(row: Row, page: Page) -> str:
    if row.kind is None:
        return page.paint("quiet", row.cells)
    tone: Tone = "bad" if row.kind == "error" else "bar" if row.kind == "ok" else "mark"
    inner = page.paint(tone, row.cells[1:-1].rstrip())
    blank = " " * (len(row.cells) - 2 - len(row.cells[1:-1].rstrip()))
    return row.cells[0] + inner + blank + row.cells[-1]


def _reason(message: Message, page: Page) -> Iterator[str]:
    if message.reason:
        yield from _titled("Likely reason:", message.reason, page)


def _titled(title: str, text: str, page: Page) -> Iterator[str]:
    first, *rest = wrapped(page.safe(f"{title} {text}"), page.prose - 2)
    yield "  " + page.paint("title", first[: len(title)]) + first[len(title) :]
    yield from (f"  {line}" for line in rest)


def _advice(message: Message, page: Page, hints: int) -> Iterator[str]:
    total = len(message.hints)
    shown = min(max(hints, 0), total)
    for number, hint in enumerate(message.hints[:shown], 1):
        yield from _titled(f"Hint {number} of {total}:", hint, page)
    if 0 < shown < total:
        asked = page.next_hint.format(exercise=message.exercise, number=shown + 1)
        yield from _prose(f"For the next: {asked}", page, tone="quiet")
    if message.docs:
        yield from _link(message.docs[0], page)


def _link(address: str, page: Page) -> Iterator[str]:
    title, address = page.paint("title", "Read:"), page.safe(address)
    if columns(address) + 8 <= page.width:
        yield f"  {title} {address}"
    else:
        yield f"  {title}"
        yield f"  {address}"


def _output(message: Message, page: Page) -> Iterator[str]:
    if not message.output:
        return
    yield page.paint("title", "  Your program printed:")
    for line in ends(message.output):
        yield from _verbatim(line, page)
    if message.output_cut:
        yield from _prose("... and more, which was cut off", page, 4, tone="quiet")


def _verbatim(line: str, page: Page) -> Iterator[str]:
    rest = page.safe(line)
    room = page.width - 4
    while columns(rest) > room:
        piece = head(rest, room)
        yield f"    {piece}"
        rest = rest[len(piece) :]
    yield f"    {rest}"
