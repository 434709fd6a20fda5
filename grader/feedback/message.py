"""What a learner is told about a verdict, before it is drawn: the same for a terminal, a page and a test's failure.

It is made from `for_learner(verdict)` only, so nothing of a hidden case's values can reach any output.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from msgspec import UnsetType
from msgspec.structs import asdict

from grader.door.messages import AT_IMPORT
from grader.feedback.spans import InCells, place
from grader.verdict import CaseReport, Cell, CheckResult, Fault, Timeline, Verdict, for_learner, shown_case

_UNREAD = ("import", "import_loop", "empty", *AT_IMPORT.values())
_NOTHING_RAN = (*_UNREAD, "missing", "wrong_kind")
_Told = list[list[CheckResult]]  # each list of one check
WORTH = "Worth a look, and costs no points"  # the heading of warnings


@dataclass(frozen=True, slots=True)
class NotYet:
    """Checks that do not hold yet for one and the same reason, observed in one of the `failed` cases of `cases`.

    Without `ids`: a whole entry that was stopped. Without `cases`: they hold, and earn nothing yet.
    """

    entry: str
    ids: tuple[str, ...]
    rationale: str
    help: str
    failed: int
    cases: int


@dataclass(frozen=True, slots=True)
class Message:
    """`yours` and `possible` are None where there is nothing to draw: nothing was run, or the case is a hidden one.

    `own`: what is seen with the learner's own earlier files, where that is looked at as well. `left_out`: a sentence for each
    cell of a notebook that was.
    `stopped`: other entries that came to no result, with why, where the shown case has one: they stand above it.
    `warnings`: what is seen and costs no points.
    """

    exercise: str
    title: str
    status: str
    points: float
    max_points: float
    several_entries: bool
    fault: Fault | None
    notes: tuple[str, ...]
    entry: str
    case: str
    call: str
    hidden: bool
    stopped: tuple[tuple[str, Fault], ...]
    not_yet: tuple[NotYet, ...]
    yours: Timeline | None
    possible: Timeline | None
    reason: str
    hints: tuple[str, ...]
    docs: tuple[str, ...]
    output: str
    output_cut: bool
    cases_left_out: int
    error: str
    own: str = ""
    left_out: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    warnings: tuple[NotYet, ...] = ()

    def place(self, line: int) -> str:
        """`line 12`, or `cell 3, line 2`."""
        return place(self.cells, line)

    def place_of(self, fault: Fault) -> str:
        """That of its line, with the file if it is an earlier one; empty where there is no line."""
        return _place_of(fault, self.cells)


def more_cases(message: Message) -> str:
    """What else is run when it is marked, of a work that has all the points so far; empty where that is nothing."""
    left = message.cases_left_out
    if not left or message.status != "passed":
        return ""
    return f"{'1 more case is' if left == 1 else f'{left} more cases are'} run when it is marked."


def compose(verdict: Verdict) -> Message:
    safe = for_learner(verdict)
    case = shown_case(safe)
    unread = case is None or case.outcome in _UNREAD
    faults = _faults(safe)
    told = _told_of(safe, case) if case is None or case.outcome not in _NOTHING_RAN else []
    stopped = tuple(faults.items()) if case and not case.fault else ()
    draws = case is not None and not case.hidden and case.outcome not in _NOTHING_RAN
    return Message(
        exercise=safe.exercise,
        title=safe.title,
        status=safe.status,
        points=safe.points,
        max_points=safe.max_points,
        several_entries=len({report.entry for report in safe.cases}) > 1,
        fault=case.fault if case else None,
        notes=case.notes if case else (),
        entry="" if unread or case is None else case.entry,
        case=case.case if case else "",
        call=case.call if case else "",
        hidden=bool(case and case.hidden),
        stopped=stopped,
        not_yet=_not_yet(safe, case, told, faults),
        yours=_in_cells(case.timeline, safe) if case and draws else None,
        possible=case.possible if case and draws else None,
        reason=safe.explanation.says if safe.explanation else "",
        hints=() if case and unread and not safe.explanation else safe.hints,
        docs=safe.docs,
        output=case.output if case else "",
        output_cut=bool(case and case.output_cut),
        cases_left_out=safe.hidden_cases_left_out,
        error=safe.error,
        own=_own(safe),
        left_out=tuple(_left_out(safe)),
        cells=safe.cells,
        warnings=_warnings(case, told, faults),
    )


def _place_of(fault: Fault, cells: tuple[Cell, ...]) -> str:
    if fault.line is None:
        return ""
    return place(cells, fault.line) if isinstance(fault.file, UnsetType) else f"{fault.file}, line {fault.line}"


def _in_cells(timeline: Timeline, verdict: Verdict) -> Timeline:
    if not verdict.cells:
        return timeline
    return InCells(**asdict(timeline), cells=verdict.cells)


def _left_out(verdict: Verdict) -> Iterable[str]:
    for one in () if isinstance(verdict.left_out, UnsetType) else verdict.left_out:
        yield f"cell {one.number} was left out, and the others were run without it: {one.why}"


def _own(verdict: Verdict) -> str:
    """What is seen with the learner's own earlier files, in one sentence; empty where all is well with both."""
    own = verdict.own
    return "" if isinstance(own, UnsetType) or (own.passed and verdict.status == "passed") else own.says


