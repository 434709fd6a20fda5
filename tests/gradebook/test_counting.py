"""Of several attempts one counts."""

from datetime import datetime

import pytest

from grader.course.policy_model import Late, Policy
from grader.gradebook.attempts import Attempt, Mark
from grader.gradebook.counting import counted
from grader.gradebook.lateness import rules_of
from tests.gradebook.content import at

DUE = "2026-03-01 12:00 UTC"  # at(0)


def attempt(
    number: int, points: float | None, submitted: datetime | None = None, status: str = "failed", of: float = 10.0
) -> Attempt:
    mark = None if points is None else Mark(number, status, points, of)
    return Attempt("ann", "say-after", number, "a", "ann/say_after.py", submitted, mark)


def which(attempts: list[Attempt], policy: Policy, most: float = 10.0) -> tuple[int, float | None, str]:
    found = counted(attempts, rules_of(policy), most)
    assert found is not None
    return found.attempt.number, round(found.adjusted.points, 9) if found.adjusted else None, found.said


THREE = [attempt(1, 4.0), attempt(2, 9.0), attempt(3, 6.0)]


def test_where_nothing_was_handed_in_nothing_counts() -> None:
    assert counted([], rules_of(Policy()), 10.0) is None


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


# ---------------------------------------------------------------- an exercise that had other points once

EARLIER = "in an earlier version of the exercise"


def test_a_verdict_of_other_points_keeps_its_share() -> None:
    assert which([attempt(1, 10.0)], Policy(), most=20) == (1, 20.0, f"10 of 10 {EARLIER}, as 20 of 20")
    assert which([attempt(1, 10.0)], Policy(), most=5) == (1, 5.0, f"10 of 10 {EARLIER}, as 5 of 5")
    assert which([attempt(1, 1.0, of=3.0)], Policy()) == (1, 3.333333333, f"1 of 3 {EARLIER}, as 3.3333 of 10")


def test_the_best_is_the_best_on_one_scale() -> None:
    tried = [attempt(1, 5.75), attempt(2, 5.0, of=5.0)]
    assert which(tried, Policy(counts="best"), most=5) == (2, 5.0, "attempt 2 of 2 counts, the best")
    tried = [attempt(1, 9.0), attempt(2, 12.0, of=20.0)]
    said = f"attempt 1 of 2 counts, the best; 9 of 10 {EARLIER}, as 18 of 20"
    assert which(tried, Policy(counts="best"), most=20) == (1, 18.0, said)


def test_of_two_that_are_as_good_on_one_scale_the_first_is_the_best() -> None:
    tried = [attempt(1, 0.7, of=1.0), attempt(2, 2.1, of=3.0)]
    assert which(tried, Policy(counts="best"))[0] == 1
    assert which([attempt(1, 2.1, of=3.0), attempt(2, 0.7, of=1.0)], Policy(counts="best"))[0] == 1


def test_no_verdict_gives_more_than_the_exercise_has() -> None:
    assert which([attempt(1, 10.1)], Policy(), most=5)[1] == 5.0


def test_of_nothing_that_could_be_earned_a_right_program_has_all() -> None:
    assert which([attempt(1, 0.0, status="passed", of=0.0)], Policy(), most=5)[1] == 5.0
    assert which([attempt(1, 0.0, of=0.0)], Policy(), most=5)[1] == 0.0
    assert which([attempt(1, 7.0)], Policy(), most=0)[1] == 0.0


def test_lateness_takes_its_share_of_the_points_that_the_exercise_has_now() -> None:
    late = Policy(due=DUE, late=Late(per="day", points=3))
    said = f"10 of 10 {EARLIER}, as 20 of 20; 1 day late (due 2026-03-01 12:00 UTC): 3 points taken off"
    assert which([attempt(1, 10.0, at(3))], late, most=20) == (1, 17.0, said)
