"""An extension that somebody gave in nbgrader, where `grader grade` took points off for lateness without knowing of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from grader.course.model import Exercise
from grader.exports.sheet import Row
from grader.gradebook.extensions import Extensions
from grader.gradebook.lateness import adjusted

_STAMP = "timestamp.txt"


class Penalty(NamedTuple):
    """Points off for lateness; `said`: what is not the same here and in nbgrader, if anything."""

    points: float
    said: str = ""


def penalty(row: Row, exercise: Exercise, submission: Any, extensions: Extensions | None, folder: Path) -> Penalty:
    """What counts in nbgrader: as its autograde takes it off. `folder`: of the nbgrader course."""
    from grader.notebooks.late import rules_for

    raw, taken = row.raw or 0.0, max((row.raw or 0.0) - (row.adjusted or 0.0), 0.0)
    if not taken or not row.late or row.by_hand or not submission.extension:
        return Penalty(taken)
    rules = rules_for(exercise, extensions, row.learner, submission.extension)
    moment = _moment(folder / "submitted" / row.learner / submission.assignment.name / _STAMP, submission)
    given = f"{row.learner}, {exercise.slug}: an extension that was given in nbgrader"
    if moment is None:
        return Penalty(taken, f"{given} does not count, for the time of submission is not known there")
    left = max(raw - adjusted(raw, moment, rules).points, 0.0)
    if left >= taken:
        return Penalty(taken)
    remedy = "put it into the course's extensions, so that it counts in both"
    return Penalty(left, f"{given} counts there alone: {left:g} points off for lateness, and {taken:g} here; {remedy}")


def _moment(stamp: Path, submission: Any) -> datetime | None:
    """As nbgrader's own autograde has it: what the file says, where there is one."""
    from nbgrader.utils import parse_utc

    try:
        found: datetime | None = parse_utc(stamp.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):
        found = submission.timestamp
    return None if found is None else found.replace(tzinfo=UTC)
