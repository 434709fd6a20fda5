"""A due date is one moment, whatever the clocks do; what is none says what is missing."""

from datetime import UTC, datetime

import pytest

from grader.course.due import days_later, read_due, shown


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01 23:59 Europe/Berlin", "2026-03-01T22:59"),
        ("2026-07-01 23:59 Europe/Berlin", "2026-07-01T21:59"),
        ("2026-03-01T23:59:30 America/New_York", "2026-03-02T04:59:30"),
        ("2026-03-01 23:59Z", "2026-03-01T23:59"),
        ("2026-03-01 23:59 UTC", "2026-03-01T23:59"),
        ("2026-03-01T23:59+05:30", "2026-03-01T18:29"),
        ("2026-03-01 23:59 -0300", "2026-03-02T02:59"),
    ],
)
def test_a_date_with_its_time_zone_is_a_moment(text: str, utc: str) -> None:
    assert read_due(text).astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "2026-03-01 23:59",
            "has no time zone; write it as '2026-03-01 23:59 Europe/Berlin', or with 'Z' or '+01:00' at its end",
        ),
        ("2026-03-01", "has no time of day; write it as '2026-03-01 23:59 Europe/Berlin'"),
        ("tomorrow", "is no date; write it as '2026-03-01 23:59 Europe/Berlin'"),
        ("2026-02-30 12:00 UTC", "is no date that there is; write it as '2026-03-01 23:59 Europe/Berlin'"),
        ("2026-03-01 24:00 UTC", "is no date that there is; write it as '2026-03-01 23:59 Europe/Berlin'"),
        ("0026-03-01 12:00 UTC", "is not between 1970 and 2999; check the year"),
        (
            "2026-03-01 23:59 Europe/Berlim",
            "names the time zone 'Europe/Berlim', which there is not; did you mean 'Europe/Berlin'?",
        ),
        (
            "2026-03-01 23:59 +99:00",
            "names the time zone '+99:00', which there is not; write one such as 'Europe/Berlin'",
        ),
        (
            "2026-03-01 23:59 ../etc",
            "names the time zone '../etc', which there is not; write one such as 'Europe/Berlin'",
        ),
        (
            "2026-03-29 02:30 Europe/Berlin",
            "does not exist: clocks are put forward then; write a time an hour later",
        ),
    ],
)
def test_what_is_no_moment_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_due(text)
    assert str(refused.value) == said


def test_of_a_time_that_comes_twice_the_later_is_meant() -> None:
    assert read_due("2026-10-25 02:30 Europe/Berlin").astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "days", "utc"),
    [
        ("2026-03-28 23:59 Europe/Berlin", 1, "2026-03-29T21:59"),  # a day of 23 hours
        ("2026-10-24 23:59 Europe/Berlin", 1, "2026-10-25T22:59"),  # a day of 25
        ("2026-03-28 02:30 Europe/Berlin", 1, "2026-03-29T01:30"),  # a time that is left out: when it would have been
        ("2026-10-24 02:30 Europe/Berlin", 1, "2026-10-25T01:30"),  # a time that comes twice: the second
        ("2026-10-25 02:30 Europe/Berlin", 1, "2026-10-26T01:30"),
        ("2026-01-31 12:00 UTC", 30, "2026-03-02T12:00"),
    ],
)
def test_a_day_later_is_the_same_time_of_day(due: str, days: int, utc: str) -> None:
    assert days_later(read_due(due), days).astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01 23:59 Europe/Berlin", "2026-03-01 23:59:30 UTC", "2026-03-01 23:59 +05:30", "2026-03-01 23:59 -03:00"],
)
def test_a_date_is_shown_as_it_is_written(text: str) -> None:
    assert shown(read_due(text)) == text
