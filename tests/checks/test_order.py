"""Sequential, and the order of starts and ends: what passes, what does not yet, and what is said."""

from collections.abc import Callable
from typing import Any

from grader.checks import View, run_check
from grader.course.check_model import EndsInOrderCheck, SequentialCheck, StartsInOrderCheck
from grader.referee.facts import Facts, Place

Op = Callable[..., Any]
Seen = Callable[..., View]
PAIR = SequentialCheck(id="order", sequential=["say[{first}]", "say[b]"])
NAMES = {"first": "a"}


def test_one_after_the_other_is_sequential(op: Op, seen: Seen) -> None:
    view = seen(op("say", "a", 0, 1), op("say", "b", 1, 3), returned=3, names=NAMES)
    assert run_check(PAIR, view).passed


def test_two_that_overlap_are_not_sequential(op: Op, seen: Seen) -> None:
    view = seen(op("say", "a", 0, 2, line=4), op("say", "b", 0.5, 3, line=5), returned=3, names=NAMES)
    found = run_check(PAIR, view)
    assert found.rationale == "say(b) started at 0.5 s, line 5, while say(a) was still running (it ended at 2 s)"
    assert found.help == "Await the first before you start the second: each needs the one before it to be finished."


def test_the_other_way_round_is_not_sequential(op: Op, seen: Seen) -> None:
    view = seen(op("say", "b", 0, 1, line=4), op("say", "a", 1, 2, line=5), returned=2, names=NAMES)
    assert (
        run_check(PAIR, view).rationale == "say(b) started at 0 s, line 4, before say(a), which started at 1 s, line 5"
    )


def test_one_that_was_never_called_is_not_sequential(op: Op, seen: Seen) -> None:
    view = seen(op("say", "a", 0, 1), returned=1, names=NAMES)
    assert run_check(PAIR, view).rationale == "say(b) was never called"


def test_one_that_was_called_and_never_awaited_is_not_said_to_be_never_called(op: Op, seen: Seen) -> None:
    facts = Facts(never_awaited=(Place("other", 3), Place("say", 4)))
    view = seen(op("say", "a", 0, 1), returned=1, names=NAMES, facts=facts)
    assert run_check(PAIR, view).rationale == "say(b) did not begin: what say(...) in line 4 gave was never awaited"


def test_one_that_began_after_the_return_does_not_count(op: Op, seen: Seen) -> None:
    view = seen(op("say", "a", 0, 1), op("say", "b", 1, 2, order=10), returned=1, names=NAMES)
    assert run_check(PAIR, view).rationale == "say(b) had not started when your function returned"


def test_a_function_that_raised_is_not_said_to_have_returned(op: Op, seen: Seen, raised: Any) -> None:
    rows = op("say", "a", 0, 1), op("say", "b", 1, 2, order=10)
    view = seen(*rows, returned=1, names=NAMES, outcome=raised("KeyError"))
    assert run_check(PAIR, view).rationale == "say(b) had not started when your function ended"


def test_the_second_has_to_be_finished_at_the_return(op: Op, seen: Seen) -> None:
    view = seen(op("say", "a", 0, 1), op("say", "b", 1, 3), returned=2, names=NAMES)
    assert run_check(PAIR, view).rationale == "say(b) was not finished when your function returned"


def test_the_first_has_to_be_finished_before_anything_is_said_of_the_second(op: Op, seen: Seen) -> None:
    view = seen(op("say", "a", 0, 5), op("say", "b", 1, 2), returned=2, names=NAMES)
    assert run_check(PAIR, view).rationale == "say(a) was not finished when your function returned"


def test_a_cancelled_decoy_does_not_stand_for_the_first(op: Op, seen: Seen) -> None:
    decoy = op("say", "a", 0, 0.5, outcome="cancelled", cancelled_at=0.5, line=3)
    view = seen(decoy, op("say", "b", 1, 2), returned=2, names=NAMES)
    assert run_check(PAIR, view).rationale == "say(a) started at 0 s, line 3, and was cancelled at 0.5 s"


