"""Each learner's own part: the learner's feedback, timelines as pictures, theirs above what is possible."""

from collections.abc import Iterator

from grader.feedback.grades import Column, Grades, Line
from grader.feedback.markup import Html, joined, tag
from grader.feedback.message import Message, NotYet, compose
from grader.feedback.svg import pictures
from grader.report.overview import anchor, number, shade
from grader.verdict import Fault, Verdict


def learners(book: Grades) -> Html:
    return tag("section", tag("h2", "Learners"), *(_learner(book, name) for name in book.learners), id="learners")


def _learner(book: Grades, name: str) -> Html:
    total = f"{number(book.total(name))} of {number(book.max_points)} points"
    works = [_work(book, column, book.line(name, column.slug)) for column in book.columns]
    heading = tag("h3", name, tag("small", total))
    return tag("section", heading, *works, id=anchor(book, name), class_="learner")


def _work(book: Grades, column: Column, line: Line | None) -> Html:
    if line is None:
        return _bare(column, "waiting", "not graded")
    if line.verdict is None:
        return _without_a_verdict(column, line)
    said = f"{number(line.points)} of {number(line.verdict.max_points)}" if line.marked else "not marked"
    summary = tag("summary", *_heading(column, shade(line), said), _recognised(line.verdict))
    feedback = tag("div", _score(line), *_feedback(compose(line.verdict)), _source(line), class_="feedback")
    return tag("details", summary, feedback, id=anchor(book, line.learner, column.slug), class_="card")


def _without_a_verdict(column: Column, line: Line) -> Html:
    if line.score is None:
        return _bare(column, "missing", "not handed in")
    said = tag("span", *_heading(column, shade(line), f"{number(line.points)} of {number(column.points)}"))
    return tag("div", said, _score(line), class_="card bare")


def _score(line: Line) -> Html | None:
    """Why other points count than were earned."""
    if line.score is None:
        return None
    earned = f" The program itself earned {number(line.raw)}." if line.points != line.raw and line.verdict else ""
    return tag(
        "p", tag("strong", f"{number(line.points)} points count: "), f"{line.score.said}.{earned}", class_="score"
    )


def _bare(column: Column, chip: str, said: str) -> Html:
    return tag("p", *_heading(column, chip, said), class_="card bare")


def _heading(column: Column, chip: str, said: str) -> tuple[Html, ...]:
    return tag("span", column.title, class_="name"), tag("span", said, class_=f"chip {chip}")


def _recognised(verdict: Verdict) -> Html | None:
    return tag("code", verdict.explanation.id, class_="said") if verdict.explanation else None


def _source(line: Line) -> Html:
    digest = f"sha256 {line.sha256[:12]}" if line.sha256 else ""
    return tag("p", tag("code", line.file or ""), f" {digest}", class_="quiet source")


def _feedback(message: Message) -> Iterator[Html | None]:
    if message.status == "error":
        yield tag("p", "The grader failed here, not the learner. Grade this file again:", class_="warning")
        yield tag("pre", message.error)
        return
    if message.status == "passed":
        yield tag("p", f"Everything that {'gives points' if message.not_yet else 'was asked for'} is there.")
        yield _not_yet(message)
        return
    yield _fault(message.fault) if message.fault else None
    yield from (_fault(fault, f"in {entry}: ") for entry, fault in message.stopped)
    yield from (tag("p", note, class_="warning") for note in message.notes)
    yield _where(message)
    yield _not_yet(message)
    yield from _timelines(message)
    yield tag("p", tag("strong", "Likely reason: "), message.reason, class_="reason") if message.reason else None
    yield from _advice(message)
    yield from _output(message)


def _fault(fault: Fault, where: str = "") -> Html:
    line = f"line {fault.line}: {fault.source_line.strip()}" if fault.line is not None else ""
    return tag(
        "div",
        tag("p", tag("strong", where + fault.title)),
        tag("pre", line) if line else None,
        tag("p", fault.detail) if fault.detail else None,
        class_="fault",
    )


def _where(message: Message) -> Html | None:
    if not message.entry:
        return None
    if message.hidden:
        return tag("p", f"{message.entry}, hidden case {message.case}: its values are not shown", class_="quiet")
    call = tag("code", message.call) if message.call else None
    return tag("p", f"{message.entry}, case {message.case} ", call, class_="quiet")


def _not_yet(message: Message) -> Html | None:
    if not message.not_yet:
        return None
    items = [joined(tag("dt", _name(item, message)), tag("dd", *_said(item))) for item in message.not_yet]
    return joined(tag("h4", "Not yet right"), tag("dl", *items, class_="checks"))


def _name(item: NotYet, message: Message) -> Html:
    elsewhere = tag("small", f" in {item.entry}") if message.several_entries and item.entry != message.entry else None
    return joined(tag("code", ", ".join(item.ids)) if item.ids else item.entry, elsewhere if item.ids else None)


def _said(item: NotYet) -> Iterator[Html]:
    count = f" ({item.failed} of {item.cases} cases)" if item.cases > 1 else ""
    yield joined(item.rationale, tag("small", count) if count else None)
    if item.help:
        yield tag("p", item.help, class_="quiet")


def _timelines(message: Message) -> Iterator[Html]:
    named = (("What this program did", message.yours), ("What is possible", message.possible))
    shown = [(name, timeline) for name, timeline in named if timeline is not None]
    for (name, _), picture in zip(shown, pictures(shown), strict=True):
        yield tag("h4", name)
        yield tag("div", picture, class_="scroll")


def _advice(message: Message) -> Iterator[Html]:
    if message.hints:
        yield tag("p", tag("strong", f"Hint 1 of {len(message.hints)}: "), message.hints[0])
    if message.docs and message.docs[0].startswith("https://"):
        yield tag("p", tag("strong", "Read: "), tag("a", message.docs[0], href=message.docs[0], rel="noreferrer"))


def _output(message: Message) -> Iterator[Html]:
    if message.output:
        yield tag("h4", "It printed")
        cut = "\n... and more, which was cut off" if message.output_cut else ""
        yield tag("pre", message.output.replace("\r\n", "\n").expandtabs(4).rstrip("\n") + cut)
