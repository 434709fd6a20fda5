"""Warnings: what is seen, and said under a heading of its own, and costs nothing."""

from typing import Any

from grader.feedback.markup import joined
from grader.feedback.message import compose
from grader.feedback.text import render
from grader.grading import grade
from grader.report.feedback import feedback
from grader.verdict import Verdict
from tests.adopted import ALONE, adopted

HEADING = "Worth a look, and costs no points"
WARNS = {
    "kind": "source",
    "id": "no-sort",
    "level": "warn",
    "source": {"forbid": ["call:sorted"]},
    "help": "They come in order by themselves.",
}
SORTS = "async def main():\n    return sorted([{}])\n"


def graded(program: str, *, level: str = "warn", **entries: Any) -> Verdict:
    checks = [{"kind": "result", "id": "check", "points": 10, "result": [1]}, {**WARNS, "level": level}]
    return grade(adopted(**{**ALONE, "entries": {"main": {"args": [], "checks": checks}, **entries}}), program)


def text(verdict: Verdict) -> list[str]:
    return render(verdict, width=120, colour=False, ascii_only=True).splitlines()


def test_with_full_marks_a_warning_is_not_called_not_yet_right() -> None:
    verdict = graded(SORTS.format(1))
    assert (verdict.points, verdict.status) == (10, "passed")
    assert text(verdict) == [
        "fetch-all: 10 of 10 points",
        "  Everything that gives points is there.",
        "",
        f"  {HEADING}:",
        "  in main:",
        "    no-sort  line 2: a call of `sorted` stands there; the exercise asks you to do without",
        "             They come in order by themselves.",
    ]


def test_a_warning_stands_below_what_is_not_yet_right() -> None:
    lines = text(graded(SORTS.format(2)))
    at = lines.index("  Not yet right:")
    assert lines[at : at + 6] == [
        "  Not yet right:",
        "    check  your function returned [2]; [1] is asked for",
        "",
        f"  {HEADING}:",
        "    no-sort  line 2: a call of `sorted` stands there; the exercise asks you to do without",
        "             They come in order by themselves.",
    ]


def test_a_check_that_fails_without_points_is_not_yet_right_and_no_warning() -> None:
    message = compose(graded(SORTS.format(1), level="fail"))
    assert [item.ids for item in message.not_yet] == [("no-sort",)]
    assert message.warnings == ()


def test_what_was_stopped_or_never_ran_is_told_without_warnings() -> None:
    for program in (SORTS.format("1 / 0"), "sorted([])\n"):
        message = compose(graded(program))
        assert (message.fault is not None, message.warnings) == (True, ())


def test_a_page_has_the_same_heading() -> None:
    for program, headings in ((SORTS.format(1), [HEADING]), (SORTS.format(2), ["Not yet right", HEADING])):
        page = str(joined(*feedback(compose(graded(program)))))
        found = [part.partition("</h3>")[0] for part in page.split("<h3>")[1:]]
        assert found[: len(headings)] == headings


def test_a_warning_changes_no_points_of_any_check() -> None:
    with_it, without = graded(SORTS.format(1)), graded("async def main():\n    return [1]\n")
    assert [(check.id, check.status, check.points) for check in with_it.checks] == [
        (check.id, check.status, check.points) for check in without.checks
    ]
    assert compose(without).warnings == ()
