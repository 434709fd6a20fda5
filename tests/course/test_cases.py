"""Cases: how many, in which order, with which values, and what their seeds tell."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.cases import cases_of, hidden_count
from grader.course.load import load_exercise
from grader.course.model import Exercise
from grader.errors import CourseError

Spoil = Callable[..., Path]
HIDDEN = "schema: 1\ncases:\n  - {name: secret, draws: 2, such_that: ['=a > b']}\n"


@pytest.fixture
def exercise(spoil: Spoil, tmp_path: Path) -> Exercise:
    """Two entries; the second is run by `drawn` alone."""
    solutions = tmp_path / "solutions" / "05_two_calls"
    solutions.mkdir(parents=True)
    (solutions / "hidden.yaml").write_text(HIDDEN)
    return load_exercise(
        spoil(
            *("cases:", "  one:\n    args: []\n    checks: [{id: lonely, elapsed: 1}]\ncases:"),
            *("name: documented,", "name: documented, only: [both],"),
        )
    )


def test_cases_come_by_case_then_draw_then_entry(exercise: Exercise) -> None:
    cases = cases_of(exercise, "seed", hidden=False)
    assert [(case.id, case.entry) for case in cases] == [
        ("documented", "both"),
        ("drawn-1", "both"),
        ("drawn-1", "one"),
        ("drawn-2", "both"),
        ("drawn-2", "one"),
    ]


def test_hidden_cases_come_last_and_only_when_asked_for(exercise: Exercise) -> None:
    cases = cases_of(exercise, "seed", hidden=True)
    assert [case.id for case in cases if case.hidden] == ["secret-1", "secret-1", "secret-2", "secret-2"]
    assert [case.hidden for case in cases] == [False] * 5 + [True] * 4
    assert hidden_count(exercise) == 4


def test_the_same_draw_serves_all_entries_of_a_case(exercise: Exercise) -> None:
    first, second = cases_of(exercise, "seed", hidden=False)[1:3]
    assert first.values == second.values
    assert first.seed != second.seed


def test_fixed_values_are_as_the_author_wrote_them(exercise: Exercise) -> None:
    assert cases_of(exercise, "seed", hidden=False)[0].values == {"a": 1, "b": 2, "first": "hello", "second": "world"}


def test_a_seed_gives_the_same_values_for_ever(exercise: Exercise) -> None:
    case = cases_of(exercise, "seed", hidden=False)[1]
    assert case.values == {"a": 2.0, "b": 3.5, "first": "dido10", "second": "nino12"}
    assert case.seed == "6551221bc94aea84bd9a1ada54edd2cc2f3ee1b62a38b761ed1647e589cd752f"


def test_another_seed_gives_other_values(exercise: Exercise) -> None:
    assert cases_of(exercise, "x", hidden=False)[1].values != cases_of(exercise, "y", hidden=False)[1].values


def test_visible_cases_do_not_depend_on_hidden_ones(exercise: Exercise) -> None:
    assert cases_of(exercise, "seed", hidden=True)[:5] == cases_of(exercise, "seed", hidden=False)


def test_conditions_hold_in_every_draw(exercise: Exercise) -> None:
    for seed in range(30):
        for case in cases_of(exercise, str(seed), hidden=True):
            assert case.values["a"] != case.values["b"]
            assert not case.hidden or case.values["a"] > case.values["b"]


def test_a_fixed_value_may_be_computed_from_those_above(spoil: Spoil) -> None:
    folder = spoil("with: {a: 1, b: 2, first", 'with: {a: 1, b: "=a + 1", first')
    assert cases_of(load_exercise(folder), "seed", hidden=False)[0].values["b"] == 2


def test_a_computed_var_follows_what_was_drawn(spoil: Spoil) -> None:
    folder = spoil("such_that:", '  both: "=a + b"\nsuch_that:')
    for case in cases_of(load_exercise(folder), "seed", hidden=False):
        assert case.values["both"] == case.values["a"] + case.values["b"]


def test_the_moment_of_cancellation_is_a_number_of_seconds(spoil: Spoil) -> None:
    folder = spoil("draws: 2}", 'draws: 2, cancel_at: "=a / 2"}')
    first, second = cases_of(load_exercise(folder), "seed", hidden=False)[:2]
    assert (first.cancel_at, second.cancel_at) == (None, second.values["a"] / 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("a: 1, b: 2, first", "a: 2, b: 2, first", "27: case 'documented': the fixed values do not meet '=a != b'; change them"),
        ("draws: 2}", 'such_that: ["=a > 9"]}', "28: case 'drawn': 1000 draws in a row did not meet '=a > 9'; loosen it, or widen the ranges"),
        ("draws: 2}", 'cancel_at: "=first"}', "28: case 'drawn': 'cancel_at' is "),
        ("draws: 2}", 'with: {b: "=a[0]"}}', "28: case 'drawn': '=a[0]' has no value: float has no items to index; mend the expression"),
    ],
)  # fmt: skip
def test_values_that_cannot_be_drawn_are_an_error_with_a_line(spoil: Spoil, old: str, new: str, message: str) -> None:
    exercise = load_exercise(spoil(old, new))
    with pytest.raises(CourseError) as error:
        cases_of(exercise, "seed", hidden=False)
    assert str(error.value).startswith(f"exercises/05_two_calls/exercise.yaml:{message}")


def test_an_error_in_a_hidden_case_names_its_own_file(exercise: Exercise, tmp_path: Path) -> None:
    file = tmp_path / "solutions" / "05_two_calls" / "hidden.yaml"
    file.write_text(HIDDEN.replace("a > b", "a > 9"))
    spoiled = load_exercise(exercise.folder)
    with pytest.raises(CourseError, match=r"^solutions/05_two_calls/hidden\.yaml:3: case 'secret': 1000 draws"):
        cases_of(spoiled, "seed", hidden=True)


def test_the_seed_of_a_run_is_no_part_of_the_values_draw(exercise: Exercise) -> None:
    seeds = [case.seed for case in cases_of(exercise, "seed", hidden=True)]
    assert len(set(seeds)) == len(seeds)
    assert all(len(bytes.fromhex(seed)) == 32 for seed in seeds)
