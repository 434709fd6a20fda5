"""The clerk writes the ledger: rows are opened, completed once, and numbered in one sequence of events."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from grader.door.messages import Where
from grader.referee.ledger import Ended, Key, Ledger, Origin, Row


@dataclass(slots=True)
class Clerk:
    """`records`: the operations that stand in the ledger; others leave no row.

    `origin` is the tick at which the entry was called: all that is written down counts from there.
    """

    records: frozenset[str]
    origin: int = 0
    rows: list[Row] = field(default_factory=list)
    events: int = 0
    over: tuple[int | None, int] | None = None

    def _next(self) -> int:
        self.events += 1
        return self.events

    def open(
        self,
        at: int,
        operation: str,
        key: Key,
        args: tuple[Any, ...],
        origin: Origin,
        line: int | None,
        where: Where | None = None,
    ) -> int | None:
        """A new row; its index, or None if this operation is not recorded."""
        if operation not in self.records:
            return None
        loop, thread = where or (None, None)
        begun = at - self.origin, self._next()
        self.rows.append(Row(operation, key, args, origin, line, *begun, loop=loop, thread=thread))
        return len(self.rows) - 1

    def close(self, index: int | None, at: int, outcome: Ended, error: str | None = None) -> None:
        if index is not None:
            self._replace(index, end=at - self.origin, ended=self._next(), outcome=outcome, error=error)

    def cancel_asked(self, index: int | None, at: int) -> None:
        if index is not None and self.rows[index].cancelled_at is None:
            self._replace(index, cancelled_at=at - self.origin)

    def entry_over(self, at: int, returned: bool) -> None:
        """The entry is over: it returned or raised, or it never will."""
        if self.over is None:
            self.over = at - self.origin if returned else None, self._next()

    def _replace(self, index: int, **changes: Any) -> None:
        self.rows[index] = msgspec.structs.replace(self.rows[index], **changes)

    def ledger(self, end: int) -> Ledger:
        at, event = self.over or (None, None)
        return Ledger(tuple(self.rows), at, event, end - self.origin)
