"""The report: one page that needs no network and no script, and in which nothing from a learner is ever markup.

It holds what learners may see (no values of hidden cases), so a part of it can be shown to the one whom it concerns.
"""

from grader.feedback.grades import Grades
from grader.feedback.markup import Html, joined, tag, trusted
from grader.report.exercises import exercises
from grader.report.learners import learners
from grader.report.overview import overview
from grader.report.style import STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(book: Grades) -> str:
    """The whole document, the same for the same gradebook."""
    body = tag(
        "body",
        tag("a", "Skip to the results", href="#results", class_="skip"),
        _header(book),
        tag("main", overview(book), exercises(book), learners(book), _strays(book), id="results"),
        tag("footer", tag("p", "Times are virtual seconds. Values of hidden cases are not shown.")),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(book), body, lang='en')}\n"


def _head(book: Grades) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"Grades: {book.course}"),
        tag("style", trusted(STYLE)),
    )


def _header(book: Grades) -> Html:
    links = [("#class", "Class"), ("#exercises", "Exercises"), ("#learners", "Learners")]
    links += [("#strays", "Not graded")] if book.strays else []
    return tag(
        "header",
        tag("p", "Grades", class_="kicker"),
        tag("h1", book.course),
        tag("nav", *(tag("a", name, href=target) for target, name in links), aria_label="Sections"),
        _interrupted(book),
    )


def _interrupted(book: Grades) -> Html:
    if not book.waiting:
        return joined()
    files = "1 file was" if book.waiting == 1 else f"{book.waiting} files were"
    return tag("p", f"Grading was interrupted: {files} not graded.", class_="warning", role="status")


def _strays(book: Grades) -> Html:
    if not book.strays:
        return joined()
    rows = [tag("tr", tag("td", tag("code", stray.path)), tag("td", stray.reason)) for stray in book.strays]
    head = tag("tr", tag("th", "File or folder", scope="col"), tag("th", "Why", scope="col"))
    return tag(
        "section",
        tag("h2", "Not graded"),
        tag("div", tag("table", tag("thead", head), tag("tbody", *rows), class_="list"), class_="scroll"),
        id="strays",
    )
