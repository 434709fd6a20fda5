"""Coroutines that nobody awaited, as a cause: not those that an exception kept from being awaited.

`pages = [get(a), get(b)]`, and then a misspelled name: the two would have been awaited, had the program come that far.
"""

import ast
import re

from grader.checks.base import View
from grader.checks.failures import failures
from grader.checks.reading import never_awaited
from grader.referee.facts import Place
from grader.referee.outcome import Failure

# 'coroutine' object is not iterable; cannot unpack non-iterable coroutine object; expected str instance, coroutine found.
_FOUND = re.compile(r"""'coroutine'|"coroutine"|non-iterable coroutine|coroutine found""")


def left_unawaited(view: View) -> tuple[Place, ...]:
    """By report, else by the text."""
    facts = view.record.facts
    unrelated = [failure for failure in failures(view) if not _because(failure, view)]
    if not unrelated:
        return facts.never_awaited or never_awaited(view.source, view.case.entry)
    cut_short = {line for failure in unrelated for line in _statement(failure.line, view)}
    dropped = tuple(place for place in facts.dropped if place.line not in cut_short)
    return dropped or never_awaited(view.source, view.case.entry)


def _because(failure: Failure, view: View) -> bool:
    """Whether a coroutine that was not awaited may well be the reason: Python found one where something else was needed, or
    the world refused a step that needs another one first."""
    refused = any((row.error or "").startswith(f"{failure.type}: ") for row in view.record.ledger.rows)
    return refused or _FOUND.search(failure.message) is not None


def _statement(line: int | None, view: View) -> range:
    """The lines of the innermost statement that `line` stands in: what it made was lost with it."""
    if line is None or view.source.tree is None:
        return range(0)
    nodes = view.source.names.nodes  # known already: to walk over them anew takes longer than all else here
    found = [(node.lineno, node.end_lineno or node.lineno) for node in nodes if isinstance(node, ast.stmt)]
    around = [(first, last) for first, last in found if first <= line <= last]
    first, last = min(around, key=lambda span: span[1] - span[0], default=(line, line))
    return range(first, last + 1)
