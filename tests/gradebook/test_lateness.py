"""What lateness costs: never more than was earned, never less the later it is, never more than the cap; and said in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.due import read_due
from grader.course.policy_model import Late, Policy
from grader.gradebook.lateness import Extension, Rules, adjusted, rules_of

DUE = "2026-03-01 12:00 UTC"
BERLIN = "2026-03-28 23:59 Europe/Berlin"  # the clocks are put forward in the night
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "+05:30"]


def after(policy: Policy, raw: float = 10.0, **late: float) -> tuple[float, str]:
    rules = rules_of(policy)
    assert rules.due is not None
    found = adjusted(raw, rules.due.astimezone(UTC) + timedelta(**late), rules)
    assert found.raw == raw
    return found.points, found.said


def policy(late: Late | None = None, due: str = DUE, grace: float = 0) -> Policy:
    return Policy(due=due, late=late, grace_minutes=grace)


TEN_A_DAY = Late(per="day", percent=10)


@pytest.mark.parametrize(
    ("late", "how", "points", "said"),
    [
        (TEN_A_DAY, {"hours": -1}, 10, ""),
        (TEN_A_DAY, {"hours": 0}, 10, ""),
        (TEN_A_DAY, {"seconds": 1}, 9, "1 day late (due 2026-03-01 12:00 UTC): 10 % of 10 points taken off"),
        (TEN_A_DAY, {"hours": 24}, 9, "1 day late (due 2026-03-01 12:00 UTC): 10 % of 10 points taken off"),
        (TEN_A_DAY, {"hours": 24.01}, 8, "2 days late (due 2026-03-01 12:00 UTC): 20 % of 10 points taken off"),
        (TEN_A_DAY, {"days": 30}, 0, "30 days late (due 2026-03-01 12:00 UTC): 100 % of 10 points taken off"),
        (
            Late(per="day", percent=10, cap=50),
            {"days": 30},
            5,
            "30 days late (due 2026-03-01 12:00 UTC): 50 % of 10 points taken off (no more than that)",
        ),
        (
            Late(per="hour", points=0.5),
            {"hours": 2.5},
            8.5,
            "3 hours late (due 2026-03-01 12:00 UTC): 1.5 points taken off",
        ),
        (
            Late(per="hour", points=1, cap=4),
            {"hours": 9},
            6,
            "9 hours late (due 2026-03-01 12:00 UTC): 4 points taken off (no more than that)",
        ),
        (Late(per="day", points=99), {"hours": 1}, 0, "1 day late (due 2026-03-01 12:00 UTC): 10 points taken off"),
        (None, {"minutes": 90}, 10, "90 minutes late (due 2026-03-01 12:00 UTC); that costs nothing"),
    ],
)
def test_each_hour_or_day_that_has_begun_costs(
    late: Late | None, how: dict[str, float], points: float, said: str
) -> None:
    found, told = after(policy(late), **how)
    assert (round(found, 9), told) == (points, said)


def test_within_the_grace_nothing_is_taken_off_and_beyond_it_all_the_time_counts() -> None:
    rule = policy(Late(per="hour", points=1), grace=90)
    assert after(rule, minutes=90) == (
        10,
        "90 minutes late, which is within the grace (due 2026-03-01 12:00 UTC)",
    )
    assert after(rule, minutes=91)[0] == 8


def test_without_a_due_date_nothing_is_late() -> None:
    rules = rules_of(Policy(late=TEN_A_DAY))
    assert adjusted(7.0, datetime(2999, 1, 1, tzinfo=UTC), rules).points == 7
    assert adjusted(7.0, None, rules).said == ""


def test_where_the_time_is_not_known_it_is_taken_as_in_time() -> None:
    found = adjusted(7.0, None, rules_of(policy(TEN_A_DAY)))
    assert (found.points, found.late) == (7, False)
    assert found.said == "the time of submission is not known: taken as in time"


@pytest.mark.parametrize(
    ("asked", "extension", "late", "said"),
    [
        (
            policy(TEN_A_DAY),
            None,
            True,
            "late, as its platform says, and nobody knows by how much: nothing is taken off",
        ),
        (policy(), None, True, "late, as its platform says, and nobody knows by how much"),
        (Policy(), None, True, "late, as its platform says"),
        (Policy(), Extension(days=1), False, "late by its platform's date; extended: taken as in time"),
        (
            policy(TEN_A_DAY),
            Extension(days=1),
            False,
            "late by its platform's date; extended (due 2026-03-02 12:00 UTC): taken as in time",
        ),
    ],
)
def test_where_the_time_is_not_known_the_platforms_own_mark_is_heard(
    asked: Policy, extension: Extension | None, late: bool, said: str
) -> None:
    found = adjusted(7.0, None, rules_of(asked, extension), flagged=True)
    assert (found.points, found.late, found.said) == (7, late, said)


@pytest.mark.parametrize(
    ("asked", "minutes", "late", "said"),
    [
        (policy(), 0, False, ""),
        (policy(grace=30), 30, False, "30 minutes late, which is within the grace"),
        (policy(grace=30), 31, True, "31 minutes late"),
        (policy(TEN_A_DAY), 1, True, "1 day late"),
        (policy(), 119, True, "119 minutes late"),
        (policy(), 120, True, "2 hours late"),
        (policy(), 47 * 60, True, "47 hours late"),
        (policy(), 48 * 60, True, "2 days late"),
        (policy(), 48 * 60 + 1, True, "3 days late"),
    ],
)
def test_who_is_late_is_listed_as_late_whether_it_costs_something_or_not(
    asked: Policy, minutes: float, late: bool, said: str
) -> None:
    rules = rules_of(asked)
    assert rules.due is not None
    found = adjusted(10.0, rules.due + timedelta(minutes=minutes), rules)
    assert (found.late, found.said.partition(" (due")[0]) == (late, said)


@pytest.mark.parametrize("flagged", [True, False, None])
def test_where_the_time_is_known_the_mark_says_nothing_more(flagged: bool | None) -> None:
    rules = rules_of(policy(TEN_A_DAY))
    assert adjusted(7.0, read_due(DUE), rules, flagged=flagged) == adjusted(7.0, read_due(DUE), rules)


@pytest.mark.parametrize(
    ("due", "submitted", "days"),
    [
        (BERLIN, "2026-03-29T21:59+00:00", 1),  # 23 hours later, by the clock there a day
        (BERLIN, "2026-03-29T22:00+00:00", 2),
        ("2026-10-24 23:59 Europe/Berlin", "2026-10-25T22:59+00:00", 1),  # 25 hours later
        ("2026-10-24 23:59 Europe/Berlin", "2026-10-25T23:00+00:00", 2),
        (
            "2026-10-24 02:30 Europe/Berlin",
            "2026-10-25T00:45+00:00",
            1,
        ),  # 02:45 the first time, half past is to come again
        ("2026-10-24 02:30 Europe/Berlin", "2026-10-25T01:31+00:00", 2),
        ("2011-12-29 12:00 Pacific/Apia", "2011-12-30T22:00+00:00", 1),  # where the 30th was left out
    ],
)
def test_a_day_ends_at_the_same_time_of_day_whatever_the_clocks_did(due: str, submitted: str, days: int) -> None:
    found = adjusted(100.0, datetime.fromisoformat(submitted), rules_of(policy(Late(per="day", points=1), due)))
    assert 100 - found.points == days


def test_an_hour_is_an_hour_whatever_the_clocks_did() -> None:
    found = adjusted(
        100.0, datetime(2026, 3, 29, 1, 59, tzinfo=UTC), rules_of(policy(Late(per="hour", points=1), BERLIN))
    )
    assert 100 - found.points == 3  # from 23:59 to 03:59 on the clock there


# ---------------------------------------------------------------- extensions


@pytest.mark.parametrize(
    ("extension", "due"),
    [
        (Extension(days=2), "2026-03-30 23:59 Europe/Berlin"),
        (Extension(hours=3), "2026-03-29 03:59 Europe/Berlin"),
        (Extension(due=read_due("2026-04-01 12:00 UTC")), "2026-04-01 12:00 UTC"),
        (Extension(due=read_due("2026-03-01 12:00 UTC")), BERLIN),  # earlier: never to anybody's harm
    ],
)
def test_an_extension_moves_the_date_and_never_to_an_earlier_one(extension: Extension, due: str) -> None:
    rules = rules_of(policy(TEN_A_DAY, BERLIN), extension)
    assert rules.due is not None
    assert rules.due.astimezone(UTC) == read_due(due).astimezone(UTC)
    assert rules.extended == (due != BERLIN)


def test_that_a_date_was_extended_is_said() -> None:
    rules = rules_of(policy(TEN_A_DAY), Extension(days=1))
    said = adjusted(10.0, datetime(2026, 3, 2, 13, tzinfo=UTC), rules).said
    assert said == "1 day late (due 2026-03-02 12:00 UTC, extended): 10 % of 10 points taken off"
    said = adjusted(10.0, datetime(2026, 3, 2, 11, tzinfo=UTC), rules).said
    assert said == "in time (due 2026-03-02 12:00 UTC, extended)"


def test_without_a_due_date_there_is_none_to_extend_and_who_has_more_time_is_known() -> None:
    rules = rules_of(Policy(), Extension(days=2))
    assert rules == Rules(extended=True)
    for moment in (None, datetime(2026, 3, 2, 13, tzinfo=UTC)):
        found = adjusted(10.0, moment, rules)
        assert (found.points, found.late) == (10.0, False)
        assert found == adjusted(10.0, moment, Rules())


# ---------------------------------------------------------------- whatever the policy

lates = st.builds(
    lambda per, percent, rate, cap: Late(
        per=per, percent=rate if percent else None, points=None if percent else rate, cap=cap
    ),
    st.sampled_from(["hour", "day"]),
    st.booleans(),
    st.floats(0, 100),
    st.none() | st.floats(0, 100),
)
dues = st.builds(
    lambda moment, zone: moment.strftime(f"%Y-%m-%d %H:%M {zone}"),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(ZONES),
).filter(lambda text: _exists(text))
policies = st.builds(policy, st.none() | lates, dues, st.floats(0, 5000))
raws = st.floats(0, 1000)
minutes = st.integers(-100_000, 100_000)


def _exists(text: str) -> bool:
    try:
        read_due(text)
    except ValueError:
        return False
    return True


@given(policies, raws, minutes)
def test_nobody_has_more_than_was_earned_nor_less_than_nothing(policy: Policy, raw: float, late: int) -> None:
    points, _ = after(policy, raw, minutes=late)
    assert 0 <= points <= raw


@given(policies, raws, minutes, minutes)
def test_who_is_later_never_has_more(policy: Policy, raw: float, one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    assert after(policy, raw, minutes=later)[0] <= after(policy, raw, minutes=earlier)[0]


@given(policies, raws, minutes)
def test_the_cap_holds(policy: Policy, raw: float, late: int) -> None:
    points, _ = after(policy, raw, minutes=late)
    if policy.late is not None and policy.late.cap is not None:
        most = policy.late.cap if policy.late.percent is None else raw * policy.late.cap / 100
        assert raw - points <= most + 1e-9 * (1 + raw)


@given(policies, raws, minutes)
def test_in_time_and_within_the_grace_nothing_is_taken_off(policy: Policy, raw: float, late: int) -> None:
    if late <= (policy.grace_minutes or 0):
        assert after(policy, raw, minutes=late)[0] == raw


@given(policies, raws, minutes, st.integers(1, 100), st.floats(0.1, 1000))
def test_an_extension_never_costs_anything(policy: Policy, raw: float, late: int, days: int, hours: float) -> None:
    without = rules_of(policy)
    assert without.due is not None
    submitted = without.due.astimezone(UTC) + timedelta(minutes=late)
    for extension in (Extension(days=days), Extension(hours=hours)):
        assert adjusted(raw, submitted, rules_of(policy, extension)).points >= adjusted(raw, submitted, without).points


@given(policies, raws, minutes)
def test_what_is_taken_off_is_always_said(policy: Policy, raw: float, late: int) -> None:
    points, said = after(policy, raw, minutes=late)
    assert points == raw or "taken off" in said
