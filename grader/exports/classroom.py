"""What GitHub Classroom's reporter reads of a step: base64 of JSON in `<RUNNER>_RESULTS`.

The shape is that of education/autograding-grading-reporter: the scores of the tests are summed over all runners, and the run
fails where a runner's status is `fail` or `error`.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any

from grader.exports.checked import RULED, beyond, checked
from grader.exports.sheet import Row
from grader.verdict import Verdict

VERSION = 1
_MISSING = "nothing was handed in; write your solution into {file}, commit and push"
_ERROR = "not marked: the grader itself failed. This is not your fault; tell your instructor"

Payload = dict[str, Any]


def payload(verdict: Verdict) -> Payload:
    """Of one graded exercise; tests that come to no result of their own are the whole exercise."""
    if verdict.status == "error":
        return unmarked(verdict.exercise, verdict.max_points, _ERROR)
    tests = [
        _test(f"{verdict.exercise}: {one.name}", _STATUS[one.result], one.points, one.told) for one in checked(verdict)
    ]
    status = "pass" if verdict.status == "passed" else "fail"
    return _payload(status, verdict.max_points, tests)


_STATUS = {"passed": "pass", "failed": "fail", "error": "error"}


def unmarked(exercise: str, max_points: float, why: str) -> Payload:
    """Of an exercise that could not be graded: never a learner's fail."""
    return _payload("error", max_points, [_test(exercise, "error", 0.0, why)])


def missing(exercise: str, max_points: float, file: str = "the stub") -> Payload:
    return refused(exercise, max_points, _MISSING.format(file=file))


def refused(exercise: str, max_points: float, why: str) -> Payload:
    """Of work that is there and cannot be taken, or is not there."""
    return _payload("fail", max_points, [_test(exercise, "fail", 0.0, why)])


def of_rows(rows: Sequence[Row]) -> Payload:
    """All of a learner's exercises as one runner's result."""
    parts = [_of_row(row) for row in rows]
    statuses = {part["status"] for part in parts}
    worst = next((status for status in ("error", "fail") if status in statuses), "pass")
    return _payload(worst, sum(row.max_points for row in rows), [test for part in parts for test in part["tests"]])


def _of_row(row: Row) -> Payload:
    """The reporter sums the tests, so what the course's rules or a hand took or gave is a test as well."""
    made = payload(row.verdict) if row.verdict else _without_a_verdict(row)
    scores = [test["score"] for test in made["tests"]]
    if ruled := beyond(row.adjusted, scores):
        made["tests"].append(_test(f"{row.exercise}: {RULED}", "pass", ruled, row.comment))
    else:  # what rounding left goes where it shows least, for the sum is what counts
        most = max(made["tests"], key=lambda test: float(test["score"]))
        most["score"] = round(most["score"] + (row.adjusted or 0.0) - sum(scores), 9)
    return made


def _without_a_verdict(row: Row) -> Payload:
    if row.comment and not row.by_hand:
        return refused(row.exercise, row.max_points, row.comment)
    return missing(row.exercise, row.max_points)


def _payload(status: str, max_points: float, tests: list[Payload]) -> Payload:
    return {"version": VERSION, "status": status, "max_score": round(max_points, 4), "tests": tests}


def _test(name: str, status: str, score: float, message: str) -> Payload:
    return {"name": name, "status": status, "score": round(score, 4), "message": message}


def variable(runner: str) -> str:
    """The environment variable in which the reporter looks for a runner's result."""
    return f"{runner.upper()}_RESULTS"


def encoded(result: Payload) -> str:
    return base64.b64encode(json.dumps(result, ensure_ascii=False, allow_nan=False).encode()).decode("ascii")
