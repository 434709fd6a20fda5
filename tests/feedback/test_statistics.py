"""Statistics of a class, against an example worked out by hand."""

import math

import pytest

from grader.feedback.statistics import check_statistics, distribution, misconceptions, of_exercise, point_biserial
from grader.verdict import CheckResult, Status, Verdict, Versions


def result(id_: str, points: float, most: float, status: Status | None = None) -> CheckResult:
    found: Status = status or ("passed" if points == most else "failed")
    return CheckResult(
        id=id_, kind="result", entry="f", case="a", hidden=False, status=found, points=points, max_points=most
    )


def verdict(a: float, b: float, misconception: str | None = None, status: Status | None = None) -> Verdict:
    """Of an exercise with a gate, a check `a` of 4 points and a check `b` of 6."""
    points = a + b
    return Verdict(
        exercise="x",
        title="X",
        status=status or ("passed" if points == 10 else "failed"),
        points=points,
        max_points=10,
        seed="",
        isolation="child",
        checks=(result("gate", 0, 0, "passed" if points else "failed"), result("a", a, 4), result("b", b, 6)),
        misconception=misconception,
        explanation=None,
        cases=(),
        timeline=(),
        hints=(),
        docs=(),
        hidden_cases_left_out=0,
        versions=Versions(format=1, grader="", python="", course=""),
    )


# Five learners. a: 4 4 0 4 0, b: 6 6 6 0 0, so the totals are 10 10 6 4 0.
CLASS = [verdict(4, 6), verdict(4, 6), verdict(0, 6, "m2"), verdict(4, 0, "m1"), verdict(0, 0, "m1")]


def test_the_example_by_hand() -> None:
    gate, a, b = check_statistics(CLASS)
    assert (gate.id, gate.count, gate.met, gate.points) == ("gate", 5, 4, 0)
    assert (a.met, a.points, b.met, b.points) == (3, 4, 3, 6)
    assert gate.difficulty == pytest.approx(1 / 5)  # one of five has not met it
    assert [a.difficulty, b.difficulty] == pytest.approx([2 / 5, 2 / 5])
    # a with the rest 6 6 6 0 0: of three that met it two have 6; M1 = 4, M0 = 3, s = sqrt(8.64), p = 3/5;
    # r = (M1 - M0) / s * sqrt(p (1 - p)) = 1 / 2.9394 * 0.4899 = 1/6
    assert a.discrimination == pytest.approx(1 / 6)
    assert b.discrimination == pytest.approx(1 / 6)  # with the rest 4 4 0 4 0: the same by symmetry
    # the gate with the rest 10 10 6 4 0: M1 = 7.5, M0 = 0, s = sqrt(14.4), p = 4/5
    assert gate.discrimination == pytest.approx(7.5 / math.sqrt(14.4) * 0.4)


def test_the_exercise_by_hand() -> None:
    found = of_exercise(CLASS)
    assert found is not None
    assert (found.exercise, found.title, found.passed) == ("x", "X", 2)
    assert [found.distribution.mean, found.distribution.median] == pytest.approx([60, 60])
    assert found.distribution.bins == (1, 0, 0, 0, 1, 0, 1, 0, 0, 2)
    assert found.difficulty == pytest.approx(0.4)
    assert found.misconceptions == (("m1", 2), ("m2", 1))


def test_the_graders_own_faults_say_nothing_of_anybody() -> None:
    assert of_exercise([*CLASS, verdict(0, 0, status="error")]) == of_exercise(CLASS)
    assert of_exercise([verdict(0, 0, status="error")]) is None


@pytest.mark.parametrize(
    ("met", "rest"), [([True, True], [1.0, 2.0]), ([True, False], [3.0, 3.0]), ([True], [1.0]), ([], [])]
)
def test_what_does_not_vary_discriminates_nothing(met: list[bool], rest: list[float]) -> None:
    assert point_biserial(met, rest) is None


def test_the_rest_is_equal_where_only_the_last_digit_of_a_sum_differs() -> None:
    alike = [verdict(0.1, 0.2), verdict(0.0, 0.2)]
    assert check_statistics(alike)[1].discrimination is None


def test_a_check_held_in_one_case_of_two_is_not_met() -> None:
    both = (result("a", 0, 4, "passed"), result("a", 0, 0, "failed"))
    changed = [
        Verdict(**{**{key: getattr(one, key) for key in one.__struct_fields__}, "checks": both}) for one in CLASS[:1]
    ]
    assert [one.met for one in check_statistics(changed)] == [0]


@pytest.mark.parametrize(("share", "at"), [(0.0, 0), (0.0999, 0), (0.1, 1), (0.3, 3), (0.7, 7), (0.99, 9), (1.0, 9)])
def test_a_score_stands_in_its_tenth(share: float, at: int) -> None:
    assert distribution([share]).bins[at] == 1


def test_no_scores_have_a_distribution_too() -> None:
    assert distribution([]).count == 0


def test_misconceptions_of_the_same_count_stand_by_name() -> None:
    found = misconceptions([verdict(0, 0, "b"), verdict(0, 0, "a"), verdict(0, 0)])
    assert found == (("a", 1), ("b", 1))
