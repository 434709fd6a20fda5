"""What a verdict tells of a case: the call, the timeline, what is possible, what was printed; and what a learner sees."""

from collections.abc import Callable
from typing import Any

import pytest

from grader import __version__
from grader.grading.recorded import Recorded
from grader.grading.seeds import seed_of
from grader.referee.facts import Blocked, Facts, Place, Read, Waiting
from grader.referee.outcome import Failure, Outcome
from grader.ticks import to_ticks
from grader.verdict import FORMAT, Bar, Timeline, Verdict, for_learner

Graded = Callable[..., Verdict]


def bar(key: Any, start: float, end: float | None, outcome: str, line: int | None = 4, operation: str = "get") -> Bar:
    return Bar(operation=operation, key=key, start=start, end=end, line=line, outcome=outcome)


def test_the_call_names_operations_and_shows_values(graded: Graded, build: Any) -> None:
    assert graded(build.good).cases[0].call == "fetch(get, 'x', 2)"


def test_a_long_argument_is_cut(graded: Graded, build: Any) -> None:
    verdict = graded(build.good, cases=(build.case(a="x" * 100),))
    assert verdict.cases[0].call == "fetch(get, '" + "x" * 36 + "..., 2)"


def test_what_is_no_plain_data_stands_by_its_expression(graded: Graded, build: Any) -> None:
    entry = {**build.file["entries"]["fetch"], "args": ["=sessions[0]"]}
    assert graded(build.good, exercise=build.exercise(entries={"fetch": entry})).cases[0].call == "fetch(sessions[0])"


def test_the_timeline_has_every_operation_as_it_stood_at_the_return(graded: Graded, build: Any) -> None:
    late = to_ticks(2)
    verdict = graded(
        build.played(
            build.row(key="a"),
            build.row(key="b", begun=3, end=late, ended=11, outcome="cancelled", cancelled_at=late),
            build.row(key="c", begun=4, ended=5, outcome="error", error="E"),
            build.row(key="d", start=late, begun=10, end=late, ended=12),
        )
    )
    assert verdict.cases[0].timeline == Timeline(
        bars=(
            bar("a", 0, 1, "ok"),
            bar("b", 0, None, "running"),
            bar("c", 0, 1, "error"),
            bar("d", 2, 2, "after"),
        ),
        returned=1,
    )


@pytest.mark.parametrize(
    ("fails", "never_awaited", "note"),
    [
        (
            "deadlock",
            (Place("Queue.put", 3),),
            "Queue.put(...) in line 3 was called and never awaited, so it did not run",
        ),
        (
            "deadlock",
            (Place("f.<locals>.g.<locals>.put", 3),),
            "put(...) in line 3 was called and never awaited, so it did not run",
        ),
        ("deadlock", (), None),
        ("result", (Place("sleep", 4),), None),  # the check on hygiene names it
        ("no check", (Place("sleep", 4),), None),
    ],
)
def test_what_was_never_awaited_is_named_where_nothing_else_does(
    graded: Graded, build: Any, fails: str, never_awaited: tuple[Place, ...], note: str | None
) -> None:
    facts = Facts(never_awaited=never_awaited, waiting=(Waiting("Task-1", "fetch", 5, "an item from Queue 'q'"),))
    checks = build.file["entries"]["fetch"]["checks"][: 3 if fails == "no check" else 4]
    entry = {**build.file["entries"]["fetch"], "checks": checks}
    played = (
        build.played(outcome=Outcome("deadlock"), returned=None, facts=facts)
        if fails == "deadlock"
        else build.played(build.row(), result="x", facts=facts)
    )
    verdict = graded(played, exercise=build.exercise(entries={"fetch": entry}))
    assert verdict.cases[0].notes == ((note,) if note else ())


def test_what_an_exception_names_itself_is_not_named_twice(graded: Graded, build: Any) -> None:
    failure = Failure("TypeError", "'coroutine' object is not iterable", 5, bases=("TypeError", "Exception"))
    for line, notes in ((5, 0), (4, 1)):
        facts = Facts(never_awaited=(Place("get", line),))
        played = build.played(outcome=Outcome("raised", failure=failure), returned=1, facts=facts)
        assert len(graded(played).cases[0].notes) == notes


