"""The records of a class as files: the same grades give the same bytes, whenever and in whatever order it was graded."""

import csv
import io
from dataclasses import asdict
from typing import Any

import msgspec

from grader.feedback.grades import Grades, Learner, Line
from grader.feedback.spreadsheet import defused
from grader.verdict import encode


class Verdicts:
    """`verdicts.jsonl`: a line for each learner and exercise, by learner and then in the course's order; docs/verdict.md."""

    def __init__(self, book: Grades):
        self._columns = {column.slug: column for column in book.columns}

    def head(self) -> bytes:
        return b""

    def of(self, learner: Learner) -> bytes:
        return b"".join(self._record(line) + b"\n" for line in learner.lines)

    def _record(self, line: Line) -> bytes:
        head: dict[str, Any] = {"learner": line.learner, "file": line.file, "sha256": line.sha256}
        column = self._columns[line.exercise]
        if column.weight != 1:
            head["weight"] = round(column.weight, 9)
        if line.score is not None:
            head["score"] = asdict(line.score)
        if line.scaled is not None:
            head["scaled"] = asdict(line.scaled)
        if line.verdict is not None:
            # One flat object: our keys, then the verdict's.
            return msgspec.json.encode(head)[:-1] + b"," + encode(line.verdict)[1:]
        if column.excused and line.is_missing:
            head["excused"] = True
        missing = {"exercise": line.exercise, "title": column.title, "status": "missing", "outcome": "missing"}
        return msgspec.json.encode(head | missing | {"points": 0.0, "max_points": column.points})


class Table:
    """`grades.csv`: learners down, exercises across, then the total; with the mark by which spreadsheets know UTF-8.

    A cell has points or nothing. Why it has none is said after the total, by exercise.
    """

    def __init__(self, book: Grades):
        self._slugs = [column.slug for column in book.columns]

    def head(self) -> bytes:
        return "\ufeff".encode() + _row(["learner", *self._slugs, "total", "missing", "not_marked"])

    def of(self, learner: Learner) -> bytes:
        lines = {slug: learner.line(slug) for slug in self._slugs}
        missing = [slug for slug, line in lines.items() if line is not None and line.is_missing]
        unknown = [slug for slug, line in lines.items() if line is None or not line.marked]
        cells = map(_cell, lines.values())
        return _row([defused(learner.name), *cells, _number(learner.total), " ".join(missing), " ".join(unknown)])


def verdicts_jsonl(book: Grades) -> bytes:
    """The whole of it in memory."""
    return _whole(Verdicts(book), book)


def grades_csv(book: Grades) -> bytes:
    return _whole(Table(book), book)


def _whole(record: Verdicts | Table, book: Grades) -> bytes:
    return record.head() + b"".join(map(record.of, book.each()))


def _row(cells: list[str]) -> bytes:
    table = io.StringIO()
    csv.writer(table).writerow(cells)
    return table.getvalue().encode()


def _cell(line: Line | None) -> str:
    """Empty where nothing was handed in, and where nothing is known: not graded, or the grader's own fault."""
    return "" if line is None or line.is_missing or not line.marked else _number(line.points)


def _number(value: float) -> str:
    return f"{round(value, 4):g}"
