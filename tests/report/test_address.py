"""Where a learner's page is."""

import re

import pytest

from grader.report.address import page_of


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("Zoë van der Berg", "zoe-van-der-berg"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con"),
        ("李小龍", "learner"),
        ("", "learner"),
        ("a" * 300, "a" * 40),
        ("<script>", "script"),
        ("\ud800", "learner"),
    ],
)
def test_it_is_readable_as_far_as_it_is_ascii_and_any_file_system_takes_it(name: str, readable: str) -> None:
    assert re.fullmatch(rf"{readable}-[0-9a-f]{{12}}", page_of(name))


def test_it_is_the_same_each_time() -> None:
    assert page_of("Ada Lovelace") == "ada-lovelace-767402161715"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann", "ann"), ("José", "Jose"), ("李", "龍"), ("a b", "a-b"), ("e\u0301", "é"), ("a" * 50, "a" * 51)],
)
def test_learners_whose_names_read_alike_have_pages_of_their_own(one: str, other: str) -> None:
    assert page_of(one).lower() != page_of(other).lower()
