"""One report for each entry in each case: how it was called, what came of it, what is possible.

Written in full, for hidden cases too; what a learner sees of those is decided when a verdict is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from grader.checks import View
from grader.checks.unawaited import left_unawaited
from grader.checks.words import in_line, shorten, steady
from grader.course.check_model import RaisesCheck
from grader.course.expressions import ExpressionError, evaluate
from grader.course.model import Entry, Exercise
from grader.grading.drawn import with_draws
from grader.grading.faults import fault_of, notes_of
from grader.grading.marks import Found
from grader.grading.play import Run
from grader.grading.timelines import timeline
from grader.grading.unawaited import unawaited_notes
from grader.ticks import to_seconds
from grader.verdict import CaseReport, Timeline

_LONGEST = 40


def report(exercise: Exercise, run: Run, found: Sequence[Found], possible: Timeline | None) -> CaseReport:
    """`found` are this run's checks; `possible` is what was recorded of its case, if it was."""
    case, entry = run.case, exercise.called(run.case)
    names = run.view.names if run.view else case.values
    about = CaseReport(
        entry=case.entry,
        case=case.id,
        hidden=case.hidden,
        passed=all([one.passed for one in found]),
        call=call_text(case.entry, entry, names, exercise),
        possible=possible,
    )
    return about if run.view is None else _seen(about, run.view, exercise, found)


def _seen(about: CaseReport, view: View, exercise: Exercise, found: Sequence[Found]) -> CaseReport:
    record, entry = view.record, exercise.called(view.case)
    theirs = timeline(record, entry.ticker)
    raises = _raises(entry)
    raised_as_asked = [one.passed for one in found if one.check.id in raises]
    expected = bool(raised_as_asked) and all(raised_as_asked)
    fault = fault_of(view, entry, about.call, exercise.limits, expected=expected)
    return replace(
        about,
        outcome=record.outcome.kind,
        fault=fault,
        notes=(
            *notes_of(view),
            *(_unawaited(view, found) if exercise.is_adopted else unawaited_notes(view, fault, found)),
        ),
        elapsed=None if record.elapsed is None else to_seconds(record.elapsed),
        timeline=theirs,
        possible=None if about.possible is None else with_draws(about.possible, theirs, exercise),
        output=steady(record.facts.output),
        output_cut=record.facts.output_cut,
        at_rest=record.outcome.at_rest or UNSET,
    )


_MOST_NOTES = 3


def _unawaited(view: View, found: Sequence[Found]) -> Iterator[str]:
    """Coroutines that were never awaited, `queue.put(item)`, where something is not right yet and no check tells of them."""
    said = [one.finding.rationale for one in found if one.finding is not None and not one.finding.passed]
    if not said or any("is a coroutine" in one for one in said):
        return
    told = "" if view.record.outcome.kind != "result" else "; ".join(said)  # of a run without result no check is shown
    places = dict.fromkeys(
        (place.name.rpartition("<locals>.")[2], place.line, place.file) for place in left_unawaited(view)
    )
    notes = (
        f"what {name}(...){in_line(line, file)} gave was never awaited, so it did not begin"
        for name, line, file in places
    )
    yield from islice((one for one in notes if one not in told), _MOST_NOTES)


def _raises(entry: Entry) -> frozenset[str]:
    return frozenset(check.id for check in entry.checks if isinstance(check, RaisesCheck))


# ---------------------------------------------------------------- the call, as a learner would write it


def call_text(name: str, entry: Entry, names: Mapping[str, Any], exercise: Exercise) -> str:
    """`together(say_after, 1, 'hello', 2, 'world')`; what the exercise provides stands there by its name."""
    return f"{name}({', '.join([_argument(value, names, exercise) for value in entry.args])})"


def _argument(value: Any, names: Mapping[str, Any], exercise: Exercise) -> str:
    written = value[1:].strip() if isinstance(value, str) and value.startswith("=") else None
    if written in exercise.file.world.operations:
        return str(written)
    try:
        return shorten(repr(evaluate(value, names)), _LONGEST)
    except ExpressionError:
        # Something of the world that is no plain data, a session for example: what the author calls it says most.
        return shorten(written or repr(value), _LONGEST)
