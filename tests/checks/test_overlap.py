"""Parallel, Allen's relations and concurrency: what passes, what does not yet, and what is said."""

from collections.abc import Callable
from typing import Any

from grader.checks import View, run_check
from grader.course.check_model import ConcurrencyCheck, ParallelCheck, RelationCheck, RelationSpec

Op = Callable[..., Any]
Seen = Callable[..., View]
PAIR = ParallelCheck(id="parallel", parallel=["get[a.example]", "get[b.example]"])
EACH = ParallelCheck(id="parallel", parallel="get[*]")


def test_two_that_share_time_are_parallel(op: Op, seen: Seen) -> None:
    assert run_check(PAIR, seen(op("get", "a.example", 0, 2), op("get", "b.example", 0, 5), returned=5)).passed


def test_one_after_the_other_is_not_parallel(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a.example", 0, 2, line=5), op("get", "b.example", 2, 7, line=6), returned=7)
    found = run_check(PAIR, view)
    assert found.rationale == (
        "get(b.example) started at 2 s, line 6, when get(a.example) had finished: they never ran at the same time"
    )
    assert found.help == "Start both before you await either: with tasks, or with gather."


def test_what_began_after_the_return_is_no_company(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a.example", 0, 5, order=10), op("get", "b.example", 0, 5, order=11), returned=0)
    assert run_check(PAIR, view).rationale == "get(a.example) had not started when your function returned"


def test_a_decoy_that_is_started_and_cancelled_is_no_company(op: Op, seen: Seen) -> None:
    decoy = op("get", "b.example", 0, 1, outcome="cancelled", cancelled_at=1, line=4)
    view = seen(decoy, op("get", "a.example", 0, 2), returned=2)
    assert run_check(PAIR, view).rationale == "get(b.example) started at 0 s, line 4, and was cancelled at 1 s"


def test_a_decoy_beside_the_real_call_is_no_company_either(op: Op, seen: Seen) -> None:
    decoy = op("get", "b.example", 0, 1, outcome="cancelled", cancelled_at=1)
    view = seen(decoy, op("get", "a.example", 0, 2), op("get", "b.example", 2, 3), returned=3)
    assert not run_check(PAIR, view).passed


def test_a_decoy_that_still_cleans_up_at_the_return_is_no_company(op: Op, seen: Seen) -> None:
    decoy = op("get", "b.example", 0, 9, outcome="cancelled", cancelled_at=1)
    assert not run_check(PAIR, seen(decoy, op("get", "a.example", 0, 2), returned=2)).passed


def test_what_still_ran_at_the_return_counts_up_to_it(op: Op, seen: Seen) -> None:
    left = op("get", "b.example", 1, 2, outcome="cancelled", cancelled_at=2)
    assert run_check(PAIR, seen(op("get", "a.example", 0, 2), left, returned=2)).passed


def test_what_was_started_just_as_the_entry_returned_shares_nothing(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a.example", 0, 2, line=4), op("get", "b.example", 0, 5, line=5), returned=0)
    assert run_check(PAIR, view).rationale == "get(a.example) started at 0 s, line 4, just as your function returned"


def test_a_run_without_return_is_looked_at_to_its_end(op: Op, seen: Seen) -> None:
    assert run_check(PAIR, seen(op("get", "a.example", 0, None), op("get", "b.example", 1, 3))).passed


def test_with_one_selector_each_two_are_parallel(op: Op, seen: Seen) -> None:
    three = [op("get", "a", 0, 2), op("get", "b", 1, 4), op("get", "c", 3, 5)]
    assert run_check(EACH, seen(*three[:2], returned=5)).passed
    assert run_check(EACH, seen(*three, returned=5)).rationale == (
        "get(c) started at 3 s, when get(a) had finished: they never ran at the same time"
    )


def test_one_alone_is_not_parallel(op: Op, seen: Seen) -> None:
    assert run_check(EACH, seen(op("get", "a", 0, 2), returned=2)).rationale == (
        "only one get ran, so nothing ran beside it"
    )


def test_one_that_was_cancelled_beside_another_is_not_called_missing(op: Op, seen: Seen) -> None:
    cut = op("get", "b", 0, 3, line=5, outcome="cancelled", cancelled_at=3)
    authors = ParallelCheck(id="each", parallel="get[*]", help="Start both before you await either.")
    found = run_check(authors, seen(op("get", "a", 0, 2, line=5), cut, returned=4))
    assert found.rationale == "get(b) started at 0 s, line 5, and was cancelled at 3 s, so only one get ran to its end"
    assert found.help == (
        "Let each of them come to its end: a timeout, a cancel() or an error beside it cuts it short."
    )
    alone = run_check(authors, seen(op("get", "a", 0, 2), returned=2))
    assert alone.help == "Start both before you await either."


def test_a_group_that_was_cancelled_has_the_advice_for_that(op: Op, seen: Seen) -> None:
    cut = op("get", "b.example", 0, 3, line=5, outcome="cancelled", cancelled_at=3)
    found = run_check(PAIR, seen(op("get", "a.example", 0, 2), cut, returned=4))
    assert found.rationale == "get(b.example) started at 0 s, line 5, and was cancelled at 3 s"
    assert found.help.startswith("Let each of them come to its end")


def test_with_a_list_one_of_each_has_to_run_with_one_of_all_the_others(op: Op, seen: Seen) -> None:
    check = ParallelCheck(id="three", parallel=["a", "b", "c"])
    chain = [op("a", None, 0, 2), op("b", None, 1, 4), op("c", None, 3, 5)]
    assert not run_check(check, seen(*chain, returned=5)).passed
    assert run_check(check, seen(*chain, op("a", None, 3, 4), returned=5)).passed


def test_an_operation_is_no_company_for_itself(op: Op, seen: Seen) -> None:
    check = ParallelCheck(id="same", parallel=["get[a]", "get[a]"])
    assert not run_check(check, seen(op("get", "a", 0, 2), returned=2)).passed
    assert run_check(check, seen(op("get", "a", 0, 2), op("get", "a", 1, 2), returned=2)).passed


# ---------------------------------------------------------------- Allen's relations


def relation(*names: Any) -> RelationCheck:
    return RelationCheck(id="relation", relation=RelationSpec(a="boil", b="chop[*]", is_=list(names)))


def test_a_relation_holds_for_every_pair(op: Op, seen: Seen) -> None:
    view = seen(op("boil", None, 0, 9), op("chop", "a", 1, 2), op("chop", "b", 2, 5), returned=9)
    assert run_check(relation("contains", "overlaps"), view).passed


def test_another_relation_is_named_with_both_spans(op: Op, seen: Seen) -> None:
    view = seen(op("boil", None, 0, 3, line=4), op("chop", "a", 3, 4, line=7), returned=4)
    assert run_check(relation("contains", "overlaps"), view).rationale == (
        "boil (0 s to 3 s, line 4) ended just as chop(a) (3 s to 4 s, line 7) started; what is asked for: "
        "it ran from before the other started until after that had ended or started before the other and ended while that ran"
    )


def test_a_relation_needs_both(op: Op, seen: Seen) -> None:
    assert run_check(relation("before"), seen(op("boil", None, 0, 3), returned=3)).rationale == "chop was never called"


# ---------------------------------------------------------------- how many at once


def test_the_peak_is_within_the_bounds(op: Op, seen: Seen) -> None:
    check = ConcurrencyCheck(id="peak", concurrency="get[*]", max="=n", min="=n")
    rows = [op("get", "a", 0, 2), op("get", "b", 0, 1), op("get", "c", 1, 2)]
    assert run_check(check, seen(*rows, returned=2, names={"n": 2})).passed


def test_too_many_at_once_are_named_with_the_time(op: Op, seen: Seen) -> None:
    check = ConcurrencyCheck(id="peak", concurrency="get[*]", max=1)
    view = seen(op("get", "a", 0, 2), op("get", "b", 1, 2), returned=2)
    assert run_check(check, view).rationale == "2 of get ran at once, the first time at 1 s; at most 1 may run at once"


def test_too_few_at_once_are_named(op: Op, seen: Seen) -> None:
    check = ConcurrencyCheck(id="peak", concurrency="get[*]", min=2)
    view = seen(op("get", "a", 0, 2), op("get", "b", 2, 3), returned=3)
    assert run_check(check, view).rationale == "1 of get ran at once, the first time at 0 s; 2 can run at once"
    assert run_check(check, seen(returned=0)).rationale == "get was never called; 2 can run at once"


def test_what_was_cancelled_counts_for_the_most_and_not_for_the_least(op: Op, seen: Seen) -> None:
    rows = op("get", "a", 0, 2), op("get", "b", 0, 1, outcome="cancelled", cancelled_at=1)
    view = seen(*rows, returned=2)
    assert not run_check(ConcurrencyCheck(id="peak", concurrency="get[*]", max=1), view).passed
    assert not run_check(ConcurrencyCheck(id="peak", concurrency="get[*]", min=2), view).passed
