"""Grades for Moodle's import: for each exercise its points and its feedback, always both, or Moodle drops the points.

The header is free there and mapped by hand (docs.moodle.org, "Grade import", note 3).
"""

from grader.exports.checked import summary
from grader.exports.sheet import Column, Row, Sheet
from grader.feedback.spreadsheet import table

LEARNER, POINTS, FEEDBACK = "learner", "points", "feedback"

Cell = str | float | None


def to_moodle(sheet: Sheet) -> bytes:
    """A row a learner. Where nothing was handed in or is known both cells are empty: no feedback stands beside no grade."""
    found = sheet.by_learner()
    rows = [
        [learner, *(cell for column in sheet.columns for cell in _cells(found[learner].get(column.slug)))]
        for learner in sheet.learners
    ]
    return table([header(sheet.columns), *rows])


def header(columns: tuple[Column, ...]) -> list[str]:
    pairs = ((f"{column.slug} {POINTS}", f"{column.slug} {FEEDBACK}") for column in columns)
    return [LEARNER, *(name for pair in pairs for name in pair)]


def _cells(row: Row | None) -> tuple[Cell, Cell]:
    return ("", "") if row is None or row.adjusted is None else (row.adjusted, feedback(row))


def feedback(row: Row) -> str:
    """What is told beside the points: the verdict in brief, what changed the points, and the instructor's comment."""
    said = [summary(row.verdict)] if row.verdict is not None else [] if row.comment else ["Nothing was handed in."]
    if row.late:
        said.append("It was handed in late.")
    if row.raw is not None and row.adjusted is not None and abs(row.raw - row.adjusted) > 1e-9:
        why = "they were set by hand." if row.by_hand else "after the course's rules."
        said.append(f"{row.adjusted:g} points count{', for' if row.by_hand else ''} {why}")
    return "\n".join([*said, row.comment] if row.comment else said)
