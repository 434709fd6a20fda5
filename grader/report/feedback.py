"""The feedback on one work in a page: what was observed, then what to do, as in the terminal."""

from collections.abc import Iterator, Sequence

from grader.feedback.markup import Html, joined, tag
from grader.feedback.message import WORTH, Message, NotYet
from grader.feedback.output import ends
from grader.feedback.svg import pictures
from grader.verdict import Fault


def prose(words: str) -> Html:
    """An author's words, in which code stands between backticks."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return joined(words)
    return joined(*(tag("code", part) if at % 2 else part for at, part in enumerate(parts)))


def feedback(message: Message) -> Iterator[Html | None]:
    if message.status == "error":
        yield tag("p", "This is the grader's own fault, not yours, and costs you nothing. Tell your instructor:")
        yield tag("pre", message.error or "no more is known")
        return
    if message.status == "passed":
        more = message.not_yet or message.warnings
        yield tag("p", f"Everything that {'gives points' if more else 'was asked for'} is there.")
        yield from (tag("p", note, class_="warning") for note in (*message.left_out, message.own) if note)
        yield _items("Not yet right", message.not_yet, message)
        yield _items(WORTH, message.warnings, message)
        return
    yield _fault(message.fault, message) if message.fault else None
    yield from (_fault(fault, message, f"in {entry}: ") for entry, fault in message.stopped)
    yield from (tag("p", note, class_="warning") for note in (*message.left_out, *message.notes, message.own) if note)
    yield _where(message)
    yield _items("Not yet right", message.not_yet, message)
    yield _items(WORTH, message.warnings, message)
    yield from _timelines(message)
    yield tag("p", tag("strong", "Likely reason: "), prose(message.reason), class_="reason") if message.reason else None
    yield from _advice(message)
    yield from _output(message)


def _fault(fault: Fault, message: Message, where: str = "") -> Html:
    line = f"{message.place_of(fault)}: {fault.source_line.strip()}" if fault.line is not None else ""
    return tag(
        "div",
        tag("p", tag("strong", where, prose(fault.title))),
        tag("pre", line) if line else None,
        tag("p", prose(fault.detail)) if fault.detail else None,
        class_="fault",
    )


def _where(message: Message) -> Html | None:
    if not message.entry:
        return None
    if message.hidden:
        return tag("p", f"{message.entry}, hidden case {message.case}: its values are not shown", class_="quiet")
    call = tag("code", message.call) if message.call else None
    return tag("p", f"{message.entry}, case {message.case} ", call, class_="quiet")


def _items(title: str, found: Sequence[NotYet], message: Message) -> Html | None:
    if not found:
        return None
    items = [joined(tag("dt", _name(item, message)), tag("dd", *_said(item))) for item in found]
    return joined(tag("h3", title), tag("dl", *items, class_="checks"))


def _name(item: NotYet, message: Message) -> Html:
    elsewhere = tag("small", f" in {item.entry}") if message.several_entries and item.entry != message.entry else None
    return joined(tag("code", ", ".join(item.ids)) if item.ids else item.entry, elsewhere if item.ids else None)


def _said(item: NotYet) -> Iterator[Html]:
    count = f" ({item.failed} of {item.cases} cases)" if item.cases > 1 else ""
    yield joined(prose(item.rationale), tag("small", count) if count else None)
    if item.help:
        yield tag("p", prose(item.help), class_="quiet")


def _timelines(message: Message) -> Iterator[Html]:
    for name, picture in drawn(message, "What your program did"):
        yield tag("h3", name)
        yield picture


def drawn(message: Message, theirs: str) -> Iterator[tuple[str, Html]]:
    """Theirs above what is possible, on one scale; each with its name."""
    named = ((theirs, message.yours), ("What is possible", message.possible))
    shown = [(name, timeline) for name, timeline in named if timeline is not None]
    for (name, _), picture in zip(shown, pictures(shown), strict=True):
        yield name, tag("div", picture, class_="drawn")


def _advice(message: Message) -> Iterator[Html]:
    if message.hints:
        yield tag("p", tag("strong", f"Hint 1 of {len(message.hints)}: "), prose(message.hints[0]))
    if message.docs and message.docs[0].startswith("https://"):
        yield tag("p", tag("strong", "Read: "), tag("a", message.docs[0], href=message.docs[0], rel="noreferrer"))


def _output(message: Message) -> Iterator[Html]:
    if message.output:
        yield tag("h3", "It printed")
        cut = "\n... and more, which was cut off" if message.output_cut else ""
        yield tag("pre", "\n".join(ends(message.output)) + cut)
