"""Grades put into Canvas's own exported gradebook: its columns, its order, its learners, and nothing that it does not have.

A title that Canvas does not know would make a new assignment there, so a column is filled only where the template has it.
What is in the file, and who is who, follows Canvas's own importer (lib/gradebook_importer.rb): ID, SIS User ID, SIS Login
ID, name; a row `Points Possible`; `EX` for excused; `;` and decimal commas in some languages.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.delimited import delimiter_of, text_of
from grader.errors import UsageError
from grader.exports.sheet import Column, Sheet
from grader.feedback.spreadsheet import defused, is_number, number

IDS = ("ID", "SIS User ID", "SIS Login ID")
_ID_AT_END = re.compile(r"\s*\(\d+\)$")
_KEPT = {"EX": "is excused there", "N/A": "is not assigned this there"}


@dataclass(frozen=True, slots=True)
class Template:
    """Canvas's table as it was exported, all rows as long as the header; `students` are the rows that have a learner."""

    name: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    students: tuple[int, ...]
    possible: int | None

    def cell(self, at: int, column: str) -> str:
        return self.rows[at][self.header.index(column)] if column in self.header else ""


@dataclass(frozen=True, slots=True)
class Filled:
    """The table to import, and all that it does not say: each a line for the instructor. `told` is no loss; `kept` counts
    cells of those who handed in nothing."""

    content: bytes
    written: int
    left_out: tuple[str, ...]
    told: tuple[str, ...]
    kept: int = 0


def read_template(content: bytes, name: str) -> Template:
    """Raises UsageError for what Canvas did not export."""
    try:
        text = text_of(content)
    except UnicodeDecodeError:
        raise UsageError(f"{name}: is no UTF-8 text; export the gradebook from Canvas again, as CSV") from None
    delimiter = delimiter_of(text, _is_canvas)
    lines = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    header = tuple(lines[0]) if lines else ()
    if not _is_canvas(header):
        raise UsageError(f"{name}: is no gradebook of Canvas; its first row has to begin with Student and ID")
    rows = tuple(tuple([*row, *[""] * len(header)][: len(header)]) for row in lines[1:])
    possible = next((at for at, row in enumerate(rows) if "Points Possible" in row[0]), None)
    students = tuple(at for at, row in enumerate(rows) if at != possible and not _is_posting(row))
    return Template(name, delimiter, header, rows, students, possible)


def _is_canvas(header: Sequence[str]) -> bool:
    names = list(header[:3])
    return names[:2] == ["Student", "ID"] or names == ["LastName", "FirstName", "ID"]


def _is_posting(row: Sequence[str]) -> bool:
    """A row that says which grades are posted by hand, and has no learner."""
    return all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row)


# ---------------------------------------------------------------- which column


def columns_of(template: Template, columns: Sequence[Column], said: Mapping[str, str]) -> dict[str, int]:
    """Exercise to the number of its column: the one that was said, else the one titled as the exercise or its slug is.

    Raises UsageError where what was said is not there, and where two columns would do.
    """
    found = {column.slug: _column(template, column, said.get(column.slug)) for column in columns}
    for slug in sorted(set(said) - set(found)):
        raise UsageError(f"--column: there is no exercise {slug!r} in what was graded")
    places = {slug: place for slug, place in found.items() if place is not None}
    for slug, place in places.items():
        others = [other for other, at in places.items() if at == place and other != slug]
        if others:
            raise UsageError(f"{template.name}: {template.header[place]!r} would hold both {slug} and {others[0]}")
    return places


def _column(template: Template, column: Column, said: str | None) -> int | None:
    wanted = {said} if said is not None else {column.title, column.slug, column.slug.replace("-", " ")}
    names = {_plain(name) for name in wanted}
    titles = range(_first_assignment(template), len(template.header))
    found = [at for at in titles if names & {_plain(title) for title in _titles(template.header[at])}]
    if said is not None and not found:
        raise UsageError(f"{template.name}: has no column {said!r}; make the assignment in Canvas, and export again")
    if len(found) > 1:
        both = " and ".join(repr(template.header[at]) for at in found[:2])
        raise UsageError(
            f"{template.name}: {both} would do for {column.slug}; say which with --column {column.slug}=TITLE"
        )
    return found[0] if found else None


def _titles(title: str) -> Iterator[str]:
    """A column's title with and without the assignment's id."""
    yield title
    yield _ID_AT_END.sub("", title)


