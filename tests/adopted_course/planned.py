"""The table of planned verdicts of examples/adopted, and what a verdict says in its words."""

import csv
from dataclasses import dataclass
from pathlib import Path

from msgspec import UNSET

from grader.course.check_model import SourceCheck
from grader.course.load import load_course
from grader.verdict import Verdict, outcome_of

ADOPTED = Path(__file__).parents[2] / "examples" / "adopted"
SUBMISSIONS = ADOPTED / "submissions"
COURSE = load_course(ADOPTED)
EXERCISES = {exercise.slug: exercise for exercise in COURSE.exercises}
OUTCOMES = (
    "right",
    "not yet",
    "missing",
    "empty file",
    "does not import",
    "runs the loop at import",
    "name missing",
    "wrong kind",
    "crash",
    "time-out",
    "deadlock",
)
Key = tuple[str, str]  # learner, exercise


@dataclass(frozen=True, slots=True)
class Said:
    """Of one file: its outcome, and where it ran the checks that are not met in all cases, and those that warned; the
    misconception that it shows.

    `own`: its outcome with the learner's own earlier files, where those are tried.
    """

    outcome: str
    not_met: frozenset[str] = frozenset()
    warned: frozenset[str] = frozenset()
    own: str = ""
    misconception: str = ""


MISSING = Said("missing")


def read_planned() -> dict[Key, Said]:
    with (ADOPTED / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["learner"], row["exercise"]): Said(
                row["outcome"],
                frozenset(row["not_met"].split()),
                frozenset(row["warned"].split()),
                row["own"],
                row["misconception"],
            )
            for row in csv.DictReader(file)
        }


PLANNED = read_planned()


def said(verdict: Verdict) -> Said:
    assert verdict.status != "error", verdict.error
    failed = frozenset(check.id for check in verdict.checks if check.status == "failed")
    outcome = outcome_of(verdict)
    if outcome != "result":
        assert verdict.status == "failed"
        return Said(outcome, own=_own(verdict), misconception=verdict.misconception or "")
    assert (verdict.status == "passed") == (not failed)
    return Said("not yet" if failed else "right", failed, _warned(verdict), _own(verdict), verdict.misconception or "")


def _own(verdict: Verdict) -> str:
    if verdict.own is UNSET:
        return ""
    ran = {True: "right", False: "not yet", None: "too little is seen"}[verdict.own.passed]
    return {"result": ran, "import": "does not import"}[verdict.own.outcome]


def _warned(verdict: Verdict) -> frozenset[str]:
    entries = EXERCISES[verdict.exercise].file.entries.values()
    warn = {
        check.id
        for entry in entries
        for check in entry.checks
        if isinstance(check, SourceCheck) and check.level == "warn"
    }
    return frozenset(check.id for check in verdict.checks if check.id in warn and check.rationale)
