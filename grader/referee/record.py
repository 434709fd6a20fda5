"""One run of one case, complete: what was witnessed, what came of it, what was reported."""

import msgspec

from grader.referee.facts import Facts
from grader.referee.ledger import Ledger
from grader.referee.outcome import Outcome


class Record(msgspec.Struct, frozen=True):
    ledger: Ledger
    outcome: Outcome
    facts: Facts

    @property
    def elapsed(self) -> int | None:
        """Ticks until the entry returned or raised; None if it never did."""
        return self.ledger.returned
