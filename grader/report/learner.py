"""A learner's page: their points and their feedback, with nobody else's name on it and no link that leads to the class.

It is one file that needs no other, so an instructor can give it to the learner as it is.
"""

from collections.abc import Iterator

from grader.feedback.grades import Column, Grades, Learner, Line, is_excused
from grader.feedback.markup import Content, Html, joined, tag
from grader.feedback.message import compose
from grader.report.feedback import feedback
from grader.report.figures import number, row, table
from grader.report.shell import of_a_learner
from grader.report.table import SAID, shade
from grader.verdict import Verdict

_UNKNOWN = "–"  # noqa: RUF001


def page(book: Grades, learner: Learner) -> bytes:
    header = tag(
        "header",
        tag("p", book.course, class_="kicker"),
        tag("h1", tag("bdi", learner.name)),
        tag("p", tag("bdi", learner.called), class_="called") if learner.called else None,
        tag("p", tag("strong", number(learner.total)), f" of {number(book.max_points)} points", class_="sum"),
    )
    works = [_work(column, learner.line(column.slug)) for column in book.columns]
    return of_a_learner(f"{learner.name}: {book.course}", header, [_points(book, learner), *works])


# ---------------------------------------------------------------- points


def _points(book: Grades, learner: Learner) -> Html:
    weighted = any(column.weight != 1 for column in book.columns)
    head = ["Exercise", "What came of it", *(["In the total"] if weighted else []), "Points"]
    rows = (_row(column, learner.line(column.slug), weighted) for column in book.columns)
    numbers = 2 if weighted else 1
    points = table(head, rows, "Points in each exercise", numbers=numbers)
    return tag("section", tag("h2", "Points"), points, _excused(book, learner))


def _excused(book: Grades, learner: Learner) -> Html | None:
    """How the total comes about where it is not the sum."""
    if not any(is_excused(column, learner.line(column.slug)) for column in book.columns):
        return None
    return tag("p", "What is excused is left out: the total is that of the other exercises, out of as many points.")


def _row(column: Column, line: Line | None, weighted: bool) -> Html:
    known = line is not None and line.marked and not line.is_missing
    points = f"{number(line.points) if line and known else _UNKNOWN} of {number(column.points)}"
    share = [number(column.weight * line.points) if line and known else ""] if weighted else []
    title = tag("a", column.title, href=f"#{column.slug}") if line and (line.verdict or line.score) else column.title
    return row(title, _outcome(column, line), *share, points, numbers=2 if weighted else 1)


def _outcome(column: Column, line: Line | None) -> Html:
    said = [SAID[shade(line)], *(["excused"] if is_excused(column, line) else [])]
    if line is not None and line.score is not None:
        said += [f"{number(line.raw)} earned"] if line.verdict and line.points != line.raw else []
        said += ["set by hand"] if line.score.by_hand else []
        said += ["late"] if line.score.late else []
    said += ["graded in an earlier version"] if line is not None and line.stale else []
    return tag("span", ", ".join(said), class_=f"word {shade(line)}")


# ---------------------------------------------------------------- exercises


def _work(column: Column, line: Line | None) -> Html | None:
    """None where there is nothing to say but that there is nothing."""
    if line is None or (line.verdict is None and line.score is None):
        return None
    heading = tag("h2", column.title, " ", tag("small", _what(column, line)))
    return tag("section", heading, _score(line), *_about(line), id=column.slug, class_="work")


def _what(column: Column, line: Line) -> str:
    if line.is_missing:
        return SAID["missing"]
    return f"{number(line.points)} of {number(column.points)} points" if line.marked else "not marked"


def _score(line: Line) -> Html | None:
    """Why other points count than were earned, or why there are none at all."""
    if line.score is None:
        return None
    if line.is_missing:
        return tag("p", f"{line.score.said}.", class_="score")
    earned = f" The program itself earned {number(line.raw)}." if line.points != line.raw and line.verdict else ""
    counts = tag("strong", f"{number(line.points)} points count: ")
    return tag("p", counts, f"{line.score.said}.{earned}", class_="score")


def _about(line: Line) -> Iterator[Content]:
    if line.verdict is not None:
        yield from feedback(compose(line.verdict))
        yield _source(line, line.verdict)


def _source(line: Line, verdict: Verdict) -> Html:
    digest = f", sha256 {line.sha256[:12]}" if line.sha256 else ""
    played = f"{digest}; played at isolation {verdict.isolation}, grader {verdict.versions.grader}"
    return tag("p", joined(tag("code", line.file or ""), played), class_="quiet source")
