"""The records of a class as files: the same gradebook gives the same bytes, whenever and in whatever order it was graded."""

import csv
import io

import msgspec

from grader.feedback.gradebook import Gradebook, Line
from grader.feedback.spreadsheet import defused
from grader.verdict import encode


def verdicts_jsonl(book: Gradebook) -> bytes:
    """A line for each learner and exercise, by learner and then in the course's order; documented in docs/verdict.md."""
    return b"".join(_record(book, line) + b"\n" for line in book.lines)


def _record(book: Gradebook, line: Line) -> bytes:
    head = {"learner": line.learner, "file": line.file, "sha256": line.sha256}
    if line.verdict is not None:
        # One flat object: our keys, then the verdict's.
        return msgspec.json.encode(head)[:-1] + b"," + encode(line.verdict)[1:]
    points = next(column.points for column in book.columns if column.slug == line.exercise)
    missing = {"exercise": line.exercise, "status": "missing", "points": 0.0, "max_points": points}
    return msgspec.json.encode(head | missing)


def grades_csv(book: Gradebook) -> bytes:
    """Learners down, exercises across, the total last; with a byte order mark, by which spreadsheets know UTF-8."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["learner", *(column.slug for column in book.columns), "total"])
    for learner in book.learners:
        cells = [_cell(book.line(learner, column.slug)) for column in book.columns]
        writer.writerow([defused(learner), *cells, _number(book.total(learner))])
    return table.getvalue().encode("utf-8-sig")


def _cell(line: Line | None) -> str:
    """Empty where nothing is known: not graded, or not marked through the grader's own fault."""
    return "" if line is None or line.standing == "error" else _number(line.points)


def _number(value: float) -> str:
    return f"{round(value, 4):g}"
