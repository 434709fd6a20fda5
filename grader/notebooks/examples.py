"""The visible cases of a function, as a learner would write them: how it is called, and what is to come of it."""

from collections.abc import Iterator
from typing import Any

from grader.checks.words import shorten
from grader.course.cases import cases_of
from grader.course.check_model import ElapsedCheck, RaisesCheck, ResultCheck
from grader.course.expressions import ExpressionError, evaluate
from grader.course.model import Case, Entry, Exercise
from grader.grading.reports import call_text
from grader.grading.seeds import seed_of

_MOST, _LONGEST, _WIDTH = 5, 100, 80


def examples(exercise: Exercise, entry: str) -> Iterator[str]:
    """A line for each case that a learner's own check runs, two if it is long; nothing of hidden ones; of many the first."""
    definition = exercise.file.entries[entry]
    cases = [one for one in cases_of(exercise, seed_of(exercise, None), hidden=False) if one.entry == entry]
    for case in cases[:_MOST]:
        wanted = "; ".join(_wanted(definition, case))
        call = call_text(entry, definition, case.values, exercise)
        if wanted and len(call) + len(wanted) > _WIDTH:  # nbgrader's pages cut off what is wide
            yield from (call, f"    # {wanted}")
        else:
            yield f"{call}{f'  # {wanted}' if wanted else ''}"
    if len(cases) > _MOST:
        yield f"# and {len(cases) - _MOST} more"


def _wanted(entry: Entry, case: Case) -> Iterator[str]:
    for check in entry.checks:
        match check:
            case ResultCheck():
                value = _value(check.result, case)
                if value:
                    yield f"returns {value}{', in any order' if check.unordered else ''}"
            case RaisesCheck():
                yield f"raises {check.raises}"
            case ElapsedCheck(elapsed=int() | float() | str()):
                seconds = _value(check.elapsed, case)
                if seconds:
                    yield f"takes {seconds} s"


def _value(told: Any, case: Case) -> str:
    """Empty where it hangs on what only a run gives."""
    try:
        return shorten(repr(evaluate(told, case.values)), _LONGEST)
    except ExpressionError:
        return ""
