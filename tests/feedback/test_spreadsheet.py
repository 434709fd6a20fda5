"""Cells: nothing in them is computed, and every text comes back as it was."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.feedback.spreadsheet import defused, is_number, number, read_table, table, undefused

FORMULAS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@given(st.text())
@example("'=1")
@example("''=1")
@example("'")
@example(" \n=1")
def test_every_text_comes_back(text: str) -> None:
    assert undefused(defused(text)) == text


@given(st.text(alphabet=FORMULAS + " '\u00a0", max_size=4), st.text(max_size=3))
def test_no_cell_begins_a_formula(begin: str, rest: str) -> None:
    shown = defused(begin + rest)
    assert shown[:1] not in tuple(FORMULAS)
    assert shown.lstrip()[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize("text", ["O'Brien", "'quoted'", "a=b", "1", "", "''"])
def test_what_computes_nothing_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_table_comes_back(rows: list[list[str]]) -> None:
    assert read_table(table(rows)) == rows


def test_numbers_are_written_as_numbers_and_unknown_ones_as_nothing() -> None:
    assert table([["=x", -1.5, None, 10.0]]) == b"\xef\xbb\xbf'=x,-1.5,,10\r\n"


@pytest.mark.parametrize(
    ("value", "told"), [(100.0, "100"), (0.1 + 0.2, "0.3"), (1234567.25, "1234567.25"), (-0.00001, "0"), (None, "")]
)
def test_a_number_has_four_decimals_at_most_and_no_exponent(value: float | None, told: str) -> None:
    assert number(value) == told


@pytest.mark.parametrize("text", ["-2", "+3.5", " 10 ", "4,5"])
def test_a_signed_number_is_a_number(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["-", "-2+3", "=1", "+", "1e5", "", "-2 x"])
def test_a_formula_is_no_number(text: str) -> None:
    assert not is_number(text)


def test_a_carriage_return_inside_a_cell_stays() -> None:
    assert next(csv.reader(io.StringIO(table([["a\rb"]]).decode("utf-8-sig"), newline=""))) == ["a\rb"]
