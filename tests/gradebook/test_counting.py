"""Of several attempts one counts."""

from datetime import datetime

import pytest

from grader.course.policy_model import Late, Policy
from grader.gradebook.attempts import Attempt, Mark
from grader.gradebook.counting import counted
from grader.gradebook.lateness import rules_of
from tests.gradebook.content import at

DUE = "2026-03-01 12:00 UTC"  # at(0)


def attempt(number: int, points: float | None, submitted: datetime | None = None, status: str = "failed") -> Attempt:
    mark = None if points is None else Mark(number, status, points, 10.0)
    return Attempt("ann", "say-after", number, "a", "ann/say_after.py", submitted, mark)


def which(attempts: list[Attempt], policy: Policy) -> tuple[int, float | None, str]:
    found = counted(attempts, rules_of(policy))
    assert found is not None
    return found.attempt.number, round(found.adjusted.points, 9) if found.adjusted else None, found.said


THREE = [attempt(1, 4.0), attempt(2, 9.0), attempt(3, 6.0)]


def test_where_nothing_was_handed_in_nothing_counts() -> None:
    assert counted([], rules_of(Policy())) is None


def test_of_a_single_attempt_there_is_nothing_to_say() -> None:
    assert which([attempt(1, 4.0)], Policy()) == (1, 4.0, "")


@pytest.mark.parametrize(
    ("policy", "number", "points", "said"),
    [
        (Policy(), 3, 6.0, "attempt 3 of 3 counts, the last"),
        (Policy(counts="last"), 3, 6.0, "attempt 3 of 3 counts, the last"),
        (Policy(counts="best"), 2, 9.0, "attempt 2 of 3 counts, the best"),
        (Policy(attempts=1), 1, 4.0, "attempt 1 of 3 counts, the last of the 1 that are allowed"),
        (Policy(attempts=2), 2, 9.0, "attempt 2 of 3 counts, the last of the 2 that are allowed"),
        (Policy(attempts=1, counts="best"), 1, 4.0, "attempt 1 of 3 counts, the best of the 1 that are allowed"),
        (Policy(attempts=3), 3, 6.0, "attempt 3 of 3 counts, the last"),
    ],
)
def test_the_last_or_the_best_of_those_that_are_allowed_counts(
    policy: Policy, number: int, points: float, said: str
) -> None:
    assert which(THREE, policy) == (number, points, said)


def test_the_best_is_the_best_after_what_lateness_costs() -> None:
    tried = [attempt(1, 7.0, at(-1)), attempt(2, 9.0, at(25))]
    policy = Policy(due=DUE, counts="best", late=Late(per="day", percent=20))
    assert which(tried, policy) == (1, 7.0, "attempt 1 of 2 counts, the best")
    said = "attempt 2 of 2 counts, the last; 2 days late (due 2026-03-01 12:00 UTC): 40 % of 9 points taken off"
    assert which(tried, Policy(due=DUE, late=Late(per="day", percent=20))) == (2, 5.4, said)


def test_of_attempts_that_are_as_good_the_first_is_the_best() -> None:
    assert which([attempt(1, 5.0), attempt(2, 5.0)], Policy(counts="best"))[0] == 1


def test_a_last_attempt_that_is_not_graded_yet_is_waited_for() -> None:
    assert which([attempt(1, 4.0), attempt(2, None)], Policy()) == (2, None, "attempt 2 of 2 counts, the last")


def test_the_best_is_the_best_of_those_that_are_marked() -> None:
    tried = [attempt(1, 4.0), attempt(2, 0.0, status="error"), attempt(3, None)]
    assert which(tried, Policy(counts="best"))[:2] == (1, 4.0)


def test_an_error_of_the_graders_own_marks_nobody() -> None:
    assert which([attempt(1, 0.0, status="error")], Policy()) == (1, None, "")
    assert which([attempt(1, 0.0, status="error")], Policy(counts="best")) == (1, None, "")
