"""Points: in every case or not at all, gates, and no points without work."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from grader.referee.facts import Facts, Place
from grader.referee.outcome import Outcome
from grader.verdict import CheckResult, Verdict

Graded = Callable[..., Verdict]


def result_of(verdict: Verdict, id: str, case: str = "case0") -> CheckResult:
    return next(check for check in verdict.checks if (check.id, check.case) == (id, case))


def test_everything_right_earns_everything(graded: Graded, build: Any) -> None:
    verdict = graded(build.good, build.good)
    assert (verdict.status, verdict.points, verdict.max_points) == ("passed", 10, 10)


def test_a_check_earns_only_if_it_passes_in_every_case(graded: Graded, build: Any) -> None:
    verdict = graded(build.good, build.played(build.row(), result="y"))
    assert (verdict.status, verdict.points) == ("failed", 6)
    assert [(c.case, c.status, c.points, c.max_points) for c in verdict.checks if c.id == "result"] == [
        ("case0", "passed", 0, 4),
        ("case1", "failed", 0, 0),
    ]


def test_points_stand_at_the_first_case_and_add_up(graded: Graded, build: Any) -> None:
    verdict = graded(build.good, build.good, build.good)
    assert [(c.id, c.case, c.points) for c in verdict.checks if c.points] == [
        ("result", "case0", 4),
        ("calls", "case0", 3),
        ("idle", "case0", 2),
        ("hygiene", "case0", 1),
    ]
    assert len(verdict.checks) == 12


def test_a_failing_gate_fails_its_entry_and_no_other(graded: Graded, build: Any) -> None:
    checks = [{**check, "gate": check["id"] == "calls"} for check in build.file["entries"]["fetch"]["checks"]]
    entries = {"fetch": {"args": [], "checks": checks}, "other": {"args": [], "checks": checks}}
    twice = build.played(build.row(), build.row(begun=3, ended=4), result="x")
    verdict = graded(
        twice,
        build.good,
        exercise=build.exercise(entries=entries),
        cases=(build.case(entry="fetch"), build.case(entry="other")),
    )
    assert sum(check.points for check in verdict.checks if check.entry == "fetch") == 0
    assert sum(check.points for check in verdict.checks if check.entry == "other") == 10


# ---------------------------------------------------------------- no work, no points


@pytest.mark.parametrize("value", [None, "x", "constant"])
def test_returning_a_value_without_any_work_earns_nothing(graded: Graded, build: Any, value: Any) -> None:
    verdict = graded(build.played(result=value, returned=0))
    assert (verdict.status, verdict.points) == ("failed", 0)


def test_work_in_one_case_is_work(graded: Graded, build: Any) -> None:
    verdict = graded(build.good, build.played(result="x"))
    assert verdict.points == 7


@pytest.mark.parametrize(
    "changes",
    [{"begun": 10, "ended": 11}, {"outcome": "cancelled"}, {"outcome": None, "end": None, "ended": None}],
    ids=["after the return", "cancelled", "never ended"],
)
def test_an_operation_that_did_not_come_to_its_end_is_no_work(graded: Graded, build: Any, changes: Any) -> None:
    assert graded(build.played(build.row(**changes), result="x")).points == 0


def test_the_worlds_own_error_is_work(graded: Graded, build: Any) -> None:
    assert graded(build.played(build.row(outcome="error", error="ConnectionError"), result="x")).points == 10


def test_what_the_world_started_is_work(graded: Graded, build: Any) -> None:
    assert graded(build.played(build.row(origin="world"), result="x")).points == 10


def test_a_ticker_is_no_work(graded: Graded, build: Any) -> None:
    entry = {**build.file["entries"]["fetch"], "ticker": "tick"}
    operations = {**build.file["world"]["operations"], "tick": {"params": [], "plain": True}}
    exercise = build.exercise(entries={"fetch": entry}, world={"operations": operations})
    ticked = build.played(build.row("tick", None), result="x")
    assert graded(ticked, exercise=exercise).points == 0


@pytest.mark.parametrize(("values", "points"), [(("x", "x"), 5), (("x", "y"), 0), ((None, None), 0)])
def test_where_nothing_is_offered_the_answer_has_to_be_right(
    graded: Graded, build: Any, values: Any, points: int
) -> None:
    checks = [
        {"kind": "result", "id": "result", "points": 4, "result": "=a"},
        {"kind": "hygiene", "id": "hygiene", "points": 1, "hygiene": "default"},
    ]
    operations = {"tick": {"params": [], "plain": True}}
    entries = {"fetch": {"args": [], "checks": checks, "ticker": "tick"}}
    exercise = build.exercise(entries=entries, world={"operations": operations})
    assert graded(*(build.played(result=value) for value in values), exercise=exercise).points == points


@pytest.mark.parametrize(("work", "value", "points"), [(True, "x", 0), (False, "x", 5), (False, "y", 0)])
def test_an_entry_that_needs_no_operation_has_to_give_the_right_answer(
    graded: Graded, build: Any, work: bool, value: str, points: int
) -> None:
    checks = [
        {"kind": "result", "id": "result", "points": 4, "result": "=a"},
        {"kind": "hygiene", "id": "hygiene", "points": 1, "hygiene": "default"},
    ]
    exercise = build.exercise(entries={"fetch": {"args": [], "checks": checks, "work": work}})
    assert graded(build.played(result=value), exercise=exercise).points == points


def test_where_nothing_failed_and_nothing_was_done_it_is_said(graded: Graded, build: Any) -> None:
    checks = [{"kind": "hygiene", "id": "hygiene", "points": 1, "hygiene": "default"}]
    verdict = graded(build.played(), exercise=build.exercise(entries={"fetch": {"args": [], "checks": checks}}))
    assert verdict.status == "failed"
    assert verdict.checks[0].rationale == "none of the work was done, so this earns nothing yet"


def test_a_check_worth_nothing_does_not_stand_between_a_learner_and_full_marks(graded: Graded, build: Any) -> None:
    checks = [*build.file["entries"]["fetch"]["checks"], {"kind": "tasks", "id": "tasks", "tasks": 0}]
    exercise = build.exercise(entries={"fetch": {"args": [], "checks": checks}})
    verdict = graded(build.played(build.row(), result="x", facts=Facts(tasks=1)), exercise=exercise)
    assert (verdict.status, verdict.points) == ("passed", 10)
    assert result_of(verdict, "tasks").status == "failed"


# ---------------------------------------------------------------- why points are lost


def entry_of(build: Any, *checks: dict[str, Any]) -> Any:
    return build.exercise(entries={"fetch": {"args": [], "checks": list(checks)}})


RESULT: dict[str, Any] = {"kind": "result", "id": "result", "points": 4, "result": "=a"}
HYGIENE: dict[str, Any] = {"kind": "hygiene", "id": "hygiene", "points": 1, "hygiene": "default"}


def test_what_holds_and_earns_nothing_names_the_gate(graded: Graded, build: Any) -> None:
    verdict = graded(build.played(build.row(), result="y"), exercise=entry_of(build, {**RESULT, "gate": True}, HYGIENE))
    found = result_of(verdict, "hygiene")
    assert (found.status, found.points, found.max_points) == ("passed", 0, 1)
    assert found.rationale == "this holds, and earns its points as soon as `result` holds as well"


def test_what_holds_and_earns_nothing_names_the_answer(graded: Graded, build: Any) -> None:
    operations = {"tick": {"params": [], "plain": True}}
    entries = {"fetch": {"args": [], "checks": [RESULT, HYGIENE], "ticker": "tick"}}
    verdict = graded(
        build.played(result="y"), exercise=build.exercise(entries=entries, world={"operations": operations})
    )
    reason = "this holds, and earns its points as soon as `result` holds as well"
    assert result_of(verdict, "hygiene").rationale == reason


def test_what_holds_and_earns_nothing_names_the_work(graded: Graded, build: Any) -> None:
    verdict = graded(build.played(result="y"), exercise=entry_of(build, RESULT, HYGIENE))
    reason = "this holds, and earns its points as soon as some of the work is done"
    assert result_of(verdict, "hygiene").rationale == reason


def test_what_holds_in_a_run_that_was_stopped_says_so(graded: Graded, build: Any) -> None:
    stopped = build.played(build.row(), outcome=Outcome("busy_loop"), returned=None)
    verdict = graded(build.good, stopped, exercise=entry_of(build, RESULT, HYGIENE))
    assert result_of(verdict, "hygiene").rationale.startswith("this holds so far, but your program had to be stopped")


def test_a_check_of_a_case_that_was_not_played_counts_among_the_points_that_there_are(
    graded: Graded, build: Any
) -> None:
    stopped = build.played(build.row(), outcome=Outcome("livelock"), returned=None)
    entry = {"args": [], "checks": [RESULT, HYGIENE]}
    exercise = build.exercise(
        entries={"fetch": entry, "other": entry},
        cases=[{"name": "seen"}, {"name": "by-default", "checks": ["hygiene"]}],
    )
    cases = [
        msgspec.structs.replace(build.case(name, entry=entry), checks=checks)
        for entry in ("fetch", "other")
        for name, checks in (("seen", ()), ("by-default", ("hygiene",)))
    ]
    verdict = graded(build.good, build.good, stopped, exercise=exercise, cases=tuple(cases))
    assert (verdict.points, verdict.max_points) == (5, 10)
    found = verdict.checks[-1]
    assert (found.entry, found.id, found.case, found.status) == ("other", "hygiene", "by-default", "failed")
    assert (found.points, found.max_points) == (0, 1)
    assert found.rationale == "this was not looked at, because your program had to be stopped before"


def test_what_earns_its_points_needs_no_word(graded: Graded, build: Any) -> None:
    assert {check.rationale for check in graded(build.good).checks} == {""}


# ---------------------------------------------------------------- the grader's own faults


def test_a_check_that_cannot_be_run_is_an_error_and_no_fail(graded: Graded, build: Any) -> None:
    checks = [
        {"kind": "result", "id": "result", "points": 1, "result": "=nothing"},
        *build.file["entries"]["fetch"]["checks"][1:],
    ]
    verdict = graded(build.good, exercise=build.exercise(entries={"fetch": {"args": [], "checks": checks}}))
    assert verdict.status == "error"
    assert result_of(verdict, "result").status == "error"
    assert verdict.error.startswith("fetch, case case0, check result: ExpressionError: ")
    assert verdict.points == 6


def test_a_world_that_fails_is_an_error_in_its_own_case_only(graded: Graded, build: Any) -> None:
    verdict = graded(ZeroDivisionError("world.py"), build.good)
    assert verdict.status == "error"
    assert {check.status for check in verdict.checks if check.case == "case0"} == {"error"}
    assert {check.status for check in verdict.checks if check.case == "case1"} == {"passed"}
    assert verdict.error == "fetch, case case0: ZeroDivisionError: world.py"


def test_what_was_reported_stands_in_the_verdict(graded: Graded, build: Any) -> None:
    facts = Facts(never_awaited=(Place("get", 5),))
    verdict = graded(build.played(build.row(), result="x", facts=facts))
    assert result_of(verdict, "hygiene").rationale == "get(...) in line 5 was called and never awaited"


def test_a_crash_passes_nothing_that_needs_a_return(graded: Graded, build: Any) -> None:
    verdict = graded(build.played(build.row(), outcome=Outcome("raised")))
    assert {check.id for check in verdict.checks if check.points} == {"calls", "hygiene"}
