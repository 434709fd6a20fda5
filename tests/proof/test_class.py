"""The example class, graded as an instructor grades it: each outcome as planned, twice the same, and nothing left running."""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.batch.book import write_records
from grader.batch.grading import grade_all
from grader.batch.kept import asked, grades_of, keeping
from grader.batch.worker import Terms
from grader.course.load import load_course
from grader.gradebook.opening import opened
from grader.grading.ends import RUNAWAY
from grader.intake.take import take_in
from grader.report.report import Report
from tests.proof.left_over import PROC, left_to, marked
from tests.proof.the_course import EXERCISES, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CLASS = ROOT / "examples" / "class"
PLANNED: dict[str, dict[str, dict[str, Any]]] = json.loads((ROOT / "examples" / "class.expected.json").read_text())
NONE = "none"  # no misconception is to be named
# Their programs are right wherever a learner can see the values, which stand in them.
HARD_CODED = [("Nandi Dlamini-Roux", "first_await.py"), ("Nandi Dlamini-Roux", "two_downloads.py")]
Record = dict[str, Any]


@dataclass(frozen=True)
class GradedTwice:
    """Two folders of records, and the processes that were there afterwards and not before."""

    first: Path
    second: Path
    left_over: set[int]

    def records(self) -> dict[tuple[str, str], Record]:
        """By learner and the name of the file."""
        lines = (self.first / "verdicts.jsonl").read_text().splitlines()
        return {(line["learner"], Path(line["file"]).name): line for line in map(json.loads, lines) if line["file"]}


def write_class(folder: Path, workers: int) -> Path:
    exercises = list(EXERCISES.values())
    folder.mkdir()
    with tempfile.TemporaryDirectory() as scratch, opened(str(folder)) as book:
        intake = take_in([CLASS], exercises, Path(scratch))
        todo = asked(book, intake, exercises, Terms())
        keep = keeping(book, todo)
        grade_all(todo.handed, EXERCISES, Terms(), keep=keep, done=lambda line: None, workers=workers)
        write_records(grades_of(book, load_course(ROOT), exercises, intake), folder, Report)
    return folder


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> GradedTwice:
    before = marked()
    folder = tmp_path_factory.mktemp("grades")
    first, second = write_class(folder / "first", workers=2), write_class(folder / "second", workers=3)
    return GradedTwice(first, second, left_to(os.getpid()) - before)


def planned() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for learner, files in PLANNED.items():
        for file, plan in files.items():
            yield learner, file, plan


def unlike(record: Record | None, plan: dict[str, Any]) -> Iterator[str]:
    """How the record differs from the plan; what the plan leaves open may be anything."""
    if record is None:
        yield "not graded"
        return
    told = {what: record[what] for what in ("status", "points")} | {"misconception": record["misconception"] or NONE}
    for what, found in told.items():
        if plan[what] is not None and found != plan[what]:
            yield f"{what} is {found!r}, planned {plan[what]!r}"
    seen = {case["outcome"] for case in record["cases"]}
    if plan["outcome"] is not None and plan["outcome"] not in seen:
        yield f"outcomes are {sorted(seen)}, planned {plan['outcome']!r}"


def test_each_outcome_is_as_planned(graded: GradedTwice) -> None:
    records = graded.records()
    found = [
        f"{learner}/{file}: {difference}"
        for learner, file, plan in planned()
        for difference in unlike(records.get((learner, file)), plan)
    ]
    assert found == []


def test_each_plan_says_which_misconception_is_named_or_that_none_is() -> None:
    known = {f"{one.module}.py": {rule.id for rule in one.file.misconceptions} for one in EXERCISES.values()}
    for learner, file, plan in planned():
        assert plan["misconception"] in {NONE, *known[file]} or plan["status"] == "passed", (learner, file)


def test_the_points_of_many_programs_that_are_partly_right_are_planned() -> None:
    partly = [file for _, file, plan in planned() if plan["points"] and plan["status"] == "failed"]
    assert len(partly) >= 33
    assert {"first_await.py", "run_it_once.py", "needless_task.py", "process_output.py"} < set(partly)


def test_hidden_cases_are_run_wherever_there_are_some(graded: GradedTwice) -> None:
    assert all(exercise.hidden for exercise in EXERCISES.values())
    for place, record in graded.records().items():
        stopped = {case["entry"] for case in record["cases"] if case["outcome"] in RUNAWAY}
        entries = {case["entry"] for case in record["cases"]}
        assert {case["entry"] for case in record["cases"] if case["hidden"]} >= entries - stopped, place


@pytest.mark.parametrize("place", HARD_CODED)
def test_who_writes_down_the_values_that_can_be_seen_fails_in_hidden_cases_only(
    place: tuple[str, str], graded: GradedTwice
) -> None:
    cases = graded.records()[place]["cases"]
    assert {case["passed"] for case in cases if not case["hidden"]} == {True}
    assert {case["passed"] for case in cases if case["hidden"]} == {False}


def test_nobody_is_marked_who_is_not_in_the_plan(graded: GradedTwice) -> None:
    assert set(graded.records()) == {(learner, file) for learner, file, _ in planned()}


def test_the_grader_itself_fails_on_none(graded: GradedTwice) -> None:
    assert [place for place, record in graded.records().items() if record["status"] == "error"] == []


def test_full_marks_are_passed_and_nothing_else_is(graded: GradedTwice) -> None:
    for place, record in graded.records().items():
        assert (record["status"] == "passed") == (record["points"] == record["max_points"]), place


def test_graded_again_the_class_gives_the_same_verdicts(graded: GradedTwice) -> None:
    first, second = ((folder / "verdicts.jsonl").read_bytes() for folder in (graded.first, graded.second))
    pairs = zip(first.splitlines(), second.splitlines(), strict=True)
    assert [json.loads(one)["file"] for one, two in pairs if one != two] == []
    assert first == second


def test_graded_again_the_class_gives_the_same_bytes(graded: GradedTwice) -> None:
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in [folder / "grades.csv", *folder.glob("report/**/*.*")]}
        for folder in (graded.first, graded.second)
    )
    assert len(first) > len(PLANNED)
    assert first == second


@pytest.mark.skipif(not PROC.exists(), reason="needs /proc to look for processes")
def test_nothing_is_left_running(graded: GradedTwice) -> None:
    assert graded.left_over == set()


def test_each_exercise_is_done_rightly_twice_and_wrongly_twice_at_least() -> None:
    by_file: dict[str, list[str]] = {}
    for _, file, plan in planned():
        by_file.setdefault(file, []).append(plan["status"])
    assert len(PLANNED) >= 24
    assert set(by_file) == {f"{exercise.module}.py" for exercise in EXERCISES.values()}
    for statuses in by_file.values():
        assert statuses.count("passed") >= 2
        assert statuses.count("failed") >= 2
