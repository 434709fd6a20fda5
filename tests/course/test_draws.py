"""Draws: pinned values, so that no Python and no change of ours gives a learner another exercise."""

import itertools
from typing import Any

import pytest

from grader.course.draws import Stream, draw
from grader.course.expressions import ExpressionError
from grader.course.model import Draw


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (Draw(number=[1, 9], step=0.5), 4.0),
        (Draw(number=[0, 1], step=0.1), 0.2),
        (Draw(int=[3, 6]), 3),
        (Draw(word=True), "meme14"),
        (Draw(choice=["red", "green", "=n"]), "red"),
        (Draw(shuffle="=[1, 2, 3, 4]"), [1, 2, 3, 4]),
        (Draw(word=True, list="=n", distinct=True), ["meme14", "matu47", "sube58"]),
        (Draw(int=[1, 3], list=3, distinct=True), [1, 3, 2]),
    ],
)
def test_a_seed_draws_the_same_value_for_ever(spec: Draw, value: Any) -> None:
    found = draw(spec, "x", "seed", {"n": 3})
    assert found == value
    assert type(found) is type(value)


def test_each_name_has_a_stream_of_its_own() -> None:
    values = {draw(Draw(int=[0, 10**9]), name, "seed", {}) for name in "abcdefgh"}
    assert len(values) == 8


def test_both_ends_of_a_range_are_drawn() -> None:
    ints = {draw(Draw(int=[1, 3]), "x", str(seed), {}) for seed in range(60)}
    numbers = {draw(Draw(number=[0.1, 0.4], step=0.1), "x", str(seed), {}) for seed in range(60)}
    assert ints == {1, 2, 3}
    assert numbers == {0.1, 0.2, 0.3, 0.4}


def test_a_step_that_misses_the_end_stays_below_it() -> None:
    assert {draw(Draw(number=[0, 1], step=0.4), "x", str(seed), {}) for seed in range(40)} == {0.0, 0.4, 0.8}


def test_a_number_without_a_step_goes_by_quarters() -> None:
    assert {draw(Draw(number=[1, 1.5]), "x", str(seed), {}) for seed in range(40)} == {1.0, 1.25, 1.5}


def test_a_word_is_short_and_ends_in_two_digits() -> None:
    for seed in range(50):
        word = draw(Draw(word=True), "x", str(seed), {})
        assert len(word) == 6
        assert word[:4].isalpha()
        assert word[4:].isdigit()


def test_a_shuffle_reaches_every_order() -> None:
    orders = {tuple(draw(Draw(shuffle="=[1, 2, 3]"), "x", str(seed), {})) for seed in range(100)}
    assert orders == set(itertools.permutations([1, 2, 3]))


def test_more_different_values_than_there_are_is_an_error() -> None:
    with pytest.raises(ExpressionError) as error:
        draw(Draw(int=[1, 2], list=3, distinct=True), "x", "seed", {})
    assert str(error.value) == "3 different values cannot be drawn; 2 were found; widen the range"


@pytest.mark.parametrize("count", [-1, 1.5, True, 10**6])
def test_a_list_of_no_sensible_length_is_an_error(count: object) -> None:
    with pytest.raises(ExpressionError, match=r"a list of .* cannot be drawn; ask for 0 to 1000"):
        draw(Draw(int=[1, 2], list=count), "x", "seed", {})


def test_only_a_list_can_be_shuffled() -> None:
    with pytest.raises(ExpressionError, match="int cannot be shuffled; give a list"):
        draw(Draw(shuffle="=3"), "x", "seed", {})


def test_the_stream_is_the_digest_of_seed_and_count() -> None:
    stream = Stream("abc")
    assert [stream.below(1000) for _ in range(4)] == [818, 619, 267, 774]
