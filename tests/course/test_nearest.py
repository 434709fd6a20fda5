"""The nearest right word."""

import pytest

from grader.course.nearest import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "found"),
    [("paralel", "parallel"), ("PARALLEL", "parallel"), ("elasped", "elapsed"), ("xyz", None), ("", None)],
)
def test_the_nearest_word_is_the_one_that_was_meant(word: str, found: str | None) -> None:
    assert nearest(word, ["elapsed", "parallel", "sequential"]) == found


def test_a_word_that_is_like_none_gets_the_choice() -> None:
    assert did_you_mean("xyz", {"b", "a"}) == "; choose from a, b"
    assert did_you_mean("xyz", []) == ""


def test_what_is_no_text_can_be_looked_for_too() -> None:
    assert did_you_mean(12, ["1.2", "12a"]) == "; did you mean '12a'?"
