"""A verdict by its checks, each over all of its cases: what a row of somebody else's report is made from.

Nothing here tells a hidden case's values but `hidden`, which is for the instructor alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from grader.verdict import CheckResult, Verdict, for_learner

Result = Literal["passed", "failed", "error"]


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of one entry. `passed`: it held in every case, and earned what it can; `told` is for the learner."""

    entry: str
    id: str
    result: Result
    points: float
    max_points: float
    told: str

    @property
    def name(self) -> str:
        return f"{self.entry}: {self.id}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """One check over the hidden cases, with what was observed in those where it did not hold."""

    name: str
    result: Result
    told: str


RULED = "by the rules of the course, or by hand"


def beyond(counts: float | None, given: Iterable[float]) -> float:
    """What rules or a person made of the points that were `given`, to four digits; what rounding left is 0."""
    points = list(given)
    left = (counts or 0.0) - sum(points)
    return 0.0 if abs(left) <= 1e-4 * (len(points) + 1) else round(left, 4)


def checked(verdict: Verdict) -> tuple[Checked, ...]:
    """In the verdict's order; no check where nothing could be run."""
    groups: dict[tuple[str, str], list[CheckResult]] = {}
    for check in for_learner(verdict).checks:
        groups.setdefault((check.entry, check.id), []).append(check)
    return tuple(_checked(results) for results in groups.values())


def _checked(results: list[CheckResult]) -> Checked:
    points = sum(check.points for check in results)
    most = sum(check.max_points for check in results)
    shown = [check for check in results if check.status != "passed"] or [check for check in results if check.rationale]
    shown.sort(key=lambda check: check.hidden)  # what may be shown tells more
    told = _told(shown[0], len({check.case for check in shown}), len(results)) if shown else ""
    return Checked(results[0].entry, results[0].id, _result(results, points, most), points, most, told)


def _result(results: list[CheckResult], points: float, most: float) -> Result:
    if any(check.status == "error" for check in results):
        return "error"
    held = all(check.status == "passed" for check in results) and points >= most - 1e-9
    return "passed" if held else "failed"


def _told(check: CheckResult, failed: int, cases: int) -> str:
    if check.status == "error":
        return "This could not be checked; that is the grader's own fault, and not yours."
    where = f" ({failed} of {cases} cases)" if cases > 1 and check.status == "failed" else ""
    said = f"Not yet {check.rationale}" if check.hidden and check.rationale else check.rationale
    return "\n".join(filter(None, [said + where, check.help]))


def hidden(verdict: Verdict) -> tuple[Hidden, ...]:
    """What was found in hidden cases; never for a learner."""
    groups: dict[tuple[str, str], list[CheckResult]] = {}
    for check in verdict.checks:
        if check.hidden:
            groups.setdefault((check.entry, check.id), []).append(check)
    return tuple(_hidden(f"{entry}: {id_}", results) for (entry, id_), results in groups.items())


def _hidden(name: str, results: list[CheckResult]) -> Hidden:
    statuses = {check.status for check in results}
    worst: Result = "error" if "error" in statuses else "failed" if "failed" in statuses else "passed"
    told = [f"{check.case}: {check.rationale or check.status}" for check in results if check.status != "passed"]
    return Hidden(f"{name}, in {len(results)} hidden cases", worst, "\n".join(told))


def summary(verdict: Verdict) -> str:
    """A verdict in a few plain lines, for a cell or a comment: the points, what is not yet right, the likely reason."""
    from grader.feedback.characters import visible
    from grader.feedback.message import compose

    message = compose(verdict)
    if message.status == "error":
        return "Not marked: the grader itself failed. This costs nothing."
    names = [f"{one.entry}: {one.id}" for one in checked(verdict) if one.result != "passed"]
    lines = [f"{_number(verdict.points)} of {_number(verdict.max_points)} points."]
    if message.fault is not None:
        line = f" ({message.place_of(message.fault)})" if message.fault.line is not None else ""
        lines.append(f"{message.fault.title}{line}.")
    elif names:
        lines.append(f"Not yet: {', '.join(names)}.")
    lines += [f"Likely reason: {message.reason}"] if message.reason else []
    return "\n".join(visible(line) for line in lines)


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
