"""How things stood at the return: what passes, what does not yet, and what is said."""

from collections.abc import Callable
from typing import Any

from grader.checks import View, run_check
from grader.course.check_model import AtReturn, AtReturnCheck, CancelledCheck, CleanedCheck
from grader.referee.facts import Facts, Place
from grader.referee.outcome import Outcome

Op = Callable[..., Any]
Seen = Callable[..., View]
IDLE = AtReturnCheck(id="idle", at_return="idle")


def test_nothing_left_running_is_idle(op: Op, seen: Seen) -> None:
    assert run_check(IDLE, seen(op("get", "a", 0, 1), returned=1)).passed


def test_an_operation_left_running_is_named(op: Op, seen: Seen) -> None:
    left = [op("get", key, 0, 1, outcome="cancelled", cancelled_at=1) for key in "abcdef"]
    found = run_check(IDLE, seen(left[0], returned=1))
    assert found.rationale == "get(a) was still running when your function returned"
    assert found.help == "Await everything that you start before you return."
    assert run_check(IDLE, seen(*left[:2], returned=1)).rationale == (
        "get(a) and get(b) were still running when your function returned"
    )
    assert run_check(IDLE, seen(*left, returned=1)).rationale == (
        "get(a), get(b), get(c), get(d) and 2 more were still running when your function returned"
    )


def test_a_task_that_is_not_done_is_not_idle(seen: Seen) -> None:
    one = Facts(pending_at_return=(Place("Task-2", 4),))
    two = Facts(pending_at_return=(Place("Task-2", 4), Place("Task-3", 9)))
    assert run_check(IDLE, seen(returned=1, facts=one)).rationale == (
        "a task of yours (line 4) was not done when your function returned"
    )
    assert run_check(IDLE, seen(returned=1, facts=two)).rationale == (
        "2 tasks of yours (lines 4, 9) were not done when your function returned"
    )


def test_a_crash_is_not_idle(seen: Seen, raised: Callable[..., Outcome]) -> None:
    assert run_check(IDLE, seen(outcome=raised("KeyError", line=2), returned=0)).rationale == (
        "your function raised KeyError, line 2, so there is no return to look at"
    )


def test_what_has_to_run_on_runs_on(op: Op, seen: Seen) -> None:
    check = AtReturnCheck(id="on", at_return=AtReturn(running=["log"], finished=["get[*]"]))
    assert run_check(check, seen(op("log", None, 0, 5), op("get", "a", 0, 1), returned=1)).passed
    assert run_check(check, seen(op("log", None, 0, 1), op("get", "a", 0, 1), returned=1)).rationale == (
        "log had ended at 1 s; it is to go on when your function has returned"
    )
    assert run_check(check, seen(op("get", "a", 0, 1), returned=1)).rationale == "log was never called"


def test_what_has_to_be_finished_is_finished(op: Op, seen: Seen) -> None:
    check = AtReturnCheck(id="done", at_return=AtReturn(finished=["get[*]"]))
    assert run_check(check, seen(op("get", "a", 0, 2), returned=1)).rationale == (
        "get(a) was not finished when your function returned"
    )
    cancelled = op("get", "a", 0, 1, outcome="cancelled", cancelled_at=1)
    assert run_check(check, seen(cancelled, returned=2)).rationale == (
        "get(a) was cancelled at 1 s; it has to be finished when your function returns"
    )


# ---------------------------------------------------------------- cancelled and cleaned

CANCELLED = CancelledCheck(id="cancelled", cancelled=["get[slow]"])
CLEANED = CleanedCheck(id="cleaned", cleaned=["get[slow]"])


def test_what_was_cancelled_and_has_cleaned_up_passes_both(op: Op, seen: Seen) -> None:
    view = seen(op("get", "slow", 0, 3, outcome="cancelled", cancelled_at=2), returned=3)
    assert run_check(CANCELLED, view).passed
    assert run_check(CLEANED, view).passed


def test_what_still_cleans_up_at_the_return_is_cancelled_and_not_cleaned(op: Op, seen: Seen) -> None:
    view = seen(op("get", "slow", 0, 3, outcome="cancelled", cancelled_at=1), returned=2)
    assert run_check(CANCELLED, view).passed
    found = run_check(CLEANED, view)
    assert found.rationale == "get(slow) was cancelled at 1 s and was still cleaning up when your function returned"
    assert found.help == "cancel() only asks. Await the cancelled task as well: it ends when it has cleaned up."


def test_what_went_on_to_its_end_was_not_cancelled(op: Op, seen: Seen) -> None:
    view = seen(op("get", "slow", 0, 9, line=4), returned=9)
    for check in (CANCELLED, CLEANED):
        assert run_check(check, view).rationale == (
            "get(slow) started at 0 s, line 4, and went on to its end at 9 s; it has to be cancelled"
        )


def test_what_ends_only_because_the_entry_returned_was_not_cancelled(op: Op, seen: Seen) -> None:
    view = seen(op("get", "slow", 0, 2, outcome="cancelled", cancelled_at=2, line=4), returned=2)
    assert run_check(CANCELLED, view).rationale == (
        "get(slow), line 4 was still running when your function returned; it has to be cancelled"
    )


def test_where_nothing_returned_no_return_is_spoken_of(op: Op, seen: Seen) -> None:
    view = seen(op("get", "slow", 0, None, line=4), outcome=Outcome("deadlock"))
    assert run_check(CANCELLED, view).rationale == (
        "get(slow), line 4 was still running when your program was stopped; it has to be cancelled"
    )


def test_what_was_never_called_was_not_cancelled(seen: Seen) -> None:
    assert run_check(CANCELLED, seen(returned=2)).rationale == "get(slow) was never called"


def test_the_graders_own_beat_is_nothing_left_running(op: Op, seen: Seen) -> None:
    rows = op("get", "a", 0, 1), op("beat", None, 0.5, 1.5)
    assert run_check(IDLE, seen(*rows, returned=1, ticker="beat")).passed
    assert not run_check(IDLE, seen(*rows, returned=1)).passed
