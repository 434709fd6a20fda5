"""The grades as one JSON document, whose schema stands in docs/schema/grades.schema.json and is made from these structs."""

from typing import Any, Literal

import msgspec

from grader.exports.checked import checked
from grader.exports.sheet import Row, Sheet

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class CheckGrade(msgspec.Struct, frozen=True, kw_only=True):
    """One check over all cases of its entry; `told` is what its learner is told where it does not hold yet."""

    entry: str
    check: str
    result: Literal["passed", "failed", "error"]
    points: float
    max_points: float
    told: str


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """One learner's work on one exercise.

    `points` is what the checks gave, `points_adjusted` what counts after the course's policies; both are null where nothing
    was handed in (the verdict is then `missing`) and where the grader itself failed, but for what was set by hand.
    """

    learner: str
    exercise: str
    verdict: Literal["passed", "failed", "error", "missing"]
    points: float | None
    points_adjusted: float | None
    max_points: float
    late: bool
    comment: str
    misconception: str | None
    checks: list[CheckGrade]


class GradedExercise(msgspec.Struct, frozen=True, kw_only=True):
    exercise: str
    title: str
    max_points: float


class Grades(msgspec.Struct, frozen=True, kw_only=True):
    """What `grader export --format json` writes."""

    format: Literal[1]
    exercises: list[GradedExercise]
    grades: list[Grade]


def to_json(sheet: Sheet) -> bytes:
    grades = Grades(
        format=1,
        exercises=[
            GradedExercise(exercise=column.slug, title=column.title, max_points=column.points)
            for column in sheet.columns
        ],
        grades=[_grade(row) for row in sheet.rows],
    )
    return msgspec.json.format(msgspec.json.encode(grades), indent=2) + b"\n"


def _grade(row: Row) -> Grade:
    checks = checked(row.verdict) if row.verdict is not None else ()
    return Grade(
        learner=row.learner,
        exercise=row.exercise,
        verdict=row.standing,
        points=row.raw,
        points_adjusted=row.adjusted,
        max_points=row.max_points,
        late=row.late,
        comment=row.comment,
        misconception=row.verdict.misconception if row.verdict is not None else None,
        checks=[
            CheckGrade(
                entry=one.entry,
                check=one.id,
                result=one.result,
                points=one.points,
                max_points=one.max_points,
                told=one.told,
            )
            for one in checks
        ],
    )


def grades_schema() -> dict[str, Any]:
    """The JSON Schema of that document."""
    (top,), parts = msgspec.json.schema_components([Grades], ref_template="#/$defs/{name}")
    parts = {name: {**part, **_description(part)} for name, part in sorted(parts.items())}
    return {"$schema": _DIALECT, "title": "grades.json", **top, "$defs": parts}


def _description(part: dict[str, Any]) -> dict[str, str]:
    """Docstrings wrap for a source file; a reader's program wraps by itself."""
    return {"description": " ".join(part["description"].split())} if "description" in part else {}
