"""The check on the learner's source: what has to stand in it, what must not, what stands there exactly once.

It sees how a program is written, never what it does; so it earns nothing where no work was done.
"""

from collections.abc import Sequence

from grader.checks.base import PASSED, Finding, View, not_yet
from grader.checks.patterns import parse
from grader.checks.words import on_line, times
from grader.course.check_model import SourceCheck

_MOST = 20  # lines that are named


def source(check: SourceCheck, view: View) -> Finding:
    error = view.source.error
    if error is not None and view.source.is_too_long:
        return not_yet("your file is too long to be read")
    if error is not None:
        return not_yet(f"your file cannot be read as Python yet{on_line(error.line)}")
    rules = check.source
    for pattern in rules.require:
        if not view.source.places(pattern):
            return not_yet(f"{parse(pattern)} is asked for; there is none in your file")
    for pattern in rules.forbid:
        places = view.source.places(pattern)
        if places:
            return not_yet(f"{_lines(places)}: {parse(pattern)} stands there; the exercise asks you to do without")
    for pattern in rules.once:
        places = view.source.places(pattern)
        if len(places) != 1:
            where = f" ({_lines(places)})" if places else ""
            return not_yet(f"{parse(pattern)} stands in your file {times(len(places))}{where}; once is asked for")
    return PASSED


def _lines(places: Sequence[int]) -> str:
    lines = list(dict.fromkeys(places))
    more = f" and {len(lines) - _MOST:,} more" if len(lines) > _MOST else ""
    return f"{'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines[:_MOST]))}{more}"