def test_reads_and_blocking_calls_are_drawn(graded: Graded, build: Any) -> None:
    facts = Facts(
        reads=(Read("readline", "top", to_ticks(0.5), to_ticks(1), 7), Read("readline", "top", to_ticks(1), None, 7)),
        blocked=(Blocked("time.sleep", 5, 0, to_ticks(2)),),
    )
    timeline = graded(build.played(build.row(key="a"), facts=facts)).cases[0].timeline
    assert timeline.bars == (
        bar("a", 0, 1, "ok"),
        bar("top", 0.5, 1, "ok", 7, "readline"),
        bar("top", 1, None, "running", 7, "readline"),
    )
    assert timeline.blocked == ((0, 2, "time.sleep", 5),)


def test_a_ticker_is_not_drawn(graded: Graded, build: Any) -> None:
    entry = {**build.file["entries"]["fetch"], "ticker": "tick"}
    exercise = build.exercise(entries={"fetch": entry})
    verdict = graded(build.played(build.row("tick", None), build.row()), exercise=exercise)
    assert [one.operation for one in verdict.timeline] == ["get"]


def test_what_is_possible_stands_beside_its_own_case(graded: Graded, build: Any) -> None:
    possible = Timeline(bars=(bar("x", 0, 1, "ok", None),), returned=1)
    verdict = graded(build.good, build.good, recorded=Recorded({"fetch/case1": possible}))
    assert [case.possible for case in verdict.cases] == [None, possible]


def test_what_was_printed_is_shown(graded: Graded, build: Any) -> None:
    case = graded(build.played(build.row(), facts=Facts(output="hi\n", output_cut=True))).cases[0]
    assert (case.output, case.output_cut) == ("hi\n", True)


def test_the_timeline_of_the_verdict_is_that_of_the_case_it_is_about(graded: Graded, build: Any) -> None:
    bad = build.played(build.row(key="bad"), result="y")
    assert [one.key for one in graded(build.good, bad).timeline] == ["bad"]
    assert [one.key for one in graded(build.good, build.good).timeline] == ["x"]


def test_the_misconception_is_named_with_the_run_that_shows_it(graded: Graded, build: Any) -> None:
    rules = [{"id": "other", "when": {"where": "=result == 'y'"}, "says": "Not y.", "example": "wrong/y.py"}]
    exercise = build.exercise(misconceptions=rules)
    wrong = build.played(build.row(), result="z"), build.played(build.row(), result="y")
    verdict = graded(build.good, *wrong, exercise=exercise)
    assert verdict.misconception == "other"
    assert verdict.explanation is not None
    assert (verdict.explanation.says, verdict.explanation.case) == ("Not y.", "case2")


def test_no_misconception_is_named_where_nothing_failed(graded: Graded, build: Any) -> None:
    exercise = build.exercise(misconceptions=[{"id": "any", "when": {}, "says": "", "example": ""}])
    assert graded(build.good, exercise=exercise).misconception is None


def test_hidden_cases_that_were_not_run_are_counted(graded: Graded, build: Any) -> None:
    recorded = Recorded(hidden_cases=5)
    hidden = build.case("secret", hidden=True)
    assert graded(build.good, recorded=recorded).hidden_cases_left_out == 5
    assert graded(build.good, cases=(hidden,), recorded=recorded).hidden_cases_left_out == 0


def test_a_learner_sees_nothing_of_a_hidden_cases_values(graded: Graded, build: Any) -> None:
    cases = build.case(), build.case("secret", hidden=True, a="treasure")
    bad = build.played(build.row(key="treasure"), result="treasure-map")
    verdict = graded(build.good, bad, cases=cases)
    shown = for_learner(verdict)
    assert "treasure" in repr(verdict)
    assert "treasure" not in repr(shown)
    assert shown.points == verdict.points


def test_the_versions_say_what_the_verdict_was_made_with(graded: Graded, build: Any) -> None:
    versions = graded(build.good).versions
    assert (versions.format, versions.grader, len(versions.course)) == (FORMAT, __version__, 12)


def test_practice_draws_from_the_slug_and_marks_from_slug_and_learner(build: Any) -> None:
    assert seed_of(build.exercise(), None) == "two-downloads"
    assert seed_of(build.exercise(), "ann") == "two-downloads/ann"
