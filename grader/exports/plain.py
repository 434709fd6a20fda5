"""The grades as a table that any program reads: a line for each learner and exercise."""

from grader.exports.sheet import Sheet
from grader.feedback.spreadsheet import table

HEADER = ("learner", "exercise", "verdict", "points", "points_adjusted", "max_points", "late", "comment")


def to_csv(sheet: Sheet) -> bytes:
    """Points are empty where the sheet has none; `verdict` is passed, failed, error or missing; `late` is yes or no."""
    rows = (
        (
            row.learner,
            row.exercise,
            row.standing,
            row.raw,
            row.adjusted,
            row.max_points,
            "yes" if row.late else "no",
            row.comment,
        )
        for row in sheet.rows
    )
    return table([HEADER, *rows])
