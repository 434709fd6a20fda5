"""Many values are told in few words: how many, between which, and the first few that break what is asked of each."""

from typing import Any

import pytest

from grader.checks.many import beginning, breaking, brief
from grader.feedback.text import render
from grader.grading import grade
from tests.adopted import ALONE, SLEEP, adopted, asking

DRAWS = "def main():\n    return values.pop(0)\nvalues = [round(0.03 * n, 2) for n in range(300)]\nvalues[2:4] = [10.5, -1]\n"
WORDS = "300 numbers from -1 to 10.5; 2 of them are not as asked for: 10.5 (call 3), -1 (call 4)"


def rationale(program: str, check: dict[str, Any], *, times: int = 1, **changes: Any) -> str:
    exercise = adopted(
        **{
            **ALONE,
            **asking({"kind": "holds", **check}, kind="function"),
            "cases": [{"name": "seen", "repeat": times}],
            **changes,
        }
    )
    (found,) = grade(exercise, program).checks
    assert found.status == "failed"
    return found.rationale


def test_of_many_draws_the_first_few_that_leave_the_range_are_named_with_their_calls() -> None:
    check = {"holds": "=all([0 <= x <= 10 for x in result])"}
    assert rationale(DRAWS, check, times=300) == f"your function returned {WORDS}"
    beyond = DRAWS + "values[100:] = [11] * 200\n"
    assert rationale(beyond, check, times=300).endswith(
        "; 202 of them are not as asked for: 10.5 (call 3), -1 (call 4), 11 (call 101) and 199 more"
    )


@pytest.mark.parametrize(
    "holds",
    [
        "=all(0 <= x <= 10 for x in result)",
        "=max(result) > 9 and all([0 <= x <= 10 for x in result])",
        "=len(result) == 300 and (all([0 <= x for x in result]) and all([0 <= x <= 10 for x in result]))",
    ],
)
def test_however_that_is_asked(holds: str) -> None:
    text = rationale(DRAWS, {"holds": holds}, times=300)
    assert text.startswith("your function returned 300 numbers from -1 to 10.5; ")
    assert "not as asked for: " in text


def test_the_authors_words_have_them_too_where_they_name_the_list_alone() -> None:
    check = {"holds": "=all([0 <= x <= 10 for x in result])", "says": "it gave {result}, {{result}}, {max(result)}"}
    assert rationale(DRAWS, check, times=300) == f"it gave {WORDS}, {{result}}, 10.5"


def test_where_nothing_is_asked_of_each_it_is_how_many_and_between_which() -> None:
    text = rationale(DRAWS, {"holds": "=min(result) >= 0"}, times=300)
    assert text == "your function returned 300 numbers from -1 to 10.5"


def test_a_feedback_is_never_a_list_of_hundreds() -> None:
    exercise = adopted(
        **{
            **ALONE,
            **asking({"kind": "holds", "holds": "=all([0 <= x <= 10 for x in result])"}, kind="function"),
            "cases": [{"name": "seen", "repeat": 300}],
        }
    )
    text = render(grade(exercise, DRAWS), width=100, colour=False, ascii_only=True)
    assert " ".join(text.split()).count(WORDS) == 1
    assert len(text) < 600


def test_sleeps_that_leave_the_range_are_items_of_what_was_slept() -> None:
    program = (
        "import asyncio\nasync def naps():\n    for n in range(12):\n        await asyncio.sleep(20 if n == 7 else 1)\n"
        "def main():\n    asyncio.run(naps())\n"
    )
    world = {"operations": {"sleep": SLEEP}, "replaces": ["asyncio.sleep"]}
    check = {"holds": "=all([d <= 10 for d in durations['sleep']])"}
    assert rationale(program, check, world=world) == (
        "sleep took: 12 numbers from 1 to 20; 1 of them is not as asked for: 20 (item 7)"
    )


def test_few_values_are_shown_as_they_are() -> None:
    check = {"holds": "=all([x < 2 for x in result])"}
    assert rationale("def main():\n    return [1, 2, 3]\n", check) == "your function returned [1, 2, 3]"


def test_a_number_never_looks_like_the_bound_that_it_breaks() -> None:
    values = [1.0] * 10 + [10.000000001, 10.12345678]
    told = breaking("=all([x <= 10 for x in result])", "result", {"result": values}, called="item")
    assert told == "2 of them are not as asked for: 10.000000001 (item 10), 10.1235 (item 11)"


@pytest.mark.parametrize(
    "relation",
    [
        "=sorted(result) == result",
        "=all([x < 9 for x in result if x])",
        "=any([x > 99 for x in result])",
        "=all(result)",
    ],
)
def test_a_relation_that_asks_nothing_of_each_names_none(relation: str) -> None:
    assert breaking(relation, "result", {"result": [*range(20)]}, called="item") == ""


def test_values_that_cannot_be_compared_are_not_told_apart() -> None:
    assert breaking("=all([x < 9 for x in result])", "result", {"result": ["a"] * 20}, called="item") == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1, 2], "[1, 2]"),
        ("x" * 99, "'" + "x" * 56 + "..."),
        ([0.5] * 99, "99 numbers from 0.5 to 0.5"),
        (["one two three"] * 30, "30 values, the first 3: 'one two three', 'one two three', 'one two three'"),
    ],
)
def test_a_value_in_few_words(value: Any, words: str) -> None:
    assert brief(value, 60) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1] * 12, "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"),
        ([1.25] * 40, "[1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, and 30 more]"),
        (("a" * 30,) * 11, f"('{'a' * 30}', and 10 more)"),
    ],
)
def test_the_beginning_of_a_list_says_how_many_more_there_are(value: Any, text: str) -> None:
    assert beginning(value, 60) == text
