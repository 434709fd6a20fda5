"""What a misconception's `where` can be told about a run."""

from collections.abc import Callable
from typing import Any

from msgspec import structs

from grader.checks import View
from grader.checks.observed import observed
from grader.course.proof_misconceptions import OBSERVED
from grader.referee.facts import Facts
from grader.referee.outcome import Opaque, Outcome

Op = Callable[..., Any]
Seen = Callable[..., View]


def test_only_what_is_wanted_is_looked_for(seen: Seen) -> None:
    assert observed(seen(returned=1, result=3), {"result", "a"}) == {"result": 3}


def test_every_name_that_a_course_may_use_is_there(seen: Seen) -> None:
    assert set(observed(seen(returned=1), OBSERVED)) == OBSERVED


def test_calls_are_told_in_the_order_in_which_they_began(op: Op, seen: Seen) -> None:
    view = seen(
        op("get", "b", 1, 4),
        op("get", "a", 0, 2),
        op("get", "c", 2, None),
        op("get", "late", 3, 5, order=10),
        returned=3,
        operations=frozenset({"get", "put"}),
    )
    assert observed(view, {"calls", "keys", "starts", "ends", "durations", "at_once"}) == {
        "calls": {"get": 3, "put": 0},
        "keys": {"get": ["a", "b", "c"], "put": []},
        "starts": {"get": [0, 1, 2], "put": []},
        "ends": {"get": [2, None, None], "put": []},
        "durations": {"get": [2, None, None], "put": []},
        "at_once": {"get": 2, "put": 0},
    }


def test_loops_and_threads_are_told_by_their_numbers_in_the_order_of_the_calls(op: Op, seen: Seen) -> None:
    view = seen(
        op("get", "b", 1, 2, where=(2, 3)),
        op("get", "a", 0, 2, where=(1, 2)),
        op("put", "c", 2, 3, where=(None, 1)),
        op("get", "late", 3, 4, order=10, where=(4, 5)),
        returned=3,
    )
    assert observed(view, {"in_loop", "in_thread"}) == {
        "in_loop": {"get": [1, 2], "put": [None]},
        "in_thread": {"get": [2, 3], "put": [1]},
    }


def test_what_was_cancelled_has_no_end_of_its_own_and_ran_beside_nothing(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a", 0, 3), op("get", "b", 0, 1, outcome="cancelled", cancelled_at=1), returned=3)
    assert observed(view, {"ends", "at_once"}) == {"ends": {"get": [3, None]}, "at_once": {"get": 1}}


def test_objects_are_told_by_their_types_however_deep_they_are(seen: Seen) -> None:
    too_large = Opaque("list, too large (more than 100000 items)")  # no object, but plain data
    value = [1, (Opaque("Task"), {"a": Opaque("coroutine")}), too_large, "x"]
    assert observed(seen(returned=1, result=value), {"objects"}) == {"objects": ["Task", "coroutine"]}
    assert observed(seen(returned=1, result=[1, "<x>"]), {"objects"}) == {"objects": []}


def test_an_entry_that_raised_has_no_result_and_has_not_returned(seen: Seen) -> None:
    view = seen(returned=1, outcome=Outcome("raised"))
    assert observed(view, {"result", "returned", "elapsed"}) == {"result": None, "returned": False, "elapsed": 1}


def test_the_counts_are_those_of_the_report(seen: Seen) -> None:
    view = seen(returned=1, facts=Facts(tasks=3, runs=2, loops=1))
    assert observed(view, {"tasks", "runs", "loops"}) == {"tasks": 3, "runs": 2, "loops": 1}


def test_the_output_is_the_text_that_is_kept_without_addresses(seen: Seen) -> None:
    view = seen(returned=1, facts=Facts(output="a\n<Task at 0x7f12ab34cd56>\nb", output_cut=True))
    assert observed(view, {"output"}) == {"output": "a\n<Task>\nb"}


def test_the_times_of_a_generators_items_are_in_seconds_after_its_call(seen: Seen) -> None:
    view = seen(returned=3, facts=Facts(yields=((1_000_000_000, 2_500_000_000),)))
    assert observed(view, {"yields"}) == {"yields": [1, 2.5]}
    twice = structs.replace(view, case=structs.replace(view.case, repeat=2))
    assert observed(twice, {"yields"}) == {"yields": [[1, 2.5]]}
    assert observed(seen(returned=3), {"yields"}) == {"yields": []}