def _first_assignment(template: Template) -> int:
    return template.header.index("Section") + 1 if "Section" in template.header else 3


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


# ---------------------------------------------------------------- which row


def rows_of(template: Template, learners: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """Learner to the number of their row, by the first of ID, SIS ids and name that one row alone has; and who is not found."""
    keys = [_keyed((at, [template.cell(at, name)]) for at in template.students) for name in IDS]
    keys.append(_keyed((at, _names(template, at)) for at in template.students))
    found: dict[str, int] = {}
    problems: list[str] = []
    for learner in learners:
        places = next((places for key in keys if (places := key.get(_plain(learner)))), [])
        if len(places) == 1:
            found[learner] = places[0]
        else:
            why = f"{len(places)} rows of {template.name} have this name" if places else f"is not in {template.name}"
            problems.append(f"{learner}: {why}")
    return _each_once(template, found, problems)


def _keyed(items: Iterable[tuple[int, list[str]]]) -> dict[str, list[int]]:
    keyed: dict[str, list[int]] = {}
    for at, texts in items:
        for text in {_plain(text) for text in texts} - {""}:
            keyed.setdefault(text, []).append(at)
    return keyed


def _names(template: Template, at: int) -> list[str]:
    """`Lovelace, Ada` is `Ada Lovelace` too."""
    if template.header[0] == "LastName":
        last, first = template.rows[at][:2]
    else:
        last, _, first = template.rows[at][0].partition(",")
    return [template.rows[at][0], f"{first} {last}", f"{last}, {first}"]


def _each_once(template: Template, found: dict[str, int], problems: list[str]) -> tuple[dict[str, int], list[str]]:
    taken: dict[int, list[str]] = {}
    for learner, at in found.items():
        taken.setdefault(at, []).append(learner)
    twice = [learner for learners in taken.values() if len(learners) > 1 for learner in learners]
    problems += [f"{name}: another learner has the same row in {template.name}" for name in twice]
    return {learner: at for learner, at in found.items() if learner not in twice}, problems


# ---------------------------------------------------------------- filled


def fill(template: Template, sheet: Sheet, said: Mapping[str, str] | None = None, missing: bool = False) -> Filled:
    """The template with the points of `sheet`. Who handed in nothing keeps what stands there, or has 0 with `missing`."""
    places = columns_of(template, sheet.columns, said or {})
    rows, left_out = rows_of(template, sheet.learners)
    left_out += [
        f"{column.slug}: {template.name} has no column for it; make the assignment in Canvas and export again, "
        f"or say which it is with --column {column.slug}=TITLE"
        for column in sheet.columns
        if column.slug not in places
    ]
    cells = [list(row) for row in template.rows]
    written = kept = 0
    for row in sheet.rows:
        if row.learner not in rows or row.exercise not in places:
            continue
        is_missing = row.standing == "missing" and row.adjusted is None
        if is_missing and not missing:
            kept += 1
            continue
        at, place = rows[row.learner], places[row.exercise]
        why = _KEPT.get(cells[at][place].strip().upper()) or (
            "" if row.adjusted is not None or is_missing else "was not marked"
        )
        if why:
            left_out.append(f"{row.learner}, {row.exercise}: {why}")
            continue
        cells[at][place] = _localised(row.adjusted or 0.0, template.delimiter)
        written += 1
    return Filled(_written(template, cells), written, tuple(left_out), tuple(_told(template, sheet, places)), kept)


def _localised(value: float | None, delimiter: str) -> str:
    """Where cells are parted by semicolons, a comma parts the decimals."""
    return number(value).replace(".", "," if delimiter == ";" else ".")


def _written(template: Template, cells: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=template.delimiter)
    writer.writerow(template.header)
    writer.writerows([cell if is_number(cell) or cell == "-" else defused(cell) for cell in row] for row in cells)
    return out.getvalue().encode("utf-8-sig")


def _told(template: Template, sheet: Sheet, places: Mapping[str, int]) -> Iterator[str]:
    """Assignments that have other points there: the grades are points, and Canvas does not convert them."""
    if template.possible is None:
        return
    for column in sheet.columns:
        if column.slug in places:
            there = template.rows[template.possible][places[column.slug]].strip()
            if is_number(there) and number(float(there.replace(",", "."))) != (here := number(column.points)):
                yield f"{column.slug}: has {here} points here and {there} in Canvas; points are not converted"
