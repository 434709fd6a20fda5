"""Records made by hand: rows in seconds, numbered as a run would number them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from grader.checks import Source, View
from grader.course.model import Case
from grader.referee.facts import Facts
from grader.referee.ledger import Ledger, Row
from grader.referee.outcome import Failure, Outcome
from grader.referee.record import Record
from grader.ticks import to_ticks

Seen = Callable[..., View]


def row(
    operation: str,
    key: Any,
    start: float,
    end: float | None,
    *,
    line: int | None = None,
    outcome: Any = "ok",
    cancelled_at: float | None = None,
    order: float = 0,
    where: tuple[int | None, int | None] = (None, None),
) -> tuple[Row, float]:
    """`order` moves a row's start among what happens at the same tick; 10 puts it after the return."""
    return (
        Row(
            operation=operation,
            key=key,
            args=(),
            origin="learner",
            line=line,
            start=to_ticks(start),
            begun=0,
            end=None if end is None else to_ticks(end),
            outcome=None if end is None else outcome,
            cancelled_at=None if cancelled_at is None else to_ticks(cancelled_at),
            loop=where[0],
            thread=where[1],
        ),
        order,
    )


def ledger(rows: Sequence[tuple[Row, float]], returned: float | None) -> Ledger:
    """At one tick: the ends of what had lasted, then each start, with the end of what takes no time, then the return."""
    events: list[tuple[int, float, int, str]] = []
    for place, (one, order) in enumerate(rows):
        events.append((one.start, 2 + order, place, "begun"))
        if one.end is not None:
            rank = 1.0 if one.end > one.start else 3 + order
            # What is cancelled when the entry returns ends after it.
            late = returned is not None and one.end == to_ticks(returned) and one.cancelled_at == one.end
            events.append((one.end, 20.0 if late else rank, place, "ended"))
    if returned is not None:
        events.append((to_ticks(returned), 9, -1, "returned"))
    numbers = {(place, what): number for number, (_, _, place, what) in enumerate(sorted(events), 1)}
    finished = [
        Row(**{**_fields(one), "begun": numbers[place, "begun"], "ended": numbers.get((place, "ended"))})
        for place, (one, _) in enumerate(rows)
    ]
    return Ledger(
        rows=tuple(sorted(finished, key=lambda one: one.begun)),
        returned=None if returned is None else to_ticks(returned),
        returned_at_event=numbers.get((-1, "returned")),
        end=max(event[0] for event in events) if events else 0,
    )


def _fields(one: Row) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


@pytest.fixture
def op() -> Callable[..., tuple[Row, float]]:
    return row


@pytest.fixture
def seen() -> Seen:
    def make(
        *rows: tuple[Row, float],
        returned: float | None = None,
        result: Any = None,
        outcome: Outcome | None = None,
        facts: Facts | None = None,
        source: str = "",
        entry: str = "main",
        **more: Any,
    ) -> View:
        names = more.pop("names", {})
        case = Case(entry=entry, name="drawn", number=0, hidden=False, seed="", values=dict(names), cancel_at=None)
        record = Record(ledger(rows, returned), outcome or Outcome("result", result), facts or Facts())
        return View(case, names, record, Source.read(source.encode(), "main.py"), **more)

    return make


@pytest.fixture
def raised() -> Callable[..., Outcome]:
    def make(type: str, message: str = "", line: int | None = None, **more: Any) -> Outcome:
        return Outcome("raised", failure=Failure(type, message, line, **more))

    return make
