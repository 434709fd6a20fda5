"""Points: a check earns its own only if it passes in every case of its entry, and an entry without work earns nothing.

A check that could not be run is the grader's fault: it earns nothing, and it is never called failed.
"""

import os
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from grader.checks import Finding, kind_of, run_check
from grader.checks.words import listed
from grader.course.check_model import AnyCheck, HoldsCheck, PythonCheck
from grader.course.expressions import names_in
from grader.course.model import Case, Entry, Exercise
from grader.grading.ends import RUNAWAY
from grader.grading.play import Run, described
from grader.referee.ledger import Row
from grader.verdict import CheckResult, Status

NO_WORK = "none of the work was done, so this earns nothing yet"
NOT_PLAYED = "this was not looked at, because your program had to be stopped before"
_ANSWERS = ("result", "raises")


class Found(msgspec.Struct, frozen=True):
    """One check in one run; `error` is the grader's own fault, and then nothing was found."""

    check: AnyCheck
    run: Run
    finding: Finding | None
    error: str = ""

    @property
    def passed(self) -> bool:
        return self.finding is not None and self.finding.passed

    @property
    def failed(self) -> bool:
        return self.finding is not None and not self.finding.passed

    @property
    def status(self) -> Status:
        if self.finding is None:
            return "error"
        return "passed" if self.finding.passed else "failed"


def find_all(exercise: Exercise, runs: Sequence[Run]) -> tuple[Found, ...]:
    return tuple(find(check, run) for run in runs for check in exercise.called(run.case).checks)


def find(check: AnyCheck, run: Run) -> Found:
    """One check in one run."""
    if run.view is None:
        return Found(check, run, None, f"{run.case.entry}, case {run.case.id}: {run.error}")
    try:
        return Found(check, run, run_check(check, run.view))
    except Exception as error:
        place = f"{run.case.entry}, case {run.case.id}, check {check.id}"
        return Found(check, run, None, f"{place}: {described(error)}{_where(check, error)}")


def _where(check: AnyCheck, error: Exception) -> str:
    """The author's line that it came out of, where that is a function of theirs."""
    if not isinstance(check, PythonCheck):
        return ""
    file = check.python.partition(":")[0]
    lines = [at.lineno for at in traceback.extract_tb(error.__traceback__) if os.path.basename(at.filename) == file]
    return f" (line {lines[-1]} of {file})" if lines else ""


# ---------------------------------------------------------------- earned


def earned(exercise: Exercise, found: Sequence[Found]) -> frozenset[tuple[str, str]]:
    """(entry, check) of every check whose points are earned."""
    return frozenset(
        (entry, check)
        for entry, definition in exercise.file.entries.items()
        for check in _earned(exercise, definition, _of(found, entry))
    )


def _earned(exercise: Exercise, entry: Entry, mine: Sequence[Found]) -> Iterator[str]:
    """The checks of one entry that are met in every case, where nothing takes their points; `mine` are all of them there."""
    if not mine or not worked(exercise, entry, mine) or any(_ran_away(run) for run in _runs(mine)):
        return
    seen, missed = {one.check.id for one in mine}, {one.check.id for one in mine if not one.passed}
    gates = {one.check.id for one in mine if one.check.gate}
    if gates.isdisjoint(missed):
        yield from (check.id for check in entry.checks if check.id in seen - missed)


def _runs(found: Sequence[Found]) -> Iterable[Run]:
    return {id(one.run): one.run for one in found}.values()


def _ran_away(run: Run) -> bool:
    """A run that had to be stopped: the entry's other cases were not played, so nothing passed in every case."""
    return run.view is not None and run.view.record.outcome.kind in RUNAWAY


def _of(found: Sequence[Found], entry: str) -> list[Found]:
    return [one for one in found if one.run.case.entry == entry]


def worked(exercise: Exercise, entry: Entry, found: Sequence[Found]) -> bool:
    """Whether anything of the work was done in any case of the entry.

    Work is an operation that came to its own end, by a result or by an error. Where the exercise offers none, or the entry
    needs none, the answer itself has to be right in every case.
    """
    if _offers_operations(exercise, entry):
        return any(_did_work(run, entry) for run in _runs(found))
    answers = {one.check.id: True for one in found if _is_answer(one.check)}
    for one in found:
        if one.check.id in answers:
            answers[one.check.id] &= one.passed
    return any(answers.values())


def _is_answer(check: AnyCheck) -> bool:
    """Whether it is about what the entry gave."""
    if isinstance(check, HoldsCheck):
        return "result" in names_in(check.holds)
    return kind_of(check) in _ANSWERS


def _offers_operations(exercise: Exercise, entry: Entry) -> bool:
    world = exercise.file.world
    return entry.work and (world.python is not None or any(name != entry.ticker for name in world.operations))


def _did_work(run: Run, entry: Entry) -> bool:
    if run.view is None:
        return False
    rows = run.view.record.ledger.begun_before_return()
    cut_short = run.case.cancel_at is not None
    return any(_is_work(row, cut_short) and row.operation != entry.ticker for row in rows)


