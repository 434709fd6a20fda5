"""An exercise in memory, and a submission that plays records made by hand instead of a program."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from grader.checks import Source
from grader.course.model import Case, Exercise, ExerciseFile, Limits
from grader.grading import grade_with
from grader.grading.recorded import Recorded
from grader.referee.facts import Facts
from grader.referee.ledger import Ledger, Row
from grader.referee.outcome import Outcome
from grader.referee.record import Record
from grader.run import Played
from grader.ticks import to_ticks
from grader.verdict import Fault, Verdict

SOURCE = "import asyncio\n\n\nasync def fetch(get, a):\n    return proc.stdout.readline()\n"
FILE = {
    "schema": 1,
    "slug": "two-downloads",
    "goal": "g",
    "prompt": "p",
    "concepts": [],
    "hints": ["one", "two"],
    "docs": ["https://docs.python.org/3/"],
    "vars": {"a": "x"},
    "world": {"operations": {"get": {"params": ["url"], "key": "url"}}},
    "cases": [{"name": "seen"}],
    "entries": {
        "fetch": {
            "args": ["=get", "=a", 2],
            "checks": [
                {"kind": "result", "id": "result", "points": 4, "result": "=a"},
                {"kind": "calls", "id": "calls", "points": 3, "calls": "get[*]", "count": 1},
                {"kind": "at_return", "id": "idle", "points": 2, "at_return": "idle"},
                {"kind": "hygiene", "id": "hygiene", "points": 1, "hygiene": "default"},
            ],
        }
    },
}


def exercise_of(**changes: Any) -> Exercise:
    file = msgspec.convert({**FILE, **changes}, ExerciseFile)
    return Exercise(
        file=file,
        title="Two downloads",
        unit="3",
        number="08",
        points=10,
        limits=Limits(),
        folder="nowhere",
        solutions=None,
        hidden=(),
    )


def case_of(name: str = "seen", *, entry: str = "fetch", hidden: bool = False, **values: Any) -> Case:
    return Case(entry, name, 0, hidden, "", {"a": "x", **values}, None)


def row_of(operation: str = "get", key: Any = "x", **changes: Any) -> Row:
    """One operation from 0 s to 1 s, begun and ended before the return (event 9)."""
    row = Row(operation, key, (), "learner", 4, 0, 1, to_ticks(1), 2, "ok")
    return msgspec.structs.replace(row, **changes)


def played_of(
    *rows: Row,
    result: Any = None,
    outcome: Outcome | None = None,
    returned: float | None = 1,
    facts: Facts | None = None,
    gives: dict[str, Any] | None = None,
) -> Played:
    event = None if returned is None else 9
    ledger = Ledger(rows, None if returned is None else to_ticks(returned), event, to_ticks(9))
    return Played(Record(ledger, outcome or Outcome("result", result), facts or Facts()), gives or {})


GOOD = played_of(row_of(), result="x")


class Script:
    """A submission that gives what it is told to, case by case, the last again and again; an exception is raised."""

    isolation = "child"

    def __init__(self, *answers: Played | BaseException):
        self.answers = list(answers)
        self.opened = 0
        self.asked: list[Case] = []
        self.then: list[list[Case]] = []

    @contextlib.contextmanager
    def open(self) -> Iterator["Script"]:
        self.opened += 1
        yield self

    def play(self, exercise: Exercise, case: Case, **way: Any) -> Played:
        self.asked.append(case)
        self.then.append(list(way["then"]))
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, BaseException):
            raise answer
        return answer


Graded = Callable[..., Verdict]


@pytest.fixture
def graded() -> Graded:
    def make(
        *answers: Played | BaseException,
        exercise: Exercise | None = None,
        cases: tuple[Case, ...] = (),
        source: str = "",
        recorded: Recorded | None = None,
        script: Script | None = None,
        patient: bool = True,
    ) -> Verdict:
        return grade_with(
            (script or Script(*answers)).open,
            exercise or exercise_of(),
            cases or tuple(case_of(f"case{number}") for number in range(len(answers))),
            Source.read(source.encode(), "two_downloads.py"),
            seed="s",
            isolation="in-process",
            recorded=recorded or Recorded(),
            patient=patient,
        )

    return make


@pytest.fixture
def fault(graded: Graded, build: Any) -> Callable[..., Fault | None]:
    def make(outcome: Outcome, facts: Facts | None = None, source: str = SOURCE, *rows: Row) -> Fault | None:
        played = build.played(*rows, outcome=outcome, facts=facts, returned=None)
        exercise = msgspec.structs.replace(build.exercise(), limits=Limits(operations=7))
        return graded(played, exercise=exercise, source=source).cases[0].fault

    return make


@pytest.fixture
def build() -> Any:
    """The builders of this file, as attributes."""

    class Build:
        exercise = staticmethod(exercise_of)
        case = staticmethod(case_of)
        row = staticmethod(row_of)
        played = staticmethod(played_of)
        script = Script
        file = FILE
        good = GOOD

    return Build
