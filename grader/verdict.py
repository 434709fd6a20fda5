"""The verdict: one submission, graded once; the record that every output is made from.

Complete for the instructor. What goes to a learner is `for_learner(verdict)`: no values and no timelines of hidden cases.
"""

from typing import Literal

import msgspec

FORMAT = 2  # since 2 there is `outcome`; a record of format 1 has it when it is read

Status = Literal["passed", "failed", "error"]


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check in one case. Points stand at the check's first case only: they are earned over all cases at once.

    `status` error is the grader's own fault. `rationale` is what was observed, `help` what to do; both empty when passed,
    but for a rationale that says why a check that passed earns nothing.
    """

    id: str
    kind: str
    entry: str
    case: str
    hidden: bool
    status: Status
    points: float
    max_points: float
    rationale: str = ""
    help: str = ""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One operation in a timeline; `start` and `end` in virtual seconds, `end` None if it never ended.

    `outcome`: ok, error, cancelled, running (at the return), after (it began when the entry had returned).
    """

    operation: str
    key: bool | int | float | str | None
    start: float
    end: float | None
    line: int | None
    outcome: str


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """What one case's run did. `returned` in virtual seconds, None if the entry never returned; `raised`: it did not return
    then, it raised; `blocked` are stretches [start, end] during which a blocking call held up everything, with name and line.
    """

    bars: tuple[Bar, ...] = ()
    returned: float | None = None
    raised: bool = False
    blocked: tuple[tuple[float, float, str, int | None], ...] = ()


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no result, in plain words, with the learner's own line; above all else in the feedback.

    `file`: the earlier file of theirs that the line is in; not there for a line of the one that is graded.
    """

    title: str
    detail: str = ""
    line: int | None = None
    source_line: str = ""
    file: str | msgspec.UnsetType = msgspec.UNSET


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """A code cell of a notebook: lines `first` to `last` are its own."""

    number: int
    first: int
    last: int


class LeftOut(msgspec.Struct, frozen=True, array_like=True):
    """A cell of a notebook without which the others were run, because it never ends, or ends the process; `why` says which."""

    number: int
    why: str


class CaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in one case: what happened, and what is possible (None where nothing was recorded for it).

    `notes`: what was refused on the way, where the program went on and came to another end, and coroutines that were
    never awaited. `at_rest` is there where it met the
    limit on real time and waited for something of its own, so that the machine was not the reason.
    """

    entry: str
    case: str
    hidden: bool
    passed: bool
    call: str = ""
    outcome: str = "result"
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    elapsed: float | None = None
    timeline: Timeline = Timeline()
    possible: Timeline | None = None
    output: str = ""
    output_cut: bool = False
    at_rest: bool | msgspec.UnsetType = msgspec.UNSET


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    grader: str
    python: str
    course: str


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """The same with the learner's own earlier files in place of those that the exercise provides: it gives no points.

    `passed` is None where it came to its end, and too little can be seen there to say that it is right. `outcome` is that of
    the first case that did not pass, else of the first; `says` is one sentence for the learner.
    """

    passed: bool | None
    outcome: str
    says: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The misconception that was recognised, with the entry and case in which it showed."""

    id: str
    says: str
    entry: str
    case: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`status` passed means full marks over the cases that were run; `hidden_cases_left_out`: how many were not run here.

    `cells` are those of a notebook: each `line` in the record counts through them; its texts name the cell and the line in it.
    `own` is there where the learner's earlier files were tried as well, and `left_out` where cells were. `outcome`: see
    `outcome_of`; empty where nothing is known of how the program ended.
    """

    exercise: str
    title: str
    status: Status
    outcome: str = ""
    points: float
    max_points: float
    seed: str
    isolation: str
    checks: tuple[CheckResult, ...]
    misconception: str | None
    explanation: Explanation | None
    cases: tuple[CaseReport, ...]
    timeline: tuple[Bar, ...]
    hints: tuple[str, ...]
    docs: tuple[str, ...]
    hidden_cases_left_out: int
    versions: Versions
    error: str = ""
    cells: tuple[Cell, ...] = ()
    own: Own | msgspec.UnsetType = msgspec.UNSET
    left_out: tuple[LeftOut, ...] | msgspec.UnsetType = msgspec.UNSET


