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
from grader.grading.chain import _executes, looked_at
from grader.grading.judge import _reports
from grader.grading.marks import find_all, results
from grader.grading.play import Run, view_of
from grader.grading.recorded import recorded_of
from grader.run import Played, open_submission
from grader.run.limits import complete
from grader.run.stage import stage_case
from grader.run.submitted import Submitted

ROOT = Path(__file__).parents[2]
EXERCISE = load_exercise(ROOT / "exercises" / "05_say_after")
ADOPTED = load_exercise(ROOT / "examples" / "adopted" / "exercises" / "07_high_water")
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


def test_what_is_the_same_for_all_cases_of_a_file_with_earlier_ones_is_found_once() -> None:
    exercise = ADOPTED
    own = Submitted(b"import helpers\n", (("0-readings", b"x = 1\n"), ("helpers", b"y = 1\n")))
    cases, limits = cases_of(exercise, "seed", hidden=True), complete(exercise.limits)

    def set_up() -> None:
        for case in cases:
            stage_case(exercise, case, limits, own, own=True)

    set_up()
    assert calls(set_up) <= 75 * len(cases)


def test_what_is_looked_at_with_the_learners_own_files_is_found_once_for_an_exercise() -> None:
    def look() -> None:
        for entry in ADOPTED.file.entries:
            assert looked_at(ADOPTED, entry, ["next_level"])

    look()
    assert calls(look) <= 7 * len(ADOPTED.file.entries)


def test_whether_a_file_executes_texts_is_read_in_the_nodes_that_are_there() -> None:
    source = Source.read(b"import os\n" + b"x = [name.y for name in os.environ]\n" * 9, "a.py")
    nodes = len(source.names.nodes)
    assert calls(lambda: _executes(source)) <= 2 * nodes + 10
