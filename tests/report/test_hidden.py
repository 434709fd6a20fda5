"""A hidden case's values reach no learner, whatever the way."""

from collections.abc import Callable

import msgspec
import pytest

from grader.feedback.grades import Column, Line, grades
from grader.feedback.text import render
from grader.verdict import Bar, CaseReport, Fault, Timeline, Verdict, encode, for_learner
from tests.report.conftest import verdict, written

SECRET = "k7hsecret"


def hiding(verdict: Verdict, outcome: str) -> Verdict:
    """`verdict` with every case hidden, and the secret in all that may depend on a case's values."""
    bar = Bar(operation="get", key=SECRET, start=0, end=1, line=1, outcome="ok")
    cases = tuple(
        CaseReport(
            entry=case.entry,
            case=case.case,
            hidden=True,
            passed=False,
            call=SECRET,
            outcome=outcome,
            fault=Fault(title=SECRET, detail=SECRET, line=1, source_line=SECRET),
            timeline=Timeline(bars=(bar,)),
            possible=Timeline(bars=(bar,)),
            output=SECRET,
        )
        for case in verdict.cases
    )
    checks = tuple(
        msgspec.structs.replace(check, hidden=True, status="failed", rationale=SECRET) for check in verdict.checks
    )
    return msgspec.structs.replace(
        verdict, status="failed", cases=cases, checks=checks, timeline=(bar,), explanation=None, error=SECRET
    )


def as_json(verdict: Verdict) -> str:
    return encode(for_learner(verdict)).decode()


def as_text(verdict: Verdict) -> str:
    return render(verdict, width=100, colour=False, ascii_only=False)


def as_report(verdict: Verdict) -> str:
    """Every file of it, the class's as well as the learner's."""
    line = Line("ann", verdict.exercise, "ann/a.py", "ab" * 32, verdict)
    files = written(grades("c", [Column(verdict.exercise, "t", 10)], ["ann"], [line]))
    assert len([name for name in files if name.endswith(".html")]) >= 4
    return "\n".join(files.values())


@pytest.mark.parametrize("outcome", ["raised", "import", "deadlock", "busy_loop", "virtual_limit", "result", "died"])
@pytest.mark.parametrize("way", [as_json, as_text, as_report])
def test_nothing_of_a_hidden_case_is_shown(way: Callable[[Verdict], str], outcome: str) -> None:
    found = way(hiding(verdict("sequential"), outcome))
    assert SECRET not in found


@pytest.mark.parametrize("way", [as_json, as_text, as_report])
def test_nothing_of_a_hidden_case_is_shown_where_the_grader_failed(way: Callable[[Verdict], str]) -> None:
    failed = msgspec.structs.replace(hiding(verdict("sequential"), "raised"), status="error")
    assert SECRET not in way(failed)
