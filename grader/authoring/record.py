"""What is possible, recorded from the reference on the visible cases: what learners see beside their own timeline."""

from pathlib import Path

from msgspec.structs import replace

from grader.authoring.programs import reference_of, submitted
from grader.course.cases import cases_of
from grader.course.model import Exercise
from grader.course.possible import (
    Possible,
    PossibleRow,
    PossibleRun,
    drawn_in,
    is_stale,
    load_possible,
    possible,
    save_possible,
)
from grader.course.yaml_marks import shown
from grader.errors import CourseError, Problem
from grader.referee.record import Record
from grader.run import open_submission

_REMEDY = "record it with 'grader validate --write'"


def record(exercise: Exercise) -> Possible | None:
    """None where there is no reference to record."""
    path = reference_of(exercise)
    if path is None:
        return None
    runs = {}
    handed, own = submitted(exercise, path), exercise.file.dependencies == "own"
    with open_submission(handed.source, filename=str(path), limits=exercise.limits, files=handed.files) as submission:
        for case in cases_of(exercise, exercise.slug, hidden=False):
            ticker = exercise.file.entries[case.entry].ticker
            seen = _run(submission.play(exercise, case, own=own).record, ticker)
            if exercise.is_adopted:
                luck = replace(case, seed=f"{case.seed}/with other luck")
                seen = _without_luck(seen, _run(submission.play(exercise, luck, own=own).record, ticker))
            runs[f"{case.entry}/{case.id}"] = replace(seen, drawn=drawn_in(exercise, case))
    return possible(exercise, runs)


def _run(seen: Record, ticker: str | None) -> PossibleRun:
    """Operations, and reads where they took time, in the order in which they began."""
    rows = [(row.start, PossibleRow(row.operation, row.key, row.start, row.end)) for row in seen.ledger.rows]
    rows += [(r.start, PossibleRow(r.operation, r.key, r.start, r.end)) for r in seen.facts.reads]
    ordered = sorted(rows, key=lambda entry: entry[0])
    return PossibleRun(seen.ledger.returned, tuple(row for _, row in ordered if row.operation != ticker))


def _without_luck(one: PossibleRun, other: PossibleRun) -> PossibleRun:
    """Without the keys of those operations that are others where the program draws other numbers."""
    drawn = {row.operation for row in one.rows if _keys(one, row.operation) != _keys(other, row.operation)}
    return replace(one, rows=tuple(replace(row, key=None) if row.operation in drawn else row for row in one.rows))


def _keys(run: PossibleRun, operation: str) -> list[str]:
    return sorted(repr(row.key) for row in run.rows if row.operation == operation)


def _write(exercise: Exercise, fresh: Possible) -> None:
    """A file that cannot be read is written anew; one that is right is left as it is."""
    try:
        kept = load_possible(exercise)
    except CourseError:
        kept = None
    if kept != fresh:
        save_possible(exercise, fresh)


def recorded(exercise: Exercise, *, write: bool) -> list[Problem]:
    """Whether `possible.json` is there and true; with `write` it is made so."""
    fresh = record(exercise)
    if fresh is None:
        return []
    if write:
        _write(exercise, fresh)
        return []
    kept = load_possible(exercise)
    path = shown(Path(exercise.folder, "possible.json"))
    if kept is None:
        return [Problem(path, 0, f"what is possible is not recorded; {_REMEDY}")]
    if kept == replace(fresh, runs={name: replace(run, drawn=None) for name, run in fresh.runs.items()}) != fresh:
        message = "what is possible was recorded without what the cases drew, so learners do not see it"
        return [Problem(path, 0, f"{message}; {_REMEDY}")]
    if is_stale(exercise, kept) or kept != fresh:
        return [Problem(path, 0, f"the exercise or its reference has changed since this was recorded; {_REMEDY}")]
    return []
