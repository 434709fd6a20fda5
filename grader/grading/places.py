"""A fault with its place: a line of the file that is graded, or of an earlier one of the learner's, which is then named."""

from collections.abc import Iterable

import msgspec

from grader.checks import View
from grader.referee.facts import Waiting
from grader.verdict import Fault


def at(view: View, title: str, detail: str, line: int | None, file: str | None = None) -> Fault:
    """`file`: the earlier one that the line is in."""
    text = view.source.of(file).line(line)
    return Fault(title=title, detail=detail, line=line, source_line=text, file=msgspec.UNSET if file is None else file)


def whose(file: str | None) -> str:
    """How a sentence begins about what the import of a file came to."""
    return "your file" if file is None else f"your file imports `{file}`, which"


def first_waiting(waiting: Iterable[Waiting]) -> tuple[int | None, str | None]:
    """The first line that waits, with its file if it is an earlier one. Such a line comes before all that wait for it."""
    there = [one for one in waiting if one.line is not None]
    first = next((one for one in there if one.file is not None), there[0] if there else None)
    return (None, None) if first is None else (first.line, first.file)
