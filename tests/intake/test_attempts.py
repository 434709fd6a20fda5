"""Which of several attempts counts."""

import pytest

from grader.intake.attempts import POLICIES, Attempt


def chosen(policy: str, *points: float | None) -> int:
    attempts = [Attempt(number, earned, 10.0) for number, earned in enumerate(points, 1)]
    return POLICIES[policy].chosen(attempts).number


@pytest.mark.parametrize(("policy", "number"), [("first", 1), ("last", 3), ("best", 2)])
def test_the_policy_says_which_attempt_counts(policy: str, number: int) -> None:
    assert chosen(policy, 3, 8, 5) == number


def test_of_attempts_that_are_as_good_the_earliest_counts() -> None:
    assert chosen("best", 3, 8, 8) == 2


def test_an_attempt_that_nobody_could_mark_may_be_the_best() -> None:
    assert chosen("best", 3, None, 8) == 2
    assert chosen("best", None) == 1


def test_full_marks_are_the_best_whatever_is_not_known() -> None:
    assert chosen("best", None, 10) == 2


def test_only_the_best_has_to_be_graded_first() -> None:
    assert [name for name, policy in POLICIES.items() if policy.needs_points] == ["best"]
