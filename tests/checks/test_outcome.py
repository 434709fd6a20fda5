"""Results and exceptions: what passes, what does not yet, and what is said."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import View, run_check
from grader.course.check_model import RaisesCheck, ResultCheck
from grader.referee.outcome import Opaque, Outcome

Seen = Callable[..., View]
Raised = Callable[..., Outcome]
PAIR = ResultCheck(id="result", result="=[a, b]")
NAMES = {"a": "x", "b": "y"}


def rationale(view: View, check: Any = PAIR) -> str:
    found = run_check(check, view)
    assert not found.passed
    return found.rationale


def test_the_value_that_is_asked_for_passes(seen: Seen) -> None:
    assert run_check(PAIR, seen(result=["x", "y"], names=NAMES)).passed


def test_another_value_is_shown_beside_the_one_asked_for(seen: Seen) -> None:
    assert rationale(seen(result=["y", "x"], names=NAMES)) == (
        "your function returned ['y', 'x']; ['x', 'y'] is asked for"
    )


def test_another_type_is_named(seen: Seen) -> None:
    assert rationale(seen(result=("x", "y"), names=NAMES)) == (
        "your function returned the tuple ('x', 'y'); the list ['x', 'y'] is asked for"
    )


def test_true_is_not_one(seen: Seen) -> None:
    check = ResultCheck(id="result", result=1)
    assert rationale(seen(result=True), check) == "your function returned the bool True; the int 1 is asked for"
    assert rationale(seen(result=1.0), check) == "your function returned the float 1.0; the int 1 is asked for"


def test_no_value_asks_for_the_return(seen: Seen) -> None:
    found = run_check(PAIR, seen(names=NAMES))
    assert found.rationale == "your function returned None; the list ['x', 'y'] is asked for"
    assert found.help == "Is there a `return` with the value?"


def test_a_task_is_not_its_result(seen: Seen) -> None:
    found = run_check(PAIR, seen(result=Opaque("RunTask"), names=NAMES))
    assert found.rationale == "what your function returned is a task, not the result of one"
    assert found.help == "Await it: the await gives you the result."


def test_a_tuple_of_coroutines_is_not_their_results(seen: Seen) -> None:
    view = seen(result=(Opaque("coroutine"), 1), names=NAMES)
    assert rationale(view) == "what your function returned holds a coroutine, not the result of one"


def test_a_long_value_is_cut(seen: Seen) -> None:
    assert len(rationale(seen(result=["x" * 1000], names=NAMES))) < 200


def test_of_long_sequences_the_first_difference_is_named(seen: Seen) -> None:
    lines = [f"line {number}" for number in range(20)]
    check = ResultCheck(id="result", result=lines)
    assert rationale(seen(result=[*lines[:5], "line 6", *lines[6:]]), check) == (
        "item 5 of the list that your function returned is 'line 6'; 'line 5' is asked for there"
    )
    assert rationale(seen(result=lines[:18]), check) == (
        "your function returned a list of length 18, not 20; its beginning is right"
    )
    assert rationale(seen(result=[*lines, "more"]), check) == (
        "your function returned a list of length 21, not 20; it goes on for too long"
    )


def test_unordered_takes_any_order(seen: Seen) -> None:
    check = ResultCheck(id="result", result=[1, 2, 2], unordered=True)
    assert run_check(check, seen(result=[2, 1, 2])).passed
    assert rationale(seen(result=[2, 1, 1]), check) == (
        "your function returned [2, 1, 1]; [1, 2, 2] is asked for, in any order"
    )


def test_the_authors_help_comes_before_ours(seen: Seen) -> None:
    check = ResultCheck(id="result", result=1, help="Return it.")
    assert run_check(check, seen()).help == "Return it."


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "deadlock",
            "your function never returned: it waits for something that cannot come, so there is no result yet",
        ),
        ("time_out", "your function had not returned when its time was up, so there is no result yet"),
        ("missing", "your function is not in the file"),
        ("import", "your file could not be loaded"),
    ],
)
def test_without_a_return_there_is_no_result(seen: Seen, kind: Any, words: str) -> None:
    assert rationale(seen(outcome=Outcome(kind), names=NAMES)) == words


def test_an_exception_leaves_no_result(seen: Seen, raised: Raised) -> None:
    assert rationale(seen(outcome=raised("KeyError", "'a'", 7), names=NAMES)) == (
        "your function raised KeyError, line 7, so there is no result yet"
    )


REFUSED = "os.system needs a real process, which an exercise does not have"
REFUSED_BASES = ("RefusedError", "RuntimeError", "Exception")


def test_what_was_refused_is_named_and_no_class_of_the_graders(seen: Seen, raised: Raised) -> None:
    named = raised("RefusedError", REFUSED, 7, bases=REFUSED_BASES)
    unnamed = raised("RefusedError", "use asyncio.subprocess.PIPE", 7, bases=REFUSED_BASES)
    assert rationale(seen(outcome=named, names=NAMES)) == (
        "your function was refused `os.system`, line 7, so there is no result yet"
    )
    assert rationale(seen(outcome=unnamed, names=NAMES)) == (
        "your function raised RuntimeError, line 7, so there is no result yet"
    )


def test_a_learners_class_of_the_same_name_is_their_own(seen: Seen, raised: Raised) -> None:
    view = seen(
        outcome=raised("RefusedError", REFUSED, 7, bases=REFUSED_BASES),
        names=NAMES,
        source="class RefusedError: pass\n",
    )
    assert rationale(view) == "your function raised RefusedError, line 7, so there is no result yet"


def test_the_authors_mistake_is_no_finding(seen: Seen) -> None:
    with pytest.raises(ValueError, match="nothing"):
        run_check(ResultCheck(id="result", result="=nothing"), seen(result=1))


# ---------------------------------------------------------------- raises

RAISES = RaisesCheck(id="raises", raises="ConnectionError", message="=url")


def test_the_exception_or_one_derived_from_it_passes(seen: Seen, raised: Raised) -> None:
    exact = raised("ConnectionError", "no a.example")
    derived = raised("ConnectionResetError", "no a.example", bases=("ConnectionError", "OSError"))
    for outcome in (exact, derived):
        assert run_check(RAISES, seen(outcome=outcome, names={"url": "a.example"})).passed


def test_a_return_is_not_the_exception(seen: Seen) -> None:
    assert rationale(seen(result=3, names={"url": "u"}), RAISES) == (
        "your function returned 3; it has to raise ConnectionError"
    )


def test_another_exception_is_named(seen: Seen, raised: Raised) -> None:
    assert rationale(seen(outcome=raised("KeyError", "'a'", 7), names={"url": "u"}), RAISES) == (
        "your function raised KeyError, line 7; it has to raise ConnectionError"
    )


def test_a_refusal_is_not_the_exception_that_was_asked_for(seen: Seen, raised: Raised) -> None:
    check = RaisesCheck(id="raises", raises="RuntimeError")
    assert run_check(check, seen(outcome=raised("RuntimeError"))).passed
    assert rationale(seen(outcome=raised("RefusedError", REFUSED, 7, bases=REFUSED_BASES)), check) == (
        "your function was refused `os.system`, line 7; it has to raise RuntimeError"
    )


def test_another_text_is_named(seen: Seen, raised: Raised) -> None:
    assert rationale(seen(outcome=raised("ConnectionError", "no", 7), names={"url": "u"}), RAISES) == (
        "your function raised ConnectionError, line 7, but its text does not hold 'u'"
    )


def test_a_deadlock_is_not_the_exception(seen: Seen) -> None:
    assert rationale(seen(outcome=Outcome("deadlock"), names={"url": "u"}), RAISES) == (
        "your function never returned: it waits for something that cannot come; it has to raise ConnectionError"
    )


def test_an_object_of_a_type_of_their_own_is_named_by_it(seen: Seen) -> None:
    assert rationale(seen(result=Opaque("Pair"), names=NAMES)) == (
        "your function returned a Pair; the list ['x', 'y'] is asked for"
    )
    check = RaisesCheck(id="raises", raises="KeyError")
    assert rationale(seen(result=Opaque("Item")), check) == "your function returned an Item; it has to raise KeyError"


def test_no_address_is_shown(seen: Seen) -> None:
    assert rationale(seen(result="<Task at 0x7f8008ff1440>"), ResultCheck(id="result", result="a")) == (
        "your function returned '<Task>'; 'a' is asked for"
    )
