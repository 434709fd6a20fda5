"""What is said of a notebook's lines, as its author counts them: by the cell, and by the line in it."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from grader.door import cells
from grader.verdict import CaseReport, Cell, Fault, Verdict

_QUOTED = r"`[^`]*`|(?<!\w)'(?:[^'\\]|\\.)*+'(?!\w)|(?<!\w)\"(?:[^\"\\]|\\.)*+\"(?!\w)"  # a program's own words
_LINES = re.compile(rf"{_QUOTED}|\blines? (?P<numbers>\d{{1,7}}(?:(?:, | and )\d{{1,7}})*)(?![\w.]\d)")


def in_cells(verdict: Verdict, found: Sequence[cells.Cell]) -> Verdict:
    """The verdict of a notebook with these cells; of a file without any, the same."""
    if not found:
        return verdict
    return replace(
        verdict,
        checks=tuple(replace(check, rationale=placed(check.rationale, found)) for check in verdict.checks),
        cases=tuple(_case(case, found) for case in verdict.cases),
        cells=tuple(Cell(*cell) for cell in found),
    )


def _case(case: CaseReport, found: Sequence[cells.Cell]) -> CaseReport:
    return replace(
        case,
        fault=_fault(case.fault, found) if case.fault is not None else None,
        notes=tuple(placed(note, found) for note in case.notes),
    )


def _fault(fault: Fault, found: Sequence[cells.Cell]) -> Fault:
    title = fault.title.replace("in your file", "in your notebook")
    return replace(fault, title=placed(title, found), detail=placed(fault.detail, found))


def placed(text: str, found: Sequence[cells.Cell]) -> str:
    """`text` with every line of the module that it names where its author finds it."""

    def there(match: re.Match[str]) -> str:
        if match["numbers"] is None:
            return match[0]
        return "; ".join(cells.place(found, int(number)) for number in re.findall(r"\d+", match["numbers"]))

    return _LINES.sub(there, text)