# how a run ended, in the words of courses whose files are graded as they are
_WORDS = {
    "empty": "empty file",
    "import": "does not import",
    "import_loop": "runs the loop at import",
    "import_limit": "time-out",
    "import_time_out": "time-out",
    "import_deadlock": "deadlock",
    "import_died": "does not import",
    "missing": "name missing",
    "wrong_kind": "wrong kind",
    "raised": "crash",
    "died": "crash",
    "deadlock": "deadlock",
    "livelock": "time-out",
    "busy_loop": "time-out",
    "virtual_limit": "time-out",
    "time_out": "time-out",
}


def outcome_of(verdict: Verdict) -> str:
    """`result`, or the word for how the first case that has none ended; an exception that was asked for is no crash. `error`
    where the grader itself failed."""
    if verdict.outcome or not (verdict.cases or verdict.status == "error"):
        return verdict.outcome
    ends = (case.outcome for case in verdict.cases if case.fault is not None)
    return next((_WORDS[end] for end in ends if end in _WORDS), "error" if verdict.status == "error" else "result")


def with_outcome(verdict: Verdict) -> Verdict:
    return msgspec.structs.replace(verdict, outcome=outcome_of(verdict))


_NOT_THERE = ("missing", "wrong_kind")


def shown_case(verdict: Verdict) -> CaseReport | None:
    """The case that the feedback is about: where the misconception showed, else the first that did not pass; one whose function
    is not there only if there is no other, for that is said in a line beside any.
    """
    if verdict.explanation is not None:
        for case in verdict.cases:
            if (case.entry, case.case) == (verdict.explanation.entry, verdict.explanation.case):
                return case
    failing = [case for case in verdict.cases if not case.passed]
    return next((case for case in failing if case.outcome not in _NOT_THERE), failing[0] if failing else None)


HIDDEN = "in a hidden case, whose values are not shown"


# the type or the line of an exception could be chosen by the values
_HIDDEN_FAULTS = {
    "raised": "your function raised an exception",
    "import": "your file could not be loaded",
    "import_loop": "your file runs an event loop while it is imported",
    "import_limit": "your file is not imported in the time that it has",
    "import_time_out": "your file is not imported in the time that it has",
    "import_deadlock": "your file waits for ever while it is imported",
    "import_died": "your file ends the whole program while it is imported",
    "empty": "your file is empty",
    "deadlock": "your function waited for ever",
}


def for_learner(verdict: Verdict) -> Verdict:
    """The same verdict without anything from which a hidden case's values could be read."""
    cases = tuple(
        CaseReport(
            entry=case.entry,
            case=case.case,
            hidden=True,
            passed=case.passed,
            outcome=case.outcome,
            fault=Fault(title=_HIDDEN_FAULTS.get(case.outcome, "your function came to no result"))
            if case.fault
            else None,
        )
        if case.hidden
        else case
        for case in verdict.cases
    )
    checks = tuple(
        msgspec.structs.replace(check, rationale=HIDDEN) if check.hidden and check.rationale else check
        for check in verdict.checks
    )
    shown = shown_case(verdict)
    timeline = () if shown is not None and shown.hidden else verdict.timeline
    # an error may quote a case's values
    error = (
        "the grader itself failed" if verdict.error and any(case.hidden for case in verdict.cases) else verdict.error
    )
    return msgspec.structs.replace(verdict, cases=cases, checks=checks, timeline=timeline, error=error)


def encode(verdict: Verdict) -> bytes:
    """One line of JSON."""
    return msgspec.json.encode(with_outcome(verdict), order="deterministic")


def decode(line: bytes | str) -> Verdict:
    """Of this format, or an earlier one. Raises msgspec.DecodeError for what is no verdict."""
    return with_outcome(msgspec.json.decode(line, type=Verdict))
