"""The report's first page: the class at a glance, and the table of it that sorts and searches where scripts may run."""

from collections.abc import Iterator, Sequence

from grader.feedback.grades import Grades
from grader.feedback.markup import Content, Html, joined, tag
from grader.feedback.statistics import ExerciseStatistics, left_out
from grader.report.figures import counted, figures, histogram, meter, row
from grader.report.figures import table as listed
from grader.report.listing import Listing, by_name, pages
from grader.report.shell import of_the_class
from grader.report.table import legend, table
from grader.report.tally import OfClass, OfExercise

AT_ONCE = 100  # learners in the table
_FREQUENT = 8


def page(book: Grades, tally: OfClass, rows: Sequence[Html], lists: Sequence[Listing]) -> bytes:
    """`rows` are of the first learners by name, at most `AT_ONCE`."""
    body = [
        _interrupted(book),
        figures(_figures(book, tally, lists)),
        tag("div", _scores(tally), _frequent(tally), class_="pair"),
        _exercises(book, tally),
        _learners(book, rows),
        _made(book, tally),
    ]
    return of_the_class("", book.course, body, at="", here="Class", scripts=True)


def _interrupted(book: Grades) -> Html | None:
    if not book.waiting:
        return None
    files = "1 file was" if book.waiting == 1 else f"{book.waiting} files were"
    return tag("p", f"Grading was interrupted: {files} not graded.", class_="warning", role="status")


def _figures(book: Grades, tally: OfClass, lists: Sequence[Listing]) -> Iterator[tuple[Content, str]]:
    yield str(len(book.learners)), "learners"
    yield str(tally.graded), "files graded"
    yield str(tally.passed), "with full marks"
    yield str(tally.missing), "not handed in"
    if tally.by_hand:
        yield str(tally.by_hand), "set by hand"
    for listing in lists:
        if listing.count:
            kind = listing.kind
            yield (
                tag("a", str(listing.count), href=f"{kind.folder}/1.html", aria_label=f"{listing.count}: {kind.title}"),
                kind.title.lower(),
            )


def _scores(tally: OfClass) -> Html:
    found = tally.totals.distribution()
    picture = histogram(found, "Totals of the learners, in percent of all points", "learner") if found.count else None
    said = left_out(tally.unknown)
    return tag("section", tag("h2", "Totals"), picture, tag("p", said, class_="quiet") if said else None)


def _frequent(tally: OfClass) -> Html:
    found = [
        (count, name, one)
        for one in tally.exercises.values()
        if (statistics := one.statistics())
        for name, count in statistics.misconceptions
    ]
    found.sort(key=lambda item: -item[0])
    if not found:
        return tag("section", tag("h2", "Misconceptions"), tag("p", "None was recognised.", class_="quiet"))
    most = found[0][0]
    items = [_misconception(count, name, one, most) for count, name, one in found[:_FREQUENT]]
    more = len(found) - len(items)
    left = tag("p", f"{more} more stand on the pages of the exercises.", class_="quiet") if more else None
    return tag("section", tag("h2", "Misconceptions"), tag("ol", *items, class_="frequent"), left)


def _misconception(count: int, name: str, one: OfExercise, most: int) -> Html:
    slug = one.column.slug
    link = tag("a", name, href=f"exercises/{slug}.html#m-{name}")
    return tag(
        "li", tag("span", link, tag("small", f" {slug}")), tag("span", str(count), class_="number"), meter(count, most)
    )


# ---------------------------------------------------------------- exercises


def _exercises(book: Grades, tally: OfClass) -> Html:
    head = ["Exercise", "Full marks", "Hardest check", "Mean", "Difficulty"]
    rows = (_exercise(one) for one in tally.exercises.values())
    return tag("section", tag("h2", "Exercises"), listed(head, rows, "The exercises", numbers=2), id="exercises")


def _exercise(one: OfExercise) -> Html:
    link = tag("a", one.column.title, href=f"exercises/{one.column.slug}.html")
    found = one.statistics()
    if found is None:
        return row(link, tag("span", "nothing is marked", class_="quiet"), "", "", "", numbers=2)
    count = found.distribution.count
    passed = joined(meter(found.passed, count), f"{found.passed} of {count}")
    return row(link, passed, _hardest(found), f"{found.distribution.mean:.0f} %", f"{found.difficulty:.2f}", numbers=2)


def _hardest(found: ExerciseStatistics) -> Html | None:
    least = min(found.checks, key=lambda check: check.met / check.count, default=None)
    if least is None or least.met == least.count:
        return None
    return joined(tag("code", least.id), tag("small", f" met by {least.met}"))


# ---------------------------------------------------------------- learners


def _learners(book: Grades, rows: Sequence[Html]) -> Html:
    more = len(book.learners) > len(rows)
    links = by_name(book.learners, "names/")
    first = f"The first {len(rows)} by name; all of them stand on these pages:"
    return tag(
        "section",
        tag("h2", "Learners"),
        _controls(),
        tag("div", tag("p", first, class_="quiet"), pages(links), class_="by-name") if more else None,
        tag("p", _on_paper(len(rows), len(book.learners)) if more else "", id="paper"),
        table(book, rows, at=""),
        _turning(),
        legend(),
        tag("p", "In the total, exercises count by the weights of their units.", class_="quiet")
        if _weighted(book)
        else None,
        id="learners",
    )


def _on_paper(shown: int, count: int) -> str:
    """Who has a print before them cannot see that there are more; the script says there what it shows."""
    return f"Learners 1 to {shown} of {count}; all of them stand on the pages of learners by name."


def _weighted(book: Grades) -> bool:
    return any(column.weight != 1 for column in book.columns)


def _controls() -> Html:
    """Shown by the script, which makes them work."""
    return tag(
        "form",
        tag("p", tag("label", "Search", for_="search"), tag("input", type="search", id="search", autocomplete="off")),
        tag("p", tag("label", "Show", for_="show"), tag("select", tag("option", "all learners", value=""), id="show")),
        tag("p", "", id="found", role="status"),
        id="controls",
        role="search",
        aria_label="Learners",
        hidden=True,
    )


def _turning() -> Html:
    before, after = (
        tag("button", said, type="button", id=id_) for id_, said in (("before", "Before"), ("after", "Next"))
    )
    return tag("div", before, tag("span", "", id="shown"), after, id="turning", class_="pages", hidden=True)


def _made(book: Grades, tally: OfClass) -> Html:
    rows = [
        tag("li", f"{counted(count, 'file')}: isolation {isolation}, grader {grader}, Python {python}")
        for (isolation, grader, python), count in sorted(tally.made.items())
    ]
    return tag("section", tag("h2", "How it was graded"), tag("ul", *rows or [tag("li", "Nothing was graded.")]))
