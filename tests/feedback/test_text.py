"""The feedback as a terminal shows it, pinned whole: renderings/NAME.COLUMNS.txt, and .ascii.txt."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader.feedback.characters import columns
from grader.feedback.text import render
from grader.verdict import Fault, Verdict

Named = Callable[[str], Verdict]

HERE = Path(__file__).parent
RENDERINGS = sorted(path.name for path in (HERE / "renderings").iterdir())
VERDICTS = sorted(path.stem for path in (HERE / "verdicts").iterdir())


def text(verdict: Verdict, width: int = 80, *, ascii_only: bool = False, hints: int = 1) -> str:
    return render(verdict, width=width, colour=False, ascii_only=ascii_only, hints=hints)


def one_entry_stopped(found: Verdict) -> Verdict:
    """The same verdict, where the entry that was not shown waits for ever."""
    first, *rest = found.cases
    fault = Fault(
        title="your program waits for something that can never come",
        detail="`one_after_the_other` waits in line 11",
        line=11,
        source_line="    x = await never",
    )
    stopped = msgspec.structs.replace(first, passed=False, outcome="deadlock", fault=fault)
    told = msgspec.structs.replace(found.checks[0], status="failed", rationale="it never returned")
    return msgspec.structs.replace(found, cases=(stopped, *rest), checks=(told, *found.checks[1:]))


@pytest.mark.parametrize("name", RENDERINGS)
def test_a_verdict_is_rendered_as_pinned(name: str, verdict: Named) -> None:
    kind, width, *rest = name.split(".")
    drawn = text(verdict(kind), int(width), ascii_only="ascii" in rest)
    assert drawn == (HERE / "renderings" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", VERDICTS)
def test_every_verdict_has_a_pinned_rendering(kind: str) -> None:
    assert f"{kind}.80.txt" in RENDERINGS


@pytest.mark.parametrize("width", [1, 40, 41, 59, 60, 79, 80, 120, 200])
@pytest.mark.parametrize("kind", VERDICTS)
def test_no_line_is_too_wide_or_ends_in_a_space(kind: str, width: int, verdict: Named) -> None:
    for line in text(verdict(kind), width).splitlines():
        assert columns(line) <= max(width, 40) or "https://" in line
        assert line == line.rstrip()


@pytest.mark.parametrize("kind", VERDICTS)
def test_ascii_only_is_ascii_only(kind: str, verdict: Named) -> None:
    assert text(verdict(kind), ascii_only=True).isascii()


@pytest.mark.parametrize("kind", VERDICTS)
def test_without_colour_there_is_no_escape_sequence(kind: str, verdict: Named) -> None:
    assert "\x1b" not in text(verdict(kind))


def test_colour_changes_nothing_but_colour(verdict: Named) -> None:
    import re

    coloured = render(verdict("everything-marked"), width=80, colour=True, ascii_only=False)
    assert "\x1b[" in coloured
    plain = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == text(verdict("everything-marked")).splitlines()


def test_what_a_learner_prints_cannot_steer_the_terminal(verdict: Named) -> None:
    drawn = text(verdict("non-ascii"))
    assert r"\x1b]0;owned\x07\x1b[2J" in drawn
    assert not set(drawn) & set("\x07\x1b\r\u202e")


def test_no_value_of_a_hidden_case_is_shown(verdict: Named) -> None:
    drawn = text(verdict("hidden-case"), hints=3)
    assert "hidden case drawn: its values are not shown" in drawn
    assert "ab12" not in drawn
    assert "zq17" not in drawn
    assert "4.5" not in drawn


def test_more_hints_are_shown_on_request(verdict: Named) -> None:
    drawn = text(verdict("sequential"), hints=3)
    assert [line[2:10] for line in drawn.splitlines() if line.startswith("  Hint")] == [
        "Hint 1 o",
        "Hint 2 o",
        "Hint 3 o",
    ]
    assert "For the next" not in drawn


def test_no_hint_is_shown_when_none_is_wanted(verdict: Named) -> None:
    assert "Hint" not in text(verdict("sequential"), hints=0)


def test_full_marks_say_how_many_cases_were_not_run_here(verdict: Named) -> None:
    passed = verdict("passed")
    assert "5 more cases are run when it is marked." in text(passed)
    one = msgspec.structs.replace(passed, hidden_cases_left_out=1)
    assert "1 more case is run when it is marked." in text(one)
    none = msgspec.structs.replace(passed, hidden_cases_left_out=0)
    assert "more case" not in text(none)


def test_full_marks_still_show_what_is_not_yet_right(verdict: Named) -> None:
    found = msgspec.structs.replace(verdict("everything-marked"), status="passed", points=10.0)
    lines = text(found).splitlines()
    assert lines[:2] == ["say-after: 10 of 10 points", "  Everything that gives points is there."]
    assert lines[4:6] == [
        "  Not yet right:",
        "    idle  log(visit) was still running when your function returned at 4 s",
    ]


def test_long_output_keeps_its_ends(verdict: Named) -> None:
    crash = verdict("crash")
    case = msgspec.structs.replace(crash.cases[0], output="".join(f"row {n}\n" for n in range(50)), output_cut=True)
    drawn = text(msgspec.structs.replace(crash, cases=(case,)))
    assert "    row 9\n    ... 30 more lines\n    row 40\n" in drawn
    assert drawn.endswith("    row 49\n    ... and more, which was cut off\n")


def test_after_a_crash_the_learners_line_stands_above_all_else(verdict: Named) -> None:
    lines = [line.strip() for line in text(verdict("crash")).splitlines() if line]
    assert lines[1] == "AttributeError: 'NoneType' object has no attribute 'readline'"
    assert lines[2] == "line 7: line = await proc.stdout.readline()"


def test_an_entry_that_was_stopped_stands_above_the_checks_of_the_one_that_is_shown(verdict: Named) -> None:
    lines = text(one_entry_stopped(verdict("sequential"))).splitlines()
    assert lines[2:6] == [
        "  in one_after_the_other: your program waits for something that can never come",
        "    line 11: x = await never",
        "  `one_after_the_other` waits in line 11",
        "",
    ]
    assert lines[6] == "  together, case as-documented"
    assert sum("one_after_the_other" in line for line in lines) == 2


@pytest.mark.parametrize("outcome", ["missing", "wrong_kind"])
def test_a_function_that_is_not_there_is_a_line_beside_one_that_was_stopped(verdict: Named, outcome: str) -> None:
    found = one_entry_stopped(verdict("sequential"))
    first, *rest = found.cases
    missing = msgspec.structs.replace(first, outcome=outcome, fault=Fault(title="there is no `one_after_the_other`"))
    fault = Fault(title="your function raised ZeroDivisionError", detail="")
    stopped = [msgspec.structs.replace(one, passed=False, outcome="raised", fault=fault) for one in rest]
    found = msgspec.structs.replace(found, cases=(missing, *stopped), explanation=None, misconception=None)
    lines = [line.strip() for line in text(found).splitlines()]
    assert lines[2] == "your function raised ZeroDivisionError"
    assert lines.count("there is no `one_after_the_other`") == 1


def test_when_nothing_could_be_run_no_check_is_held_up_to_the_learner(verdict: Named) -> None:
    drawn = text(verdict("syntax-error"))
    assert "Not yet" not in drawn
    assert "possible" not in drawn


def test_checks_that_say_the_same_are_said_once(verdict: Named) -> None:
    found = verdict("sequential")
    checks = tuple(
        msgspec.structs.replace(check, rationale="it was not there") if check.status == "failed" else check
        for check in found.checks
    )
    drawn = text(msgspec.structs.replace(found, checks=checks))
    assert "    parallel, time  it was not there (2 of 2 cases)\n" in drawn


def test_the_graders_own_fault_is_not_the_learners(verdict: Named) -> None:
    assert "This is the grader's own fault, not yours, and costs you nothing." in text(verdict("own-fault"))


def test_a_long_source_line_is_cut_and_never_broken(verdict: Named) -> None:
    found = verdict("sequential")
    fault = Fault(title="your function raised ValueError", line=3, source_line="return " + "x" * 200)
    cases = tuple(msgspec.structs.replace(case, fault=None if case.passed else fault) for case in found.cases)
    drawn = text(msgspec.structs.replace(found, cases=cases))
    [line] = [line for line in drawn.splitlines() if "xxx" in line]
    assert line.startswith("    line 3: return xxx")
    assert line.endswith("x\N{HORIZONTAL ELLIPSIS}")


def test_what_holds_and_lost_its_points_says_why(verdict: Named) -> None:
    found = verdict("sequential")
    reason = "this holds, and earns its points as soon as `time` holds as well"
    first = next(check for check in found.checks if check.status == "passed" and check.entry == "together")
    checks = tuple(
        msgspec.structs.replace(check, points=0, rationale=reason)
        if (check.entry, check.id) == (first.entry, first.id)
        else check
        for check in found.checks
    )
    drawn = " ".join(text(msgspec.structs.replace(found, checks=checks)).split())
    assert f"{first.id} {reason} " in drawn
    assert f"{reason} (" not in drawn
