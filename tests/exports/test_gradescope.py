"""results.json: the shape that Gradescope documents, the points where learners see them, and nothing of a hidden case."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace as changed

from grader.exports.gradescope import Visibility, Work, results
from grader.verdict import Verdict
from tests.exports.samples import verdict

VISIBILITY = {"enum": ["visible", "hidden", "after_due_date", "after_published"]}
FORMATS = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "output", "visibility"],
    "properties": {
        "score": {"type": "number"},
        "max_score": {"type": "number"},
        "status": {"enum": ["passed", "failed"]},
        "name": {"type": "string"},
        "number": {"type": "string"},
        "output": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "visibility": VISIBILITY,
    },
}
DOCUMENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "output", "tests"],
    "properties": {
        "score": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMATS,
        "test_output_format": FORMATS,
        "test_name_format": FORMATS,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "tests": {"type": "array", "items": TEST},
        "extra_data": {"type": "object"},
    },
}


def document(*works: Work, hidden_cases: Visibility = "hidden", note: str = "") -> dict[str, Any]:
    made: dict[str, Any] = json.loads(results(works, hidden_cases=hidden_cases, note=note))
    jsonschema.Draft202012Validator(DOCUMENT).validate(made)
    return made


def work(name: str, **changes: Any) -> Work:
    found = verdict(name)
    return replace(Work(found.exercise, found.max_points, found), **changes)


def shown(made: dict[str, Any]) -> str:
    """All that a learner sees."""
    visible = [test for test in made["tests"] if test["visibility"] == "visible"]
    return json.dumps([made["output"], visible], ensure_ascii=False)


NAMES = [
    "passed",
    "sequential",
    "crash",
    "deadlock",
    "everything-marked",
    "hidden-case",
    "long-timeline",
    "markup",
    "non-ascii",
]


@pytest.mark.parametrize("name", NAMES)
def test_visible_tests_carry_all_the_points_and_the_score_is_their_sum(name: str) -> None:
    made, found = document(work(name)), verdict(name)
    visible = [test for test in made["tests"] if test["visibility"] == "visible"]
    points = sum(check.points for check in found.checks)
    assert sum(test["score"] for test in visible) == pytest.approx(points)
    assert all("score" not in test for test in made["tests"] if test["visibility"] != "visible")
    assert made["score"] == found.points


@pytest.mark.parametrize("hidden_cases", VISIBILITY["enum"])
def test_what_the_grader_prints_is_never_for_learners(hidden_cases: Visibility) -> None:
    """It names hidden cases, paths, and what failed in the grader."""
    for works in ([], [work("hidden-case")], [Work("say-after", 10, error="Traceback")]):
        assert document(*works, hidden_cases=hidden_cases)["stdout_visibility"] == "hidden"


def test_a_check_that_failed_in_hidden_cases_only_is_seen_as_not_passed() -> None:
    (test,) = [test for test in document(work("hidden-case"))["tests"] if test["visibility"] == "visible"]
    assert (test["name"], test["status"]) == ("say-after: together: result", "failed")
    assert test["output"].startswith("Not yet in a hidden case, whose values are not shown (1 of 3 cases)")


def test_nothing_of_a_hidden_case_reaches_the_learner() -> None:
    made = document(work("hidden-case"))
    for value in ("zq17", "ab12", "4.5"):
        assert value in json.dumps([one for one in made["tests"] if one["visibility"] == "hidden"]) or value == "4.5"
        assert value not in shown(made)


@pytest.mark.parametrize("visibility", ["hidden", "after_due_date", "after_published"])
def test_who_sees_hidden_cases_can_be_said(visibility: Visibility) -> None:
    found = {test["visibility"] for test in document(work("hidden-case"), hidden_cases=visibility)["tests"]}
    assert found == {"visible", visibility}


def test_the_feedback_has_the_timelines() -> None:
    output = document(work("sequential"))["output"]
    assert "What your program did" in output
    assert "What is possible" in output
    assert "\x1b" not in output


def test_the_graders_own_fault_is_nobodys_fail_and_only_instructors_read_it() -> None:
    made = document(work("own-fault"))
    assert [test for test in made["tests"] if test.get("status") == "failed"] == []
    assert verdict("own-fault").error not in shown(made) or not verdict("own-fault").cases
    assert any(
        test["output"] == verdict("own-fault").error and test["visibility"] == "hidden" for test in made["tests"]
    )
    assert "not marked: the grader itself failed" in shown(made)


def test_what_is_not_graded_yet_says_so_and_counts_for_nothing() -> None:
    made = document(work("passed"), Work("two-downloads", 10.0))
    assert made["score"] == 10.0
    assert made["tests"][-1] | {"output": ""} == {
        "number": "2",
        "name": "two-downloads",
        "score": 0.0,
        "max_score": 10.0,
        "output": "",
        "visibility": "visible",
    }
    assert made["tests"][-1]["output"].startswith("not graded yet: the grader was stopped before it was done with this")


def test_what_was_not_handed_in_says_how_to_name_it() -> None:
    made = document(Work("two-downloads", 10.0, handed=False, file="two_downloads.py"))
    assert made["tests"][0]["output"] == "no file was found for this; name it two_downloads.py, and submit again"


def test_points_after_the_courses_rules_are_the_score() -> None:
    assert document(work("passed", points=8.0, comment="One day late."))["score"] == 8.0
    assert "One day late." in document(work("passed", comment="One day late."))["output"]


@pytest.mark.parametrize("became", ["own-fault", None])
def test_a_score_that_was_set_by_hand_counts_whatever_became_of_the_file(became: str | None) -> None:
    graded = verdict(became) if became else None
    made = document(Work("say-after", 10.0, graded, handed=False, points=7.5, comment="set by Ada: heard in person"))
    assert (made["score"], made["tests"][0]["score"]) == (7.5, 7.5)
    assert "set by Ada: heard in person" in made["output"]


def test_a_check_that_could_not_be_run_has_no_status() -> None:
    found: Verdict = verdict("passed")
    checks = (changed(found.checks[0], status="error", rationale="KeyError: 4.5", points=0), *found.checks[1:])
    made = document(replace(work("passed"), verdict=changed(found, checks=checks)))
    assert "status" not in made["tests"][0]
    assert "KeyError" not in made["tests"][0]["output"]
