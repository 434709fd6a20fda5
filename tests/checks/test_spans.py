"""The few pairs that decide are the same as all pairs."""

from collections.abc import Callable, Sequence
from itertools import combinations, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.checks import Source, View, run_check
from grader.checks.intervals import parallel, sequential
from grader.checks.spans import span, strangers
from grader.course.check_model import ParallelCheck, SequentialCheck
from grader.course.model import Case
from grader.referee.facts import Facts
from grader.referee.ledger import Ledger, Row
from grader.referee.outcome import Outcome
from grader.referee.record import Record

Op = Callable[..., Any]
Seen = Callable[..., View]


@st.composite
def views(draw: st.DrawFn) -> View:
    """Up to six operations, `a` or `b`, of whole seconds, that all ended before the return."""
    count = draw(st.integers(1, 6))
    ticks = sorted(draw(st.lists(st.integers(0, 5), min_size=2 * count, max_size=2 * count)))
    order = draw(st.permutations(range(2 * count)))
    rows = []
    for place in range(count):
        begun, ended = sorted(order[2 * place : 2 * place + 2])
        name = draw(st.sampled_from("ab"))
        rows.append(Row(name, None, (), "learner", None, ticks[begun], begun, ticks[ended], ended, "ok"))
    ledger = Ledger(tuple(sorted(rows, key=lambda row: row.begun)), 5, 2 * count, 5)
    case = Case("main", "drawn", 0, False, "", {}, None)
    return View(case, {}, Record(ledger, Outcome("result"), Facts()), Source.read(b"", "main.py"))


def rows_of(view: View, name: str) -> Sequence[Row]:
    return [row for row in view.record.ledger.rows if row.operation == name]


@given(views())
def test_two_strangers_are_found_exactly_where_there_are_two(view: View) -> None:
    rows = view.record.ledger.rows
    apart = [(a, b) for a, b in combinations(rows, 2) if not parallel(span(a, view), span(b, view))]
    assert (strangers(rows, view) is None) == (not apart)


@given(views())
def test_all_of_one_before_all_of_the_next(view: View) -> None:
    one, two = rows_of(view, "a"), rows_of(view, "b")
    expected = bool(one and two) and all(sequential(span(a, view), span(b, view)) for a, b in product(one, two))
    assert run_check(SequentialCheck(id="s", sequential=["a", "b"]), view).passed == expected


@given(views())
def test_one_at_a_time_is_so_for_every_two(view: View) -> None:
    rows = rows_of(view, "a")
    expected = len(rows) > 1 and not any(parallel(span(a, view), span(b, view)) for a, b in combinations(rows, 2))
    assert run_check(SequentialCheck(id="s", sequential="a"), view).passed == expected


@given(views())
def test_one_of_each_is_found_where_there_is_one(view: View) -> None:
    pairs = product(rows_of(view, "a"), rows_of(view, "b"))
    expected = any(parallel(span(a, view), span(b, view)) for a, b in pairs)
    assert run_check(ParallelCheck(id="p", parallel=["a", "b"]), view).passed == expected


def test_thousands_of_operations_are_compared_in_no_time(op: Op, seen: Seen) -> None:
    view = seen(*(op("a", n, 0, 2) for n in range(4000)), *(op("b", n, 2, 3) for n in range(4000)), returned=3)
    assert run_check(ParallelCheck(id="p", parallel="a"), view).passed
    assert not run_check(ParallelCheck(id="p", parallel=["a", "b"]), view).passed
    assert run_check(SequentialCheck(id="s", sequential=["a", "b"]), view).passed
    assert not run_check(SequentialCheck(id="s", sequential="a"), view).passed
