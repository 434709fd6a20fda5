"""The ledger: what the referee witnessed, in the order in which it happened.

Rows are only ever added or completed, and each end carries a sequence number beside its tick, because much can
happen at one tick and the entry's return is an event among others.
"""

from typing import Any, Literal

import msgspec

Ended = Literal["ok", "error", "cancelled"]
Key = None | bool | int | float | str
Origin = Literal["learner", "world"]


class Row(msgspec.Struct, frozen=True):
    """One operation. `start`, `end`, `cancelled_at` in ticks; `begun`, `ended` number the events of the whole run.

    `origin` is "learner" for what the learner's code called, "world" for what the world started by itself.
    `end`, `ended` and `outcome` are None while the operation runs. `cancelled_at` is the tick at which a cancellation
    was asked for; what lies between it and `end` is cleaning up.

    `loop` and `thread` say in which it began, numbered in the order in which they were first seen; the thread that called the
    entry is 1. They are None where they were not asked for, and `loop` also where no loop ran in that thread. Unlike all else
    here they are reported: only the runner's side has loops and threads.
    """

    operation: str
    key: Key
    args: tuple[Any, ...]
    origin: Origin
    line: int | None
    start: int
    begun: int
    end: int | None = None
    ended: int | None = None
    outcome: Ended | None = None
    error: str | None = None
    cancelled_at: int | None = None
    loop: int | None = None
    thread: int | None = None

    @property
    def label(self) -> str:
        """As learners see it: `say_after(hello)`, or the bare name where there is no key."""
        return self.operation if self.key is None else f"{self.operation}({self.key})"


class Ledger(msgspec.Struct, frozen=True):
    """All rows in the order in which they began, and the tick of the entry's return, None if it never returned.

    `returned_at_event` numbers the event that ended the entry, return or not; what comes later is cleaning up. `end` is the
    tick at which the run was over.
    """

    rows: tuple[Row, ...]
    returned: int | None
    returned_at_event: int | None
    end: int

    def begun_before_return(self) -> tuple[Row, ...]:
        """The rows that count: what begins after the entry's return is drawn, never credited."""
        if self.returned_at_event is None:
            return self.rows
        if not self.rows or self.rows[-1].begun < self.returned_at_event:
            return self.rows  # as in most runs
        return tuple(row for row in self.rows if row.begun < self.returned_at_event)

    def done(self, row: Row) -> bool:
        """Whether `row` had ended when the entry returned."""
        return row.ended is not None and (self.returned_at_event is None or row.ended < self.returned_at_event)
