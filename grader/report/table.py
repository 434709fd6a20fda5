"""The class as a table: learners down, exercises across; a colour never says what a word or a sign does not.

The same row is written twice: as markup, and as a line of data from which the script of the page makes the same markup.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote_plus

import msgspec

from grader.feedback.characters import visible
from grader.feedback.grades import Column, Grades, Learner, Line
from grader.feedback.markup import Content, Html, joined, tag
from grader.names import sorting
from grader.report.address import page_of
from grader.report.figures import framed, number

Shade = Literal["full", "some", "none", "missing", "waiting", "error"]
SAID: dict[Shade, str] = {
    "full": "full marks",
    "some": "some points",
    "none": "no points yet",
    "missing": "not handed in",
    "waiting": "not graded yet",
    "error": "not marked: the grader failed here",
}
SIGNS: dict[Shade, str] = {"missing": "–", "waiting": "…", "error": "!"}  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Cell:
    """`points` are empty where there are none to show, and the shade says why."""

    shade: Shade
    points: str = ""
    late: bool = False
    by_hand: bool = False

    def packed(self) -> str:
        """For the script: a letter, a capital one where it is late, the points, and a star."""
        letter = self.shade[0].upper() if self.late else self.shade[0]
        return f"{letter}{self.points}{'*' if self.by_hand else ''}"


def cell(line: Line | None) -> Cell:
    if line is None:
        return Cell("waiting")
    late = line.score is not None and line.score.late
    by_hand = line.score is not None and line.score.by_hand
    if line.is_missing:
        return Cell("missing")
    if not line.marked:
        return Cell("error", late=late)
    return Cell(shade(line), number(line.points), late, by_hand)


def shade(line: Line | None) -> Shade:
    """As good as what counts: a score that is lower than what was earned, or set by hand, is not shown as full marks."""
    if line is None:
        return "waiting"
    if line.is_missing:
        return "missing"
    if not line.marked:
        return "error"
    lowered = line.score is not None and (line.score.by_hand or line.points < line.raw)
    if line.standing == "passed" and not lowered:
        return "full"
    return "some" if line.points > 0 else "none"


def table(book: Grades, rows: Iterable[Html], *, at: str) -> Html:
    """`at` leads to the report's folder."""
    said = f"Points of each learner, out of {number(book.max_points)} in all"
    drawn = tag(
        "table",
        tag("caption", said, class_="hidden"),
        tag("thead", tag("tr", tag("th", "Learner", scope="col"), _total(book), *_heads(book, at))),
        tag("tbody", *rows),
        class_="class",
    )
    return framed(drawn, "Points of the class")


def _heads(book: Grades, at: str) -> Iterable[Html]:
    return (
        tag("th", tag("a", column.slug, href=f"{at}exercises/{column.slug}.html"), _out_of(column.points), scope="col")
        for column in book.columns
    )


def _total(book: Grades) -> Html:
    return tag("th", "Total", _out_of(book.max_points), scope="col", class_="total")


def _out_of(points: float) -> Html:
    return tag("small", f"of {number(points)}")


def row(learner: Learner, columns: Iterable[Column], *, at: str) -> Html:
    name = named(learner.name, at, learner.called)
    cells = (_drawn(cell(learner.line(column.slug))) for column in columns)
    return tag("tr", tag("th", name, scope="row"), tag("td", number(learner.total), class_="total"), *cells)


def named(learner: str, at: str, called: str = "") -> Html:
    """A link to the learner's page, in the direction of the name's own writing; behind an id, what the person is called."""
    link = tag("a", tag("bdi", learner), href=f"{at}learners/{page_of(learner)}.html")
    return joined(link, " ", tag("small", tag("bdi", called))) if called else link


def _drawn(one: Cell) -> Html:
    content: tuple[Content, ...] = (one.points, tag("abbr", "*", title="set by hand") if one.by_hand else None)
    if one.shade in SIGNS:
        content = (tag("span", SIGNS[one.shade], aria_hidden="true"), tag("span", SAID[one.shade], class_="hidden"))
    return tag("td", *content, tag("small", "late") if one.late else None, class_=one.shade)


def legend() -> Html:
    words = [
        *((shade, {"full": "10", "some": "6", "none": "0", **SIGNS}[shade], said) for shade, said in SAID.items()),
        ("some", "8*", "set by hand"),
    ]
    items = [
        tag("li", tag("span", sign, class_=f"chip {shade}", aria_hidden="true"), said) for shade, sign, said in words
    ]
    return joined(tag("ul", *items, class_="legend"))


def shown(exercise: str, misconception: str) -> str:
    """The address of the first page's table that shows who has this misconception; the script reads it."""
    return f"index.html#show={quote_plus(_pick(exercise, misconception))}"


def _pick(exercise: str, misconception: str) -> str:
    return f"{exercise}: {misconception}"


def places(book: Grades) -> dict[str, int]:
    """Of each learner, by what people are called; of those who are called alike, by id. Empty where ids are the names."""
    if not book.called:
        return {}
    ordered = sorted(book.learners, key=lambda id: (sorting(book.called.get(id, id))[0], sorting(id)))
    return {id: at for at, id in enumerate(ordered)}


class Data:
    """What the script of the page reads: `assets/learners.js`, a line a learner. `placed`: see `places`."""

    def __init__(self, book: Grades, placed: Mapping[str, int]):
        self._book, self._placed = book, placed
        self._rows: list[bytes] = []
        self._misconceptions: dict[tuple[str, str], int] = {}

    def add(self, learner: Learner) -> None:
        cells = ",".join(cell(learner.line(column.slug)).packed() for column in self._book.columns)
        seen = [
            str(self._misconceptions.setdefault((line.exercise, line.verdict.misconception), len(self._misconceptions)))
            for line in learner.lines
            if line.verdict is not None and line.verdict.misconception is not None
        ]
        name = visible(learner.name)
        packed = [name, page_of(learner.name), float(number(learner.total)), cells, ",".join(seen)]
        if learner.called or self._placed:
            packed.append(visible(learner.called))
        if self._placed:
            packed.append(self._placed[learner.name])
        self._rows.append(msgspec.json.encode(packed))

    def script(self) -> bytes:
        """A script and not JSON, because a page that was opened as a file may not read other files as data."""
        signs = {
            shade[0]: (shade, SIGNS.get(shade, ""), said if shade in SIGNS else "") for shade, said in SAID.items()
        }
        head = {
            "exercises": [column.slug for column in self._book.columns],
            "misconceptions": [_pick(*one) for one in self._misconceptions],
            "shades": signs,
        }
        rows = b",\n".join(self._rows)
        return b"const CLASS = " + msgspec.json.encode(head)[:-1] + b',"learners":[\n' + rows + b"\n]};\n"
