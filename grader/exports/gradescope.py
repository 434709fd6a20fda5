"""Gradescope's `results.json` (gradescope-autograders.readthedocs.io, "Specifications"): valid at every stage of grading.

Points stand at visible tests only, one for each check over all of its cases: Gradescope hides the total where a test with
points is hidden, and a check that failed only in hidden cases must not look as if it had passed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grader.exports.checked import checked, hidden
from grader.exports.sheet import Row
from grader.verdict import Verdict

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]
WIDTH = 88

_STOPPED = "not graded yet: the grader was stopped before it was done with this; submit again, or tell your instructor"
_MISSING = "no file was found for this; name it {file}, and submit again"
_ERROR = "not marked: the grader itself failed. This is not your fault and costs you nothing; tell your instructor"

Test = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """An exercise of a submission. Without a verdict it is `handed` in and not graded yet, or was not handed in at all, or the
    grader failed with `error` before there was one, or it was `refused`, with the reason.

    `points` is what counts, where that is not what the verdict says; `file` is how the learner's file has to be called.
    """

    exercise: str
    max_points: float
    verdict: Verdict | None = None
    handed: bool = True
    points: float | None = None
    file: str = "as the stub is"
    comment: str = ""
    error: str = ""
    refused: str = ""


def of_row(row: Row) -> Work:
    return Work(
        row.exercise,
        row.max_points,
        row.verdict,
        handed=row.standing != "missing",
        points=row.adjusted,
        comment=row.comment,
        refused=row.comment if row.standing == "missing" and not row.by_hand else "",
    )


def results(
    works: Sequence[Work],
    *,
    hidden_cases: Visibility = "hidden",
    note: str = "",
    extra: Mapping[str, object] | None = None,
) -> bytes:
    """The document. `hidden_cases` says who sees what was found in hidden cases; `note` stands above the feedback."""
    tests = [test for at, work in enumerate(works, 1) for test in _tests(at, work, hidden_cases)]
    document = {
        "score": _rounded(sum(map(_points, works))),
        "output": "\n\n".join([*filter(None, [note]), *filter(None, map(_feedback, works))]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"grader": {**(extra or {}), "exercises": [_facts(work) for work in works]}},
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1).encode()


def _points(work: Work) -> float:
    """What counts: where a score was set by hand, that, whatever became of the file."""
    if work.points is not None:
        return work.points
    return 0.0 if work.verdict is None or work.verdict.status == "error" else work.verdict.points


def _rounded(value: float) -> float:
    return round(value, 4)


def _feedback(work: Work) -> str:
    """As in the terminal, with the timelines; made from what a learner may see."""
    from grader.feedback.text import render

    if work.verdict is None:
        return work.comment
    told = render(work.verdict, width=WIDTH, colour=False, ascii_only=False)
    return f"{told}\n{work.comment}\n" if work.comment else told


def _facts(work: Work) -> dict[str, object]:
    """For whoever looks into a submission's data: how it was graded, and what shows in no test."""
    verdict = work.verdict
    if verdict is None:
        status = "error" if work.error else "not graded" if work.handed else "refused" if work.refused else "missing"
        return {"exercise": work.exercise, "status": status}
    return {
        "exercise": work.exercise,
        "status": verdict.status,
        "seed": verdict.seed,
        "isolation": verdict.isolation,
        "misconception": verdict.misconception,
        "versions": {"grader": verdict.versions.grader, "course": verdict.versions.course},
    }


def _tests(at: int, work: Work, hidden_cases: Visibility) -> Iterable[Test]:
    if work.error or (work.verdict is not None and work.verdict.status == "error"):
        return [_whole(at, work, _ERROR), *_for_instructors(at, work, hidden_cases)]
    if work.verdict is None:
        said = _STOPPED if work.handed else _MISSING.format(file=work.file)
        return [_whole(at, work, work.refused or said)]
    return [*_checks(at, work, work.verdict), *_for_instructors(at, work, hidden_cases)]


def _whole(at: int, work: Work, said: str) -> Test:
    """The exercise in one line. It has no status: nothing failed that was not tried."""
    return {
        "number": str(at),
        "name": work.exercise,
        "score": _rounded(_points(work)),
        "max_score": _rounded(work.max_points),
        "output": said,
        "visibility": "visible",
    }


def _checks(at: int, work: Work, verdict: Verdict) -> Iterable[Test]:
    for number, one in enumerate(checked(verdict), 1):
        test: Test = {
            "number": f"{at}.{number}",
            "name": f"{work.exercise}: {one.name}",
            "score": _rounded(one.points),
            "max_score": _rounded(one.max_points),
            "output": one.told,
            "visibility": "visible",
            "tags": [work.exercise, one.entry],
        }
        # Gradescope knows passed and failed; a fault of the grader's own is neither.
        yield test if one.result == "error" else test | {"status": one.result}


def _for_instructors(at: int, work: Work, visibility: Visibility) -> Iterable[Test]:
    """What was found in hidden cases, without points; and the grader's own fault in its own words, which only they see."""
    for number, one in enumerate(hidden(work.verdict) if work.verdict else (), 1):
        test: Test = {
            "number": f"{at}.h{number}",
            "name": f"{work.exercise}: {one.name}",
            "output": one.told,
            "visibility": visibility,
        }
        yield test if one.result == "error" else test | {"status": one.result}
    error = work.verdict.error if work.verdict else work.error
    if error:
        yield {
            "number": f"{at}.e",
            "name": f"{work.exercise}: what failed",
            "output": error,
            "visibility": "hidden",
        }