def test_one_selector_is_one_at_a_time(op: Op, seen: Seen) -> None:
    check = SequentialCheck(id="one", sequential="say[*]")
    apart = seen(op("say", "a", 0, 1), op("say", "b", 1, 2), returned=2)
    together = seen(op("say", "a", 0, 1), op("say", "b", 0, 2), returned=2)
    assert run_check(check, apart).passed
    assert (
        run_check(check, together).rationale
        == "say(b) started at 0 s, while say(a) was still running (it ended at 1 s)"
    )


def test_one_alone_is_in_no_order(op: Op, seen: Seen) -> None:
    check = SequentialCheck(id="one", sequential="say")
    assert run_check(check, seen(op("say", "a", 0, 1), returned=1)).rationale == (
        "say ran only once: there is nothing to put in order"
    )
    assert run_check(check, seen(returned=1)).rationale == "say was never called"


def test_keys_are_compared_as_text(op: Op, seen: Seen) -> None:
    check = SequentialCheck(id="order", sequential=["say[{1}]", "say[2]"])
    assert run_check(check, seen(op("say", 1, 0, 1), op("say", 2, 1, 2), returned=2)).passed


# ---------------------------------------------------------------- starts and ends


def test_starts_follow_the_order_of_the_events(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a", 0, 2), op("get", "b", 0, 1), returned=2)
    assert run_check(StartsInOrderCheck(id="s", starts_in_order=["get[a]", "get[b]"]), view).passed
    assert run_check(StartsInOrderCheck(id="s", starts_in_order=["get[b]", "get[a]"]), view).rationale == (
        "get(a) started at 0 s, before get(b), which started at 0 s"
    )


def test_an_expression_may_give_the_selectors(op: Op, seen: Seen) -> None:
    check = StartsInOrderCheck(id="s", starts_in_order="=['get[' + u + ']' for u in urls]")
    rows = op("get", "{a}", 0, 2), op("get", "b", 1, 2)
    assert run_check(check, seen(*rows, returned=2, names={"urls": ["{a}", "b"]})).passed
    assert not run_check(check, seen(*rows, returned=2, names={"urls": ["b", "{a}"]})).passed


def test_a_selector_that_comes_twice_stands_for_one_call_each_time(op: Op, seen: Seen) -> None:
    check = StartsInOrderCheck(id="s", starts_in_order=["get[a]", "get[b]", "get[a]"])
    rows = [op("get", "a", 0, 1), op("get", "b", 1, 2), op("get", "a", 2, 3)]
    assert run_check(check, seen(*rows, returned=3)).passed
    assert run_check(check, seen(*rows[:2], returned=3)).rationale == "get(a) ran only once"


def test_ends_follow_the_order_of_the_events(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a", 0, 2), op("get", "b", 0, 1), returned=2)
    assert run_check(EndsInOrderCheck(id="e", ends_in_order=["get[b]", "get[a]"]), view).passed
    assert run_check(EndsInOrderCheck(id="e", ends_in_order=["get[a]", "get[b]"]), view).rationale == (
        "get(b) ended at 1 s, before get(a), which ended at 2 s"
    )


def test_what_had_not_ended_at_the_return_has_no_place_among_the_ends(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a", 0, 1), op("get", "b", 0, 9), returned=2)
    assert run_check(EndsInOrderCheck(id="e", ends_in_order=["get[a]", "get[b]"]), view).rationale == (
        "get(b) was not finished when your function returned"
    )


def test_a_cancelled_decoy_has_no_place_among_the_starts(op: Op, seen: Seen) -> None:
    check = StartsInOrderCheck(id="s", starts_in_order=["get[a]", "get[b]"])
    decoy = op("get", "a", 0, 0.5, outcome="cancelled", cancelled_at=0.5)
    assert not run_check(check, seen(decoy, op("get", "b", 1, 2), op("get", "a", 2, 3), returned=3)).passed
