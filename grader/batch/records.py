"""The records of a class as files: the same grades give the same bytes, whenever and in whatever order it was graded."""

import csv
import io
from dataclasses import asdict
from typing import Any

import msgspec

from grader.feedback.grades import Grades, Line
from grader.feedback.spreadsheet import defused
from grader.verdict import encode


def verdicts_jsonl(book: Grades) -> bytes:
    """A line for each learner and exercise, by learner and then in the course's order; documented in docs/verdict.md."""
    return b"".join(_record(book, line) + b"\n" for line in book.lines)


def _record(book: Grades, line: Line) -> bytes:
    head: dict[str, Any] = {"learner": line.learner, "file": line.file, "sha256": line.sha256}
    if line.score is not None:
        head["score"] = asdict(line.score)
    if line.verdict is not None:
        # One flat object: our keys, then the verdict's.
        return msgspec.json.encode(head)[:-1] + b"," + encode(line.verdict)[1:]
    points = next(column.points for column in book.columns if column.slug == line.exercise)
    missing = {"exercise": line.exercise, "status": "missing", "points": 0.0, "max_points": points}
    return msgspec.json.encode(head | missing)


def grades_csv(book: Grades) -> bytes:
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
    return "" if line is None or not line.marked else _number(line.points)


def _number(value: float) -> str:
    return f"{round(value, 4):g}"
