"""What a case costs on the trusted side, counted in calls of Python functions: these do not hang on the machine's load."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from grader.checks import Source
from grader.course.cases import cases_of
from grader.course.load import load_exercise
from grader.course.model import Case
from grader.grading.judge import _reports
from grader.grading.marks import find_all, results
from grader.grading.play import Run, view_of
from grader.grading.recorded import recorded_of
from grader.run import Played, open_submission
from grader.run.limits import complete
from grader.run.stage import stage_case

ROOT = Path(__file__).parents[2]
EXERCISE = load_exercise(ROOT / "exercises" / "05_say_after")
REFERENCE = ROOT / "solutions" / "05_say_after" / "reference.py"


def calls(work: Callable[[], object]) -> int:
    count = 0

    def called(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def played() -> list[tuple[Case, Played]]:
    cases = cases_of(EXERCISE, "seed", hidden=True)
    data = REFERENCE.read_bytes()
    with open_submission(data, filename="say_after.py", isolation="in-process", limits=EXERCISE.limits) as submission:
        return [(case, submission.play(EXERCISE, case)) for case in cases]


def test_a_case_is_set_up_with_few_calls(played: list[tuple[Case, Played]]) -> None:
    limits = complete(EXERCISE.limits)

    def set_up() -> None:
        for case, _ in played:
            stage_case(EXERCISE, case, limits)

    set_up()
    assert calls(set_up) <= 85 * len(played)


def test_a_case_is_judged_with_few_calls(played: list[tuple[Case, Played]]) -> None:
    source, recorded = Source.read(REFERENCE.read_bytes(), "say_after.py"), recorded_of(EXERCISE)

    def judge() -> None:
        runs = [Run(case, view_of(EXERCISE, case, seen, source)) for case, seen in played]
        found = find_all(EXERCISE, runs)
        results(EXERCISE, found)
        _reports(EXERCISE, runs, found, recorded)

    judge()
    assert calls(judge) <= 350 * len(played)
