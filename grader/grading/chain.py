"""What becomes of the learner's file with their own earlier files: seen, and said in one sentence; it gives no points.

So a mistake in an earlier file is not counted again in each that needs it, and is not hidden either. What only the exercise's
own files let be seen, calls of their operations, is not looked at here.
"""

from collections.abc import Iterator, Sequence

from msgspec import UnsetType

from grader.checks.words import listed
from grader.course.check_model import AnyCheck, HoldsCheck, RaisesCheck, SourceCheck
from grader.course.model import Exercise
from grader.course.proof_entries import selectors_of
from grader.grading.faults import fault_of
from grader.grading.marks import Found, find
from grader.grading.play import Run
from grader.grading.reports import call_text
from grader.verdict import HIDDEN, Own


def own_chain(exercise: Exercise, runs: Sequence[Run]) -> Own:
    """`runs` are those with the learner's own files."""
    found = [find(check, run) for run in runs for check in looked_at(exercise, run.case.entry)]
    begins = f"With your own {listed([f'`{name}`' for name in exercise.file.needs])} it"
    run, why = next(_reasons(exercise, runs, found), (runs[0], ""))
    if not why and all(isinstance(one.check, SourceCheck) for one in found):
        says = f"{begins} runs to its end; whether it is right is not looked at there."
        return Own(passed=True, outcome=_outcome(run), says=says)
    if not why:
        return Own(passed=True, outcome=_outcome(run), says=f"{begins} is right.")
    return Own(
        passed=False, outcome=_outcome(run), says=f"{begins} is not right yet: {HIDDEN if run.case.hidden else why}."
    )


def _reasons(exercise: Exercise, runs: Sequence[Run], found: Sequence[Found]) -> Iterator[tuple[Run, str]]:
    """Runs that came to no result come first: what stopped a program is above all else."""
    stopped = ((run, _stopped(exercise, run, found)) for run in runs)
    yield from ((run, why) for run, why in stopped if why)
    for one in found:
        if not one.passed:
            yield one.run, one.finding.rationale if one.finding else "it could not be looked at"


def _outcome(run: Run) -> str:
    return run.view.record.outcome.kind if run.view else "error"


def _stopped(exercise: Exercise, run: Run, found: Sequence[Found]) -> str:
    """Why this run came to no result; empty if it did."""
    if run.view is None:
        return "it could not be run"
    entry = exercise.file.entries[run.case.entry]
    asked = [one for one in found if one.run is run and isinstance(one.check, RaisesCheck)]
    call = call_text(run.case.entry, entry, run.view.names, exercise)
    expected = bool(asked) and all(one.passed for one in asked)
    fault = fault_of(run.view, entry, call, exercise.limits, expected=expected)
    if fault is None:
        return ""
    if fault.line is None or f"line {fault.line} of" in fault.title:
        return fault.title
    earlier = not isinstance(fault.file, UnsetType) and fault.file not in fault.title
    return f"{fault.title} (line {fault.line}{f' of your `{fault.file}`' if earlier else ''})"


def looked_at(exercise: Exercise, entry: str) -> list[AnyCheck]:
    """The checks of an entry that can be seen with the learner's own files."""
    needed = {name for name in exercise.file.needs if name in exercise.file.world.modules}
    gone = {name for module in needed for name in exercise.file.world.modules[module].operations}
    checks = exercise.file.entries[entry].checks
    return [check for check in checks if check.under is None and not _names(check, gone)]


def _names(check: AnyCheck, operations: set[str]) -> bool:
    """Whether what `check` looks at are calls of one of these."""
    if isinstance(check, HoldsCheck):
        return any(f"{quote}{name}{quote}" in check.holds for name in operations for quote in "'\"")
    return any(str(selector).partition("[")[0] in operations for _, selector in selectors_of(check))
