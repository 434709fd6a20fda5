"""Which call made a coroutine that nobody awaited, where nothing else in the feedback names it.

A deadlock, or an exercise's refusal, shows in another line than the `await` that is missing; the learner needs that one.
"""

from collections.abc import Sequence

from grader.checks import View
from grader.checks.unawaited import left_unawaited
from grader.checks.words import in_line, plainly
from grader.grading.marks import Found
from grader.verdict import Fault

_MOST = 2
_SAID = "never awaited"


def unawaited_notes(view: View, fault: Fault | None, found: Sequence[Found]) -> tuple[str, ...]:
    """A sentence for each of the first calls; none where all is right, or a check that is shown says it already."""
    reported = view.record.facts.never_awaited
    failed = [one.finding.rationale for one in found if one.finding is not None and one.failed]
    if not reported or not failed or (fault is None and any(_SAID in said for said in failed)):
        return ()
    # The text alone, which is asked where nothing was reported, does not say that the line was reached.
    places = [place for place in left_unawaited(view) if place in reported and place.line is not None]
    there = dict.fromkeys(
        (place.name, in_line(place.line, place.file)) for place in places if not _named(place.line, fault)
    )
    return tuple(
        f"{plainly(name)}(...){line} was called and {_SAID}, so it did not run" for name, line in [*there][:_MOST]
    )


def _named(line: int | None, fault: Fault | None) -> bool:
    return fault is not None and fault.line == line
