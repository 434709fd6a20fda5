"""What is only reported may be a lie: a report beyond what an honest runner can say ends the run, and none makes us fail."""

from typing import Any

import pytest

from grader.feedback.text import render
from grader.run.limits import DEFAULTS
from grader.verdict import encode
from tests.proof.conversation import PAGES, both, graded, said
from tests.proof.peer import Line, Talk

HUGE = 10**400
FAILURE = {"type": "ValueError", "message": "", "line": 3, "bases": ["ValueError", "Exception", "BaseException"]}


def reporting(**facts: Any) -> Talk:
    """Does the work as asked, and then reports `facts`."""

    def talk(line: Line, start: Any) -> None:
        line.say("finish", both(line, start), "result", PAGES)
        line.say("bye", facts)

    return talk


def failing(**changes: Any) -> Talk:
    """Does the work, and then says that it raised an exception."""

    def talk(line: Line, start: Any) -> None:
        line.say("finish", both(line, start), "raised", FAILURE | changes)
        line.say("bye", {})

    return talk


BEYOND = {
    "an unknown field": reporting(marks=10),
    "more tasks than a number holds": reporting(tasks=HUGE),
    "fewer tasks than none": reporting(tasks=-1),
    "a line before the first": reporting(redundant=[["f", -5]]),
    "a line beyond all files": reporting(refused=[["f", HUGE]]),
    "a freeze without end": reporting(blocked=[["time.sleep", 3, 0, HUGE]]),
    "a freeze before time began": reporting(blocked=[["time.sleep", 3, -HUGE, 0]]),
    "a read beyond time": reporting(reads=[["readline", "k", HUGE, None, 3]]),
    "more reads than are kept": reporting(reads=[["readline", "k", 1, 2, 3]] * 50_000),
    "more waits than are kept": reporting(waiting=[["t", "f", 3, ""]] * 50_000),
    "a name without end": reporting(never_awaited=[["x" * 1_000_000, 1]]),
    "a failure at no line": failing(line=-7),
    "a failure beyond all lines": failing(line=HUGE),
    "a failure with a field of its own": failing(points=10),
    "a failure with a long name": failing(type="T" * 1_000_000),
}

each_beyond = pytest.mark.parametrize("talk", BEYOND.values(), ids=BEYOND.keys())


@each_beyond
def test_a_report_that_no_honest_runner_makes_ends_the_run(talk: Talk) -> None:
    outcome = said(talk).outcome
    assert outcome.kind == "died"
    assert outcome.detail.startswith("it tampered with the grader: ")


@each_beyond
def test_a_report_that_no_honest_runner_makes_is_never_our_failure(talk: Talk) -> None:
    verdict = graded(talk)
    assert verdict.error == ""
    assert len(encode(verdict)) < 1_000_000
    assert len(render(verdict, width=80, colour=False, ascii_only=False)) < 100_000


def test_no_more_output_is_taken_than_the_limit_allows() -> None:
    assert DEFAULTS.output_kb is not None
    assert len(said(reporting(output="x" * 3_000_000)).facts.output) <= DEFAULTS.output_kb * 1024


@pytest.mark.parametrize("how", ["time_out", "died", "import_time_out", "import_died", "exit", "import_exit"])
def test_only_the_trusted_side_says_that_time_was_up_or_that_a_program_died(how: str) -> None:
    def talk(line: Line, start: Any) -> None:
        line.say("finish", 0, how, "the machine was busy")
        line.say("bye", {})

    assert said(talk).outcome.detail != "the machine was busy"
