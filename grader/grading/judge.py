"""One exercise and one submission give one verdict.

Data flows one way, and the same seed gives the same verdict; a fault of the grader's own is a verdict of status `error`,
never a learner's fail.
"""

import os
from collections.abc import Sequence
from dataclasses import replace as replaced
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from grader.checks import Source
from grader.checks.misconceptions import first_match
from grader.course.cases import cases_of
from grader.course.model import Case, Exercise
from grader.errors import UsageError
from grader.grading.bounded import bounded
from grader.grading.cells import in_cells
from grader.grading.marks import Found, find_all, results
from grader.grading.play import Opener, Run, play_all
from grader.grading.recorded import Recorded, possible_in, recorded_of
from grader.grading.reports import report
from grader.grading.seeds import seed_of
from grader.grading.stamp import versions
from grader.run.submitted import Submitted, counting, read_submitted
from grader.verdict import CaseReport, CheckResult, Explanation, Own, Status, Verdict, shown_case, with_outcome

SourceLike = str | bytes | os.PathLike[str] | Submitted


def grade(
    exercise: Exercise,
    source: SourceLike,
    *,
    seed: str | None = None,
    learner: str | None = None,
    isolation: str = "in-process",
    hidden: bool = False,
    filename: str | None = None,
    patient: bool = True,
) -> Verdict:
    """Grades the text of a program (str or bytes), a file (a path, with the files beside it that it may import), or several.

    `seed` is the exercise's slug if not given, with the learner's name for marks. `hidden` runs the hidden cases too, where
    they are at hand.
    `patient`: what meets the limit on real time in a child, and may have met it because the machine was busy, is tried once
    more at once. Raises UsageError for a file that cannot be read, CourseError where no case can be drawn.
    """
    from grader.run import open_submission, resolved

    isolation = resolved(isolation)
    handed, name = _read(source, exercise), filename or f"{exercise.module}.py"
    data = handed.source
    opener = partial(
        open_submission,
        filename=name,
        isolation=isolation,
        limits=exercise.limits,
        packages=exercise.packages,
        files=handed.files,
    )
    seed = seed if seed is not None else seed_of(exercise, learner)
    cases = cases_of(exercise, seed, hidden=hidden)
    marks = partial(grade_with, seed=seed, isolation=isolation, recorded=recorded_of(exercise), patient=patient)
    text = source_of(handed, name)
    verdict = marks(partial(opener, data), exercise, cases, text)
    if not text.cells:
        return verdict
    from grader.grading.sieve import has_run_away, without_what_ends_it  # for notebooks alone

    if not has_run_away(verdict):
        return verdict
    module, left_out = without_what_ends_it(exercise, text, isolation, handed.files)
    if not left_out:
        return verdict
    others = source_of(Submitted(module, handed.files), name)
    return replace(marks(partial(opener, module), exercise, cases, others), left_out=left_out)


def source_of(handed: Submitted, name: str) -> Source:
    """The text of what was handed in; `name`: of the file. Raises TakesTooLongError."""
    with bounded():
        text = Source.read(handed.source, name)
    return replaced(text, beside={f"{module}.py": data for module, data in handed.files}) if handed.files else text


def _read(source: SourceLike, exercise: Exercise) -> Submitted:
    if isinstance(source, Submitted):
        return counting(source, exercise)
    if isinstance(source, bytes | str):
        return Submitted(source.encode() if isinstance(source, str) else source)
    if exercise.is_adopted:
        return read_submitted(source, exercise)
    try:
        return Submitted(Path(source).read_bytes())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"{os.fspath(source)}: cannot be read: {reason}; name a Python file") from None


def grade_with(
    open_: Opener,
    exercise: Exercise,
    cases: Sequence[Case],
    source: Source,
    *,
    seed: str,
    isolation: str,
    recorded: Recorded,
    patient: bool = True,
) -> Verdict:
    """The same for cases that are drawn already and a submission that `open_` opens, afresh each time."""
    played = play_all(exercise, cases, source, open_, patient=patient)
    with bounded():
        return _judged(exercise, cases, source, played, seed, isolation, recorded)


def _judged(
    exercise: Exercise,
    cases: Sequence[Case],
    source: Source,
    played: Sequence[Run],
    seed: str,
    isolation: str,
    recorded: Recorded,
) -> Verdict:
    both = exercise.file.dependencies == "both"
    runs = [run for run in played if not (both and run.own)]
    found = find_all(exercise, runs)
    checks = results(exercise, found, cases)
    errors = [one.error for one in found if one.error]
    explanation = _explained(exercise, runs, found)
    verdict = _with_timeline(
        Verdict(
            exercise=exercise.slug,
            title=exercise.title,
            status="error" if errors else _status(checks),
            points=float(sum([check.points for check in checks])),
            max_points=float(sum([check.max_points for check in checks])),
            seed=seed,
            isolation=isolation,
            checks=checks,
            misconception=explanation.id if explanation else None,
            explanation=explanation,
            cases=_reports(exercise, runs, found, recorded),
            timeline=(),
            hints=tuple(exercise.file.hints),
            docs=tuple(exercise.file.docs),
            hidden_cases_left_out=0 if any(case.hidden for case in cases) else recorded.hidden_cases,
            versions=versions(exercise),
            error="\n".join(dict.fromkeys(errors)),
            own=_own(exercise, [run for run in played if run.own], source) if both else msgspec.UNSET,
        )
    )
    return with_outcome(in_cells(verdict, source.cells))


def _own(exercise: Exercise, runs: Sequence[Run], source: Source) -> Own:
    from grader.grading.chain import own_chain  # for the few exercises that ask for it

    return own_chain(exercise, runs, source)


def _status(checks: Sequence[CheckResult]) -> Status:
    """Passed is full marks; where nothing gives points, it is that nothing failed."""
    weighted = [check for check in checks if check.max_points]
    if weighted:
        return "passed" if all(check.points == check.max_points for check in weighted) else "failed"
    return "passed" if all(check.status == "passed" for check in checks) else "failed"


def _explained(exercise: Exercise, runs: Sequence[Run], found: Sequence[Found]) -> Explanation | None:
    missed: dict[int, set[str]] = {}
    for one in found:
        if one.failed:
            missed.setdefault(id(one.run), set()).add(one.check.id)
    failing = [
        (run, run.view, frozenset(missed[id(run)])) for run in runs if run.view is not None and id(run) in missed
    ]
    match = first_match(exercise.file.misconceptions, [(view, failed) for _, view, failed in failing])
    if match is None:
        return None
    misconception, place = match
    case = failing[place][0].case
    return Explanation(id=misconception.id, says=misconception.says, entry=case.entry, case=case.id)


def _reports(
    exercise: Exercise, runs: Sequence[Run], found: Sequence[Found], recorded: Recorded
) -> tuple[CaseReport, ...]:
    of_run: dict[int, list[Found]] = {id(run): [] for run in runs}
    for one in found:
        of_run[id(one.run)].append(one)
    return tuple(report(exercise, run, of_run[id(run)], possible_in(run.case, exercise, recorded)) for run in runs)


def _with_timeline(verdict: Verdict) -> Verdict:
    """The timeline of the case that the feedback is about; of the first that anybody may see, if all is well."""
    shown = shown_case(verdict) or next((case for case in verdict.cases if not case.hidden), None)
    return verdict if shown is None else replace(verdict, timeline=shown.timeline.bars)
