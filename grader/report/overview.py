"""The class at a glance: learners down, exercises across; a colour never says what a word or a sign does not."""

from grader.feedback.grades import Column, Grades, Line, Standing
from grader.feedback.markup import Html, joined, tag

_WORDS: dict[Standing, str] = {
    "passed": "full marks",
    "failed": "not yet full marks",
    "error": "the grader failed here; not marked",
    "missing": "not handed in",
}


def number(value: float) -> str:
    return f"{round(value, 2):g}"


def anchor(book: Grades, learner: str, exercise: str = "") -> str:
    """An id made of a number and a slug: nothing that a learner chose stands in an address."""
    at = f"learner-{book.learners.index(learner) + 1}"
    return f"{at}-{exercise}" if exercise else at


def overview(book: Grades) -> Html:
    return tag("section", tag("h2", "Class"), _figures(book), _table(book), _legend(book), id="class")


def _figures(book: Grades) -> Html:
    graded = [line for line in book.lines if line.verdict is not None]
    figures = [
        (str(len(book.learners)), "learners"),
        (str(len(book.columns)), "exercises"),
        (str(len(graded)), "files graded"),
        (str(sum(line.standing == "passed" for line in graded)), "with full marks"),
        (str(sum(line.standing == "missing" for line in book.lines)), "not handed in"),
    ]
    faults = sum(line.standing == "error" for line in graded)
    figures += [(str(faults), "not marked: the grader's fault")] if faults else []
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", figure)) for figure, name in figures), class_="figures")


def _table(book: Grades) -> Html:
    table = tag(
        "table",
        tag("caption", f"Points of each learner, out of {number(book.max_points)} in all", class_="hidden"),
        tag("thead", _head(book)),
        tag("tbody", *(_row(book, learner) for learner in book.learners)),
        class_="class",
    )
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label="Points of the class")


def _head(book: Grades) -> Html:
    cells = [
        tag("th", tag("a", column.slug, href=f"#exercise-{column.slug}"), _out_of(column.points), scope="col")
        for column in book.columns
    ]
    return tag("tr", tag("th", "Learner", scope="col"), _total_head(book), *cells)


def _total_head(book: Grades) -> Html:
    return tag("th", "Total", _out_of(book.max_points), scope="col", class_="total")


def _out_of(points: float) -> Html:
    return tag("small", f"of {number(points)}")


def _row(book: Grades, learner: str) -> Html:
    name = tag("a", learner, href=f"#{anchor(book, learner)}")
    cells = [_cell(book, column, book.line(learner, column.slug)) for column in book.columns]
    total = tag("td", number(book.total(learner)), class_="total")
    return tag("tr", tag("th", name, scope="row"), total, *cells)


def _cell(book: Grades, column: Column, line: Line | None) -> Html:
    if line is None:
        return tag("td", "", class_="waiting", title="not graded yet")
    title = _WORDS[line.standing] + (f"; {line.score.said}" if line.score else "")
    if line.verdict is None:
        shown = f"{number(line.points)}*" if line.score else "–"  # noqa: RUF001
        return tag("td", shown, class_=shade(line), title=title)
    shown = f"{number(line.points)}{'*' if line.score and line.score.by_hand else ''}" if line.marked else "!"
    link = tag("a", shown, href=f"#{anchor(book, line.learner, column.slug)}")
    return tag("td", link, class_=shade(line), title=title)


def shade(line: Line) -> str:
    """As good as what counts: a score that is lower than what was earned, or set by hand, is not shown as full marks."""
    lowered = line.score is not None and (line.score.by_hand or line.points < line.raw)
    if line.standing != "failed" and not lowered:
        return line.standing
    return "some" if line.points > 0 else "none"


def _legend(book: Grades) -> Html:
    words = [
        ("passed", "10", "full marks"),
        ("some", "6", "some points"),
        ("none", "0", "none yet"),
        ("missing", "–", "not handed in"),  # noqa: RUF001
        ("error", "!", "not marked: the grader's fault"),
    ]
    if any(line.score and line.score.by_hand for line in book.lines):
        words.append(("some", "8*", "set by hand"))
    items = [
        tag("li", tag("span", sign, class_=f"chip {shade}", aria_hidden="true"), said) for shade, sign, said in words
    ]
    return joined(tag("ul", *items, class_="legend"))
