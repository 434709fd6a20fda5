"""Allen's relations: a partition of all pairs of spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.intervals import CONVERSE, PARALLEL, SEQUENTIAL, Span, parallel, peak, relation, sequential


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Span, Span]:
    """Two spans of one run: ticks never fall as the events go on, and each event has its own number."""
    ticks = sorted(draw(st.lists(st.integers(0, 4), min_size=4, max_size=4)))
    events = list(zip(ticks, range(4), strict=True))
    one = sorted(draw(st.sampled_from([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])))
    two = [number for number in range(4) if number not in one]
    a, b = ([events[i] for i in chosen] for chosen in (one, two))
    return Span(*a[0], *a[1]), Span(*b[0], *b[1])


def defined(a: Span, b: Span) -> dict[str, bool]:
    """Each relation by its own definition, over the ticks (Allen 1983, figure 2)."""
    return {
        "before": a.end < b.start,
        "after": b.end < a.start,
        "meets": a.end == b.start,
        "met_by": b.end == a.start,
        "overlaps": a.start < b.start < a.end < b.end,
        "overlapped_by": b.start < a.start < b.end < a.end,
        "starts": a.start == b.start and a.end < b.end,
        "started_by": a.start == b.start and a.end > b.end,
        "during": b.start < a.start and a.end < b.end,
        "contains": a.start < b.start and b.end < a.end,
        "finishes": a.start > b.start and a.end == b.end,
        "finished_by": a.start < b.start and a.end == b.end,
        "equals": a.start == b.start and a.end == b.end,
    }


@given(pairs())
def test_exactly_one_of_the_thirteen_holds_and_it_is_the_defined_one(pair: tuple[Span, Span]) -> None:
    a, b = pair
    if a.empty or b.empty:
        assert relation(a, b) in CONVERSE
    else:
        assert [name for name, holds in defined(a, b).items() if holds] == [relation(a, b)]


@given(pairs())
def test_the_converse_holds_the_other_way_round(pair: tuple[Span, Span]) -> None:
    a, b = pair
    assert relation(b, a) == CONVERSE[relation(a, b)]


@given(pairs())
def test_two_spans_are_parallel_or_one_is_over_before_the_other(pair: tuple[Span, Span]) -> None:
    a, b = pair
    assert [parallel(a, b), sequential(a, b), sequential(b, a)].count(True) == 1


@given(pairs())
def test_the_peak_of_two_that_last_is_two_exactly_where_they_are_parallel(pair: tuple[Span, Span]) -> None:
    a, b = pair
    if not a.empty and not b.empty:
        assert (peak([a, b])[0] == 2) == parallel(a, b)


def test_the_thirteen_are_four_apart_and_nine_parallel() -> None:
    assert (len(CONVERSE), len(PARALLEL), len(SEQUENTIAL)) == (13, 9, 2)


@pytest.mark.parametrize(
    ("a", "b", "name"),
    [
        (Span(0, 1, 5, 3), Span(5, 2, 9, 4), "meets"),
        (Span(5, 1, 5, 2), Span(5, 3, 9, 4), "meets"),
        (Span(5, 2, 5, 3), Span(5, 1, 9, 4), "during"),
        (Span(5, 1, 5, 3), Span(5, 2, 9, 4), "overlaps"),
        (Span(1, 1, 5, 2), Span(5, 3, 5, 4), "meets"),
        (Span(1, 1, 5, 4), Span(5, 2, 5, 3), "contains"),
    ],
)
def test_events_decide_only_where_a_span_takes_no_time(a: Span, b: Span, name: str) -> None:
    assert relation(a, b) == name


def test_the_peak_of_nothing_is_nothing() -> None:
    assert peak([]) == (0, 0)


def test_the_peak_counts_what_takes_no_time() -> None:
    assert peak([Span(2, 1, 2, 4), Span(2, 2, 2, 3)]) == (2, 2)
