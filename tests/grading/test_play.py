"""Playing the cases: one after the other, once more after a time-out, and what goes wrong on our side."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from grader.errors import UsageError
from grader.referee.outcome import Outcome
from grader.verdict import Verdict

Graded = Callable[..., Verdict]


def run(graded: Graded, build: Any, *answers: Any, cases: int) -> tuple[Verdict, Any]:
    script = build.script(*answers)
    names = tuple(build.case(f"case{number}") for number in range(cases))
    return graded(script=script, cases=names), script


def test_one_submission_plays_all_cases(graded: Graded, build: Any) -> None:
    _, script = run(graded, build, build.good, build.good, build.good, cases=3)
    assert script.opened == 1
    assert [case.name for case in script.asked] == ["case0", "case1", "case2"]


def test_what_is_played_next_is_told_but_no_hidden_case_while_one_is_played_that_is_shown(
    graded: Graded, build: Any
) -> None:
    script = build.script(build.good)
    graded(script=script, cases=tuple(build.case(name, hidden=name > "b") for name in "abcd"))
    assert [[case.name for case in then] for then in script.then] == [["b"], [], ["d"], []]


def test_a_time_out_is_tried_once_more_afresh(graded: Graded, build: Any) -> None:
    late = build.played(outcome=Outcome("time_out"), returned=None)
    verdict, script = run(graded, build, late, build.good, build.good, cases=2)
    assert (verdict.status, script.opened) == ("passed", 2)
    assert [case.name for case in script.asked] == ["case0", "case0", "case1"]


def test_a_second_time_out_stands_and_is_failed(graded: Graded, build: Any) -> None:
    late = build.played(outcome=Outcome("time_out"), returned=None)
    verdict, script = run(graded, build, late, late, cases=1)
    assert verdict.status == "failed"
    assert [case.outcome for case in verdict.cases] == ["time_out"]
    assert [case.name for case in script.asked] == ["case0", "case0"]


def test_who_tries_it_again_elsewhere_does_not_wait_for_a_second_time_out_here(graded: Graded, build: Any) -> None:
    late = build.played(outcome=Outcome("time_out"), returned=None)
    script = build.script(late, build.good)
    verdict = graded(script=script, cases=(build.case("case0"), build.case("case1")), patient=False)
    assert (verdict.status, script.opened) == ("failed", 1)
    assert [case.name for case in script.asked] == ["case0"]


def test_what_waited_for_something_of_its_own_would_only_do_so_again(graded: Graded, build: Any) -> None:
    late = build.played(outcome=Outcome("time_out", at_rest=True), returned=None)
    verdict, script = run(graded, build, late, build.good, cases=1)
    assert [case.name for case in script.asked] == ["case0"]
    assert verdict.cases[0].at_rest is True


TWO = {name: {"args": [], "checks": [{"kind": "result", "id": "result", "points": 5, "result": 1}]} for name in "ab"}


@pytest.mark.parametrize(
    ("kind", "entered", "asked"),
    [
        ("time_out", False, ["a"]),
        ("import_time_out", False, ["a"]),
        ("time_out", True, ["a", "b"]),
        ("died", False, ["a", "b"]),
    ],
)
def test_an_import_that_met_the_wall_limit_counts_for_each_entry(
    graded: Graded, build: Any, kind: Any, entered: bool, asked: list[str]
) -> None:
    late = msgspec.structs.replace(build.played(outcome=Outcome(kind, at_rest=True), returned=None), entered=entered)
    script = build.script(late)
    cases = tuple(build.case(entry=entry) for entry in "ab")
    verdict = graded(script=script, cases=cases, exercise=build.exercise(entries=TWO))
    assert [case.entry for case in script.asked] == asked
    assert [(case.entry, case.outcome) for case in verdict.cases] == [("a", kind), ("b", kind)]
    assert (verdict.points, verdict.max_points) == (0, 10)


def test_in_process_nobody_waits_for_a_second_time_out(graded: Graded, build: Any) -> None:
    class Here(build.script):  # type: ignore[misc]
        isolation = "in-process"

    late = build.played(outcome=Outcome("time_out"), returned=None)
    script = Here(late, build.good)
    graded(script=script, cases=(build.case("case0"), build.case("case1")))
    assert [case.name for case in script.asked] == ["case0"]


@pytest.mark.parametrize("kind", ["busy_loop", "livelock", "virtual_limit", "died"])
def test_an_entry_that_had_to_be_stopped_is_played_no_further(graded: Graded, build: Any, kind: Any) -> None:
    stopped = build.played(outcome=Outcome(kind), returned=None)
    verdict, script = run(graded, build, stopped, build.good, cases=3)
    assert [case.name for case in script.asked] == ["case0"]
    assert (verdict.status, verdict.points) == ("failed", 0)


def test_a_submission_that_cannot_be_opened_is_our_fault(graded: Graded, build: Any) -> None:
    class Closed(build.script):  # type: ignore[misc]
        def open(self) -> Any:
            raise OSError("no more processes")

    verdict = graded(script=Closed(), cases=(build.case(),))
    assert (verdict.status, verdict.error) == ("error", "fetch, case seen: OSError: no more processes")


def test_what_the_caller_asked_for_wrongly_is_no_verdict(graded: Graded) -> None:
    with pytest.raises(UsageError, match="no such isolation"):
        graded(UsageError("no such isolation"))


def test_expressions_see_what_the_world_gives(graded: Graded, build: Any) -> None:
    checks = [{"kind": "result", "id": "result", "points": 1, "result": "=given"}]
    exercise = build.exercise(entries={"fetch": {"args": [], "checks": checks}})
    played = build.played(build.row(), result=[3], gives={"given": [3]})
    assert graded(played, exercise=exercise).points == 1