def _not_yet(verdict: Verdict, shown: CaseReport | None, told: _Told, faults: dict[str, Fault]) -> tuple[NotYet, ...]:
    """Each check that failed somewhere, or lost its points; those of the shown case's entry first, in their order."""
    failing = [results for results in told if not _is_warning(results)]
    explained = verdict.explanation.entry if verdict.explanation else None
    return _merged(
        _stopped(results, faults[results[0].entry], verdict)
        if results[0].entry in faults
        else _one(results, _told(results, shown), explained)
        for results in failing
        # a stopped entry has one line here where a crash stands above, and none where its own does
        if results[0].entry not in faults or (shown is not None and shown.fault and results[0].entry != shown.entry)
    )


def _warnings(shown: CaseReport | None, told: _Told, faults: dict[str, Fault]) -> tuple[NotYet, ...]:
    """What is seen and costs nothing, of entries that came to a result."""
    warnings = (results for results in told if _is_warning(results))
    return _merged(_one(results, _told(results, shown), None) for results in warnings if results[0].entry not in faults)


def _told_of(verdict: Verdict, shown: CaseReport | None) -> _Told:
    """The checks of which there is something to say, each with its results; those of the shown case's entry first."""
    groups: dict[tuple[str, str], list[CheckResult]] = {}
    for check in verdict.checks:
        groups.setdefault((check.entry, check.id), []).append(check)
    told = [results for results in groups.values() if any(map(_is_told, results))]
    return sorted(told, key=lambda results: shown is not None and results[0].entry != shown.entry)


def _is_warning(results: list[CheckResult]) -> bool:
    """Whether it passed and has no points that it could have lost, and yet there is something to say."""
    return all(check.status == "passed" and not check.max_points for check in results)


def _is_told(check: CheckResult) -> bool:
    return check.status != "passed" or bool(check.rationale)


def _faults(verdict: Verdict) -> dict[str, Fault]:
    """Entries that never came to a result where they failed, with why: there is nothing to say of each check."""
    failing: dict[str, list[CaseReport]] = {}
    for case in verdict.cases:
        if not case.passed:
            failing.setdefault(case.entry, []).append(case)
    return {
        entry: cases[0].fault
        for entry, cases in failing.items()
        if cases[0].fault and all(case.fault and case.outcome != "result" for case in cases)
    }


def _stopped(results: list[CheckResult], fault: Fault, verdict: Verdict) -> NotYet:
    """One item for a whole entry; its checks merge into one, because it names none of them."""
    there = _place_of(fault, verdict.cells)
    return NotYet(results[0].entry, (), fault.title + (f", {there}" if there else ""), "", 0, 0)


def _one(results: list[CheckResult], told: CheckResult, explained: str | None) -> NotYet:
    failed = {check.case for check in results if check.status != "passed"}
    cases = {check.case for check in results} if failed else set()
    # The explanation says what to do; a check's own advice beside it would be a second voice.
    advice = "" if told.entry == explained else told.help
    return NotYet(told.entry, (told.id,), told.rationale, advice, len(failed), len(cases))


def _merged(items: Iterable[NotYet]) -> tuple[NotYet, ...]:
    """One item where several say the very same."""
    merged: dict[NotYet, tuple[str, ...]] = {}
    for item in items:
        same = replace(item, ids=())
        merged[same] = merged.get(same, ()) + item.ids
    return tuple(replace(same, ids=ids) for same, ids in merged.items())


def _told(results: list[CheckResult], shown: CaseReport | None) -> CheckResult:
    """The failing result to quote: in the shown case if it failed there, else in a visible one, else in any."""
    failing = [check for check in results if check.status != "passed"] or [*filter(_is_told, results)]
    here = [check for check in failing if shown and (check.entry, check.case) == (shown.entry, shown.case)]
    return (here or [check for check in failing if not check.hidden] or failing)[0]