def _is_work(row: Row, cut_short: bool) -> bool:
    """It came to its own end: by a result, or by an error after some time, for a call with the wrong arguments is no work.

    Where the case itself cancels the entry, what it cut short counts as well.
    """
    took_time = row.end is not None and row.end > row.start
    return row.outcome == "ok" or (took_time and (row.outcome == "error" or (cut_short and row.outcome == "cancelled")))


def lost(exercise: Exercise, found: Sequence[Found], points: frozenset[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(entry, check) of every check that passed wherever it was looked at and earns nothing, with the reason.

    `points` are those that are earned.
    """
    return {
        (entry, check): reason
        for entry, definition in exercise.file.entries.items()
        if any(check.points and (entry, check.id) not in points for check in definition.checks)
        if (mine := _of(found, entry)) and (reason := _reason(exercise, entry, mine))
        for check in _met(definition, mine)
        if (entry, check) not in points
    }


def _met(entry: Entry, found: Sequence[Found]) -> list[str]:
    """The checks with points that were looked at and passed each time."""
    seen = {one.check.id for one in found} - {one.check.id for one in found if not one.passed}
    return [check.id for check in entry.checks if check.points and check.id in seen]


def _reason(exercise: Exercise, entry: str, found: Sequence[Found]) -> str:
    """Why an entry earns nothing at all; empty if it may earn something."""
    if any(_ran_away(run) for run in _runs(found)):
        return "this holds so far, but your program had to be stopped; it earns its points when that is mended"
    if any(one.error for one in found):
        return ""
    gates = list(dict.fromkeys(one.check.id for one in found if one.check.gate and one.failed))
    if gates:
        return f"this holds, and earns its points as soon as {_and(gates)} as well"
    if not worked(exercise, exercise.file.entries[entry], found):
        return _without_work(exercise, entry, found)
    return ""


def _without_work(exercise: Exercise, entry: str, found: Sequence[Found]) -> str:
    answers = list(dict.fromkeys(one.check.id for one in found if _is_answer(one.check)))
    if _offers_operations(exercise, exercise.file.entries[entry]) or not answers:
        return "this holds, and earns its points as soon as some of the work is done"
    return f"this holds, and earns its points as soon as {_and(answers)} as well"


def _and(ids: Sequence[str]) -> str:
    return f"{listed([f'`{id}`' for id in ids])} {'holds' if len(ids) == 1 else 'hold'}"


# ---------------------------------------------------------------- results


def results(exercise: Exercise, found: Sequence[Found], cases: Sequence[Case] = ()) -> tuple[CheckResult, ...]:
    """One for each check in each case; points stand where a check is met for the first time. `cases`: all that there are, of
    which some were not played where the program had to be stopped before."""
    points = earned(exercise, found)
    idle = {
        entry
        for entry, definition in exercise.file.entries.items()
        if any(check.points and (entry, check.id) not in points for check in definition.checks)
        and (mine := _of(found, entry))
        and all(one.passed for one in mine)
        and not worked(exercise, definition, mine)
    }
    return (*_results(found, points, idle, lost(exercise, found, points)), *_not_looked_at(exercise, found, cases))


def _not_looked_at(exercise: Exercise, found: Sequence[Found], cases: Sequence[Case]) -> Iterator[CheckResult]:
    """The checks that are for cases alone which were not played. Without them the exercise would have fewer points."""
    met = {(one.run.case.entry, one.check.id) for one in found}
    for case in cases:
        for check in exercise.called(case).checks:
            if (case.entry, check.id) not in met:
                met.add((case.entry, check.id))
                yield CheckResult(
                    id=check.id,
                    kind=kind_of(check),
                    entry=case.entry,
                    case=case.id,
                    hidden=case.hidden,
                    status="failed",
                    points=0,
                    max_points=check.points,
                    rationale=NOT_PLAYED,
                )


def _results(
    found: Sequence[Found], points: frozenset[tuple[str, str]], idle: set[str], lost: Mapping[tuple[str, str], str]
) -> Iterator[CheckResult]:
    met: set[tuple[str, str]] = set()
    for one in found:
        case, name = one.run.case, (one.run.case.entry, one.check.id)
        first = name not in met
        met.add(name)
        # Nothing failed, and yet nothing was done: without a word here the learner would not know why it earns nothing.
        unworked = case.entry in idle and bool(one.check.points)
        finding = one.finding
        yield CheckResult(
            id=one.check.id,
            kind=kind_of(one.check),
            entry=case.entry,
            case=case.id,
            hidden=case.hidden,
            status="failed" if unworked else one.status,
            points=one.check.points if first and name in points else 0,
            max_points=one.check.points if first else 0,
            rationale=NO_WORK if unworked else (finding.rationale if finding else "") or lost.get(name, ""),
            help=finding.help if finding else "",
        )
