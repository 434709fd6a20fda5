"""Calls and times: what passes, what does not yet, and what is said."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import View, run_check
from grader.course.check_model import Bounds, CallsCheck, ElapsedCheck
from grader.referee.outcome import Outcome

Op = Callable[..., Any]
Seen = Callable[..., View]


def test_exactly_as_many_calls_pass(op: Op, seen: Seen) -> None:
    check = CallsCheck(id="calls", calls="get[*]", count="=n")
    rows = op("get", "a", 0, 1), op("get", "b", 0, 1)
    assert run_check(check, seen(*rows, returned=1, names={"n": 2})).passed
    assert run_check(check, seen(*rows, returned=1, names={"n": 1})).rationale == (
        "get was called twice; once is asked for"
    )


def test_the_lines_of_the_calls_are_named(op: Op, seen: Seen) -> None:
    check = CallsCheck(id="calls", calls="get[a]", count=1)
    rows = op("get", "a", 0, 1, line=7), op("get", "a", 0, 1, line=4), op("get", "a", 0, 1, line=4)
    assert run_check(check, seen(*rows, returned=1)).rationale == (
        "get(a) was called 3 times (lines 4, 7); once is asked for"
    )


def test_no_call_is_counted_in_words(seen: Seen) -> None:
    check = CallsCheck(id="calls", calls="get[a]", count=2)
    assert run_check(check, seen(returned=1)).rationale == "get(a) was called 0 times; twice is asked for"


def test_a_call_after_the_return_is_no_call(op: Op, seen: Seen) -> None:
    check = CallsCheck(id="calls", calls="get[a]", at_least=1)
    assert run_check(check, seen(op("get", "a", 0, 1, order=10), returned=0)).rationale == (
        "get(a) had not started when your function returned; at least once is asked for"
    )


def test_a_cancelled_call_is_a_call(op: Op, seen: Seen) -> None:
    check = CallsCheck(id="calls", calls="get", at_most=1)
    rows = op("get", "a", 0, 1), op("get", "a", 0, 0.5, outcome="cancelled", cancelled_at=0.5)
    assert run_check(check, seen(*rows, returned=1)).rationale == "get was called twice; at most once is asked for"


def test_for_each_names_the_first_that_is_not_yet_right(op: Op, seen: Seen) -> None:
    check = CallsCheck(id="each", calls="get[{u}]", count=1, for_each={"u": "=urls"})
    view = seen(op("get", "a", 0, 1), returned=1, names={"urls": ["a", "b", "c"]})
    assert run_check(check, view).rationale == "get(b) was called 0 times; once is asked for"
    assert run_check(check, seen(op("get", "a", 0, 1), returned=1, names={"urls": ["a"]})).passed


# ---------------------------------------------------------------- elapsed


def test_the_time_is_compared_exactly(seen: Seen) -> None:
    check = ElapsedCheck(id="time", elapsed="=a + b")
    assert run_check(check, seen(returned=0.3, names={"a": 0.1, "b": 0.2})).passed
    assert not run_check(check, seen(returned=0.300000001, names={"a": 0.1, "b": 0.2})).passed


def test_too_long_says_how_long_it_can_take(seen: Seen) -> None:
    found = run_check(ElapsedCheck(id="time", elapsed="=max(1, 2)"), seen(returned=3))
    assert found.rationale == "your function took 3 s of virtual time; it can take 2 s"
    assert found.help == "Look in the timeline for a wait that nothing needed: what could have started earlier?"


def test_too_short_says_how_long_the_work_takes(seen: Seen) -> None:
    found = run_check(ElapsedCheck(id="time", elapsed=2), seen(returned=0))
    assert found.rationale == "your function took 0 s of virtual time; the work takes 2 s"
    assert found.help == "Await everything that you start before you return."


def test_a_time_within_bounds_passes(seen: Seen) -> None:
    check = ElapsedCheck(id="time", elapsed=Bounds(at_least=1, at_most=2))
    assert run_check(check, seen(returned=1.5)).passed
    assert run_check(check, seen(returned=0.5)).rationale == (
        "your function took 0.5 s of virtual time; the work takes at least 1 s"
    )
    assert run_check(check, seen(returned=2.5)).rationale == "your function took 2.5 s of virtual time; it can take 2 s"


def test_without_a_return_there_is_no_time(seen: Seen, raised: Callable[..., Outcome]) -> None:
    check = ElapsedCheck(id="time", elapsed=2)
    assert run_check(check, seen(outcome=raised("KeyError", line=3), returned=2)).rationale == (
        "your function raised KeyError, line 3, so there is no return to look at"
    )
    assert run_check(check, seen(outcome=raised("KeyError", line=3), returned=2, may_raise=True)).passed


def test_an_authors_time_has_to_be_a_number(seen: Seen) -> None:
    with pytest.raises(ValueError, match="'=\\[1\\]' gives \\[1\\], not a number"):
        run_check(ElapsedCheck(id="time", elapsed="=[1]"), seen(returned=0))
