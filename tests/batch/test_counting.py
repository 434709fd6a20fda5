"""Attempts before and after grading: one line for each learner and exercise, and every other attempt is listed."""

from dataclasses import replace
from pathlib import Path

import msgspec

from grader.batch.counting import counted, to_grade
from grader.batch.grading import Graded
from grader.feedback.gradebook import Line
from grader.intake.attempts import POLICIES
from grader.intake.model import Handed, Intake
from grader.verdict import Verdict, decode

VERDICT = decode((Path(__file__).parent.parent / "feedback" / "verdicts" / "passed.json").read_bytes())
HANDED = tuple(Handed("ann", "say-after", "/nowhere", f"{at}.py", attempt=at) for at in (1, 2, 3))
INTAKE = Intake(("ann",), HANDED, ())


def graded(*points: float | None, interrupted: bool = False) -> Graded:
    """None is an attempt on which the grader itself failed."""
    lines = (
        Line("ann", "say-after", item.file, "ab", verdict(earned)) for item, earned in zip(HANDED, points, strict=False)
    )
    return Graded(tuple(lines), interrupted)


def verdict(earned: float | None) -> Verdict:
    return msgspec.structs.replace(VERDICT, status="error" if earned is None else "failed", points=earned or 0.0)


def told(intake: Intake) -> list[str]:
    return [f"{stray.path}: {stray.reason}" for stray in intake.strays]


def test_what_counts_without_points_is_graded_alone() -> None:
    last = to_grade(INTAKE, POLICIES["last"])
    assert last.handed == HANDED[2:]
    assert told(last) == [
        "1.py: attempt 1 at say-after; attempt 3 counts",
        "2.py: attempt 2 at say-after; attempt 3 counts",
    ]
    assert to_grade(INTAKE, POLICIES["first"]).handed == HANDED[:1]


def test_for_the_best_all_are_graded_and_one_line_is_left() -> None:
    assert to_grade(INTAKE, POLICIES["best"]) == INTAKE
    known = counted(INTAKE, graded(3, 8, 5), POLICIES["best"])
    assert [line.file for line in known.graded.lines] == ["2.py"]
    assert told(known.intake) == [
        "1.py: attempt 1 at say-after earned 3 points; attempt 2 counts",
        "3.py: attempt 3 at say-after earned 5 points; attempt 2 counts",
    ]


def test_an_attempt_on_which_the_grader_failed_leaves_the_mark_open() -> None:
    known = counted(INTAKE, graded(3, None, 8), POLICIES["best"])
    assert [(line.file, line.standing) for line in known.graded.lines] == [("2.py", "error")]


def test_while_an_attempt_waits_nobody_knows_the_best() -> None:
    known = counted(INTAKE, graded(3, 8, interrupted=True), POLICIES["best"])
    assert (known.graded.lines, known.graded.interrupted) == ((), True)


def test_learners_and_exercises_are_apart() -> None:
    other = (*HANDED, replace(HANDED[0], learner="bob"), replace(HANDED[0], exercise="two-downloads"))
    assert len(to_grade(replace(INTAKE, handed=other), POLICIES["last"]).handed) == 3
