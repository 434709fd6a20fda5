"""Two values are the same only type for type."""

from typing import Any

import pytest

from grader.checks.equality import same, same_bag, same_unordered
from grader.referee.outcome import Opaque


class Sly:
    """Says that it is equal to everything."""

    def __eq__(self, other: object) -> bool:
        raise AssertionError("never asked")

    __hash__ = object.__hash__


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (1, True),
        (True, 1),
        (1, 1.0),
        (1.0, 1),
        ([1], [True]),
        ((1,), [1]),
        ({1: 2}, {True: 2}),
        ({1: 2}, {1: 2.0}),
        ({1}, {True}),
        ({1}, frozenset({1})),
        ("a", b"a"),
        ([1, 2], [1]),
        ([1], [1, 2]),
        (Opaque("Task"), Opaque("Task")),
        (Sly(), 1),
        ([Sly()], [1]),
    ],
)
def test_values_of_other_types_or_sizes_are_different(found: Any, expected: Any) -> None:
    assert not same(found, expected)


@pytest.mark.parametrize(
    "value", [1, True, None, 1.5, float("nan"), "a", b"a", [1, (2, "x")], {"a": [1], 2: {3}}, frozenset({1}), 2j]
)
def test_a_value_is_the_same_as_itself(value: Any) -> None:
    assert same(value, value)


def test_dicts_do_not_depend_on_order() -> None:
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})


def test_a_bag_counts_how_often() -> None:
    assert same_bag([1, 2, 1], [2, 1, 1])
    assert not same_bag([1, 2, 2], [2, 1, 1])


def test_unordered_is_about_the_outermost_sequence() -> None:
    assert same_unordered([[1, 2], [3]], [[3], [1, 2]])
    assert not same_unordered([[2, 1], [3]], [[3], [1, 2]])
    assert not same_unordered((1, 2), [1, 2])
    assert same_unordered("ab", "ab")
