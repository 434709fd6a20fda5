"""The whole report, file by file, while the class goes by: each learner's page is made and let go."""

from collections.abc import Iterator

from grader.feedback.grades import Grades, Learner
from grader.feedback.markup import Html, tag
from grader.feedback.message import compose
from grader.report import FIRST, exercise, learner, overview
from grader.report.address import page_of
from grader.report.figures import number, row, table
from grader.report.listing import File, Kind, Listing, by_name
from grader.report.shell import SIGN, asset, style_of_all
from grader.report.table import Data, named, places
from grader.report.table import row as class_row
from grader.report.table import table as class_table
from grader.report.tally import OfClass

_LATE = Kind(
    "late",
    "Late",
    "Handed in after it was due, by learner.",
    lambda rows: table(["Learner", "Exercise", "What it costs", "Earned", "Counts"], rows, "Late work", numbers=2),
)
_ERRORS = Kind(
    "not-marked",
    "Not marked",
    "The grader itself failed on these; it is nobody's fail. Grade them again, or set their scores by hand.",
    lambda rows: table(["Learner", "Exercise", "File", "What failed"], rows, "Work that is not marked"),
)
_STRAYS = Kind(
    "not-placed",
    "Not placed",
    "Files and folders that are nobody's work on anything, with the reason.",
    lambda rows: table(["File or folder", "Why"], rows, "What was not placed"),
)


class Report:
    """Files by their paths in the folder of the report. The same class gives the same bytes."""

    sign = SIGN

    def __init__(self, book: Grades):
        self._book = book
        self._tally = OfClass(book)
        self._placed = places(book)
        self._data = Data(book, self._placed)
        self._titles = {column.slug: column.title for column in book.columns}
        self._rows = dict[int, Html]()  # the first of them, by their places
        names = Kind("names", "Learners by name", "", lambda rows: class_table(book, rows, at="../"))
        self._names = Listing(names, book.course, by_name(book.learners))
        self._late = Listing(_LATE, book.course)
        self._errors = Listing(_ERRORS, book.course)
        self._strays = Listing(_STRAYS, book.course)

    def of(self, one: Learner) -> Iterator[File]:
        yield f"learners/{page_of(one.name)}.html", learner.page(self._book, one)
        self._tally.add(one)
        self._data.add(one)
        place = self._placed.get(one.name, len(self._rows))
        if place < overview.AT_ONCE:
            self._rows[place] = class_row(one, self._book.columns, at="")
        yield from self._names.add(class_row(one, self._book.columns, at="../"))
        for line in one.lines:
            if line.score is not None and line.score.late:
                said = line.score.said
                cells = self._titles[line.exercise], said, number(line.raw), number(line.points)
                yield from self._late.add(row(named(one.name, "../", one.called), *cells, numbers=2))
            if line.verdict is not None and not line.marked:
                said, file = compose(line.verdict).error, tag("code", line.file or "")
                yield from self._errors.add(
                    row(named(one.name, "../", one.called), self._titles[line.exercise], file, said)
                )

    def rest(self) -> Iterator[File]:
        for stray in self._book.strays:
            yield from self._strays.add(row(tag("code", stray.path), stray.reason))
        yield from self._names.rest()
        lists = (self._late, self._errors, self._strays)
        for listing in lists:
            if listing.count:
                yield from listing.rest()
        for slug, tally in self._tally.exercises.items():
            yield f"exercises/{slug}.html", exercise.page(self._book, tally)
        yield "assets/style.css", style_of_all().encode()
        yield "assets/table.js", asset("table.js").encode()
        yield "assets/learners.js", self._data.script()
        yield FIRST, overview.page(self._book, self._tally, [self._rows[at] for at in sorted(self._rows)], lists)
